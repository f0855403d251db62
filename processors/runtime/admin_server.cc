#include "processors/runtime/admin_server.h"

#include <signal.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <list>
#include <optional>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace peakend::runtime {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

struct ServerContext {
  const AdminServerOptions options;
  const AdminServer::Handler handler;
};

std::string EndpointText(const tcp::endpoint& endpoint) {
  const std::string address = endpoint.address().to_string();
  return endpoint.address().is_v6() ? absl::StrCat("[", address, "]:", endpoint.port())
                                    : absl::StrCat(address, ":", endpoint.port());
}

// The answer to a request that could not be read; 0 = there is nobody to answer.
int StatusOfReadError(const error_code& error) {
  if (error == http::error::header_limit || error == http::error::buffer_overflow) return 431;
  if (error == http::error::body_limit) return 413;
  if (error == http::error::end_of_stream || error == http::error::partial_message) return 0;
  return error.category() == http::make_error_code(http::error::bad_method).category() ? 400 : 0;
}

// One client. All calls on the server's thread; operations under way keep it alive.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  struct Events {
    std::function<void(Connection&)> on_request;  // a complete one arrived
    std::function<void(Connection&)> on_close;    // once
  };

  Connection(tcp::socket socket, const ServerContext& context, Events events)
      : stream_(std::move(socket)),
        context_(context),
        events_(std::move(events)),
        buffer_(context.options.max_header_bytes + context.options.max_body_bytes) {}

  void Read() {
    parser_.emplace();
    parser_->header_limit(static_cast<uint32_t>(context_.options.max_header_bytes));
    parser_->body_limit(context_.options.max_body_bytes);
    ExpireAfter(context_.options.client_timeout);
    http::async_read(
        stream_, buffer_, *parser_,
        [self = shared_from_this()](const error_code& error, size_t) { self->OnRead(error); });
  }

  // No further request; an answer under way is finished.
  void Drain() {
    draining_ = true;
    if (!answering_) Close();
  }

  void Close() {
    if (std::exchange(closed_, true)) return;
    error_code ignored;
    stream_.socket().close(ignored);
    events_.on_close(*this);
  }

  bool answering() const { return answering_; }

 private:
  void ExpireAfter(absl::Duration duration) {
    stream_.expires_after(absl::ToChronoNanoseconds(duration));
  }

  void OnRead(const error_code& error) {
    if (closed_) return;
    if (error) {
      const int status = StatusOfReadError(error);
      if (status == 0) return Close();
      bad_request_ = true;
      AdminAnswer answer;
      answer.status = status;
      answer.body = absl::StrCat(error.message(), "\n");
      return Answer(std::move(answer), 11, false, false);
    }
    events_.on_request(*this);
    const auto& request = parser_->get();
    const auto method = request.method_string();
    const auto target = request.target();
    AdminAnswer answer =
        context_.handler({method.data(), method.size()}, {target.data(), target.size()});
    Answer(std::move(answer), request.version(), request.keep_alive(),
           request.method() == http::verb::head);
  }

  void Answer(AdminAnswer answer, unsigned version, bool keep_alive, bool head) {
    answering_ = true;
    response_ = {};
    response_.version(version);
    response_.result(static_cast<unsigned>(answer.status));
    response_.set(http::field::content_type,
                  beast::string_view(answer.content_type.data(), answer.content_type.size()));
    response_.set(http::field::cache_control, "no-store");
    response_.set("X-Content-Type-Options", "nosniff");
    if (answer.status == 405) response_.set(http::field::allow, "GET, HEAD");
    response_.keep_alive(keep_alive && !draining_);
    response_.content_length(answer.body.size());
    if (!head) response_.body() = std::move(answer.body);
    ExpireAfter(context_.options.client_timeout);
    http::async_write(
        stream_, response_,
        [self = shared_from_this()](const error_code& error, size_t) { self->OnWritten(error); });
  }

  void OnWritten(const error_code& error) {
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

  void Discard(size_t left) {
    buffer_.clear();
    stream_.async_read_some(buffer_.prepare(1024), [self = shared_from_this(), left](
                                                       const error_code& error, size_t bytes) {
      if (self->closed_) return;
      if (error || bytes >= left) return self->Close();
      self->Discard(left - bytes);
    });
  }

  beast::tcp_stream stream_;
  const ServerContext& context_;
  const Events events_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  http::response<http::string_body> response_;
  bool answering_ = false;
  bool bad_request_ = false;
  bool draining_ = false;
  bool closed_ = false;
};

absl::Status ListenError(const AdminServerOptions& options, const error_code& error) {
  const std::string message = absl::StrCat("admin port: cannot listen on ", options.address, ":",
                                           options.port, ": ", error.message());
  if (error == asio::error::address_in_use) return absl::AlreadyExistsError(message);
  if (error == asio::error::access_denied) return absl::PermissionDeniedError(message);
  return absl::InvalidArgumentError(message);
}

}  // namespace

// Accepts clients and keeps them within the limit.
class AdminServer::Listener {
 public:
  Listener(const AdminServerOptions& options, Handler handler)
      : context_{options, std::move(handler)}, acceptor_(io_), timer_(io_) {}
  ~Listener() { Stop(); }

  absl::Status Listen() {
    error_code error;
    const std::string host = context_.options.address == "localhost" ? std::string("127.0.0.1")
                                                                     : context_.options.address;
    const auto address = asio::ip::make_address(host, error);
    if (error) return ListenError(context_.options, error);
    const tcp::endpoint endpoint(address, context_.options.port);
    acceptor_.open(endpoint.protocol(), error);
    // A restart must not wait for the connections of the process before.
    if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(tcp::acceptor::max_listen_connections, error);
    if (!error) endpoint_ = acceptor_.local_endpoint(error);
    return error ? ListenError(context_.options, error) : absl::OkStatus();
  }

  void Run() {
    Accept();
    thread_ = std::thread([this] {
      // Signals are for the thread that waits for them.
      sigset_t all;
      sigfillset(&all);
      pthread_sigmask(SIG_SETMASK, &all, nullptr);
      io_.run();
    });
  }

  void Stop() {
    if (!thread_.joinable()) return;
    asio::post(io_, [this] { BeginStop(); });
    thread_.join();
  }

  const tcp::endpoint& endpoint() const { return endpoint_; }

 private:
  using Connections = std::list<std::shared_ptr<Connection>>;

  void Accept() {
    acceptor_.async_accept([this](const error_code& error, tcp::socket socket) {
      if (!acceptor_.is_open()) return;
      if (error) return AcceptLater();
      Serve(std::move(socket));
      Accept();
    });
  }

  // Out of file descriptors, most likely: asking again at once would only spin.
  void AcceptLater() {
    timer_.expires_after(std::chrono::milliseconds(100));
    timer_.async_wait([this](const error_code&) {
      if (acceptor_.is_open()) Accept();
    });
  }

  void Serve(tcp::socket socket) {
    if (connections_.size() >= context_.options.max_connections && !MakeRoom()) return;
    Connection::Events events;
    events.on_request = [this](Connection& connection) {
      connections_.splice(connections_.end(), connections_, Find(connection));
    };
    events.on_close = [this](Connection& connection) {
      connections_.erase(Find(connection));
      if (stopping_ && connections_.empty()) io_.stop();
    };
    connections_.push_back(
        std::make_shared<Connection>(std::move(socket), context_, std::move(events)));
    connections_.back()->Read();
  }

  bool MakeRoom() {
    for (const std::shared_ptr<Connection>& connection : connections_) {
      if (connection->answering()) continue;
      std::shared_ptr<Connection>(connection)->Close();
      return true;
    }
    return false;
  }

  Connections::iterator Find(const Connection& connection) {
    auto it = connections_.begin();
    while (it->get() != &connection) ++it;
    return it;
  }

  void BeginStop() {
    stopping_ = true;
    error_code ignored;
    acceptor_.close(ignored);
    if (connections_.empty()) return io_.stop();
    timer_.expires_after(absl::ToChronoNanoseconds(context_.options.stop_limit));
    timer_.async_wait([this](const error_code&) { io_.stop(); });
    const Connections all = connections_;
    for (const auto& connection : all) connection->Drain();
  }

  const ServerContext context_;
  asio::io_context io_{1};
  tcp::acceptor acceptor_;
  asio::steady_timer timer_;
  tcp::endpoint endpoint_;
  bool stopping_ = false;
  Connections connections_;  // the one that has waited longest for a request first
  std::thread thread_;
};

absl::StatusOr<std::unique_ptr<AdminServer>> AdminServer::Start(const AdminServerOptions& options,
                                                                Handler handler) {
  auto listener = std::make_unique<Listener>(options, std::move(handler));
  if (absl::Status status = listener->Listen(); !status.ok()) return status;
  listener->Run();
  return std::unique_ptr<AdminServer>(new AdminServer(std::move(listener)));
}

AdminServer::AdminServer(std::unique_ptr<Listener> listener) : listener_(std::move(listener)) {}
AdminServer::~AdminServer() = default;

uint16_t AdminServer::port() const { return listener_->endpoint().port(); }
std::string AdminServer::endpoint() const { return EndpointText(listener_->endpoint()); }
void AdminServer::Stop() { listener_->Stop(); }

}  // namespace peakend::runtime
