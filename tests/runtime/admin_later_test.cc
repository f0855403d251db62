// Answers of the admin server that take a moment: they hold nobody up, and none goes to
// the wrong request.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "processors/runtime/admin_server.h"
#include "tests/runtime/rough_client.h"

namespace peakend::runtime {
namespace {

using ::testing::EndsWith;
using ::testing::StartsWith;

AdminAnswer Text(int status, std::string body) {
  AdminAnswer answer;
  answer.status = status;
  answer.body = std::move(body);
  return answer;
}

std::string Request(const std::string& path, const std::string& method = "GET") {
  return method + " " + path + " HTTP/1.1\r\nHost: x\r\n\r\n";
}

// Answers /now at once; of any other path the answer is up to the test.
class AdminLaterTest : public ::testing::Test {
 protected:
  void Serve(absl::Duration answer_limit) {
    AdminServerOptions options;
    options.answer_limit = answer_limit;
    auto started = AdminServer::Start(
        options, [this](std::string_view, std::string_view target, const LaterAnswer& later) {
          if (target == "/now") return Text(200, "now\n");
          AdminAnswer answer = Text(503, "not yet\n");
          answer.provisional = true;
          asked_[requests_++].set_value(later);
          return answer;
        });
    ASSERT_TRUE(started.ok()) << started.status();
    server_ = *std::move(started);
  }
  // What the answer to the next such request goes to.
  LaterAnswer Asked() { return asked_[seen_++].get_future().get(); }

  std::array<std::promise<LaterAnswer>, 2> asked_;
  size_t requests_ = 0;  // on the server's thread
  size_t seen_ = 0;
  std::unique_ptr<AdminServer> server_;
};

TEST_F(AdminLaterTest, TheLaterAnswerIsTheOne) {
  Serve(absl::Hours(1));
  RoughClient client(server_->port());
  const auto ask = [&](const std::string& method) {
    client.Send(Request("/slow", method));
    std::thread([later = Asked()] { later([] { return Text(200, "found\n"); }); }).join();
  };
  ask("GET");
  EXPECT_THAT(client.ReadAnswer(), EndsWith("\r\n\r\nfound\n"));
  ask("HEAD");
  client.Send("GET /now HTTP/1.1\r\nConnection: close\r\n\r\n");
  const std::string rest = client.ReadAll();
  EXPECT_THAT(rest, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(rest, ::testing::HasSubstr("Content-Length: 6\r\n\r\nHTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(rest, EndsWith("\r\n\r\nnow\n"));
}

TEST_F(AdminLaterTest, OthersAreServedMeanwhile) {
  Serve(absl::Hours(1));
  RoughClient waiting(server_->port());
  waiting.Send(Request("/slow"));
  const LaterAnswer later = Asked();
  EXPECT_THAT(RoughClient(server_->port()).Send(Request("/now")).ReadAnswer(), EndsWith("now\n"));
  later([] { return Text(404, "nobody\n"); });
  EXPECT_THAT(waiting.ReadAnswer(), StartsWith("HTTP/1.1 404 "));
}

TEST_F(AdminLaterTest, WithoutALaterAnswerInTimeTheProvisionalOneCounts) {
  Serve(absl::Milliseconds(50));
  RoughClient client(server_->port());
  client.Send(Request("/slow"));
  const LaterAnswer late = Asked();
  EXPECT_THAT(client.ReadAnswer(), StartsWith("HTTP/1.1 503 "));
  // The next request of the connection waits too: it must not get the answer to the first.
  client.Send(Request("/slow"));
  const LaterAnswer later = Asked();
  late([] { return Text(200, "stale\n"); });
  later([] { return Text(200, "fresh\n"); });
  later([] { return Text(200, "twice\n"); });
  const std::string answer = client.ReadAnswer();
  EXPECT_THAT(answer, ::testing::Not(EndsWith("stale\n")));
  EXPECT_THAT(client.Send(Request("/now")).ReadAnswer(), EndsWith("now\n"));
}

TEST_F(AdminLaterTest, AnAnswerForOneWhoLeftGoesNowhere) {
  Serve(absl::Hours(1));
  LaterAnswer later;
  {
    RoughClient gone(server_->port());
    gone.Send(Request("/slow"));
    later = Asked();
  }
  later([] { return Text(200, "found\n"); });
  EXPECT_THAT(RoughClient(server_->port()).Send(Request("/now")).ReadAnswer(), EndsWith("now\n"));
}

TEST_F(AdminLaterTest, StopSendsProvisionalAnswers) {
  Serve(absl::Hours(1));
  RoughClient client(server_->port());
  client.Send(Request("/slow"));
  const LaterAnswer later = Asked();
  server_->Stop();
  EXPECT_THAT(client.ReadAll(), EndsWith("\r\n\r\nnot yet\n"));
  later([] { return Text(200, "found\n"); });
}

}  // namespace
}  // namespace peakend::runtime
