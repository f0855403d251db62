#include "processors/runtime/admin_server.h"

#include <signal.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <list>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "processors/runtime/admin_connection.h"

namespace peakend::runtime {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

std::string EndpointText(const tcp::endpoint& endpoint) {
  const std::string address = endpoint.address().to_string();
  return endpoint.address().is_v6() ? absl::StrCat("[", address, "]:", endpoint.port())
                                    : absl::StrCat(address, ":", endpoint.port());
}

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
  using Connection = AdminConnection;
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

  const AdminConnection::Context context_;
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
