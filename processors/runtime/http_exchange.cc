#include "processors/runtime/http_exchange.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"

namespace peakend::runtime {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

constexpr uint64_t kLargestAnswer = 1 << 20;

// The steps of one exchange, each begun by the one before.
class Exchange {
 public:
  Exchange(const RegistryUrl& server, const HttpRequest& request) : server_(server) {
    message_.method(http::verb::post);
    message_.target(request.target);
    message_.version(11);
    message_.set(http::field::host, server.Authority());
    message_.set(http::field::user_agent, "peakend");
    message_.set(http::field::accept, "application/vnd.schemaregistry.v1+json, application/json");
    message_.set(http::field::content_type, request.content_type);
    if (!request.authorization.empty()) {
      message_.set(http::field::authorization, request.authorization);
    }
    message_.keep_alive(false);
    message_.body() = request.body;
    message_.prepare_payload();
    parser_.body_limit(kLargestAnswer);
  }

  absl::StatusOr<HttpAnswer> Run(absl::Duration limit) {
    Resolve();
    io_.run_for(absl::ToChronoNanoseconds(limit));
    if (!done_) {
      return absl::UnavailableError(absl::StrCat("no answer within ", absl::FormatDuration(limit)));
    }
    if (!problem_.ok()) return problem_;
    return HttpAnswer{static_cast<int>(parser_.get().result_int()),
                      std::move(parser_.get().body())};
  }

 private:
  void Resolve() {
    resolver_.async_resolve(
        server_.host, absl::StrCat(server_.port),
        [this](const error_code& error, const tcp::resolver::results_type& found) {
          if (error) return Fail("its name is not known", error);
          Connect(found);
        });
  }

  void Connect(const tcp::resolver::results_type& found) {
    asio::async_connect(socket_, found, [this](const error_code& error, const tcp::endpoint&) {
      if (error) return Fail("it cannot be reached", error);
      Write();
    });
  }

  void Write() {
    http::async_write(socket_, message_, [this](const error_code& error, size_t) {
      if (error) return Fail("it went away", error);
      Read();
    });
  }

  void Read() {
    http::async_read(socket_, buffer_, parser_, [this](const error_code& error, size_t) {
      if (error == http::error::end_of_stream || error == http::error::partial_message) {
        return Fail("it went away before its answer was whole", error);
      }
      const bool no_http = error && error.category() == http::make_error_code({}).category();
      if (no_http) {
        return Finish(absl::InvalidArgumentError(
            absl::StrCat("its answer is not one of HTTP: ", error.message())));
      }
      if (error) return Fail("it went away", error);
      Finish(absl::OkStatus());
    });
  }

  void Fail(absl::string_view what, const error_code& error) {
    Finish(absl::UnavailableError(absl::StrCat(what, ": ", error.message())));
  }
  void Finish(absl::Status status) {
    problem_ = std::move(status);
    done_ = true;
  }

  const RegistryUrl& server_;
  asio::io_context io_;
  tcp::resolver resolver_{io_};
  tcp::socket socket_{io_};
  boost::beast::flat_buffer buffer_;
  http::request<http::string_body> message_;
  http::response_parser<http::string_body> parser_;
  bool done_ = false;
  absl::Status problem_;
};

}  // namespace

absl::StatusOr<HttpAnswer> Post(const RegistryUrl& server, const HttpRequest& request,
                                absl::Duration limit) {
  return Exchange(server, request).Run(limit);
}

}  // namespace peakend::runtime
