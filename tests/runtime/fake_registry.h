// A server on a port of its own that answers as a script says, for tests of what asks a schema
// registry. Each connection is one request.
//
// Thread-safety: one thread makes it, asks it and ends it; it serves on another one.
#ifndef PEAKEND_TESTS_RUNTIME_FAKE_REGISTRY_H_
#define PEAKEND_TESTS_RUNTIME_FAKE_REGISTRY_H_

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace peakend::runtime {

struct Reply {
  enum class Kind { kHttp, kRaw, kSilence };
  int status = 200;
  std::string body;  // of kRaw: all that is sent before the end
  Kind kind = Kind::kHttp;
};

struct Asked {
  std::string line;  // "POST /subjects/a-value"
  std::string content_type;
  std::string authorization;
  std::string body;
};

class FakeRegistry {
 public:
  // Behind the end of `script` it is 500.
  explicit FakeRegistry(std::vector<Reply> script);
  ~FakeRegistry();

  uint16_t port() const { return acceptor_.local_endpoint().port(); }
  std::vector<Asked> asked() const;
  std::vector<std::string> lines() const;

 private:
  void Accept();
  void Serve(boost::asio::ip::tcp::socket socket);

  const std::vector<Reply> script_;
  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::vector<boost::asio::ip::tcp::socket> silent_;
  mutable std::mutex mutex_;
  std::vector<Asked> asked_;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace peakend::runtime

#endif  // PEAKEND_TESTS_RUNTIME_FAKE_REGISTRY_H_
