#include "processors/cli/file_run.h"

#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "processors/publish/partitioner.h"
#include "processors/publish/topic_names.h"

namespace peakend::cli {
namespace {

constexpr int64_t kRecordsShown = 100;
constexpr int64_t kLinesBetweenProgress = 4096;

std::string Describe(const v1::RejectedRecord& record) {
  std::string text =
      absl::StrCat("rejected: ", absl::AsciiStrToLower(v1::RejectReason_Name(record.reason())));
  if (!record.field().empty()) absl::StrAppend(&text, " (", record.field(), ")");
  return text;
}

}  // namespace

FileRun::FileRun(FileRunOptions options, std::vector<PolicyRun> runs, std::ostream& err)
    : options_(std::move(options)), runs_(std::move(runs)), err_(err) {
  for (size_t i = 0; i < runs_.size(); ++i) AddPipeline(i);
}

void FileRun::AddPipeline(size_t i) {
  MemoryPipelineOptions options;
  options.input_topic = publish::InputTopicName(options_.topics);
  options.partitions = options_.partitions;
  options.now_ms = options_.now_ms;
  options.limits = options_.limits;
  options.keeps_policy = options_.keeps_policies;
  options.rows = options_.rows;
  TopicSet topics = runs_[i].topics;
  const bool wants_rejected = topics.test(static_cast<size_t>(publish::Topic::kRejected));
  if (i == 0) topics.set(static_cast<size_t>(publish::Topic::kRejected));
  const auto take = [this, i, wants_rejected](publish::Topic topic, std::string_view key,
                                              const google::protobuf::Message& value) {
    if (topic == publish::Topic::kRejected) {
      if (i == 0) NoteRejected(static_cast<const v1::RejectedRecord&>(value));
      if (!wants_rejected) return true;
    }
    return runs_[i].take(topic, key, value);
  };
  pipelines_.push_back(
      std::make_unique<MemoryPipeline>(options, runs_[i].policy, topics, std::move(take)));
}

absl::StatusOr<std::optional<EventRecord>> FileRun::Next(EventReader& events) {
  while (true) {
    absl::StatusOr<std::optional<EventRecord>> record = events.Next();
    line_ = events.number();
    const bool skipped =
        absl::IsResourceExhausted(record.status()) && options_.format == EventFormat::kJson;
    if (!skipped) return record;
    ++summary_.malformed;
    Problem(line_, std::string(record.status().message()));
  }
}

absl::StatusOr<FileRunSummary> FileRun::Run(std::istream& in) {
  EventReader events(in, options_.format);
  absl::Status broken;
  while (true) {
    const absl::StatusOr<std::optional<EventRecord>> record = Next(events);
    if (!record.ok()) broken = record.status();
    if (!record.ok() || !record->has_value()) break;
    if (absl::Status status = Take(**record); !status.ok()) return status;
    if (absl::Status status = Look(**record); !status.ok()) return status;
    if (progress_ && line_ % kLinesBetweenProgress == 0) progress_(line_);
  }
  if (absl::Status status = End(); !status.ok()) return status;
  if (problems_ > kRecordsShown) {
    err_ << "error: " << problems_ - kRecordsShown << " more records like these\n";
  }
  if (!broken.ok()) return broken;
  for (const auto& pipeline : pipelines_) summary_.stats.push_back(pipeline->stats());
  return summary_;
}

absl::Status FileRun::Look(const EventRecord& record) {
  if (!followed_ || record.malformed) return absl::OkStatus();
  MemoryPipeline& pipeline = *pipelines_.front();
  if (!pipeline.links() && record.key != followed_->key) return absl::OkStatus();
  if (absl::Status status = pipeline.Drain(); !status.ok()) return status;
  const absl::StatusOr<runtime::CommittedRecord> state = pipeline.Describe(followed_->key);
  if (!state.ok() && !absl::IsNotFound(state.status())) return state.status();
  followed_->look(record, state.ok() ? &*state : nullptr);
  return absl::OkStatus();
}

absl::Status FileRun::End() {
  for (const auto& pipeline : pipelines_) {
    if (absl::Status status = pipeline->Finish(); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status FileRun::Take(const EventRecord& record) {
  if (record.malformed) {
    if (absl::Status status = TakeMalformed(record); !status.ok()) return status;
  } else if (record.for_everybody) {
    for (int32_t partition = 0; partition < options_.partitions; ++partition) {
      Append(record, partition);
    }
  } else {
    Append(record, record.key ? publish::PartitionFor(*record.key, options_.partitions) : 0);
  }
  return Advance();
}

absl::Status FileRun::TakeMalformed(const EventRecord& record) {
  ++summary_.malformed;
  ++summary_.set_aside;
  Problem(line_, record.problem);
  v1::RejectedRecord rejected;
  rejected.set_reason(v1::INVALID_JSON);
  rejected.set_stage("ingest");
  rejected.mutable_source()->set_topic(publish::InputTopicName(options_.topics));
  rejected.mutable_source()->set_offset(line_);
  rejected.set_value(std::string(record.value));
  for (const PolicyRun& run : runs_) {
    if (!run.topics.test(static_cast<size_t>(publish::Topic::kRejected))) continue;
    if (!run.take(publish::Topic::kRejected, "", rejected)) {
      return absl::InternalError("cannot write the output");
    }
  }
  return absl::OkStatus();
}

void FileRun::Append(const EventRecord& record, int32_t partition) {
  for (const auto& pipeline : pipelines_) {
    runtime::MemoryLog::Record log_record;
    // The line number, so that every message can name the line.
    log_record.offset = line_;
    log_record.timestamp_ms = options_.now_ms;
    log_record.key = record.key;
    log_record.value = std::string(record.value);
    pipeline->Append(partition, std::move(log_record));
  }
}

absl::Status FileRun::Advance() {
  for (const auto& pipeline : pipelines_) {
    if (absl::Status status = pipeline->Advance(); !status.ok()) return status;
  }
  return absl::OkStatus();
}

void FileRun::NoteRejected(const v1::RejectedRecord& rejected) {
  ++summary_.set_aside;
  Problem(pipelines_[0]->links() ? line_ : rejected.source().offset(), Describe(rejected));
}

void FileRun::Problem(int64_t number, const std::string& problem) {
  if (++problems_ > kRecordsShown) return;
  err_ << "error: " << options_.input_name << ":" << number << ": " << problem << "\n";
}

}  // namespace peakend::cli
