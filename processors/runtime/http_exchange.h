// One HTTP/1.1 request to one server and its answer, without TLS, on a connection of its own.
//
// Bounded: an answer has at most 1 MiB, and all of it is over within the limit. Only the look-up
// of a name can last longer: as long as the system's own resolver takes.
//
// Thread-safety: pure but for the network; waits on the caller's thread.
#ifndef PEAKEND_PROCESSORS_RUNTIME_HTTP_EXCHANGE_H_
#define PEAKEND_PROCESSORS_RUNTIME_HTTP_EXCHANGE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "processors/runtime/config/registry_url.h"

namespace peakend::runtime {

struct HttpRequest {
  std::string target;  // path and query
  std::string body;
  std::string content_type;
  std::string authorization;  // the header's value; empty = none
};

struct HttpAnswer {
  int status = 0;
  std::string body;
};

// Sends `request` by POST. Any status is an answer. Errors: Unavailable = nobody there, or no
// whole answer within `limit`; InvalidArgument = the answer is no HTTP, or too large.
absl::StatusOr<HttpAnswer> Post(const RegistryUrl& server, const HttpRequest& request,
                                absl::Duration limit);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_HTTP_EXCHANGE_H_
