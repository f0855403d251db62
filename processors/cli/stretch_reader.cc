#include "processors/cli/stretch_reader.h"

#include <ostream>
#include <string>
#include <utility>

#include "absl/time/time.h"
#include "processors/cli/kafka_talk.h"
#include "processors/publish/topic_names.h"

namespace peakend::cli {

absl::StatusOr<StretchReader> StretchReader::Open(const v1::Config& config,
                                                  const InputStretch& stretch,
                                                  std::optional<int64_t> since_ms,
                                                  Invocation& call) {
  const std::string topic = publish::InputTopicName(config.topics());
  const auto open = [&](int64_t start) {
    return runtime::KafkaReader::OpenPartition(config, topic, stretch.partition, start,
                                               KafkaTalk(call), kClusterLimit);
  };
  auto reader = open(since_ms ? runtime::kEnd : runtime::kBeginning);
  if (reader.ok() && since_ms) {
    const absl::StatusOr<int64_t> start =
        (*reader)->OffsetAt(topic, stretch.partition, *since_ms, kClusterLimit);
    if (!start.ok()) return start.status();
    reader = open(*start);
  }
  if (!reader.ok()) return reader.status();
  return StretchReader(*std::move(reader), stretch.last, call);
}

absl::StatusOr<const runtime::StoredRecord*> StretchReader::Next() {
  constexpr absl::Duration kWait = absl::Milliseconds(100);
  constexpr size_t kBatch = 500;
  while (at_ == records_.size()) {
    if (done_ || reader_->at_end()) return nullptr;
    auto records = reader_->Read(kWait, kBatch);
    if (!records.ok()) return records.status();
    records_ = *std::move(records);
    at_ = 0;
    Tell();
  }
  const runtime::StoredRecord& record = records_[at_++];
  done_ = record.offset >= last_;
  if (done_) at_ = records_.size();
  if (record.offset > last_) return nullptr;
  if (!first_) first_ = record.offset;
  return &record;
}

void StretchReader::Tell() {
  constexpr int64_t kToldEvery = 100'000;
  read_ += static_cast<int64_t>(records_.size());
  if (!call_->color_err || call_->quiet || read_ < told_ + kToldEvery) return;
  told_ = read_;
  *call_->err << read_ << " records read\n" << std::flush;
}

}  // namespace peakend::cli
