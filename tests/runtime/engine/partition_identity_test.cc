// What a partition does with records of linked customers, one by one: where they go, and what
// is refused.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "processors/journey/contact_parts.h"
#include "processors/journey/identity_key.h"
#include "processors/publish/partitioner.h"
#include "processors/runtime/partition.h"
#include "tests/runtime/engine/random_stream.h"
#include "tests/runtime/engine/stream.h"

namespace peakend::runtime {
namespace {

publish::Policy LinkingPolicy() {
  publish::Policy policy = SmallWindows();
  policy.identities.emplace();
  policy.identities->rules.repeat_after_minutes = 1'000'000;
  policy.identities->types = {{"phone", false, 2}};
  return policy;
}

class PartitionIdentity : public testing::Test {
 protected:
  Outcome Take(const std::string& customer, const v1::InteractionEvent& event) {
    const std::string key = "acme/" + customer;
    const std::string value = event.SerializeAsString();
    InputRecord record;
    record.offset = offset_++;
    record.key = key;
    record.value = value;
    record.has_key = record.has_value = true;
    outputs_.Clear();
    return partition_.Process(record, decoder_, outputs_, stats_);
  }
  Outcome Take(const v1::InteractionEvent& event) {
    return Take(event.customer().customer_id(), event);
  }
  // A record from `from` to `customer`.
  Outcome Hear(const std::string& customer, const std::string& from, v1::IdentityRecord record) {
    v1::InteractionEvent event;
    event.set_tenant_id("acme");
    record.set_from(from);
    *event.mutable_control()->mutable_identity() = record;
    return Take(customer, event);
  }
  // What the last record sent.
  std::vector<v1::IdentityRecord> Sent(std::vector<std::string>* keys = nullptr) {
    std::vector<v1::IdentityRecord> sent;
    for (size_t i = 0; i < outputs_.size(); ++i) {
      if (outputs_[i].topic != publish::Topic::kInput) continue;
      v1::InteractionEvent event;
      EXPECT_TRUE(event.ParseFromString(std::string(outputs_[i].value)));
      sent.push_back(event.control().identity());
      EXPECT_EQ(outputs_[i].cause, kPartition);
      EXPECT_EQ(outputs_[i].partition, publish::PartitionFor(outputs_[i].key, kPartitions));
      if (keys != nullptr) keys->emplace_back(outputs_[i].key);
    }
    return sent;
  }
  static v1::InteractionEvent WithPhone(v1::InteractionEvent event) {
    v1::Identity& identity = *event.mutable_customer()->add_identities();
    identity.set_type("phone");
    identity.set_value("1");
    return event;
  }
  static v1::IdentityRecord LabelOf(const std::string& customer) {
    v1::IdentityRecord record;
    record.mutable_label()->set_customer_id(customer);
    record.mutable_label()->add_way(journey::NodeOf(customer));
    record.mutable_label()->add_way(7);
    return record;
  }
  // "~o" has a phone, and follows "h".
  void GoAway() {
    Take(WithPhone(CustomerTurn("e1", "~o", "k", 1000, 0.5)));
    Hear("~o", home_, LabelOf("h"));
  }
  static v1::IdentityRecord Forwarded(const v1::InteractionEvent& event, bool late) {
    v1::IdentityRecord record;
    record.mutable_event()->set_event(event.SerializeAsString());
    record.mutable_event()->set_late(late);
    return record;
  }

  static constexpr int32_t kPartition = 1;
  static constexpr int32_t kPartitions = 3;

  const publish::Policy policy_ = LinkingPolicy();
  const std::string home_ = journey::HomeOfIdentity("phone", "1");
  Partition partition_{kPartition, "events", policy_, Durability::kNone, kPartitions};
  ingest::Decoder decoder_{ingest::Limits{}};
  publish::OutputBatch outputs_;
  EngineStats stats_;
  int64_t offset_ = 0;
};

TEST_F(PartitionIdentity, AnIdentityIsToldToItsHomeOnce) {
  EXPECT_EQ(Take(WithPhone(CustomerTurn("e1", "~o", "k", 1000, 0.5))), Outcome::kOk);
  std::vector<std::string> keys;
  ASSERT_EQ(Sent(&keys).size(), 1U);
  EXPECT_EQ(Sent()[0].from(), "~o");
  EXPECT_EQ(Sent()[0].label().customer_id(), "~o");
  EXPECT_TRUE(Sent()[0].label().ask());
  EXPECT_EQ(keys, std::vector<std::string>{"acme/" + home_});
  Take(WithPhone(CustomerTurn("e2", "~o", "k", 1001, 0.5)));
  EXPECT_TRUE(Sent().empty());
}

TEST_F(PartitionIdentity, WhatIsLateOrWithoutEffectSaysItsIdentitiesAsWell) {
  Take(CustomerTurn("e1", "~x", "k", 90'000, 0.5));
  EXPECT_EQ(Take(WithPhone(CustomerTurn("e2", "~o", "k", 1000, 0.5))), Outcome::kLate);
  EXPECT_EQ(Sent().size(), 1U);
  EXPECT_EQ(outputs_[outputs_.size() - 1].topic, publish::Topic::kLate)
      << "the record itself is the last output";
}

TEST_F(PartitionIdentity, AHomeTellsTheSmallestOfItsCustomers) {
  Hear(home_, "~o", LabelOf("~o"));
  EXPECT_EQ(Sent().size(), 1U);
  std::vector<std::string> keys;
  Hear(home_, "h", LabelOf("h"));
  ASSERT_EQ(Sent(&keys).size(), 2U);
  EXPECT_EQ(Sent()[0].label().customer_id(), "h");
  EXPECT_EQ(keys, (std::vector<std::string>{"acme/~o", "acme/h"}));
  Hear(home_, "~p", LabelOf("~p"));
  ASSERT_EQ(Sent().size(), 3U);
  EXPECT_TRUE(Sent()[0].label().shared()) << "the policy allows two";
  Hear(home_, "~q", LabelOf("~q"));
  EXPECT_EQ(stats_.identities.shared, 1) << "found once";
}

TEST_F(PartitionIdentity, WhoFollowsHandsOverAndForwards) {
  Take(WithPhone(CustomerTurn("e1", "~o", "k", 1000, 0.5)));
  std::vector<std::string> keys;
  Hear("~o", home_, LabelOf("h"));
  std::vector<v1::IdentityRecord> sent = Sent(&keys);
  ASSERT_EQ(sent.size(), 2U) << "the new label and the part";
  EXPECT_EQ(sent[1].hand_over().contacts().contacts_size(), 1);
  EXPECT_EQ(keys[1], "acme/h");
  const v1::InteractionEvent event = CustomerTurn("e2", "~o", "k", 1001, 0.5);
  EXPECT_EQ(stats_.events_ok, 1);
  EXPECT_EQ(Take(event), Outcome::kIdentity);
  EXPECT_EQ(stats_.events_ok, 1) << "it counts where it is taken in";
  EXPECT_EQ(stats_.identity_records, 2) << "the label and the event";
  EXPECT_EQ(stats_.identities.merged, 1);
  ASSERT_EQ(Sent().size(), 1U);
  EXPECT_EQ(Sent()[0].event().event(), event.SerializeAsString());
  EXPECT_FALSE(Sent()[0].event().late());
}

TEST_F(PartitionIdentity, WhetherAnEventIsLateIsSaidWhereItArrived) {
  GoAway();
  // Not so late that they would be forgotten.
  Take(CustomerTurn("tick", "~x", "k", 10'000, 0.5));
  EXPECT_EQ(Take(CustomerTurn("e2", "~o", "k", 1001, 0.5)), Outcome::kIdentity);
  ASSERT_EQ(Sent().size(), 1U);
  EXPECT_TRUE(Sent()[0].event().late());
}

TEST_F(PartitionIdentity, AForwardedEventMovesNoClockAndIsLateOnlyIfItWas) {
  Take(CustomerTurn("tick", "~x", "k", 50'000, 0.5));
  const int64_t now_ms = partition_.now_ms();
  EXPECT_EQ(Hear("h", "~o", Forwarded(CustomerTurn("e1", "~o", "k", 90'000, 0.5), false)),
            Outcome::kOk);
  EXPECT_EQ(partition_.now_ms(), now_ms);
  EXPECT_EQ(Hear("h", "~o", Forwarded(CustomerTurn("e2", "~o", "k", 90'000, 0.5), false)),
            Outcome::kOk);
  EXPECT_EQ(Hear("h", "~o", Forwarded(CustomerTurn("e2", "~o", "k", 90'000, 0.5), false)),
            Outcome::kDuplicate);
  const v1::InteractionEvent late = CustomerTurn("e3", "~o", "other", 100, 0.5);
  EXPECT_EQ(Hear("h", "~o", Forwarded(late, true)), Outcome::kLate);
  const publish::Output kept = outputs_[outputs_.size() - 1];
  EXPECT_EQ(kept.topic, publish::Topic::kLate);
  EXPECT_EQ(kept.key, "acme/~o");
  EXPECT_EQ(kept.value, late.SerializeAsString());
}

TEST_F(PartitionIdentity, WhatComesAfterTheRecallGoesBack) {
  Hear("h", "~o", Forwarded(CustomerTurn("e1", "~o", "k", 1000, 0.5), false));
  v1::IdentityRecord recall;
  recall.mutable_recall();
  Hear("h", "~o", recall);
  ASSERT_EQ(Sent().size(), 1U);
  EXPECT_TRUE(Sent()[0].hand_back().last());
  EXPECT_EQ(Sent()[0].hand_back().contacts().contacts_size(), 1);
  std::vector<std::string> keys;
  Hear("h", "~o", Forwarded(CustomerTurn("e2", "~o", "k", 1001, 0.5), true));
  ASSERT_EQ(Sent(&keys).size(), 1U);
  EXPECT_EQ(keys[0], "acme/~o");
  EXPECT_EQ(Sent()[0].from(), "~o");
  EXPECT_TRUE(Sent()[0].event().late());
  EXPECT_EQ(stats_.identities.bounced, 1);
  v1::IdentityRecord closed;
  closed.mutable_closed();
  Hear("h", "~o", closed);
  EXPECT_EQ(Hear("h", "~o", Forwarded(CustomerTurn("e3", "~o", "k", 1002, 0.5), false)),
            Outcome::kOk);
  EXPECT_TRUE(Sent().empty()) << "a guest once more";
}

TEST_F(PartitionIdentity, WhatCameBackIsTheCustomersOwn) {
  const v1::InteractionEvent event = CustomerTurn("e2", "~o", "k", 1001, 0.5);
  EXPECT_EQ(Hear("~o", "~o", Forwarded(event, false)), Outcome::kOk);
  EXPECT_TRUE(Sent().empty());
  EXPECT_EQ(Take(event), Outcome::kDuplicate);
  GoAway();
  Hear("~o", "~o", Forwarded(CustomerTurn("e3", "~o", "k", 1002, 0.5), false));
  ASSERT_EQ(Sent().size(), 1U) << "wherever the part is now";
  EXPECT_TRUE(Sent()[0].has_event());
}

TEST_F(PartitionIdentity, UnmergeCallsThePartHome) {
  GoAway();
  v1::IdentityRecord unmerge;
  unmerge.mutable_unmerge();
  Hear("~o", "", unmerge);
  ASSERT_EQ(Sent().size(), 2U);
  EXPECT_EQ(Sent()[0].label().customer_id(), "");
  EXPECT_TRUE(Sent()[1].has_recall());
  Take(CustomerTurn("e2", "~o", "k", 1001, 0.5));
  EXPECT_TRUE(Sent()[0].has_event()) << "still to the old host";
  v1::IdentityRecord back;
  back.mutable_hand_back()->set_last(true);
  std::vector<std::string> keys;
  Hear("~o", "h", back);
  ASSERT_EQ(Sent(&keys).size(), 1U);
  EXPECT_TRUE(Sent()[0].has_closed());
  EXPECT_EQ(keys[0], "acme/h");
  EXPECT_EQ(stats_.identities.split, 1);
  Take(CustomerTurn("e3", "~o", "k", 1002, 0.5));
  EXPECT_TRUE(Sent().empty()) << "at home";
}

TEST_F(PartitionIdentity, GuestsWhoAreTooManyAreAbsorbedAndCounted) {
  for (size_t guest = 0; guest < journey::ContactParts::kMostGuests + 2; ++guest) {
    const std::string name = "~g" + std::to_string(guest);
    Hear("h", name, Forwarded(CustomerTurn(name, name, name, 1000, 0.5), false));
  }
  EXPECT_EQ(stats_.identities.absorbed, 2);
}

TEST_F(PartitionIdentity, APartOfWhatIsKeptNoMoreIsCountedAsLate) {
  Take(WithPhone(CustomerTurn("e1", "~o", "k", 1000, 0.5)));
  Hear("~o", home_, LabelOf("h"));
  v1::IdentityRecord part;
  *part.mutable_hand_over() = Sent()[1].hand_over();
  Hear("h", "~o", part);
  EXPECT_EQ(stats_.identities.late_parts, 0);
  const int64_t kept_ms = policy_.windows.journey_gap_ms + policy_.windows.amend_window_ms +
                          policy_.windows.repeat_window_ms + policy_.windows.contact_gap_ms;
  Take(CustomerTurn("tick", "~x", "k", 2000 + 2 * kept_ms, 0.5));
  Hear("h2", "~o", part);
  EXPECT_EQ(stats_.identities.late_parts, 1);
}

TEST_F(PartitionIdentity, APartThatNobodyWaitsForIsRejected) {
  v1::IdentityRecord back;
  back.mutable_hand_back()->set_last(true);
  EXPECT_EQ(Hear("~o", "h", back), Outcome::kRejected);
  GoAway();
  EXPECT_EQ(Hear("~o", "h", back), Outcome::kRejected) << "it was not recalled";
}

TEST_F(PartitionIdentity, APartThatContradictsItselfIsRejected) {
  v1::IdentityRecord part;
  part.mutable_hand_over()->mutable_contacts()->add_contacts();
  EXPECT_EQ(Hear("h", "~o", part), Outcome::kRejected);
  EXPECT_EQ(stats_.rejected[v1::OUT_OF_RANGE], 1);
  EXPECT_EQ(outputs_[0].topic, publish::Topic::kRejected);
}

TEST_F(PartitionIdentity, LabelsGoBetweenCustomersAndHomes) {
  EXPECT_EQ(Hear("h", "~o", LabelOf("h")), Outcome::kRejected);
  EXPECT_EQ(Hear(home_, "/i/x", LabelOf("h")), Outcome::kRejected);
  v1::IdentityRecord recall;
  recall.mutable_recall();
  EXPECT_EQ(Hear(home_, "~o", recall), Outcome::kRejected);
}

TEST_F(PartitionIdentity, AForwardedEventIsCheckedLikeAnyOther) {
  v1::InteractionEvent event = CustomerTurn("e1", "~other", "k", 1000, 0.5);
  EXPECT_EQ(Hear("h", "~o", Forwarded(event, false)), Outcome::kRejected);
  EXPECT_EQ(stats_.rejected[v1::KEY_MISMATCH], 1);
  EXPECT_EQ(outputs_[0].key, "acme/~o");
}

TEST_F(PartitionIdentity, WithoutThePolicyNothingIsHeard) {
  const publish::Policy plain = SmallWindows();
  Partition other(kPartition, "events", plain, Durability::kNone, kPartitions);
  v1::InteractionEvent event;
  event.set_tenant_id("acme");
  event.mutable_control()->mutable_identity()->set_from("~o");
  *event.mutable_control()->mutable_identity()->mutable_event() =
      Forwarded(CustomerTurn("e1", "~o", "k", 1000, 0.5), false).event();
  const std::string value = event.SerializeAsString();
  InputRecord record;
  record.key = "acme/h";
  record.value = value;
  record.has_key = record.has_value = true;
  EXPECT_EQ(other.Process(record, decoder_, outputs_, stats_), Outcome::kIdentity);
  EXPECT_EQ(other.customers(), 0U);
}

}  // namespace
}  // namespace peakend::runtime
