// One client of the admin server: reads a request, answers it, reads the next.
//
// A provisional answer waits for a later one, at most answer_limit; meanwhile the client
// counts as being answered, and others are served.
//
// Thread-safety: all calls on the server's thread, LaterAnswers excepted. Operations under
// way keep a connection alive.
#ifndef PEAKEND_PROCESSORS_RUNTIME_ADMIN_CONNECTION_H_
#define PEAKEND_PROCESSORS_RUNTIME_ADMIN_CONNECTION_H_

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "absl/time/time.h"
#include "processors/runtime/admin_answer.h"
#include "processors/runtime/admin_server.h"

namespace peakend::runtime {

class AdminConnection : public std::enable_shared_from_this<AdminConnection> {
 public:
  struct Context {
    const AdminServerOptions options;
    const AdminServer::Handler handler;
  };
  struct Events {
    std::function<void(AdminConnection&)> on_request;  // a complete one arrived
    std::function<void(AdminConnection&)> on_close;    // once
  };

  // `context` must outlive the connection.
  AdminConnection(boost::asio::ip::tcp::socket socket, const Context& context, Events events);

  void Read();
  // No further request; an answer under way is finished.
  void Drain();
  void Close();

  bool answering() const { return answering_; }

 private:
  using Error = boost::system::error_code;

  void ExpireAfter(absl::Duration duration);
  void OnRead(const Error& error);
  LaterAnswer Later();
  void OnLater(uint64_t request, const std::function<AdminAnswer()>& make);
  void AwaitLater(AdminAnswer provisional);
  void EndWait();
  void AnswerRequest(AdminAnswer answer);
  void Send(AdminAnswer answer, unsigned version, bool keep_alive, bool head);
  void OnWritten(const Error& error);
  void Discard(size_t left);

  boost::beast::tcp_stream stream_;
  const Context& context_;
  const Events events_;
  boost::beast::flat_buffer buffer_;
  std::optional<boost::beast::http::request_parser<boost::beast::http::string_body>> parser_;
  boost::beast::http::response<boost::beast::http::string_body> response_;
  boost::asio::steady_timer patience_;      // for a later answer
  std::optional<AdminAnswer> provisional_;  // a later one may still come
  uint64_t requests_ = 0;                   // so that a later answer knows its own
  bool answering_ = false;
  bool bad_request_ = false;
  bool draining_ = false;
  bool closed_ = false;
};

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_ADMIN_CONNECTION_H_
