// One partition of an input that a job has processed already, processed anew by itself.
//
// What a partition writes is a function of its own log, which holds all that counts there: the
// customers' events, what linked customers sent here (parts handed over, events sent on, labels),
// ticks, notices, policies and baselines. So its rows come again, with their versions, whatever
// the other partitions hold; what it would write into the input stands there already and is
// dropped.
//
// Thread-safety: none; one owner.
#ifndef PEAKEND_PROCESSORS_CLI_PARTITION_RUN_H_
#define PEAKEND_PROCESSORS_CLI_PARTITION_RUN_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "processors/cli/memory_pipeline.h"
#include "processors/ingest/decoder.h"
#include "processors/publish/output.h"
#include "processors/publish/policy.h"
#include "processors/runtime/committed_record.h"
#include "processors/runtime/engine_stats.h"
#include "processors/runtime/kafka_reader.h"
#include "processors/runtime/partition.h"

namespace peakend::cli {

struct PartitionRunOptions {
  std::string input_topic;  // named in source coordinates
  int32_t partition = 0;
  int32_t partitions = 1;  // of the input
  ingest::Limits limits;
};

class PartitionRun {
 public:
  // `policy` counts until the log states one; it must outlive the run, as must what `take`
  // holds. Rows of journeys and of alerts are handed to `take`, all else is dropped.
  PartitionRun(const PartitionRunOptions& options, const publish::Policy& policy, TakeOutput take);

  // Processes the next record of the log, whatever it is: one that was rejected is again.
  // REQUIRES: offsets rise.
  void Process(const runtime::StoredRecord& record);

  // The policy that counts here now; never null.
  std::shared_ptr<const publish::Policy> policy() const { return partition_.policies().shared(); }
  // The state of a customer (tenant + "/" + customer) as of what was processed; nothing = there
  // is nobody of that key here.
  std::optional<runtime::CommittedRecord> Describe(std::string_view key);

 private:
  const int32_t id_;
  const TakeOutput take_;
  ingest::Decoder decoder_;
  runtime::Partition partition_;
  publish::OutputBatch outputs_;
  runtime::EngineStats stats_;
  int64_t next_offset_ = 0;
};

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_PARTITION_RUN_H_
