#include "processors/runtime/admin_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "processors/runtime/admin_pages.h"
#include "processors/runtime/metrics.h"
#include "tests/runtime/rough_client.h"

namespace peakend::runtime {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

class AdminServerTest : public ::testing::Test {
 protected:
  void Serve(AdminServerOptions options = {}) {
    auto started = AdminServer::Start(
        options,
        [this](std::string_view method, std::string_view target, const LaterAnswer& later) {
          return AnswerTo(pages_, method, target, kNow, later);
        });
    ASSERT_TRUE(started.ok()) << started.status();
    server_ = *std::move(started);
  }

  std::string Get(const std::string& path) {
    return RoughClient(server_->port())
        .Send("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        .ReadAll();
  }

  HealthBoard health_{absl::Seconds(10), kNow};
  AdminPages pages_{.health = &health_,
                    .metrics = [](absl::Time) { return std::string("m 1\n"); },
                    .version_json = R"({"version":"0.1.0"})",
                    .config_yaml = "kafka:\n  sasl_password_file: \"***\"\n"};
  std::unique_ptr<AdminServer> server_;
};

TEST_F(AdminServerTest, ServesItsPages) {
  Serve();
  EXPECT_THAT(Get("/livez"), StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(Get("/livez"), HasSubstr(R"({"status":"live")"));
  EXPECT_THAT(Get("/readyz"), StartsWith("HTTP/1.1 503 "));
  EXPECT_THAT(Get("/readyz"), HasSubstr(R"("assignment":{"ok":false})"));
  EXPECT_THAT(Get("/metrics"),
              HasSubstr("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"));
  EXPECT_THAT(Get("/metrics"), EndsWith("\r\n\r\nm 1\n"));
  EXPECT_THAT(Get("/metrics?name[]=x"), EndsWith("\r\n\r\nm 1\n"));
  EXPECT_THAT(Get("/version"), EndsWith("{\"version\":\"0.1.0\"}\n"));
  EXPECT_THAT(Get("/configz"), EndsWith("sasl_password_file: \"***\"\n"));
}

TEST_F(AdminServerTest, ReadyFollowsTheBoard) {
  Serve();
  health_.SetAssigned(true);
  health_.SetReplayLeft(0);
  health_.SetKafka(true, "");
  EXPECT_THAT(Get("/readyz"), StartsWith("HTTP/1.1 200 OK\r\n"));
  health_.StartDraining();
  EXPECT_THAT(Get("/readyz"), StartsWith("HTTP/1.1 503 "));
}

TEST_F(AdminServerTest, UnknownPathListsThePages) {
  Serve();
  const std::string answer = Get("/");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 404 "));
  for (const char* path : {"/livez\n", "/readyz\n", "/metrics\n", "/version\n", "/configz\n",
                           "/v1/customers/{key}\n"}) {
    EXPECT_THAT(answer, HasSubstr(path));
  }
}

TEST_F(AdminServerTest, OnlyReads) {
  Serve();
  const std::string answer = RoughClient(server_->port())
                                 .Send(
                                     "POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: "
                                     "2\r\nConnection: close\r\n\r\nhi")
                                 .ReadAll();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 405 "));
  EXPECT_THAT(answer, HasSubstr("Allow: GET, HEAD\r\n"));
}

TEST_F(AdminServerTest, HeadSendsTheLengthAndNoBody) {
  Serve();
  const std::string answer =
      RoughClient(server_->port())
          .Send("HEAD /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
          .ReadAll();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(answer, HasSubstr("Content-Length: 4\r\n"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\n"));
}

TEST_F(AdminServerTest, KeepsAConnectionAndItsOrder) {
  Serve();
  RoughClient client(server_->port());
  for (int i = 0; i < 3; ++i) {
    client.Send("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_THAT(client.ReadAnswer(), EndsWith("m 1\n"));
  }
  client.Send("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\nGET /version HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(client.ReadAnswer(), EndsWith("m 1\n"));
  EXPECT_THAT(client.ReadAnswer(), EndsWith("{\"version\":\"0.1.0\"}\n"));
}

TEST_F(AdminServerTest, OldClientsAreClosedAfterTheAnswer) {
  Serve();
  EXPECT_THAT(RoughClient(server_->port()).Send("GET /metrics HTTP/1.0\r\n\r\n").ReadAll(),
              EndsWith("m 1\n"));
}

TEST_F(AdminServerTest, MalformedRequestsAreRefused) {
  Serve();
  for (const std::string& bytes :
       {std::string("nonsense\r\n\r\n"), std::string("GET /metrics HTTP/9.9\r\n\r\n"),
        std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 15),
        std::string("GET /metrics HTTP/1.1\r\nbad header\r\n\r\n"),
        std::string("GET /metrics HTTP/1.1\r\nContent-Length: -1\r\n\r\n")}) {
    EXPECT_THAT(RoughClient(server_->port()).Send(bytes).ReadAll(), StartsWith("HTTP/1.1 400 "))
        << bytes;
  }
  EXPECT_THAT(Get("/livez"), StartsWith("HTTP/1.1 200 "));
}

TEST_F(AdminServerTest, OversizedRequestsAreRefused) {
  Serve();
  EXPECT_THAT(RoughClient(server_->port())
                  .Send("GET /metrics HTTP/1.1\r\nX: " + std::string(20'000, 'a') + "\r\n\r\n")
                  .ReadAll(),
              StartsWith("HTTP/1.1 431 "));
  EXPECT_THAT(RoughClient(server_->port()).Send("GET /" + std::string(20'000, 'a')).ReadAll(),
              StartsWith("HTTP/1.1 431 "));
  EXPECT_THAT(
      RoughClient(server_->port())
          .Send("GET /metrics HTTP/1.1\r\nContent-Length: 5000\r\n\r\n" + std::string(5'000, 'a'))
          .ReadAll(),
      StartsWith("HTTP/1.1 413 "));
}

TEST_F(AdminServerTest, SlowClientsHoldNobodyUpAndAreEnded) {
  AdminServerOptions options;
  options.client_timeout = absl::Milliseconds(300);
  Serve(options);
  std::vector<std::unique_ptr<RoughClient>> slow;
  for (int i = 0; i < 20; ++i) {
    slow.push_back(std::make_unique<RoughClient>(server_->port()));
    slow.back()->Send(i % 2 == 0 ? "GET /metr" : "");
  }
  EXPECT_THAT(Get("/livez"), StartsWith("HTTP/1.1 200 "));
  for (const auto& client : slow) EXPECT_THAT(client->ReadAll(), IsEmpty());
}

TEST_F(AdminServerTest, FullHouseMakesRoomForTheNext) {
  AdminServerOptions options;
  options.max_connections = 4;
  options.client_timeout = absl::Hours(1);
  Serve(options);
  std::vector<std::unique_ptr<RoughClient>> slow;
  for (int i = 0; i < 10; ++i) {
    slow.push_back(std::make_unique<RoughClient>(server_->port()));
    slow.back()->Send("GET /metr");
  }
  EXPECT_THAT(Get("/livez"), StartsWith("HTTP/1.1 200 "));
  // The longest waiting went first.
  for (size_t i = 0; i < 6; ++i) EXPECT_THAT(slow[i]->ReadAll(), IsEmpty());
  slow.back()->Send("ics HTTP/1.1\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(slow.back()->ReadAll(), EndsWith("m 1\n"));
}

TEST_F(AdminServerTest, ClientThatNeverReadsIsEnded) {
  pages_.metrics = [](absl::Time) { return std::string(64 << 20, 'x'); };
  AdminServerOptions options;
  options.client_timeout = absl::Milliseconds(200);
  Serve(options);
  RoughClient client(server_->port());
  client.Send("GET /metrics HTTP/1.1\r\n\r\n");
  EXPECT_THAT(Get("/livez"), StartsWith("HTTP/1.1 200 "));
  server_->Stop();
  EXPECT_LT(client.ReadAll().size(), size_t{64} << 20);
}

TEST_F(AdminServerTest, StopFinishesTheAnswerUnderWay) {
  std::atomic<bool> asked = false;
  std::atomic<bool> go = false;
  pages_.metrics = [&](absl::Time) {
    asked = true;
    asked.notify_all();
    go.wait(false);
    return std::string("m 2\n");
  };
  Serve();
  const uint16_t port = server_->port();
  RoughClient idle(port);
  RoughClient client(port);
  client.Send("GET /metrics HTTP/1.1\r\n\r\n");
  asked.wait(false);
  std::thread stopper([this] { server_->Stop(); });
  go = true;
  go.notify_all();
  EXPECT_THAT(client.ReadAll(), EndsWith("m 2\n"));
  EXPECT_THAT(idle.ReadAll(), IsEmpty());
  stopper.join();
  EXPECT_FALSE(RoughClient(port).connected());
  server_->Stop();
}

TEST_F(AdminServerTest, AddressInUseIsNamed) {
  Serve();
  AdminServerOptions options;
  options.port = server_->port();
  const auto second = AdminServer::Start(options, [](auto, auto, auto) { return AdminAnswer{}; });
  EXPECT_EQ(second.status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_THAT(std::string(second.status().message()), HasSubstr(server_->endpoint()));
}

TEST_F(AdminServerTest, WrongAddressIsNamed) {
  AdminServerOptions options;
  for (const char* address : {"example.invalid", "203.0.113.7", ""}) {
    options.address = address;
    const auto server = AdminServer::Start(options, [](auto, auto, auto) { return AdminAnswer{}; });
    EXPECT_EQ(server.status().code(), absl::StatusCode::kInvalidArgument) << address;
    EXPECT_THAT(std::string(server.status().message()), HasSubstr(std::string(address) + ":0"));
  }
}

TEST_F(AdminServerTest, ScrapesWhileTheWorkerCounts) {
  MetricsOptions metrics_options;
  metrics_options.input_topic = "in";
  metrics_options.rules = {{"r", "score", "warning"}};
  Metrics metrics(metrics_options);
  pages_.metrics = [&metrics](absl::Time now) { return metrics.Expose(now); };
  Serve();
  std::atomic<bool> stop = false;
  std::thread worker([&] {
    EngineStats stats;
    for (int64_t i = 1; !stop; ++i) {
      stats.events_ok = i;
      stats.alerts["r"][1] = i;
      stats.clocks[static_cast<int32_t>(i % 8)] = {i, i};
      if (i % 16 == 0) stats.clocks.clear();
      metrics.Update(stats);
      metrics.ObserveBatch(1, absl::Milliseconds(1));
      metrics.ObserveAlertLatency("r", absl::Milliseconds(1));
      metrics.SetConsumerLag(static_cast<int32_t>(i % 8), i);
      health_.Tick(kNow);
      health_.SetReplayLeft(i % 2);
    }
  });
  std::vector<std::thread> scrapers;
  for (int t = 0; t < 3; ++t) {
    scrapers.emplace_back([this] {
      for (int i = 0; i < 20; ++i) {
        EXPECT_THAT(Get("/metrics"), HasSubstr("peakend_events_total{"));
        EXPECT_THAT(Get("/readyz"), StartsWith("HTTP/1.1 503 "));
      }
    });
  }
  for (std::thread& scraper : scrapers) scraper.join();
  stop = true;
  worker.join();
}

}  // namespace
}  // namespace peakend::runtime
