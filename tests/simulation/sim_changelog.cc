#include "tests/simulation/sim_changelog.h"

namespace peakend::simulation {

bool SimChangelog::Fetch() {
  const Answer answer =
      network_.Send(worker_, Request::kChangelog, [] { return BrokerError::kNone; });
  // Whoever reads it again and again until something is there waits for it, too.
  network_.Wait(answer.error ? 5 : 20);
  return answer.error.has_value();
}

absl::StatusOr<int64_t> SimChangelog::StableEnd(int32_t partition) {
  if (!Fetch()) return absl::UnavailableError("no answer to a question about the changelog");
  return network_.broker().log(publish::Topic::kState, partition).LastStable();
}

absl::Status SimChangelog::Read(
    int32_t partition, int64_t from,
    const std::function<absl::Status(const runtime::ChangelogRecord&)>& take) {
  if (!Fetch()) return absl::UnavailableError("no answer to a fetch of the changelog");
  const SimBroker& broker = network_.broker();
  const int64_t too_long_ms = broker.now_ms() + broker.options().tombstones_ms;
  const TopicLog& log = broker.log(publish::Topic::kState, partition);
  // The end of the log, not the last stable offset: a transaction whose positions are
  // committed already may still wait for its marker here.
  const int64_t end = log.end();
  if (log.LastStable() < end) {
    network_.Wait(20);
    return absl::UnavailableError("an open transaction holds the changelog back");
  }
  // Two fetches, so that the second can fail with half of the records handed out.
  if (from > end) return absl::OutOfRangeError("the changelog ends before");
  const int64_t half = from + (end - from) / 2;
  int64_t position = from;
  bool second = false;
  while (position < end) {
    const TopicLog::Record* record = log.NextCommitted(&position);
    if (record == nullptr || record->offset >= end) break;
    if (record->offset >= half && !second) {
      second = true;
      // It may be rewritten while we wait; what we hold stays valid.
      position = half;
      if (!Fetch()) return absl::UnavailableError("the changelog went away half-way");
      if (broker.now_ms() >= too_long_ms) {
        return absl::UnavailableError("reading took so long that tombstones may be gone");
      }
      continue;
    }
    const SharedPayload payload = record->payload;
    if (absl::Status status =
            take({payload->key, payload->value, payload->has_value, record->offset, end});
        !status.ok()) {
      return status;
    }
  }
  return absl::OkStatus();
}

}  // namespace peakend::simulation
