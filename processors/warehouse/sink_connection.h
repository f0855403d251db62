// A RowSink that comes back: connects when it is needed, and tries again while PostgreSQL is away.
//
// Waits between tries double from 100 ms to 10 s, without end: what is not written waits in Kafka.
//
// Thread-safety: one thread.
#ifndef PEAKEND_PROCESSORS_WAREHOUSE_SINK_CONNECTION_H_
#define PEAKEND_PROCESSORS_WAREHOUSE_SINK_CONNECTION_H_

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "processors/warehouse/row_sink.h"

namespace peakend::warehouse {

// All are called on the thread of the caller; none may be null.
struct SinkConnectionHooks {
  // Whether to give up waiting.
  std::function<bool()> stop;
  // Waits so long, or until `stop` says so.
  std::function<void(absl::Duration)> pause;
  // It did not work, and is tried again after `wait`.
  std::function<void(const absl::Status& why, absl::Duration wait)> on_retry;
  // It works again.
  std::function<void()> on_back;
};

class SinkConnection {
 public:
  // `tables` must outlive this.
  SinkConnection(RowSinkOptions options, std::vector<const RowTable*> tables,
                 SinkConnectionHooks hooks)
      : options_(std::move(options)), tables_(std::move(tables)), hooks_(std::move(hooks)) {}

  // Runs `work` until it returns something else than Unavailable, which it returns. Errors:
  // Cancelled = `stop` said so.
  absl::Status Run(const std::function<absl::Status(RowSink&)>& work);

 private:
  absl::Status Try(const std::function<absl::Status(RowSink&)>& work);

  const RowSinkOptions options_;
  const std::vector<const RowTable*> tables_;
  const SinkConnectionHooks hooks_;
  std::unique_ptr<RowSink> sink_;  // null = not connected
};

}  // namespace peakend::warehouse

#endif  // PEAKEND_PROCESSORS_WAREHOUSE_SINK_CONNECTION_H_
