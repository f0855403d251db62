// `peakend run --input F`: the whole pipeline on a file, with no Kafka at all.
//
// The same worker as on Kafka, over the in-memory log. Time is event time; when
// the input ends, time advances to infinity, so that everything closes.
//
// Where customers may be linked, what a line's step writes into the input comes before the
// next line, and all such records one after the other as they were written: the same steps
// in the same order however many partitions there are. Offsets are then consecutive in each
// partition, while otherwise an offset is the number of the line.
#ifndef PEAKEND_PROCESSORS_CLI_FILE_RUN_H_
#define PEAKEND_PROCESSORS_CLI_FILE_RUN_H_

#include <cstdint>
#include <functional>
#include <istream>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "google/protobuf/message.h"
#include "peakend/v1/config.pb.h"
#include "processors/cli/event_reader.h"
#include "processors/publish/output.h"
#include "processors/publish/policy.h"
#include "processors/runtime/memory_log.h"
#include "processors/runtime/worker.h"

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
};

struct FileRunSummary {
  runtime::EngineStats stats;
  int64_t malformed = 0;  // JSON lines that are no event
  int64_t set_aside = 0;  // rejected records, the malformed ones included
};

// Takes the records that a run writes, in their order, each as the message of its topic (a
// rejected record as v1::RejectedRecord, a late one as v1::InteractionEvent); false = no more
// can be taken.
using TakeOutput = std::function<bool(publish::Topic topic, std::string_view key,
                                      const google::protobuf::Message& value)>;

class FileRun {
 public:
  // `policy` and `err` (problems by file:line) must outlive the run, as must what `take` holds.
  FileRun(FileRunOptions options, const publish::Policy& policy, TakeOutput take,
          std::ostream& err);

  // Reads `in` to its end. Errors: DataLoss when the input cannot be read on (what
  // came before is processed and written), Internal when no more output is taken.
  absl::StatusOr<FileRunSummary> Run(std::istream& in);

 private:
  // Lines that are read before they are processed.
  int64_t Chunk() const;
  bool links() const { return policy_.identities.has_value(); }
  void Take(const EventRecord& record, int64_t number);
  void Append(const EventRecord& record, int64_t number, int32_t partition);
  absl::Status Drain();
  void Write(const runtime::MemoryLog::Written& written);
  void Write(publish::Topic topic, std::string_view key, const google::protobuf::Message& value);
  void Problem(int64_t number, const std::string& problem);

  const FileRunOptions options_;
  const publish::Policy& policy_;
  const TakeOutput take_;
  std::ostream& err_;
  runtime::MemoryLog log_;
  runtime::MemoryReader reader_;
  runtime::Worker worker_;
  FileRunSummary summary_;
  int64_t line_ = 0;  // that was read last
  int64_t problems_ = 0;
  bool taken_ = true;  // all outputs so far
};

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_FILE_RUN_H_
