#include "processors/warehouse/sink_loop.h"

#include <algorithm>
#include <cstddef>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace peakend::warehouse {
namespace {

// While nothing comes, one stream is waited for after the other.
constexpr absl::Duration kIdleWait = absl::Milliseconds(10);

// Records that were taken.
absl::StatusOr<size_t> Turn(RowStream& stream, absl::Duration wait, const SinkLoopHooks& hooks) {
  absl::StatusOr<size_t> taken = stream.Poll(wait);
  if (absl::IsUnavailable(taken.status())) {
    hooks.on_kafka_away(taken.status());
    taken = 0;
  }
  if (!taken.ok()) return taken;
  if (stream.IsDue()) {
    if (absl::Status status = stream.Flush(); !status.ok()) return status;
  }
  return taken;
}

absl::Status FlushAll(absl::Span<const std::unique_ptr<RowStream>> streams) {
  for (const std::unique_ptr<RowStream>& stream : streams) {
    if (absl::Status status = stream->Flush(); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Loop(absl::Span<const std::unique_ptr<RowStream>> streams,
                  const SinkLoopOptions& options, const SinkLoopHooks& hooks) {
  size_t awaited = 0;
  while (!hooks.stop()) {
    size_t total = 0;
    for (const std::unique_ptr<RowStream>& stream : streams) {
      const absl::StatusOr<size_t> taken = Turn(*stream, absl::ZeroDuration(), hooks);
      if (!taken.ok()) return taken.status();
      total += *taken;
    }
    hooks.on_turn();
    if (total > 0) continue;
    if (options.exit_at_end) {
      if (absl::Status status = FlushAll(streams); !status.ok()) return status;
      const auto at_end = [](const auto& stream) { return stream->AtEnd(); };
      if (std::all_of(streams.begin(), streams.end(), at_end)) return absl::OkStatus();
    }
    awaited = (awaited + 1) % streams.size();
    const absl::StatusOr<size_t> taken = Turn(*streams[awaited], kIdleWait, hooks);
    if (!taken.ok()) return taken.status();
  }
  return FlushAll(streams);
}

}  // namespace

absl::Status RunSinkLoop(absl::Span<const std::unique_ptr<RowStream>> streams,
                         const SinkLoopOptions& options, const SinkLoopHooks& hooks) {
  absl::Status status = Loop(streams, options, hooks);
  if (absl::IsCancelled(status)) status = absl::OkStatus();
  for (const std::unique_ptr<RowStream>& stream : streams) {
    const absl::Status closed = stream->Close();
    // A group that was not told notices by itself.
    if (!absl::IsDeadlineExceeded(closed) && !absl::IsUnavailable(closed)) status.Update(closed);
  }
  return status;
}

}  // namespace peakend::warehouse
