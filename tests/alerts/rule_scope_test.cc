// Which contacts a rule is for.
#include "processors/alerts/rule_scope.h"

#include <gtest/gtest.h>

#include <memory_resource>
#include <optional>

#include "tests/journey/facts.h"

namespace peakend::alerts {
namespace {

using journey::Cause;

class RuleScopeTest : public testing::Test {
 protected:
  RuleScopeTest() : contact_(Facts(), std::pmr::get_default_resource()) {}

  journey::EventFacts Facts() {
    journey::EventFacts facts = make_.Make(journey::FactKind::kQueued, "q", 100);
    facts.queue_id = "billing";
    facts.tier = "gold";
    facts.touchpoint_id = "invoice";
    return facts;
  }
  bool Within(const RuleScope& scope, std::optional<Cause> cause = std::nullopt) const {
    return IsWithin({&scope, 1}, contact_, nullptr, cause);
  }

  journey::FactMaker make_;
  journey::Contact contact_;
};

TEST_F(RuleScopeTest, NoScopeHoldsEveryContact) {
  EXPECT_TRUE(IsWithin({}, contact_, nullptr, Cause::kTurn));
}

TEST_F(RuleScopeTest, EveryPartThatIsNamedMustFit) {
  EXPECT_TRUE(Within({}));
  EXPECT_TRUE(Within({"billing", v1::CHANNEL_CHAT, "gold", "invoice", {}, "", "", ""}));
  EXPECT_FALSE(Within({"sales", v1::CHANNEL_CHAT, "gold", "invoice", {}, "", "", ""}));
  EXPECT_FALSE(Within({"billing", v1::CHANNEL_VOICE, "gold", "invoice", {}, "", "", ""}));
  EXPECT_FALSE(Within({"billing", v1::CHANNEL_CHAT, "basic", "invoice", {}, "", "", ""}));
  EXPECT_FALSE(Within({"billing", v1::CHANNEL_CHAT, "gold", "delivery", {}, "", "", ""}));
}

TEST_F(RuleScopeTest, ACauseCountsWhereAnEventDidSomething) {
  RuleScope scope;
  scope.cause = Cause::kHold;
  EXPECT_TRUE(Within(scope, Cause::kHold));
  EXPECT_FALSE(Within(scope, Cause::kTurn));
  EXPECT_TRUE(Within(scope));
}

// Of a threshold that holds for one language, or for one who measures.
TEST_F(RuleScopeTest, TheEventItselfMustFit) {
  journey::EventFacts event = make_.Turn("e", 200, -0.5);
  event.language = "zh-CN";
  event.producer = "lens";
  event.scale = "1-5";
  const auto fits = [&](const std::string& language, const std::string& producer,
                        const std::string& scale) {
    RuleScope scope;
    scope.language = language;
    scope.producer = producer;
    scope.scale = scale;
    return IsWithin({&scope, 1}, contact_, &event, std::nullopt);
  };
  EXPECT_TRUE(fits("zh", "lens", "1-5"));
  EXPECT_TRUE(fits("ZH-cn", "", ""));
  EXPECT_FALSE(fits("z", "", "")) << "a tag ends at a hyphen";
  EXPECT_FALSE(fits("zh-CN-x", "", ""));
  EXPECT_FALSE(fits("en", "", ""));
  EXPECT_FALSE(fits("", "human", ""));
  EXPECT_FALSE(fits("", "", "1-7"));
}

TEST_F(RuleScopeTest, OneOfSeveralIsEnough) {
  const RuleScope sales{"sales", 0, "", "", {}, "", "", ""};
  const RuleScope gold{"", 0, "gold", "", {}, "", "", ""};
  const RuleScope scopes[] = {sales, gold};
  EXPECT_TRUE(IsWithin(scopes, contact_, nullptr, std::nullopt));
  EXPECT_FALSE(IsWithin({scopes, 1}, contact_, nullptr, std::nullopt));
}

TEST_F(RuleScopeTest, TheLatestThatTheContactNamedCounts) {
  journey::EventFacts later = make_.Make(journey::FactKind::kAlive, "later", 200);
  later.tier = "basic";
  contact_.Apply(later);
  journey::EventFacts earlier = make_.Make(journey::FactKind::kAlive, "earlier", 50);
  earlier.tier = "platinum";
  contact_.Apply(earlier);
  EXPECT_TRUE(Within({"billing", 0, "basic", "", {}, "", "", ""}));
  EXPECT_FALSE(Within({"", 0, "gold", "", {}, "", "", ""}));
}

}  // namespace
}  // namespace peakend::alerts
