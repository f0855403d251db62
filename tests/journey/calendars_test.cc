#include "processors/journey/calendars.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/journey/facts.h"

namespace peakend::journey {
namespace {

BusinessHours Named(std::string name) {
  CalendarPlan plan;
  plan.name = std::move(name);
  plan.offsets = {{0, 0}};
  return BusinessHours(plan);
}

class CalendarsTest : public testing::Test {
 protected:
  bool Add(std::string name, const std::vector<std::string>& queues) {
    return calendars_.Add(Named(std::move(name)), queues);
  }
  std::string Of(std::string_view queue_id) const {
    const BusinessHours* hours = calendars_.Find(queue_id);
    return hours == nullptr ? "" : hours->name();
  }

  Calendars calendars_;
  FactMaker make_;
};

TEST_F(CalendarsTest, NoneIsAlwaysOpen) {
  EXPECT_TRUE(calendars_.empty());
  EXPECT_EQ(calendars_.Find("billing"), nullptr);
  EXPECT_EQ(calendars_.Find(""), nullptr);
}

TEST_F(CalendarsTest, OneWithoutQueuesIsForAllOthers) {
  EXPECT_TRUE(Add("berlin", {"billing", "orders"}));
  EXPECT_EQ(Of("help"), "");
  EXPECT_TRUE(Add("others", {}));
  EXPECT_EQ(Of("orders"), "berlin");
  EXPECT_EQ(Of("help"), "others");
  EXPECT_EQ(Of(""), "others");
}

TEST_F(CalendarsTest, NoQueueHasTwo) {
  EXPECT_TRUE(Add("berlin", {"billing"}));
  EXPECT_FALSE(Add("beijing", {"orders", "billing"}));
  EXPECT_EQ(Of("orders"), "");
  EXPECT_TRUE(Add("others", {}));
  EXPECT_FALSE(Add("more", {}));
}

TEST_F(CalendarsTest, WhereOnlyTheOrderIsKnownNothingIsMeasured) {
  EXPECT_TRUE(Add("others", {}));
  EventFacts facts = make_.Turn("e1", 1000, 0.1);
  EXPECT_NE(calendars_.Of(Contact(facts, std::pmr::get_default_resource())), nullptr);
  facts.order_only = true;
  EXPECT_EQ(calendars_.Of(Contact(facts, std::pmr::get_default_resource())), nullptr);
}

}  // namespace
}  // namespace peakend::journey
