// What the program does when the cluster is not there, or not as it should be.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "processors/runtime/kafka_admin.h"
#include "tests/kafka/job_process.h"
#include "tests/kafka/kafka_cluster.h"

namespace peakend::runtime {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::SizeIs;

constexpr int kUnavailable = 69;
constexpr int kForced = 75;
constexpr int kConfigError = 78;

// A port of this host that belongs to us: connections are refused until Listen,
// and after it they are taken and never answered.
class HeldPort {
 public:
  HeldPort() : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    EXPECT_EQ(bind(socket_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    address_ = "127.0.0.1:" + std::to_string(ntohs(address.sin_port));
  }
  ~HeldPort() { close(socket_); }
  HeldPort(const HeldPort&) = delete;
  HeldPort& operator=(const HeldPort&) = delete;

  const std::string& address() const { return address_; }
  void Listen() { EXPECT_EQ(listen(socket_, 16), 0); }
  // Somebody wants to be connected, within a minute.
  bool SomebodyCalls() {
    pollfd call = {socket_, POLLIN, 0};
    return poll(&call, 1, 60'000) == 1;
  }

 private:
  const int socket_;
  std::string address_;
};

v1::Config ConfigFor(const HeldPort& port) {
  v1::Config config;
  config.mutable_kafka()->set_bootstrap_servers(port.address());
  return config;
}

TEST(StartUpTest, WithoutABrokerItSaysSoAndTriesAgain) {
  HeldPort port;
  JobProcess job(ConfigFor(port));
  const auto said = [&job] { return job.LogLines("cannot reach"); };
  ASSERT_TRUE(Eventually([&] { return !said().empty(); })) << job.log();
  EXPECT_THAT(said(), SizeIs(1));
  EXPECT_THAT(said()[0], AllOf(HasSubstr(port.address()), HasSubstr("security_protocol plaintext"),
                               HasSubstr("connection refused: is a broker running there")));
  EXPECT_THAT(job.LogLines(port.address()), SizeIs(1)) << job.log();
  const HttpAnswer ready = job.Get("/readyz");
  EXPECT_EQ(ready.status, 503);
  EXPECT_THAT(ready.body, HasSubstr("connection refused"));
  EXPECT_EQ(job.Get("/livez").status, 200);

  port.Listen();
  EXPECT_TRUE(port.SomebodyCalls()) << "it gave up";
  EXPECT_TRUE(job.process().running());
  EXPECT_EQ(job.Stop(), 0) << job.log();
}

TEST(StartUpTest, WithoutABrokerItEndsWhenToldToFailFast) {
  HeldPort port;
  JobProcess job(ConfigFor(port), {"shutdown.fail_fast=true"});
  EXPECT_EQ(job.process().Wait(absl::Minutes(1)), kUnavailable);
  EXPECT_THAT(job.log(), AllOf(HasSubstr(port.address()), HasSubstr("connection refused")));
}

TEST(StartUpTest, ASecondSignalEndsWhatHangs) {
  HeldPort port;
  port.Listen();
  JobProcess job(ConfigFor(port));
  ASSERT_TRUE(port.SomebodyCalls()) << job.log();
  job.process().Signal(SIGTERM);
  ASSERT_TRUE(Eventually([&] { return !job.LogLines("draining").empty(); })) << job.log();
  EXPECT_EQ(job.Stop(), kForced) << job.log();
  EXPECT_THAT(job.log(), HasSubstr("second signal"));
}

class TopicsAtStartUpTest : public KafkaClusterTest {};

TEST_F(TopicsAtStartUpTest, MissingOnesAreNamed) {
  const std::string missing = config_.topics().journeys().name() + "-missing";
  config_.mutable_topics()->mutable_journeys()->set_name(missing);
  JobProcess job(config_);
  EXPECT_EQ(job.process().Wait(absl::Minutes(1)), kConfigError);
  EXPECT_THAT(job.log(), AllOf(HasSubstr("missing topics: " + missing + ";"),
                               HasSubstr("`peakend topics create`")));
}

TEST_F(TopicsAtStartUpTest, MissingOnesAreNamedAtOnceWhenToldToFailFast) {
  config_.mutable_topics()->mutable_journeys()->set_name("no-such-topic");
  JobProcess job(config_, {"shutdown.fail_fast=true"});
  EXPECT_EQ(job.process().Wait(absl::Minutes(1)), kConfigError);
  EXPECT_THAT(job.LogLines("missing topics: no-such-topic;"), SizeIs(1)) << job.log();
}

TEST_F(TopicsAtStartUpTest, OnesThatAreMadeMeanwhileAreWaitedFor) {
  v1::TopicConfig* topic = config_.mutable_topics()->mutable_journeys();
  topic->set_name(topic->name() + "-later");
  JobProcess job(config_);
  ASSERT_TRUE(Eventually([&] { return !job.LogLines("topics are missing").empty(); })) << job.log();
  auto admin = KafkaAdmin::Open(config_, nullptr, kTestLimit);
  ASSERT_TRUE(admin.ok()) << admin.status();
  ASSERT_TRUE((*admin)->CreateTopics(false).ok());
  EXPECT_TRUE(Eventually([&] { return job.Get("/readyz").status == 200; })) << job.log();
  EXPECT_EQ(job.Stop(), 0) << job.log();
}

TEST_F(TopicsAtStartUpTest, OfAnotherSizeThanTheInputAreNamed) {
  v1::TopicConfig* topic = config_.mutable_topics()->mutable_interaction_events();
  topic->set_name(topic->name() + "-of-two");
  topic->set_partitions(2);
  auto admin = KafkaAdmin::Open(config_, nullptr, kTestLimit);
  ASSERT_TRUE(admin.ok()) << admin.status();
  ASSERT_TRUE((*admin)->CreateTopics(false).ok());
  const std::string alerts = config_.topics().moment_alerts().name();
  JobProcess job(config_);
  EXPECT_EQ(job.process().Wait(absl::Minutes(1)), kConfigError) << job.log();
  EXPECT_THAT(job.log(), HasSubstr("topic " + alerts + " has 4 partitions, the input has 2"));
}

}  // namespace
}  // namespace peakend::runtime
