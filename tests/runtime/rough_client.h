// A TCP client without manners, for tests of the admin server: sends bytes, reads bytes.
#ifndef PEAKEND_TESTS_RUNTIME_ROUGH_CLIENT_H_
#define PEAKEND_TESTS_RUNTIME_ROUGH_CLIENT_H_

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdint>
#include <string>

namespace peakend::runtime {

class RoughClient {
 public:
  explicit RoughClient(uint16_t port) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    // A server that never answers fails the test instead of hanging it.
    const timeval patience = {30, 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    connected_ = connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
  }
  ~RoughClient() { close(socket_); }
  RoughClient(const RoughClient&) = delete;
  RoughClient& operator=(const RoughClient&) = delete;

  bool connected() const { return connected_; }

  RoughClient& Send(const std::string& bytes) {
    for (size_t sent = 0; sent < bytes.size();) {
      const ssize_t now = send(socket_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
      if (now <= 0) break;
      sent += static_cast<size_t>(now);
    }
    return *this;
  }

  // Everything until the server closes.
  std::string ReadAll() {
    std::string all;
    char buffer[4096];
    for (;;) {
      const ssize_t now = recv(socket_, buffer, sizeof(buffer), 0);
      if (now <= 0) return all;
      all.append(buffer, static_cast<size_t>(now));
    }
  }

  // One answer of a connection that stays open.
  std::string ReadAnswer() {
    std::string all;
    char c = 0;
    while (!all.ends_with("\r\n\r\n") && recv(socket_, &c, 1, 0) == 1) all.push_back(c);
    const size_t at = all.find("Content-Length: ");
    size_t body = at == std::string::npos ? 0 : std::stoul(all.substr(at + 16));
    while (body-- > 0 && recv(socket_, &c, 1, 0) == 1) all.push_back(c);
    return all;
  }

 private:
  int socket_;
  bool connected_ = false;
};

}  // namespace peakend::runtime

#endif  // PEAKEND_TESTS_RUNTIME_ROUGH_CLIENT_H_
