// The waist, 2 of 3: where outputs go, in one batch with the progress they stand for.
//
// Implemented by KafkaSink and by MemoryLog. One worker thread owns a sink.
#ifndef PEAKEND_PROCESSORS_RUNTIME_SINK_H_
#define PEAKEND_PROCESSORS_RUNTIME_SINK_H_

#include "absl/status/status.h"
#include "processors/publish/output.h"
#include "processors/runtime/progress.h"

namespace peakend::runtime {

class Sink {
 public:
  virtual ~Sink() = default;

  // Takes the outputs over (bytes are copied) and starts to deliver them. A full
  // queue is waited for, never dropped. An output that the broker can never take
  // (too large, topic gone) is counted and named by topic and partition; the
  // stream goes on. Errors: final.
  virtual absl::Status Append(const publish::OutputBatch& outputs) = 0;

  // Waits until all that was appended is delivered, then makes `positions` the
  // committed progress. Outputs come before progress: after a crash outputs may
  // repeat, never miss. Errors: Unavailable = call again with the same positions;
  // anything else is final.
  virtual absl::Status Commit(const Positions& positions) = 0;
};

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_SINK_H_
