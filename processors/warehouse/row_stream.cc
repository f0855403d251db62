#include "processors/warehouse/row_stream.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace peakend::warehouse {
namespace {

constexpr absl::Duration kHintEvery = absl::Seconds(5);

}  // namespace

RowStream::RowStream(RowStreamOptions options, const RowTable& table, SinkConnection& connection,
                     KnownKeys& known, RowStreamHooks hooks)
    : options_(std::move(options)),
      hooks_(std::move(hooks)),
      topic_(options_.config.topics().interaction_events().name()),
      connection_(connection),
      known_(known),
      batch_(table, known) {}

absl::StatusOr<std::unique_ptr<RowStream>> RowStream::Open(RowStreamOptions options,
                                                           const RowTable& table,
                                                           SinkConnection& connection,
                                                           KnownKeys& known, RowStreamHooks hooks) {
  std::unique_ptr<RowStream> stream(
      new RowStream(std::move(options), table, connection, known, std::move(hooks)));
  if (absl::Status status = stream->OpenSource(); !status.ok()) return status;
  return stream;
}

absl::Status RowStream::OpenSource() {
  auto source = runtime::KafkaSource::Open(options_.config, hooks_.log);
  if (!source.ok()) return source.status();
  source_ = *std::move(source);
  return source_->Subscribe(this);
}

absl::StatusOr<size_t> RowStream::Poll(absl::Duration wait) {
  const size_t room = options_.batch_rows - std::min(options_.batch_rows, batch_.records());
  const auto records = source_->Poll(wait, std::max<size_t>(room, 1));
  if (!failed_.ok()) return failed_;
  if (absl::IsOutOfRange(records.status())) {
    return absl::OutOfRangeError(
        absl::StrCat(records.status().message(),
                     "; if the topic was made anew, delete its lines of sink_offset"));
  }
  if (!records.ok()) return records.status();
  if (records->empty()) return 0;
  if (batch_.empty()) batch_begun_ = hooks_.clock();
  for (const runtime::InputRecord& record : *records) batch_.Add(record);
  return records->size();
}

bool RowStream::IsDue() const {
  if (batch_.empty()) return false;
  return batch_.records() >= options_.batch_rows || batch_.bytes() >= options_.batch_bytes ||
         hooks_.clock() >= batch_begun_ + options_.batch_wait;
}

absl::Status RowStream::Flush() {
  if (batch_.empty()) return absl::OkStatus();
  const absl::Time begin = hooks_.clock();
  WriteReport report;
  absl::Status status = Write(&report);
  if (absl::IsAborted(status)) {
    hooks_.on_fenced();
    return JoinAnew();
  }
  if (!status.ok()) return status;
  for (const auto& [partition, next] : batch_.next()) stored_[partition] = next;
  for (const DimensionKey& key : batch_.NewKeys({})) {
    // A key of a refused row is told again with its next row: only rows that are there count.
    if (report.dead[static_cast<size_t>(RowFault::kRefused)] > 0) break;
    known_.Add(KeyHash(key.dimension, key.tenant, key.id));
  }
  hooks_.on_batch(report, batch_.records(), hooks_.clock() - begin);
  batch_.Clear();
  HintPositions();
  return absl::OkStatus();
}

absl::Status RowStream::Write(WriteReport* report) {
  bool tried = false;
  return connection_.Run([&](RowSink& sink) -> absl::Status {
    if (std::exchange(tried, true)) {
      // Whether a transaction was committed whose answer got lost, only the offsets tell.
      const absl::StatusOr<runtime::Positions> offsets = sink.Offsets(topic_);
      if (!offsets.ok()) return offsets.status();
      const auto stands_at_end = [&](const auto& next) {
        const auto found = offsets->find(next.first);
        return found != offsets->end() && found->second == next.second;
      };
      if (std::all_of(batch_.next().begin(), batch_.next().end(), stands_at_end)) {
        return absl::OkStatus();
      }
    }
    const absl::StatusOr<WriteReport> written = sink.Write(topic_, batch_, stored_);
    if (written.ok()) *report = *written;
    return written.status();
  });
}

absl::Status RowStream::JoinAnew() {
  Forget();
  // Offsets that went back are those of an older database, which may lack keys.
  known_.Forget();
  absl::Status status = source_->Close();
  if (!status.ok() && !absl::IsUnavailable(status) && !absl::IsDeadlineExceeded(status)) {
    return status;
  }
  return OpenSource();
}

void RowStream::Forget() {
  batch_.Clear();
  stored_.clear();
}

void RowStream::HintPositions() {
  const absl::Time now = hooks_.clock();
  if (now < hinted_at_ + kHintEvery) return;
  hinted_at_ = now;
  // A hint that gets lost is no harm, and the next one tells more.
  source_->CommitPositions(stored_).IgnoreError();
}

bool RowStream::AtEnd() {
  const std::vector<int32_t> assigned = source_->Assigned();
  return batch_.empty() && !assigned.empty() &&
         std::all_of(assigned.begin(), assigned.end(),
                     [&](int32_t partition) { return source_->AtEnd(partition); });
}

absl::Status RowStream::Close() {
  if (!stored_.empty()) source_->CommitPositions(stored_).IgnoreError();
  Forget();
  return source_->Close();
}

int64_t RowStream::Lag() const {
  int64_t lag = 0;
  for (const auto& [partition, records] : source_->Lag()) lag += records;
  return lag;
}

std::vector<int64_t> RowStream::OnAssigned(absl::Span<const int32_t> partitions) {
  std::vector<int64_t> starts;
  const absl::StatusOr<runtime::Positions> stored = Stored();
  if (!stored.ok()) failed_ = stored.status();
  for (const int32_t partition : partitions) {
    if (!failed_.ok()) break;
    const auto found = stored->find(partition);
    if (found != stored->end()) stored_[partition] = found->second;
    const absl::StatusOr<int64_t> start = StartOf(partition);
    if (!start.ok()) failed_ = start.status();
    if (start.ok()) starts.push_back(*start);
  }
  starts.resize(partitions.size(), runtime::kBeginning);
  return starts;
}

absl::StatusOr<runtime::Positions> RowStream::Stored() {
  runtime::Positions stored;
  absl::Status status = connection_.Run([&](RowSink& sink) {
    absl::StatusOr<runtime::Positions> offsets = sink.Offsets(topic_);
    if (offsets.ok()) stored = *std::move(offsets);
    return offsets.status();
  });
  if (!status.ok()) return status;
  return stored;
}

absl::StatusOr<int64_t> RowStream::StartOf(int32_t partition) {
  const absl::StatusOr<int64_t> log_start = LogStart(partition);
  if (!log_start.ok()) return log_start.status();
  if (!stored_.contains(partition)) {
    absl::Status begun =
        connection_.Run([&](RowSink& sink) { return sink.BeginAt(topic_, partition, *log_start); });
    if (!begun.ok()) return begun;
    // Another instance may have begun a moment before.
    const absl::StatusOr<runtime::Positions> stored = Stored();
    if (!stored.ok()) return stored.status();
    const auto found = stored->find(partition);
    if (found == stored->end()) return absl::InternalError("an offset that was written is gone");
    stored_[partition] = found->second;
  }
  const int64_t next = stored_[partition];
  return next < *log_start ? OverLoss(partition, next, *log_start) : next;
}

absl::StatusOr<int64_t> RowStream::LogStart(int32_t partition) {
  absl::StatusOr<int64_t> start = source_->LogStart(partition);
  // Each try waits up to 5 s by itself.
  while (absl::IsUnavailable(start.status()) && !hooks_.stop()) {
    start = source_->LogStart(partition);
  }
  return start;
}

absl::StatusOr<int64_t> RowStream::OverLoss(int32_t partition, int64_t next, int64_t log_start) {
  const std::string lost =
      absl::StrCat("topic ", topic_, ", partition ", partition, ": records ", next, " to ",
                   log_start - 1, ", which were not written yet, were removed from the log");
  if (!options_.accept_loss) {
    return absl::OutOfRangeError(
        absl::StrCat(lost, "; `peakend sink postgres --accept-loss` goes on without"));
  }
  absl::Status skipped =
      connection_.Run([&](RowSink& sink) { return sink.SkipTo(topic_, partition, log_start); });
  if (!skipped.ok()) return skipped;
  stored_[partition] = log_start;
  hooks_.on_loss(lost);
  return log_start;
}

void RowStream::OnRevoked(absl::Span<const int32_t> partitions, bool lost) {
  // Partitions are given up all at once (the group assigns by range, eagerly).
  Forget();
}

}  // namespace peakend::warehouse
