#include "tests/runtime/fake_registry.h"

#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <utility>

namespace peakend::runtime {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

std::string Text(boost::beast::string_view text) { return {text.data(), text.size()}; }

Asked AskedBy(const http::request<http::string_body>& request) {
  return {Text(request.method_string()) + " " + Text(request.target()),
          Text(request[http::field::content_type]), Text(request[http::field::authorization]),
          request.body()};
}

}  // namespace

FakeRegistry::FakeRegistry(std::vector<Reply> script)
    : script_(std::move(script)), acceptor_(io_, {asio::ip::address_v4::loopback(), 0}) {
  Accept();
  thread_ = std::thread([this] { io_.run(); });
}

FakeRegistry::~FakeRegistry() {
  io_.stop();
  thread_.join();
}

std::vector<Asked> FakeRegistry::asked() const {
  const std::lock_guard lock(mutex_);
  return asked_;
}

std::vector<std::string> FakeRegistry::lines() const {
  std::vector<std::string> lines;
  for (const Asked& asked : this->asked()) lines.push_back(asked.line);
  return lines;
}

void FakeRegistry::Accept() {
  acceptor_.async_accept([this](const error_code& error, tcp::socket socket) {
    if (!error) Serve(std::move(socket));
    Accept();
  });
}

void FakeRegistry::Serve(tcp::socket socket) {
  boost::beast::flat_buffer buffer;
  http::request<http::string_body> request;
  error_code error;
  http::read(socket, buffer, request, error);
  if (error) return;
  Reply reply{500, ""};
  {
    const std::lock_guard lock(mutex_);
    if (asked_.size() < script_.size()) reply = script_[asked_.size()];
    asked_.push_back(AskedBy(request));
  }
  switch (reply.kind) {
    case Reply::Kind::kSilence:
      silent_.push_back(std::move(socket));
      return;
    case Reply::Kind::kRaw:
      asio::write(socket, asio::buffer(reply.body), error);
      break;
    case Reply::Kind::kHttp: {
      http::response<http::string_body> response(http::int_to_status(reply.status), 11);
      response.body() = reply.body;
      response.prepare_payload();
      http::write(socket, response, error);
    }
  }
  socket.shutdown(tcp::socket::shutdown_both, error);
}

}  // namespace peakend::runtime
