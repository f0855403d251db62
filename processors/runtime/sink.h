// The waist, 2 of 3: where outputs go, in one batch with the progress they stand for.
//
// Implemented by TransactionalSink (exactly once), KafkaSink (at least once) and
// MemoryLog. One worker thread owns a sink.
#ifndef PEAKEND_PROCESSORS_RUNTIME_SINK_H_
#define PEAKEND_PROCESSORS_RUNTIME_SINK_H_

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "processors/publish/output.h"
#include "processors/runtime/progress.h"

namespace peakend::runtime {

class Sink {
 public:
  virtual ~Sink() = default;

  // Takes the outputs over (bytes are copied) and starts to deliver them. A full
  // queue is waited for, never dropped. An output that the broker can never take
  // (too large, topic gone) is counted and named by topic and partition; the
  // stream goes on, except where exactly once has promised it to the input. Errors: final.
  virtual absl::Status Append(const publish::OutputBatch& outputs) = 0;

  // Makes all that was appended durable, and `positions` the committed progress.
  // Exactly once: both in one transaction. At least once: outputs first, then state
  // records, then progress, so that after a crash outputs may repeat, never miss.
  // Errors: Unavailable = nothing is lost, call again, with the same positions or
  // later ones; FailedPrecondition = somebody else took our place; anything else is
  // final too.
  virtual absl::Status Commit(const Positions& positions) = 0;

  // Somebody else owns these partitions now: what their records caused and is not
  // committed is not ours to write.
  virtual void Forget(absl::Span<const int32_t> partitions) = 0;
};

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_SINK_H_
