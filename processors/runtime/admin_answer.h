// What the admin port says to one request, at once or a moment later.
//
// Thread-safety: AdminAnswer is a value; a LaterAnswer may be called from any thread.
#ifndef PEAKEND_PROCESSORS_RUNTIME_ADMIN_ANSWER_H_
#define PEAKEND_PROCESSORS_RUNTIME_ADMIN_ANSWER_H_

#include <functional>
#include <string>
#include <string_view>

namespace peakend::runtime {

struct AdminAnswer {
  int status = 200;
  std::string_view content_type = "text/plain; charset=utf-8";  // a constant
  std::string body;
  // Of a 405: which methods there are.
  std::string_view allow = "GET, HEAD";  // a constant
  // Sent only if no later answer comes in time.
  bool provisional = false;
};

// Takes the answer that replaces a provisional one, as a function that makes it on the
// server's thread. One that comes too late is dropped. REQUIRES: the server was not
// destroyed.
using LaterAnswer = std::function<void(std::function<AdminAnswer()> make)>;

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_ADMIN_ANSWER_H_
