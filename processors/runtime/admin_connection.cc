#include "processors/runtime/admin_connection.h"

#include <boost/asio/post.hpp>
#include <utility>

#include "absl/strings/str_cat.h"

namespace peakend::runtime {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

// The answer to a request that could not be read; 0 = there is nobody to answer.
int StatusOfReadError(const error_code& error) {
  if (error == http::error::header_limit || error == http::error::buffer_overflow) return 431;
  if (error == http::error::body_limit) return 413;
  if (error == http::error::end_of_stream || error == http::error::partial_message) return 0;
  return error.category() == http::make_error_code(http::error::bad_method).category() ? 400 : 0;
}

}  // namespace

AdminConnection::AdminConnection(tcp::socket socket, const Context& context, Events events)
    : stream_(std::move(socket)),
      context_(context),
      events_(std::move(events)),
      buffer_(context.options.max_header_bytes + context.options.max_body_bytes),
      patience_(stream_.get_executor()) {}

void AdminConnection::Read() {
  parser_.emplace();
  parser_->header_limit(static_cast<uint32_t>(context_.options.max_header_bytes));
  parser_->body_limit(context_.options.max_body_bytes);
  ExpireAfter(context_.options.client_timeout);
  http::async_read(
      stream_, buffer_, *parser_,
      [self = shared_from_this()](const error_code& error, size_t) { self->OnRead(error); });
}

void AdminConnection::Drain() {
  draining_ = true;
  if (provisional_) return EndWait();
  if (!answering_) Close();
}

void AdminConnection::Close() {
  if (std::exchange(closed_, true)) return;
  error_code ignored;
  stream_.socket().close(ignored);
  events_.on_close(*this);
}

void AdminConnection::ExpireAfter(absl::Duration duration) {
  stream_.expires_after(absl::ToChronoNanoseconds(duration));
}

void AdminConnection::OnRead(const error_code& error) {
  if (closed_) return;
  if (error) {
    const int status = StatusOfReadError(error);
    if (status == 0) return Close();
    bad_request_ = true;
    AdminAnswer answer;
    answer.status = status;
    answer.body = absl::StrCat(error.message(), "\n");
    return Send(std::move(answer), 11, false, false);
  }
  events_.on_request(*this);
  const auto method = parser_->get().method_string();
  const auto target = parser_->get().target();
  ++requests_;
  AdminAnswer answer =
      context_.handler({method.data(), method.size()}, {target.data(), target.size()}, Later());
  if (answer.provisional) return AwaitLater(std::move(answer));
  AnswerRequest(std::move(answer));
}

LaterAnswer AdminConnection::Later() {
  // Whoever holds it must not keep the connection alive: it belongs to the server's thread.
  return [weak = weak_from_this(), executor = stream_.get_executor(),
          request = requests_](std::function<AdminAnswer()> make) {
    asio::post(executor, [weak, request, make = std::move(make)] {
      if (const auto self = weak.lock()) self->OnLater(request, make);
    });
  };
}

void AdminConnection::AwaitLater(AdminAnswer provisional) {
  answering_ = true;
  provisional_ = std::move(provisional);
  patience_.expires_after(absl::ToChronoNanoseconds(context_.options.answer_limit));
  patience_.async_wait([self = shared_from_this(), request = requests_](const error_code& error) {
    if (!error && request == self->requests_) self->EndWait();
  });
}

void AdminConnection::OnLater(uint64_t request, const std::function<AdminAnswer()>& make) {
  if (!provisional_ || request != requests_) return;
  patience_.cancel();
  provisional_.reset();
  AnswerRequest(make());
}

void AdminConnection::EndWait() {
  if (!provisional_) return;
  patience_.cancel();
  AnswerRequest(*std::exchange(provisional_, std::nullopt));
}

void AdminConnection::AnswerRequest(AdminAnswer answer) {
  const auto& request = parser_->get();
  Send(std::move(answer), request.version(), request.keep_alive(),
       request.method() == http::verb::head);
}

void AdminConnection::Send(AdminAnswer answer, unsigned version, bool keep_alive, bool head) {
  answering_ = true;
  response_ = {};
  response_.version(version);
  response_.result(static_cast<unsigned>(answer.status));
  response_.set(http::field::content_type,
                beast::string_view(answer.content_type.data(), answer.content_type.size()));
  response_.set(http::field::cache_control, "no-store");
  response_.set("X-Content-Type-Options", "nosniff");
  if (answer.status == 405) {
    response_.set(http::field::allow, beast::string_view(answer.allow.data(), answer.allow.size()));
  }
  response_.keep_alive(keep_alive && !draining_);
  response_.content_length(answer.body.size());
  if (!head) response_.body() = std::move(answer.body);
  ExpireAfter(context_.options.client_timeout);
  http::async_write(
      stream_, response_,
      [self = shared_from_this()](const error_code& error, size_t) { self->OnWritten(error); });
}

void AdminConnection::OnWritten(const error_code& error) {
  answering_ = false;
  if (closed_) return;
  if (error) return Close();
  if (response_.keep_alive() && !draining_) return Read();
  error_code ignored;
  stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
  if (!bad_request_ || draining_) return Close();
  // Closing with unread bytes would reset the connection and lose the answer.
  ExpireAfter(absl::Seconds(1));
  Discard(64 * 1024);
}

void AdminConnection::Discard(size_t left) {
  buffer_.clear();
  stream_.async_read_some(buffer_.prepare(1024),
                          [self = shared_from_this(), left](const error_code& error, size_t bytes) {
                            if (self->closed_) return;
                            if (error || bytes >= left) return self->Close();
                            self->Discard(left - bytes);
                          });
}

}  // namespace peakend::runtime
