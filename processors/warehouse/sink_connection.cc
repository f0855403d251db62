#include "processors/warehouse/sink_connection.h"

#include <algorithm>

namespace peakend::warehouse {
namespace {

constexpr absl::Duration kFirstWait = absl::Milliseconds(100);
constexpr absl::Duration kLongestWait = absl::Seconds(10);

}  // namespace

absl::Status SinkConnection::Try(const std::function<absl::Status(RowSink&)>& work) {
  if (sink_ == nullptr) {
    absl::StatusOr<std::unique_ptr<RowSink>> sink = RowSink::Open(options_, tables_);
    if (!sink.ok()) return sink.status();
    sink_ = *std::move(sink);
  }
  absl::Status status = work(*sink_);
  if (!sink_->connected()) sink_ = nullptr;
  return status;
}

absl::Status SinkConnection::Run(const std::function<absl::Status(RowSink&)>& work) {
  absl::Duration wait = kFirstWait;
  bool failed = false;
  while (true) {
    absl::Status status = Try(work);
    if (!absl::IsUnavailable(status)) {
      if (failed && status.ok()) hooks_.on_back();
      return status;
    }
    failed = true;
    hooks_.on_retry(status, wait);
    hooks_.pause(wait);
    if (hooks_.stop()) return absl::CancelledError("stopped while PostgreSQL was away");
    wait = std::min(wait * 2, kLongestWait);
  }
}

}  // namespace peakend::warehouse
