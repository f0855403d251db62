#include "processors/cli/file_run.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "peakend/v1/alert.pb.h"
#include "peakend/v1/journey.pb.h"
#include "peakend/v1/moment.pb.h"
#include "peakend/v1/opening_card.pb.h"
#include "peakend/v1/rejected_record.pb.h"
#include "peakend/v1/touchpoint_statistics.pb.h"
#include "processors/publish/partitioner.h"
#include "processors/publish/rejected.h"
#include "processors/publish/topic_names.h"

namespace peakend::cli {
namespace {

// Bounds the memory of the log.
constexpr int64_t kChunk = 4096;
constexpr int64_t kRecordsShown = 100;

runtime::WorkerOptions WorkerOptionsFor(const FileRunOptions& options) {
  runtime::WorkerOptions worker;
  worker.input_topic = publish::InputTopicName(options.topics);
  worker.input_partitions = options.partitions;
  worker.limits = options.limits;
  worker.commit_interval = absl::InfiniteDuration();
  worker.commit_records = static_cast<size_t>(kChunk);
  return worker;
}

std::string Describe(const v1::RejectedRecord& record) {
  std::string text =
      absl::StrCat("rejected: ", absl::AsciiStrToLower(v1::RejectReason_Name(record.reason())));
  if (!record.field().empty()) absl::StrAppend(&text, " (", record.field(), ")");
  return text;
}

}  // namespace

FileRun::FileRun(FileRunOptions options, const publish::Policy& policy, TakeOutput take,
                 std::ostream& err)
    : options_(std::move(options)),
      policy_(policy),
      take_(std::move(take)),
      err_(err),
      log_(options_.partitions),
      reader_(log_, links() ? runtime::ReadOrder::kArrival : runtime::ReadOrder::kRoundRobin),
      worker_(WorkerOptionsFor(options_), policy, {reader_, log_, log_}, absl::Now, {}) {
  log_.SetAppendTime(options_.now_ms);
  reader_.Listen(worker_);
}

int64_t FileRun::Chunk() const { return links() ? 1 : kChunk; }

absl::StatusOr<FileRunSummary> FileRun::Run(std::istream& in) {
  EventReader events(in, options_.format);
  absl::Status broken;
  int64_t in_chunk = 0;
  while (taken_) {
    const absl::StatusOr<std::optional<EventRecord>> record = events.Next();
    line_ = events.number();
    if (absl::IsResourceExhausted(record.status()) && options_.format == EventFormat::kJson) {
      ++summary_.malformed;
      Problem(line_, std::string(record.status().message()));
      continue;
    }
    if (!record.ok()) broken = record.status();
    if (!record.ok() || !record->has_value()) break;
    Take(**record, line_);
    if (++in_chunk < Chunk()) continue;
    in_chunk = 0;
    if (absl::Status status = Drain(); !status.ok()) return status;
  }
  if (absl::Status status = Drain(); !status.ok()) return status;
  if (absl::Status status = worker_.Finish(); !status.ok()) return status;
  if (absl::Status status = Drain(); !status.ok()) return status;
  if (problems_ > kRecordsShown) {
    err_ << "error: " << problems_ - kRecordsShown << " more records like these\n";
  }
  if (!taken_) return absl::InternalError("cannot write the output");
  if (!broken.ok()) return broken;
  summary_.stats = worker_.stats();
  return summary_;
}

void FileRun::Take(const EventRecord& record, int64_t number) {
  if (record.malformed) {
    ++summary_.malformed;
    ++summary_.set_aside;
    Problem(number, record.problem);
    v1::RejectedRecord rejected;
    rejected.set_reason(v1::INVALID_JSON);
    rejected.set_stage("ingest");
    rejected.mutable_source()->set_topic(publish::InputTopicName(options_.topics));
    rejected.mutable_source()->set_offset(number);
    rejected.set_value(std::string(record.value));
    Write(publish::Topic::kRejected, "", rejected);
    return;
  }
  if (record.for_everybody) {
    for (int32_t partition = 0; partition < options_.partitions; ++partition) {
      Append(record, number, partition);
    }
    return;
  }
  Append(record, number, record.key ? publish::PartitionFor(*record.key, options_.partitions) : 0);
}

void FileRun::Append(const EventRecord& record, int64_t number, int32_t partition) {
  runtime::MemoryLog::Record log_record;
  // The line number, so that every message can name the line. Records that customers write
  // each other have none.
  log_record.offset = links() ? -1 : number;
  log_record.timestamp_ms = options_.now_ms;
  log_record.key = record.key;
  log_record.value = std::string(record.value);
  log_.Append(partition, std::move(log_record));
}

absl::Status FileRun::Drain() {
  while (true) {
    const absl::StatusOr<size_t> records = worker_.RunOnce();
    if (!records.ok()) return records.status();
    for (const runtime::MemoryLog::Written& written : log_.TakeOutputs()) Write(written);
    if (*records == 0) break;
  }
  for (int32_t partition = 0; partition < log_.partitions(); ++partition) {
    if (!log_.input(partition).empty()) {
      log_.Trim(partition, log_.input(partition).back().offset + 1);
    }
  }
  return absl::OkStatus();
}

void FileRun::Write(const runtime::MemoryLog::Written& written) {
  const auto write = [&](google::protobuf::Message&& message) {
    message.ParseFromString(written.value);
    Write(written.topic, written.key, message);
  };
  switch (written.topic) {
    case publish::Topic::kAlerts:
      return write(v1::Alert());
    case publish::Topic::kMoments:
      return write(v1::Moment());
    case publish::Topic::kJourneys:
      return write(v1::Journey());
    case publish::Topic::kCards:
      return write(v1::OpeningCard());
    case publish::Topic::kStatistics:
      return write(v1::TouchpointStatistics());
    case publish::Topic::kLate:
      return write(v1::InteractionEvent());
    case publish::Topic::kRejected: {
      const v1::RejectedRecord rejected =
          publish::ReadRejected(written.key, written.value, written.headers);
      ++summary_.set_aside;
      Problem(links() ? line_ : rejected.source().offset(), Describe(rejected));
      return Write(written.topic, written.key, rejected);
    }
    case publish::Topic::kState:
    case publish::Topic::kInput:
      break;  // a file has no changelog, and the log itself takes what is for its input
  }
}

void FileRun::Write(publish::Topic topic, std::string_view key,
                    const google::protobuf::Message& value) {
  taken_ = taken_ && take_(topic, key, value);
}

void FileRun::Problem(int64_t number, const std::string& problem) {
  if (++problems_ > kRecordsShown) return;
  err_ << "error: " << options_.input_name << ":" << number << ": " << problem << "\n";
}

}  // namespace peakend::cli
