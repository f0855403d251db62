#include "benchmarks/load/contact_source.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "tests/load/test_profile.h"

namespace peakend::load {
namespace {

std::vector<ContactPlan> Plans(const v1::LoadProfile& profile, double per_second, size_t count) {
  ContactSource source(profile, per_second, 3, 0, INT64_MAX);
  std::vector<ContactPlan> plans(count);
  for (ContactPlan& plan : plans) plan = source.Next();
  return plans;
}

TEST(ContactSourceTest, PlansComeInTheOrderOfArrivalAndNumber) {
  const std::vector<ContactPlan> plans = Plans(TestProfile("name: x"), 10, 5'000);
  for (size_t i = 1; i < plans.size(); ++i) {
    EXPECT_EQ(plans[i].number, i);
    EXPECT_GE(plans[i].arrives_us, plans[i - 1].arrives_us);
  }
}

// Talkdesk 2017: 36 % call again, 10 % four times or more; a customer of a load has all their
// contacts when it is long enough.
TEST(ContactSourceTest, CustomersComeBackAsTheBetaDistributionSays) {
  const v1::LoadProfile profile =
      TestProfile("queues: {load: 0.5}\ncustomers: {redial_after_abandon: 0, count: 1000000000}");
  // Two years of a small center: returns after weeks are over for those of the first year.
  const std::vector<ContactPlan> plans = Plans(profile, 0.002, 130'000);
  const int64_t year_us = plans.back().arrives_us / 2;
  std::map<uint64_t, int> contacts;
  std::map<uint64_t, bool> early;
  for (const ContactPlan& plan : plans) {
    ++contacts[plan.customer];
    if (plan.visit == 0 && plan.arrives_us < year_us) early[plan.customer] = true;
  }
  double again = 0;
  double four = 0;
  double all = 0;
  for (const auto& [customer, is_early] : early) {
    ++all;
    again += contacts[customer] >= 2 ? 1 : 0;
    four += contacts[customer] >= 4 ? 1 : 0;
  }
  EXPECT_NEAR(again / all, 0.36, 0.01);
  EXPECT_NEAR(four / all, 0.10, 0.01);
}

TEST(ContactSourceTest, TheHotCustomerHasTheirShare) {
  const v1::LoadProfile profile =
      TestProfile("customers: {returns: uniform, count: 100000, hot_share: 0.1}");
  int64_t hot = 0;
  for (const ContactPlan& plan : Plans(profile, 10, 20'000)) hot += plan.customer == 0 ? 1 : 0;
  EXPECT_NEAR(static_cast<double>(hot) / 20'000, 0.1, 0.01);
}

TEST(ContactSourceTest, MediaHaveTheirShares) {
  std::map<Medium, double> shares;
  for (const ContactPlan& plan :
       Plans(TestProfile("customers: {returns: uniform}\nmail: {posts: 0.5}"), 10, 20'000)) {
    shares[plan.medium] += 1.0 / 20'000;
  }
  EXPECT_NEAR(shares[Medium::kVoice], 0.7, 0.01);
  EXPECT_NEAR(shares[Medium::kChat], 0.2, 0.01);
  EXPECT_NEAR(shares[Medium::kMail], 0.05, 0.01);
  EXPECT_NEAR(shares[Medium::kPost], 0.05, 0.01);
}

TEST(ContactSourceTest, ALargerLoadWaitsLonger) {
  double before = -2;
  for (const char* load : {"0.7", "1.0", "1.3"}) {
    const v1::LoadProfile profile =
        TestProfile(std::string("queues: {count: 2, voice: 1, chat: 0, load: ") + load + "}");
    double waited = 0;
    for (const ContactPlan& plan : Plans(profile, 1, 20'000)) {
      waited += static_cast<double>(plan.waits_us) / kSecondUs / 20'000;
      EXPECT_EQ(plan.abandoned && plan.talks_us > 0, false);
    }
    EXPECT_GT(waited, before + 1);
    before = waited;
  }
}

TEST(ContactSourceTest, TalkTimesAreLogNormal) {
  std::vector<double> talks;
  const v1::LoadProfile profile = TestProfile(
      "queues: {voice: 1, chat: 0, load: 0.3}\nvoice: {quick_hang: 0, talk: 114s, talk_sigma: 1}");
  for (const ContactPlan& plan : Plans(profile, 10, 20'000)) {
    if (!plan.abandoned) talks.push_back(static_cast<double>(plan.talks_us) / kSecondUs);
  }
  std::sort(talks.begin(), talks.end());
  EXPECT_NEAR(talks[talks.size() / 2], 114, 4);
  double sum = 0;
  for (const double talk : talks) sum += talk;
  // Brown et al. 2005: mean 188 s.
  EXPECT_NEAR(sum / static_cast<double>(talks.size()), 188, 7);
}

}  // namespace
}  // namespace peakend::load
