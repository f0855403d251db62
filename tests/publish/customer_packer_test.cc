// A customer at rest takes little and wakes up as if nothing had been.
#include "processors/publish/customer_packer.h"

#include <gtest/gtest.h>

#include <memory_resource>

#include "processors/publish/step.h"
#include "tests/journey/facts.h"

namespace peakend::publish {
namespace {

constexpr int64_t kHalfAnHour = 30 * 60'000;  // contact_gap

Policy OneRule() {
  Policy policy;
  alerts::Rule rule;
  rule.name = "negative_peak";
  rule.trigger = alerts::Trigger::kImpression;
  policy.rules = {rule};
  return policy;
}

class CustomerPackerTest : public testing::Test {
 protected:
  static StepContext At(int64_t watermark_ms) { return {watermark_ms, watermark_ms, "in", 0, 0}; }
  void Apply(const journey::EventFacts& facts, int64_t watermark_ms) {
    step_.Apply(customer_, facts, At(watermark_ms), outputs_, counts_);
  }
  void WakeAt(int64_t watermark_ms) { step_.Wake(customer_, At(watermark_ms), outputs_, counts_); }

  Policy policy_ = OneRule();
  std::pmr::memory_resource* memory_ = std::pmr::get_default_resource();
  Step step_{policy_, memory_};
  CustomerPacker packer_{policy_.rules, policy_.windows, memory_};
  CustomerState customer_{"acme", "c1"};
  journey::FactMaker make_;
  OutputBatch outputs_;
  StepCounts counts_;
};

TEST_F(CustomerPackerTest, ACustomerIsPackedWhenTheLastContactIsOver) {
  Apply(make_.Turn("e1", 1000, 0.5), 1000);
  EXPECT_NE(customer_.open(), nullptr);
  WakeAt(1001 + kHalfAnHour);
  EXPECT_EQ(customer_.open(), nullptr);
  ASSERT_NE(customer_.packed(), nullptr);
  EXPECT_EQ(customer_.schedule()->open_journeys, 1);
  EXPECT_GT(customer_.wake_ms(), 1000 + kHalfAnHour);
  Apply(make_.Turn("e2", kHalfAnHour + 600'000, 0.5), kHalfAnHour + 600'000);
  ASSERT_NE(customer_.open(), nullptr);
  EXPECT_EQ(customer_.open()->contacts().contacts()[0].event_count(), 2);
}

TEST_F(CustomerPackerTest, UnpackingGivesBackWhatWasPacked) {
  Apply(make_.Turn("e1", 1000, -0.9), 1000);
  const int64_t wake_ms = customer_.wake_ms();
  const size_t alerts = customer_.open()->alerts.size();
  packer_.Pack(customer_);
  EXPECT_EQ(customer_.wake_ms(), wake_ms);
  packer_.Pack(customer_);  // at rest already
  const OpenCustomer& open = packer_.Unpack(customer_);
  EXPECT_EQ(customer_.packed(), nullptr);
  EXPECT_EQ(customer_.wake_ms(), wake_ms);
  EXPECT_EQ(open.alerts.size(), alerts);
  EXPECT_TRUE(open.contacts().Seen(make_.Turn("e1", 1000, 0).hash));
}

TEST_F(CustomerPackerTest, NobodyIsPackedWhoIsIdleAndEverybodyIsOpened) {
  packer_.Pack(customer_);
  EXPECT_TRUE(customer_.idle());
  EXPECT_TRUE(packer_.Unpack(customer_).contacts().empty());
  EXPECT_FALSE(customer_.idle());
}

TEST_F(CustomerPackerTest, ALateEventThatIsSetAsideLeavesTheCustomerAtRest) {
  Apply(make_.Turn("e1", 1000, 0.5), 1000);
  const int64_t later = 1001 + kHalfAnHour;
  WakeAt(later);
  EXPECT_EQ(step_.JudgeLate(customer_, make_.Turn("e1", 1000, 0.5), At(later)),
            LateEvent::kDuplicate);
  EXPECT_EQ(step_.JudgeLate(customer_, make_.Turn("x", 900, 0.5, "other"), At(later)),
            LateEvent::kSetAside);
  EXPECT_NE(customer_.packed(), nullptr);
  EXPECT_EQ(step_.JudgeLate(customer_, make_.Turn("e2", 900, 0.5), At(later)), LateEvent::kAmends);
}

}  // namespace
}  // namespace peakend::publish
