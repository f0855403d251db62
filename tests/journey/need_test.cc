// What a contact is about and who began it, whatever order the events come in.
#include "processors/journey/need.h"

#include <gtest/gtest.h>

#include <memory_resource>

#include "tests/journey/facts.h"

namespace peakend::journey {
namespace {

std::pmr::memory_resource* Resource() { return std::pmr::get_default_resource(); }

struct Names {
  uint64_t chain = 0;
  uint64_t case_id = 0;
  uint64_t intent = 0;
  uint64_t touchpoint = 0;
};

Need About(const Names& names) {
  EventFacts facts;
  facts.chain_hash = names.chain;
  facts.case_hash = names.case_id;
  facts.intent_hash = names.intent;
  facts.touchpoint_hash = names.touchpoint;
  Need need(Resource());
  need.Add(facts);
  return need;
}

Need Started(int direction, int initiation) {
  EventFacts facts;
  facts.direction = direction;
  facts.initiation = initiation;
  Need need(Resource());
  need.Add(facts);
  return need;
}

TEST(NeedTest, TheFirstNameThatBothGiveDecides) {
  EXPECT_EQ(About({.case_id = 1}).Compare(About({.case_id = 1})), SameNeed::kYes);
  EXPECT_EQ(About({.case_id = 1, .intent = 2}).Compare(About({.case_id = 3, .intent = 2})),
            SameNeed::kNo);
  EXPECT_EQ(About({.case_id = 1, .intent = 2}).Compare(About({.intent = 2})), SameNeed::kYes);
  EXPECT_EQ(About({.intent = 2, .touchpoint = 4}).Compare(About({.touchpoint = 4})),
            SameNeed::kYes);
  EXPECT_EQ(About({.case_id = 1}).Compare(About({.intent = 1})), SameNeed::kUnknown);
  EXPECT_EQ(About({}).Compare(About({})), SameNeed::kUnknown);
}

TEST(NeedTest, OneChainIsOneContact) {
  EXPECT_EQ(About({.chain = 9, .case_id = 1}).Compare(About({.chain = 9, .case_id = 1})),
            SameNeed::kNo);
  EXPECT_EQ(About({.chain = 8, .case_id = 1}).Compare(About({.chain = 9, .case_id = 1})),
            SameNeed::kYes);
}

TEST(NeedTest, WhoBegan) {
  EXPECT_TRUE(Started(v1::DIRECTION_INBOUND, 0).StartedByCustomer());
  EXPECT_TRUE(Started(0, v1::INITIATION_CUSTOMER).StartedByCustomer());
  EXPECT_FALSE(Started(0, 0).StartedByCustomer());
  EXPECT_FALSE(Started(0, 0).StartedByUs());
  EXPECT_FALSE(Started(v1::DIRECTION_INBOUND, v1::INITIATION_TRANSFER).StartedByCustomer());
  EXPECT_FALSE(Started(v1::DIRECTION_INBOUND, v1::INITIATION_CALLBACK).StartedByCustomer());
  EXPECT_TRUE(Started(v1::DIRECTION_INBOUND, v1::INITIATION_CALLBACK).StartedByUs());
  EXPECT_TRUE(Started(v1::DIRECTION_OUTBOUND, 0).StartedByUs());
  EXPECT_FALSE(Started(v1::DIRECTION_OUTBOUND, v1::INITIATION_SURVEY).StartedByUs());
  EXPECT_FALSE(Started(v1::DIRECTION_OUTBOUND, v1::INITIATION_CUSTOMER).StartedByCustomer());
}

TEST(NeedTest, TheEarliestEventCountsInAnyOrder) {
  FactMaker make;
  EventFacts first = make.Make(FactKind::kAlive, "first", 10);
  first.direction = v1::DIRECTION_INBOUND;
  first.intent_hash = 5;
  EventFacts second = make.Make(FactKind::kAlive, "second", 20);
  second.direction = v1::DIRECTION_OUTBOUND;
  second.intent_hash = 6;
  second.case_hash = 7;
  Need forward(Resource());
  forward.Add(first);
  forward.Add(second);
  Need backward(Resource());
  backward.Add(second);
  backward.Add(first);
  Need merged(Resource());
  merged.Merge(forward);
  for (const Need* need : {&forward, &backward, &merged}) {
    EXPECT_TRUE(need->StartedByCustomer());
    EXPECT_EQ(need->started_event_id(), "first");
    EXPECT_EQ(need->Compare(About({.intent = 5})), SameNeed::kYes);
    EXPECT_EQ(need->Compare(About({.case_id = 7})), SameNeed::kYes);
  }
  RecordBytes bytes;
  forward.Save(bytes);
  v1::CustomerState::Need record;
  ASSERT_TRUE(bytes.ReadInto(&record));
  RecordBytes again;
  Need(record, Resource()).Save(again);
  EXPECT_EQ(again.view(), bytes.view());
}

}  // namespace
}  // namespace peakend::journey
