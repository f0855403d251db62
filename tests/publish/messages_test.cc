// Names of channels, and which moments an assessment has.
#include "processors/publish/messages.h"

#include <gtest/gtest.h>

#include "processors/publish/channel_name.h"
#include "tests/journey/facts.h"

namespace peakend::publish {
namespace {

using journey::FactKind;

TEST(ChannelNameTest, InSmallLettersAndForUnknownNumbersToo) {
  EXPECT_EQ(ChannelName(v1::CHANNEL_VOICE), "voice");
  EXPECT_EQ(ChannelName(v1::CHANNEL_IN_PERSON), "in_person");
  EXPECT_EQ(ChannelName(0), "unspecified");
  EXPECT_EQ(ChannelName(77), "channel_77");
}

class FillMomentTest : public testing::Test {
 protected:
  // The moment of a journey of these events; nothing when there is none.
  std::optional<v1::Moment> Fill(const std::vector<journey::EventFacts>& events,
                                 v1::MomentKind kind, v1::EndGrade grade = v1::CONTACT_END) {
    OpenCustomer& open = customer_.Open(std::pmr::get_default_resource());
    for (const journey::EventFacts& facts : events) {
      open.parts.Apply({}, facts, policy_.windows, nullptr);
    }
    const journey::ContactSet& contacts = open.contacts();
    const moments::Parts parts =
        moments::Assess(journey::Story::Of(contacts.contacts(), 0), policy_.windows, policy_.model);
    v1::Moment moment;
    moment.set_valence(99);  // of a message used before
    const Assessed assessed{customer_, policy_, contacts.contacts(), parts, {1, 2}, {3, 4},
                            {},        grade};
    if (!FillMoment(assessed, kind, &moment)) return std::nullopt;
    return moment;
  }

  journey::FactMaker make_;
  Policy policy_;
  CustomerState customer_{"acme", "c1"};
};

TEST_F(FillMomentTest, NoFeelingNoMoment) {
  const std::vector<journey::EventFacts> events = {make_.Make(FactKind::kQueued, "q", 1),
                                                   make_.Make(FactKind::kAnswer, "a", 2)};
  for (const v1::MomentKind kind :
       {v1::OPENING, v1::PEAK_POSITIVE, v1::PEAK_NEGATIVE, v1::END, v1::MOMENT_KIND_UNSPECIFIED}) {
    EXPECT_FALSE(Fill(events, kind).has_value()) << kind;
  }
}

TEST_F(FillMomentTest, AnAbandonedQueueIsAnEndWithoutAnyTurn) {
  const auto end = Fill({make_.Make(FactKind::kAbandoned, "a", 60'000)}, v1::END);
  ASSERT_TRUE(end.has_value());
  EXPECT_DOUBLE_EQ(end->valence(), -0.8);
  EXPECT_DOUBLE_EQ(end->intensity(), 0.8);
  EXPECT_EQ(end->at_ms(), 60'000);
  ASSERT_EQ(end->evidence_size(), 1);
  EXPECT_EQ(end->evidence(0).cause(), "abandoned");
  EXPECT_FALSE(end->evidence(0).has_valence());
  EXPECT_EQ(end->scope(), v1::Moment::CONTACT);
  EXPECT_EQ(end->end_grade(), v1::CONTACT_END);
  EXPECT_EQ(end->contact_id(), "k");
}

TEST_F(FillMomentTest, APeakCarriesItsTurn) {
  const auto peak = Fill({make_.Turn("t1", 1, -0.4), make_.Turn("t2", 2, -0.9)}, v1::PEAK_NEGATIVE,
                         v1::JOURNEY_END_PROVISIONAL);
  ASSERT_TRUE(peak.has_value());
  EXPECT_DOUBLE_EQ(peak->valence(), -0.9);
  EXPECT_EQ(peak->evidence(0).event_id(), "t2");
  EXPECT_EQ(peak->scope(), v1::Moment::JOURNEY);
  EXPECT_EQ(peak->contact_id(), "");
  EXPECT_EQ(peak->journey_id(), "00000000000000030000000000000004");
}

}  // namespace
}  // namespace peakend::publish
