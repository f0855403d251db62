// The sink's loop: polls its streams in turn, writes each batch that is full or has waited.
//
// One thread does it all: PostgreSQL is waited for while Kafka's client fetches ahead into its own
// bounded queue, which is all the back-pressure that is needed.
//
// Thread-safety: one thread.
#ifndef PEAKEND_PROCESSORS_WAREHOUSE_SINK_LOOP_H_
#define PEAKEND_PROCESSORS_WAREHOUSE_SINK_LOOP_H_

#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "processors/warehouse/row_stream.h"

namespace peakend::warehouse {

// None may be null.
struct SinkLoopHooks {
  std::function<bool()> stop;
  // The loop turned.
  std::function<void()> on_turn;
  // No broker answers; it is tried again.
  std::function<void(const absl::Status&)> on_kafka_away;
};

struct SinkLoopOptions {
  // Ends when every stream was read to its end. A stream without a partition never is.
  bool exit_at_end = false;
};

// Runs until `stop`, then writes what is in the batches and leaves the groups. OK also where a stop
// found PostgreSQL away: what was not written stays in Kafka. Errors: the first final one.
absl::Status RunSinkLoop(absl::Span<const std::unique_ptr<RowStream>> streams,
                         const SinkLoopOptions& options, const SinkLoopHooks& hooks);

}  // namespace peakend::warehouse

#endif  // PEAKEND_PROCESSORS_WAREHOUSE_SINK_LOOP_H_
