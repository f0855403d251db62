// Opening cards: when one is written and withdrawn, what it says, and that the one who asks
// for it is shown the one that is out.
#include "processors/publish/opening_card.h"

#include <gtest/gtest.h>

#include <memory_resource>
#include <string>
#include <vector>

#include "peakend/v1/interaction_event.pb.h"
#include "processors/publish/step.h"
#include "tests/durations.h"

namespace peakend::publish {
namespace {

constexpr int64_t kStart = 20'000 * kDay;

v1::InteractionEvent Event(int64_t at_ms, const std::string& contact) {
  v1::InteractionEvent event;
  event.set_event_id(std::to_string(at_ms));
  event.set_occurred_at_ms(at_ms);
  event.set_tenant_id("acme");
  event.mutable_customer()->set_customer_id("c1");
  event.mutable_contact()->set_contact_id(contact);
  event.set_channel(v1::CHANNEL_VOICE);
  return event;
}

v1::InteractionEvent Turn(int64_t at_ms, double valence, const std::string& contact) {
  v1::InteractionEvent event = Event(at_ms, contact);
  event.mutable_turn()->set_role(v1::Turn::CUSTOMER);
  event.mutable_turn()->mutable_sentiment()->set_score(valence);
  return event;
}

v1::InteractionEvent Promise(int64_t at_ms, int64_t due_ms, const std::string& contact) {
  v1::InteractionEvent event = Event(at_ms, contact);
  event.mutable_promise()->set_kind(v1::Promise::CALLBACK);
  event.mutable_promise()->set_promised_at_ms(at_ms);
  event.mutable_promise()->set_due_at_ms(due_ms);
  return event;
}

class OpeningCardTest : public ::testing::Test {
 protected:
  OpeningCardTest() {
    policy_.stamp = "test@1+00000000";
    policy_.openings = {{Brings::kPromiseOpen, 0, "We owe you. {ago}", "欠{ago}"},
                        {Brings::kKnown, 0, "Since {ago}", "{ago}"}};
  }
  void Apply(const v1::InteractionEvent& event, int64_t watermark_ms = 0) {
    StepContext context = ContextAt(watermark_ms);
    context.late = event.occurred_at_ms() < watermark_ms - policy_.windows.allowed_lateness_ms;
    step_.Apply(customer_, journey::ReadFacts(ingest::ViewOf(event)), context, outputs_, counts_);
  }
  void WakeAt(int64_t watermark_ms) {
    step_.Wake(customer_, ContextAt(watermark_ms), outputs_, counts_);
  }
  std::vector<v1::OpeningCard> Cards() {
    std::vector<v1::OpeningCard> cards;
    for (size_t i = 0; i < outputs_.size(); ++i) {
      if (outputs_[i].topic != Topic::kCards) continue;
      EXPECT_TRUE(cards.emplace_back().ParseFromString(std::string(outputs_[i].value)));
      EXPECT_EQ(outputs_[i].key, cards.back().card_id());
    }
    return cards;
  }

  Policy policy_;
  Step step_{policy_, std::pmr::get_default_resource()};
  CustomerState customer_{"acme", "c1"};
  OutputBatch outputs_;
  StepCounts counts_;

 private:
  StepContext ContextAt(int64_t watermark_ms) {
    return {watermark_ms, watermark_ms, "events", 3, ++offset_};
  }
  int64_t offset_ = 0;
};

TEST_F(OpeningCardTest, AStrangerHasNone) {
  Apply(Turn(kStart, -1, "a"));
  EXPECT_TRUE(Cards().empty());
  EXPECT_EQ(counts_.opening_cards, 0);
}

TEST_F(OpeningCardTest, IsWrittenAtTheFirstEventAndWithdrawnWhenTheContactIsOver) {
  Apply(Turn(kStart, -1, "a"));
  WakeAt(kStart + 4 * kDay);
  Apply(Turn(kStart + 8 * kDay, 0, "b"), kStart + 4 * kDay);
  Apply(Turn(kStart + 8 * kDay + kMinute, 0, "b"), kStart + 8 * kDay);
  ASSERT_EQ(Cards().size(), 1U);
  const v1::OpeningCard card = Cards()[0];
  EXPECT_EQ(card.row_version(), 1);
  EXPECT_EQ(card.reason(), "known");
  EXPECT_EQ(card.say_en(), "Since 8 days ago");
  EXPECT_EQ(card.say_zh(), "8天前");
  EXPECT_EQ(card.source().partition(), 3);
  EXPECT_EQ(card.policy_version(), "test@1+00000000");
  WakeAt(kStart + 9 * kDay);
  WakeAt(kStart + 10 * kDay);
  ASSERT_EQ(Cards().size(), 2U);
  EXPECT_TRUE(Cards()[1].is_deleted());
  EXPECT_EQ(Cards()[1].row_version(), 2);
  EXPECT_EQ(Cards()[1].card_id(), card.card_id());
  EXPECT_EQ(counts_.opening_cards, 1);
}

TEST_F(OpeningCardTest, TodayAndYesterdayHaveNames) {
  Apply(Turn(kStart, -1, "a"));
  Apply(Turn(kStart + kMinute, 0, "b"));
  Apply(Turn(kStart + kDay + 2 * kMinute, 0, "c"));
  ASSERT_EQ(Cards().size(), 2U);
  EXPECT_EQ(Cards()[0].say_en(), "Since today");
  EXPECT_EQ(Cards()[0].say_zh(), "今天");
  EXPECT_EQ(Cards()[1].say_en(), "Since yesterday");
  EXPECT_EQ(Cards()[1].say_zh(), "昨天");
}

TEST_F(OpeningCardTest, TheEarliestEightOpenPromisesAreNamed) {
  for (int i = 0; i < 11; ++i) {
    Apply(Promise(kStart + i, kStart + (20 - i) * kMinute, "a"));
  }
  Apply(Turn(kStart + 12 * kMinute, 0, "b"));
  ASSERT_EQ(Cards().size(), 1U);
  const v1::OpeningCard card = Cards()[0];
  EXPECT_EQ(card.reason(), "promise_open");
  ASSERT_EQ(card.open_promises_size(), 8);
  EXPECT_EQ(card.open_promises(0).due_at_ms(), kStart + 10 * kMinute);
  EXPECT_TRUE(card.open_promises(1).overdue());
  EXPECT_FALSE(card.open_promises(2).overdue());
  EXPECT_EQ(card.open_promises(7).due_at_ms(), kStart + 17 * kMinute);
}

TEST_F(OpeningCardTest, AContactThatIsLongOverHasNone) {
  Apply(Turn(kStart + kDay, 0, "a"));
  Apply(Turn(kStart + 23 * 60 * kMinute, 0, "late"), kStart + kDay);
  EXPECT_TRUE(Cards().empty());
}

TEST_F(OpeningCardTest, WhoAsksIsShownTheOneThatIsOut) {
  v1::OpeningCard shown;
  Apply(Turn(kStart, -1, "a"));
  EXPECT_FALSE(FillCardThatIsOut(customer_, policy_, &shown));
  Apply(Turn(kStart + kDay, 0, "b"));
  ASSERT_TRUE(FillCardThatIsOut(customer_, policy_, &shown));
  v1::OpeningCard written = Cards().at(0);
  written.clear_source();
  EXPECT_EQ(shown.SerializeAsString(), written.SerializeAsString());
  WakeAt(kStart + 2 * kDay);
  EXPECT_FALSE(FillCardThatIsOut(customer_, policy_, &shown));
  EXPECT_FALSE(FillCardThatIsOut(CustomerState("acme", "c2"), policy_, &shown));
}

TEST_F(OpeningCardTest, WithoutOpeningsThereAreNoCards) {
  policy_.openings.clear();
  Apply(Turn(kStart, -1, "a"));
  Apply(Turn(kStart + kDay, 0, "b"));
  EXPECT_TRUE(Cards().empty());
}

}  // namespace
}  // namespace peakend::publish
