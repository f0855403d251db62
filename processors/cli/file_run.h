// The whole pipeline on a file, with no Kafka at all: one pass over the input feeds as many
// engines as there are policies (one for `peakend run --input F`).
//
// The same worker as on Kafka, over the in-memory log. Time is event time; when
// the input ends, time advances to infinity, so that everything closes.
//
// The offset of a record is the number of its line, except where customers may be linked
// (memory_pipeline.h).
#ifndef PEAKEND_PROCESSORS_CLI_FILE_RUN_H_
#define PEAKEND_PROCESSORS_CLI_FILE_RUN_H_

#include <cstdint>
#include <functional>
#include <istream>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "peakend/v1/config.pb.h"
#include "peakend/v1/rejected_record.pb.h"
#include "processors/cli/event_reader.h"
#include "processors/cli/memory_pipeline.h"
#include "processors/ingest/decoder.h"
#include "processors/publish/policy.h"
#include "processors/runtime/committed_record.h"
#include "processors/runtime/engine_stats.h"

namespace peakend::cli {

struct FileRunOptions {
  std::string input_name;  // for messages, e.g. "events.ndjson"
  EventFormat format = EventFormat::kJson;
  int32_t partitions = 1;
  // Stands for the broker's timestamp: events further ahead of it than
  // limits.max_ahead_ms are rejected.
  int64_t now_ms = 0;
  ingest::Limits limits;
  v1::TopicsConfig topics;
  // Whatever policies the input states, those of the runs count.
  bool keeps_policies = false;
  // Rows for warehouses.
  publish::RowSettings rows = {};
};

// One customer who is followed through a run, under its first policy: `look` gets their state
// after each of their records; where customers may be linked, after each record of anybody. Null =
// there is nobody of that key yet, or no more: a record that was set aside makes no customer.
struct FollowedCustomer {
  std::string key;  // tenant + "/" + customer
  std::function<void(const EventRecord& event, const runtime::CommittedRecord* state)> look;
};

struct FileRunSummary {
  std::vector<runtime::EngineStats> stats;  // by policy
  // Of the first policy:
  int64_t malformed = 0;  // JSON lines that are no event
  int64_t set_aside = 0;  // rejected records, the malformed ones included
};

// What is done under one policy.
struct PolicyRun {
  const publish::Policy& policy;
  TakeOutput take;
  TopicSet topics = OutputTopics();  // those that `take` wants
};

class FileRun {
 public:
  // REQUIRES: `runs` is not empty. The policies and `err` (problems by file:line, as they are
  // under the first policy) must outlive the run, as must what the functions hold.
  FileRun(FileRunOptions options, std::vector<PolicyRun> runs, std::ostream& err);

  // Called after every some thousand lines with the number of the last one; nothing by default.
  void OnProgress(std::function<void(int64_t line)> progress) { progress_ = std::move(progress); }

  // What `customer` holds must outlive the run. Call it before Run.
  void Follow(FollowedCustomer customer) { followed_ = std::move(customer); }

  // Reads `in` to its end. Errors: DataLoss when the input cannot be read on (what
  // came before is processed and written), Internal when no more output is taken.
  absl::StatusOr<FileRunSummary> Run(std::istream& in);

 private:
  void AddPipeline(size_t i);
  absl::StatusOr<std::optional<EventRecord>> Next(EventReader& events);
  absl::Status Take(const EventRecord& record);
  absl::Status TakeMalformed(const EventRecord& record);
  void Append(const EventRecord& record, int32_t partition);
  absl::Status Advance();
  absl::Status Look(const EventRecord& record);
  absl::Status End();
  void NoteRejected(const v1::RejectedRecord& rejected);
  void Problem(int64_t number, const std::string& problem);

  const FileRunOptions options_;
  const std::vector<PolicyRun> runs_;
  std::ostream& err_;
  std::vector<std::unique_ptr<MemoryPipeline>> pipelines_;  // by policy
  std::function<void(int64_t line)> progress_;
  std::optional<FollowedCustomer> followed_;
  FileRunSummary summary_;
  int64_t line_ = 0;  // that was read last
  int64_t problems_ = 0;
};

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_FILE_RUN_H_
