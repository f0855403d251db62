#include "benchmarks/load/service_desk.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "benchmarks/load/contact_plan.h"
#include "benchmarks/load/distributions.h"

namespace peakend::load {
namespace {

TEST(ServiceDeskTest, WhoeverComesFirstIsServedFirst) {
  ServiceDesk desk(2);
  EXPECT_EQ(desk.Admit(0, 1000, 50).us, 0);
  EXPECT_EQ(desk.Admit(0, 1000, 70).us, 0);
  EXPECT_EQ(desk.Admit(10, 1000, 5).us, 40);    // until 50
  EXPECT_EQ(desk.Admit(10, 1000, 100).us, 45);  // the same agent, at 55
  EXPECT_EQ(desk.Admit(60, 1000, 1).us, 10);    // the other one, at 70
}

TEST(ServiceDeskTest, WhoeverGivesUpTakesNobodysTime) {
  ServiceDesk desk(1);
  EXPECT_FALSE(desk.Admit(0, 0, 100).abandoned);
  const ServiceDesk::Wait gone = desk.Admit(10, 30, 1'000'000);
  EXPECT_TRUE(gone.abandoned);
  EXPECT_EQ(gone.us, 30);
  const ServiceDesk::Wait served = desk.Admit(20, 80, 10);
  EXPECT_FALSE(served.abandoned);
  EXPECT_EQ(served.us, 80);
}

// Share of those who give up and mean wait of all in seconds, of a day with N agents.
std::pair<double, double> Day(size_t agents, double load) {
  const double service_s = 188;
  const double patience_s = 300;
  ServiceDesk desk(agents);
  RandomStream stream(3, Purpose::kPlan, agents);
  double at_s = 0;
  int64_t abandoned = 0;
  double waited_s = 0;
  constexpr int kCalls = 200'000;
  for (int i = 0; i < kCalls; ++i) {
    at_s += Exponential(stream, service_s / (static_cast<double>(agents) * load));
    const auto us = [&](double seconds) { return static_cast<int64_t>(seconds * kSecondUs); };
    const double patience = Exponential(stream, patience_s);
    const double service = Exponential(stream, service_s);
    const ServiceDesk::Wait wait = desk.Admit(us(at_s), us(patience), us(service));
    abandoned += wait.abandoned ? 1 : 0;
    waited_s += static_cast<double>(wait.us) / kSecondUs;
  }
  return {static_cast<double>(abandoned) / kCalls, waited_s / kCalls};
}

// M/M/n+M: the share of abandonment is the mean wait over the mean patience (Gans, Koole and
// Mandelbaum 2003, section 4.2), whatever the load.
TEST(ServiceDeskTest, AbandonmentIsThatOfErlangA) {
  const std::pair<size_t, double> cases[] = {{10, 0.9}, {10, 1.1}, {100, 0.95}, {100, 1.2}};
  for (const auto& [agents, load] : cases) {
    const auto [abandoned, wait_s] = Day(agents, load);
    EXPECT_NEAR(abandoned, wait_s / 300, 0.004) << agents << " " << load;
    // What is beyond the agents' time must go.
    EXPECT_GT(abandoned, 1 - 1 / load - 0.004) << agents << " " << load;
  }
}

}  // namespace
}  // namespace peakend::load
