// One engine over an in-memory log: what a worker does on Kafka, without Kafka.
//
// Whoever holds it appends input records and says when what was appended may be processed.
// Where customers may be linked, what a record's step writes into the input comes before the
// next one, and all such records one after the other as they were written: the same steps
// in the same order however many partitions there are. Offsets are then consecutive in each
// partition, while otherwise they are those that the caller gives.
//
// Thread-safety: none; one owner.
#ifndef PEAKEND_PROCESSORS_CLI_MEMORY_PIPELINE_H_
#define PEAKEND_PROCESSORS_CLI_MEMORY_PIPELINE_H_

#include <bitset>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/message.h"
#include "processors/ingest/decoder.h"
#include "processors/publish/output.h"
#include "processors/publish/policy.h"
#include "processors/runtime/committed_record.h"
#include "processors/runtime/memory_log.h"
#include "processors/runtime/worker.h"

namespace peakend::cli {

// Takes the records that a run writes, in their order, each as the message of its topic (a
// rejected record as v1::RejectedRecord, a late one as v1::InteractionEvent); false = no more
// can be taken.
using TakeOutput = std::function<bool(publish::Topic topic, std::string_view key,
                                      const google::protobuf::Message& value)>;

// By publish::Topic.
using TopicSet = std::bitset<publish::kTopicCount>;
// What the engine says to the outside: all topics but its changelog and its input.
TopicSet OutputTopics();

struct MemoryPipelineOptions {
  std::string input_topic;  // named in source coordinates
  int32_t partitions = 1;
  // Broker's timestamp of what linked customers write each other.
  int64_t now_ms = 0;
  ingest::Limits limits;
  // Whatever policies the input states, the one that is given counts.
  bool keeps_policy = false;
  // Rows for warehouses.
  publish::RowSettings rows = {};
};

class MemoryPipeline {
 public:
  // `policy` must outlive the pipeline, as must what `take` holds. Records of topics that are
  // not in `topics` are dropped unread.
  MemoryPipeline(const MemoryPipelineOptions& options, const publish::Policy& policy,
                 TopicSet topics, TakeOutput take);
  MemoryPipeline(const MemoryPipeline&) = delete;
  MemoryPipeline& operator=(const MemoryPipeline&) = delete;

  // Appends to the input. REQUIRES: offsets of a partition rise.
  void Append(int32_t partition, runtime::MemoryLog::Record record);
  // What was appended since the last call belongs together, such as a notice in each partition.
  // Processes what waits when it is enough. Errors: Internal when no more output is taken, and
  // those of the engine.
  absl::Status Advance();
  // Processes what waits.
  absl::Status Drain();
  // Processes what waits, and then lets time advance to infinity, so that everything closes.
  absl::Status Finish();
  // The state of a customer (tenant + "/" + customer) as of what was processed. NotFound =
  // there is none.
  absl::StatusOr<runtime::CommittedRecord> Describe(const std::string& key);

  bool links() const { return links_; }
  int32_t partitions() const { return log_.partitions(); }
  const runtime::EngineStats& stats() const { return worker_.stats(); }

 private:
  void HandOver(const runtime::MemoryLog::Written& written);

  const bool links_;
  const TopicSet topics_;
  const TakeOutput take_;
  const publish::RowSettings rows_;
  runtime::MemoryLog log_;
  runtime::MemoryReader reader_;
  runtime::Worker worker_;
  int64_t waiting_ = 0;  // calls of Advance since the last processing
  bool taken_ = true;    // all outputs so far
};

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_MEMORY_PIPELINE_H_
