// A small HTTP/1.1 server for health and metrics, on one thread of its own.
//
// Bounded in every direction: connections, header and body size, time to send a
// request, time to find and to take an answer. Connections are served side by side, so
// neither a slow nor a malformed client holds up another; when all places are taken, the
// one that has waited longest for a request makes room.
//
// Thread-safety: Start and Stop on one thread; the handler is called on the server's.
#ifndef PEAKEND_PROCESSORS_RUNTIME_ADMIN_SERVER_H_
#define PEAKEND_PROCESSORS_RUNTIME_ADMIN_SERVER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "processors/runtime/admin_answer.h"

namespace peakend::runtime {

struct AdminServerOptions {
  std::string address = "127.0.0.1";  // numeric IPv4 or IPv6, or "localhost"
  uint16_t port = 0;                  // 0 = any free one
  size_t max_connections = 64;        // REQUIRES: > 0
  size_t max_header_bytes = 8 * 1024;
  size_t max_body_bytes = 1024;
  // From an open connection or the last answer to the next complete request; also
  // the longest time that a client may take to read an answer.
  absl::Duration client_timeout = absl::Seconds(10);
  // Then a provisional answer is sent as it is.
  absl::Duration answer_limit = absl::Seconds(2);
  // Stop waits this long for answers under way.
  absl::Duration stop_limit = absl::Seconds(1);
};

class AdminServer {
 public:
  // Answers one request; must not throw and should return within milliseconds, as all
  // clients wait for it. What takes longer returns a provisional answer and calls `later`.
  using Handler = std::function<AdminAnswer(std::string_view method, std::string_view target,
                                            const LaterAnswer& later)>;

  // Listens and serves until Stop. Errors: AlreadyExists = the address is in use;
  // PermissionDenied, InvalidArgument (no such address); all name the address.
  static absl::StatusOr<std::unique_ptr<AdminServer>> Start(const AdminServerOptions& options,
                                                            Handler handler);
  // Stops.
  ~AdminServer();
  AdminServer(const AdminServer&) = delete;
  AdminServer& operator=(const AdminServer&) = delete;

  uint16_t port() const;
  // "127.0.0.1:9464" or "[::1]:9464".
  std::string endpoint() const;

  // Takes no more requests, sends provisional answers as they are, finishes answers under
  // way within stop_limit, ends the thread. Further calls do nothing.
  void Stop();

 private:
  class Listener;
  explicit AdminServer(std::unique_ptr<Listener> listener);

  std::unique_ptr<Listener> listener_;
};

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_ADMIN_SERVER_H_
