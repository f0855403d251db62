#include "processors/cli/alert_watch.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/time/clock.h"
#include "benchmarks/load/event_writer.h"
#include "peakend/v1/alert.pb.h"
#include "processors/publish/topic_names.h"

namespace peakend::cli {
namespace {

// Lateness is kept for pieces of this length, and for so many of them: 28 hours of a load.
constexpr int64_t kPieceUs = 10'000;
constexpr size_t kMostPieces = 10'000'000;
constexpr absl::Duration kWait = absl::Milliseconds(20);
// By so much clocks of sources may be ahead: what is later than its event by more is a deadline.
constexpr int64_t kClocksAheadMs = 10'000;

}  // namespace

absl::StatusOr<std::unique_ptr<AlertWatch>> AlertWatch::Open(const v1::Config& config,
                                                             runtime::KafkaLog log,
                                                             absl::Duration limit) {
  auto reader = runtime::KafkaReader::Open(
      config, publish::TopicName(config.topics(), publish::Topic::kAlerts), runtime::kEnd,
      std::move(log), limit);
  if (!reader.ok()) return reader.status();
  return std::unique_ptr<AlertWatch>(new AlertWatch(*std::move(reader)));
}

AlertWatch::~AlertWatch() { Stop(); }

void AlertWatch::Start(const Load& load) {
  load_ = load;
  thread_ = std::thread([this] { Follow(); });
}

void AlertWatch::Stop() {
  stopped_ = true;
  if (thread_.joinable()) thread_.join();
}

void AlertWatch::Sent(int64_t due_us, int64_t late_us) {
  const auto piece = static_cast<size_t>(due_us / kPieceUs);
  if (piece != piece_ && piece < kMostPieces) {
    const absl::MutexLock lock(&mutex_);
    late_us_.resize(piece);
    late_us_[piece_] = static_cast<int32_t>(std::min<int64_t>(piece_late_us_, INT32_MAX));
    piece_ = piece;
    piece_late_us_ = 0;
  }
  piece_late_us_ = std::max(piece_late_us_, late_us);
}

AlertWatch::Latencies AlertWatch::Read() const {
  const absl::MutexLock lock(&mutex_);
  return latencies_;
}

void AlertWatch::Follow() {
  while (!stopped_) {
    // What goes wrong here costs the figure, not the load: the next answer may be good.
    const auto records = reader_->Read(kWait, 1000);
    if (!records.ok()) continue;
    const absl::Time now = absl::Now();
    for (const runtime::StoredRecord& record : *records) {
      if (record.value) Take(*record.value, now);
    }
  }
}

void AlertWatch::Take(std::string_view value, absl::Time now) {
  v1::Alert alert;
  if (!alert.ParseFromArray(value.data(), static_cast<int>(value.size()))) return;
  if (alert.row_version() != 1 || alert.evidence().empty()) return;
  const v1::Evidence& raised = alert.evidence(0);
  if (raised.at_ms() != alert.updated_at_ms()) return;
  const std::optional<int64_t> due_us = load::DueOfEventId(raised.event_id());
  if (!due_us) return;
  const std::optional<uint64_t> customer = load::CustomerOfId(alert.customer_id());
  if (!customer || *customer % load_.part.shards != load_.part.shard - 1) return;
  const int64_t deadline_us = (raised.at_ms() - load_.part.start_at_ms) * 1000;
  const bool by_time = deadline_us > *due_us + kClocksAheadMs * 1000;
  if (!by_time) ++alerts_;
  const int64_t from_us = by_time ? deadline_us : *due_us;
  const absl::Time intended =
      load_.begin + absl::Microseconds(static_cast<double>(from_us) / load_.speed);
  const int64_t latency_us = absl::ToInt64Microseconds(now - intended);
  const absl::MutexLock lock(&mutex_);
  if (from_us < load_.warm_up_us) {
    ++latencies_.warm_up;
    return;
  }
  if (by_time) {
    latencies_.deadline.Record(latency_us);
    return;
  }
  latencies_.intended.Record(latency_us);
  const auto piece = static_cast<size_t>(*due_us / kPieceUs);
  const int64_t late_us = piece < late_us_.size() ? late_us_[piece] : 0;
  latencies_.sent.Record(std::max<int64_t>(0, latency_us - late_us));
}

}  // namespace peakend::cli
