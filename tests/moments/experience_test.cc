// Gaps between what was expected and what came, and what they do by KANO class.
#include "processors/moments/experience.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <memory_resource>
#include <string_view>

#include "peakend/v1/interaction_event.pb.h"
#include "tests/journey/facts.h"

namespace peakend::moments {
namespace {

using affect::kNanoOne;
using affect::ToNano;
using journey::Cause;
using journey::Kano;

TEST(ToleranceGapTest, FollowsTheZoneOfTolerance) {
  constexpr int64_t kDesired = 20'000;
  constexpr int64_t kAdequate = 120'000;
  const auto gap = [](int64_t actual) { return ToleranceGap(actual, kDesired, kAdequate); };
  EXPECT_EQ(gap(0), kNanoOne);
  EXPECT_EQ(gap(10'000), ToNano(0.5));
  EXPECT_EQ(gap(20'000), 0);
  EXPECT_EQ(gap(70'000), ToNano(-0.05));
  EXPECT_EQ(gap(120'000), ToNano(-0.1));
  EXPECT_EQ(gap(125'000), ToNano(-0.1)) << "it does not rise again beyond the zone";
  EXPECT_EQ(gap(170'000), ToNano(-0.5));
  EXPECT_EQ(gap(220'000), -kNanoOne);
  EXPECT_EQ(gap(INT64_MAX / 2), -kNanoOne);
}

TEST(ToleranceGapTest, IsMirroredWhereMoreIsBetter) {
  EXPECT_EQ(ToleranceGap(4'000, 4'000, 3'000), 0);
  EXPECT_EQ(ToleranceGap(5'000, 4'000, 3'000), ToNano(0.25));
  EXPECT_EQ(ToleranceGap(3'000, 4'000, 3'000), ToNano(-0.1));
  EXPECT_EQ(ToleranceGap(2'500, 4'000, 3'000), ToNano(-0.5));
}

TEST(ToleranceGapTest, WithoutAZoneWorseIsAsBadAsCanBe) {
  EXPECT_EQ(ToleranceGap(5, 5, 5), 0);
  EXPECT_EQ(ToleranceGap(6, 5, 5), -kNanoOne);
  EXPECT_EQ(ToleranceGap(0, 0, 10), 0);
}

RC_GTEST_PROP(ToleranceGapTest, NeverRisesWithTheWait, ()) {
  const int64_t desired = *rc::gen::inRange<int64_t>(0, 1'000'000);
  const int64_t adequate = desired + *rc::gen::inRange<int64_t>(1, 1'000'000);
  const int64_t wait = *rc::gen::inRange<int64_t>(0, 4'000'000);
  const int64_t longer = wait + *rc::gen::inRange<int64_t>(0, 1'000'000);
  RC_ASSERT(ToleranceGap(longer, desired, adequate) <= ToleranceGap(wait, desired, adequate));
  RC_ASSERT(ToleranceGap(wait, desired, adequate) >= -kNanoOne);
  RC_ASSERT(ToleranceGap(wait, desired, adequate) <= kNanoOne);
}

TEST(KanoValenceTest, BasicNeedsOnlyDisappointAndExcitementOnlyDelights) {
  EXPECT_EQ(KanoValence(ToNano(-0.3), Kano::kBasic), ToNano(-0.6));
  EXPECT_EQ(KanoValence(ToNano(-0.7), Kano::kBasic), -kNanoOne);
  EXPECT_EQ(KanoValence(ToNano(0.3), Kano::kBasic), 0);
  EXPECT_EQ(KanoValence(ToNano(-0.3), Kano::kPerformance), ToNano(-0.3));
  EXPECT_EQ(KanoValence(ToNano(0.3), Kano::kPerformance), ToNano(0.3));
  EXPECT_EQ(KanoValence(ToNano(-0.3), Kano::kExcitement), 0);
  EXPECT_EQ(KanoValence(ToNano(0.3), Kano::kExcitement), ToNano(0.45));
  EXPECT_EQ(KanoValence(ToNano(0.9), Kano::kExcitement), kNanoOne);
  EXPECT_EQ(KanoValence(ToNano(-0.3), Kano::kNone), ToNano(-0.3));
}

// What is desired of a wait by a customer of `tier` in `queue`; 0 = nothing is expected.
int64_t DesiredWait(const Experience& experience, std::string_view queue, int channel,
                    std::string_view tier = "", std::string_view touchpoint = "") {
  journey::FactMaker make;
  journey::EventFacts facts = make.Make(journey::FactKind::kQueued, "q", 1);
  facts.queue_id = queue;
  facts.channel = channel;
  facts.tier = tier;
  facts.touchpoint_id = touchpoint;
  const journey::Contact contact(facts, std::pmr::get_default_resource());
  const std::optional<Expected> found = experience.Expect(Cause::kQueueWait, contact, {});
  return found ? found->desired : 0;
}

TEST(ExperienceTest, TheFirstExpectationThatFitsCounts) {
  Experience experience;
  experience.expectations = {{Cause::kQueueWait, "billing", 0, "", 1, 2},
                             {Cause::kQueueWait, "", v1::CHANNEL_EMAIL, "", 3, 4},
                             {Cause::kQueueWait, "", 0, "", 5, 6}};
  EXPECT_EQ(DesiredWait(experience, "billing", v1::CHANNEL_EMAIL), 1);
  EXPECT_EQ(DesiredWait(experience, "sales", v1::CHANNEL_EMAIL), 3);
  EXPECT_EQ(DesiredWait(experience, "sales", v1::CHANNEL_VOICE), 5);
  experience.expectations.clear();
  EXPECT_EQ(DesiredWait(experience, "sales", v1::CHANNEL_VOICE), 0);
}

TEST(ExperienceTest, ATouchpointHasAStandardOfItsOwn) {
  Experience experience;
  experience.expectations = {{Cause::kQueueWait, "", 0, "", 1, 2, "report-leak"},
                             {Cause::kQueueWait, "", 0, "", 3, 4}};
  EXPECT_EQ(DesiredWait(experience, "sales", v1::CHANNEL_VOICE, "", "report-leak"), 1);
  EXPECT_EQ(DesiredWait(experience, "sales", v1::CHANNEL_VOICE, "", "pay"), 3);
  EXPECT_EQ(DesiredWait(experience, "sales", v1::CHANNEL_VOICE), 3);
}

TEST(ExperienceTest, WhatWasContractedToTheTierCountsBeforeTheQueue) {
  Experience experience;
  experience.expectations = {{Cause::kQueueWait, "billing", 0, "", 1, 2},
                             {Cause::kQueueWait, "", v1::CHANNEL_VOICE, "gold", 3, 4},
                             {Cause::kQueueWait, "", 0, "gold", 5, 6}};
  EXPECT_EQ(DesiredWait(experience, "billing", v1::CHANNEL_VOICE, "gold"), 3);
  EXPECT_EQ(DesiredWait(experience, "billing", v1::CHANNEL_CHAT, "gold"), 5);
  EXPECT_EQ(DesiredWait(experience, "billing", v1::CHANNEL_VOICE, "basic"), 1);
  EXPECT_EQ(DesiredWait(experience, "sales", v1::CHANNEL_VOICE, "basic"), 0);
}

TEST(ExperienceTest, WhatTheCustomerIsUsedToMovesTheZoneOfTolerance) {
  Experience experience;
  experience.expectations = {{Cause::kQueueWait, "", 0, "", 20, 120},
                             {Cause::kQueueWait, "", 0, "gold", 10, 30},
                             {Cause::kHold, "", 0, "", 5, 6}};
  journey::FactMaker make;
  journey::EventFacts facts = make.Make(journey::FactKind::kQueued, "q", 1);
  facts.baseline_wait_ms = 70;
  journey::Memory before;
  const auto expect = [&](Cause cause) {
    const journey::Contact contact(facts, std::pmr::get_default_resource());
    return *experience.Expect(cause, contact, before);
  };
  EXPECT_EQ(expect(Cause::kQueueWait).basis, Basis::kBaseline);
  EXPECT_EQ(expect(Cause::kQueueWait).desired, 70);
  EXPECT_EQ(expect(Cause::kQueueWait).adequate, 170);
  for (int i = 0; i < 3; ++i) {
    EXPECT_NE(expect(Cause::kQueueWait).basis, Basis::kHistory);
    before.usual_waits.Add(facts.channel, 300);
  }
  EXPECT_EQ(expect(Cause::kQueueWait).basis, Basis::kHistory);
  EXPECT_EQ(expect(Cause::kQueueWait).desired, 300);
  EXPECT_EQ(expect(Cause::kQueueWait).adequate, 400);
  EXPECT_EQ(expect(Cause::kHold).basis, Basis::kPolicy) << "only waits for an answer are usual";
  facts.channel = v1::CHANNEL_VOICE;
  EXPECT_EQ(expect(Cause::kQueueWait).basis, Basis::kBaseline) << "of another channel";
  facts.tier = "gold";
  EXPECT_EQ(expect(Cause::kQueueWait).basis, Basis::kSla) << "a contract counts before";
}

}  // namespace
}  // namespace peakend::moments
