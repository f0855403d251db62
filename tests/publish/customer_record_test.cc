// Records of a customer: their size, what is refused, and that damage breaks
// nothing. That a restored customer goes on alike is shown by
// tests/runtime/engine/record_property_test.cc.
#include "processors/publish/customer_record.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <memory_resource>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "processors/journey/event_facts.h"
#include "processors/publish/customer_packer.h"
#include "processors/publish/step.h"

namespace peakend::publish {
namespace {

constexpr int64_t kNow = 1'767'225'600'000;  // 2026-01-01
constexpr std::string_view kKey = "acme/c1";

alerts::Rules TestRules() {
  alerts::Rule rule;
  rule.name = "negative_peak";
  rule.trigger = alerts::Trigger::kImpression;
  return {rule};
}

journey::EventFacts Turn(std::string_view event_id, int64_t at_ms, affect::Nano valence) {
  journey::EventFacts facts;
  facts.kind = journey::FactKind::kCustomerTurn;
  facts.at_ms = at_ms;
  facts.hash = journey::EventHash("test", event_id);
  facts.event_id = event_id;
  facts.contact_id = "k";
  facts.affect.emplace();
  facts.affect->valence = valence;
  return facts;
}

class CustomerRecordTest : public testing::Test {
 protected:
  CustomerRecordTest() { policy_.rules = TestRules(); }

  std::string Write(const CustomerState& customer, const RecordStamp& stamp = {}) {
    std::string bytes;
    writer_.Append(customer, stamp, &bytes);
    return bytes;
  }
  absl::StatusOr<RestoredCustomer> Restore(std::string_view value, std::string_view key = kKey) {
    return reader_.Restore(key, value, std::pmr::get_default_resource());
  }
  // In a contact of 40 bad turns, with an alert, moments and a published journey.
  CustomerState OpenCustomer() {
    CustomerState customer("acme", "c1");
    Step step(policy_, std::pmr::get_default_resource());
    OutputBatch outputs;
    StepCounts counts;
    StepContext context{kNow, kNow, "events", 0, 0};
    for (int i = 0; i < 40; ++i) {
      const std::string id = "e" + std::to_string(i);
      step.Apply(customer, Turn(id, kNow + i, i % 2 == 0 ? 100 : -900'000'000), context, outputs,
                 counts);
    }
    context.watermark_ms = kNow + policy_.windows.journey_gap_ms + 1000;
    step.Wake(customer, context, outputs, counts);
    return customer;
  }
  v1::CustomerState OpenRecord() {
    v1::CustomerState record;
    EXPECT_TRUE(record.ParseFromString(Write(OpenCustomer())));
    return record;
  }

  Policy policy_;
  CustomerRecordWriter writer_{policy_.rules};
  CustomerRecordReader reader_;
  CustomerPacker packer_{policy_.rules, policy_.windows, std::pmr::get_default_resource()};
};

TEST_F(CustomerRecordTest, AnIdleCustomerTakesAtMost128Bytes) {
  // format, applied, digest, tenant_bytes, last_event_ms, previous_journey
  constexpr size_t kMostStateBytes = 2 + 10 + 9 + 2 + 7 + 20;
  // Its own size, levels, minutes until 2480, marks, channel, need.
  constexpr size_t kMostMemoryBytes = 2 + 3 * 4 + 5 * 5 + 2 * 2 + 3 + 3 * 5;
  constexpr size_t kMostBytes = kMostStateBytes + kMostMemoryBytes;
  static_assert(kMostBytes <= 128);
  CustomerState idle("acme", "c1");
  idle.memory.worst = idle.memory.end = -10000;
  idle.memory.best = 10000;
  idle.memory.has_end = idle.memory.unrecovered = idle.memory.resolved = true;
  idle.memory.worst_minute = idle.memory.best_minute = idle.memory.end_minute =
      idle.memory.last_minute = idle.memory.need_minute = (1 << 28) - 1;
  idle.memory.channel = 255;
  idle.memory.need = {UINT32_MAX, UINT32_MAX, UINT32_MAX};
  idle.last_event_ms = (int64_t{1} << 42) - 1;  // the year 2109
  idle.previous_journey = {UINT64_MAX, UINT64_MAX};
  const RecordStamp last{std::numeric_limits<int64_t>::max(), UINT64_MAX, false};
  EXPECT_EQ(Write(idle, last).size(), kMostBytes);
  const auto restored = Restore(Write(idle, last));
  ASSERT_TRUE(restored.ok()) << restored.status();
  EXPECT_EQ(restored->customer.memory, idle.memory);
}

TEST_F(CustomerRecordTest, ACustomerOfWhomNothingIsKnownYet) {
  const auto restored = Restore(Write(CustomerState("acme", "c1"), {7, 8, false}));
  ASSERT_TRUE(restored.ok()) << restored.status();
  EXPECT_EQ(restored->stamp, (RecordStamp{7, 8, false}));
  EXPECT_EQ(restored->customer.key(), kKey);
  EXPECT_TRUE(restored->customer.idle());
  EXPECT_TRUE(restored->customer.previous_journey.empty());
  EXPECT_EQ(restored->customer.last_event_ms, journey::PartitionClock::kUnset);
  EXPECT_EQ(restored->customer.wake_ms(), journey::PartitionClock::kEndOfTime);
}

TEST_F(CustomerRecordTest, ASlashInAnIdConfusesNobody) {
  const CustomerState odd("a/b/", "/c");
  const auto restored = Restore(Write(odd), odd.key());
  ASSERT_TRUE(restored.ok()) << restored.status();
  EXPECT_EQ(restored->customer.tenant_id(), "a/b/");
  EXPECT_EQ(restored->customer.customer_id(), "/c");
}

TEST_F(CustomerRecordTest, OfOneWhoIsGoneOnlyTheStampIsKept) {
  const RecordStamp stamp{5, 6, true};
  const std::string bytes = Write(OpenCustomer(), stamp);
  const auto restored = Restore(bytes);
  ASSERT_TRUE(restored.ok()) << restored.status();
  EXPECT_EQ(restored->stamp, stamp);
  EXPECT_TRUE(restored->customer.idle());
  EXPECT_EQ(bytes, Write(CustomerState("acme", "c1"), stamp));
}

TEST_F(CustomerRecordTest, BytesDependOnTheStateAlone) {
  std::vector<std::string> ids;
  for (int i = 0; i < 30; ++i) ids.push_back("e" + std::to_string(i));
  std::string reference;
  for (int order = 0; order < 20; ++order) {
    journey::ContactSet contacts(std::pmr::get_default_resource());
    for (const std::string& id : ids) contacts.Apply(Turn(id, kNow, 5), policy_.windows, nullptr);
    journey::RecordBytes record;
    contacts.Save(record);
    if (order == 0) reference = record.view();
    EXPECT_EQ(record.view(), reference);
    std::shuffle(ids.begin(), ids.end(), std::mt19937_64(static_cast<uint64_t>(order)));
  }
}

TEST_F(CustomerRecordTest, AlertsFollowTheirRuleByName) {
  const std::string bytes = Write(OpenCustomer());
  alerts::Rule another;
  another.name = "another";
  const alerts::Rules rules = {another, TestRules()[0]};
  CustomerRecordReader moved;
  const auto restored = moved.Restore(kKey, bytes, std::pmr::get_default_resource());
  ASSERT_TRUE(restored.ok()) << restored.status();
  std::string again;
  CustomerRecordWriter(rules).Append(restored->customer, restored->stamp, &again);
  EXPECT_EQ(again, bytes);
}

TEST_F(CustomerRecordTest, AnAlertOfARuleThatIsNoMoreIsForgotten) {
  const std::string bytes = Write(OpenCustomer());
  auto known = Restore(bytes);
  ASSERT_EQ(packer_.Unpack(known->customer).alerts.size(), 1U);
  const alerts::Rules none;
  auto restored = CustomerRecordReader().Restore(kKey, bytes, std::pmr::get_default_resource());
  ASSERT_TRUE(restored.ok()) << restored.status();
  CustomerPacker packer(none, policy_.windows, std::pmr::get_default_resource());
  EXPECT_TRUE(packer.Unpack(restored->customer).alerts.empty());
}

// What later formats keep of a queue and of answers did not stand in the first two.
TEST_F(CustomerRecordTest, AnOlderFormatIsRead) {
  v1::CustomerState record = OpenRecord();
  record.set_format(2);
  v1::CustomerState::Contact& contact =
      *record.mutable_open()->mutable_contacts()->mutable_contacts(0);
  contact.set_queued_at_ms(kNow);
  contact.set_answered_at_ms(kNow + 9000);
  auto restored = Restore(record.SerializeAsString());
  ASSERT_TRUE(restored.ok()) << restored.status();
  const journey::Contact& read = packer_.Unpack(restored->customer).contacts().contacts()[0];
  EXPECT_EQ(read.WaitMs(), 9000);
  EXPECT_EQ(read.answered_last()->at_ms, kNow + 9000);
}

TEST_F(CustomerRecordTest, ANewerFormatIsRefused) {
  v1::CustomerState record = OpenRecord();
  record.set_format(kCustomerRecordFormat + 1);
  const auto restored = Restore(record.SerializeAsString());
  EXPECT_EQ(restored.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(restored.status().message(),
            "customer record has format 12, this program reads up to 11: go on with the program "
            "version that wrote it");
}

TEST_F(CustomerRecordTest, TheKeyOfAnotherCustomerIsRefused) {
  const std::string bytes = Write(OpenCustomer());
  for (const std::string_view key : {"", "acme", "acm/c1", "acmes/c1", "/", "acme c1"}) {
    EXPECT_EQ(Restore(bytes, key).status().code(), absl::StatusCode::kDataLoss) << key;
  }
}

TEST_F(CustomerRecordTest, EveryShorterRecordIsRefusedOrStillOne) {
  const std::string bytes = Write(OpenCustomer(), {1, 2, false});
  for (size_t size = 0; size < bytes.size(); ++size) {
    const auto restored = Restore(bytes.substr(0, size));
    if (restored.ok()) continue;  // whole fields are missing at the end
    EXPECT_EQ(restored.status().code(), absl::StatusCode::kDataLoss) << size;
  }
  EXPECT_FALSE(Restore("").ok());
}

using Damage = void (*)(v1::CustomerState&);

v1::CustomerState::Contact& FirstContact(v1::CustomerState& record) {
  return *record.mutable_open()->mutable_contacts()->mutable_contacts(0);
}
v1::CustomerState::Tally& AddTally(v1::CustomerState& r, uint32_t kind) {
  v1::CustomerState::Tally& tally = *FirstContact(r).add_tallies();
  tally.set_kind(kind);
  tally.set_count(1);
  return tally;
}
v1::ImpressionsState& ImpressionsOf(v1::CustomerState& record) {
  return *FirstContact(record).mutable_impressions();
}

constexpr int64_t kEternity = std::numeric_limits<int64_t>::max();

constexpr std::pair<const char*, Damage> kDamages[] = {
    {"no format", [](v1::CustomerState& r) { r.clear_format(); }},
    {"applied", [](v1::CustomerState& r) { r.set_applied(-1); }},
    {"last_event_ms", [](v1::CustomerState& r) { r.set_last_event_ms(kEternity); }},
    {"wake_ms", [](v1::CustomerState& r) { r.set_wake_ms(-kEternity); }},
    {"memory.worst", [](v1::CustomerState& r) { r.mutable_memory()->set_worst(1); }},
    {"memory.best", [](v1::CustomerState& r) { r.mutable_memory()->set_best(10'001); }},
    {"memory.end", [](v1::CustomerState& r) { r.mutable_memory()->set_end(-10'001); }},
    {"memory.channel", [](v1::CustomerState& r) { r.mutable_memory()->set_channel(256); }},
    {"rows.card_version",
     [](v1::CustomerState& r) { r.mutable_open()->mutable_rows(0)->set_card_version(-1); }},
    {"an idle customer has a wake-up", [](v1::CustomerState& r) { r.clear_open(); }},
    {"too many contacts",
     [](v1::CustomerState& r) {
       for (int i = 0; i < 1024; ++i) r.mutable_open()->mutable_contacts()->add_contacts();
     }},
    {"contacts are not in order",
     [](v1::CustomerState& r) {
       auto& later = *r.mutable_open()->mutable_contacts()->add_contacts();
       later = FirstContact(r);
       later.mutable_first()->set_at_ms(1);
     }},
    {"too many surveys",
     [](v1::CustomerState& r) {
       for (int i = 0; i < 17; ++i) r.mutable_open()->mutable_contacts()->add_surveys();
     }},
    {"survey.score is out of range",
     [](v1::CustomerState& r) {
       r.mutable_open()->mutable_contacts()->add_surveys()->set_score(
           std::numeric_limits<double>::quiet_NaN());
     }},
    {"too many published rows",
     [](v1::CustomerState& r) {
       for (int i = 0; i < 2048 + 1024; ++i) r.mutable_open()->add_rows();
     }},
    {"row.kind",
     [](v1::CustomerState& r) {
       r.mutable_open()->mutable_rows(0)->mutable_rows(0)->set_kind(static_cast<v1::MomentKind>(5));
     }},
    {"row.version",
     [](v1::CustomerState& r) {
       r.mutable_open()->mutable_rows(0)->mutable_rows(0)->clear_version();
     }},
    {"a contact ends before it begins",
     [](v1::CustomerState& r) { FirstContact(r).mutable_last()->set_at_ms(1); }},
    {"contact.event_count", [](v1::CustomerState& r) { FirstContact(r).clear_event_count(); }},
    {"contact.ended_at_ms",
     [](v1::CustomerState& r) { FirstContact(r).set_ended_at_ms(kEternity); }},
    {"impressions.latest", [](v1::CustomerState& r) { ImpressionsOf(r).add_latest(); }},
    {"impressions are missing",
     [](v1::CustomerState& r) { ImpressionsOf(r).mutable_earlier()->clear_earliest(); }},
    {"impressions.count",
     [](v1::CustomerState& r) { ImpressionsOf(r).mutable_earlier()->set_count(32); }},
    {"impressions.sum",
     [](v1::CustomerState& r) { ImpressionsOf(r).mutable_earlier()->set_sum(kEternity); }},
    {"impression.valence",
     [](v1::CustomerState& r) {
       ImpressionsOf(r).mutable_latest(0)->set_valence(std::numeric_limits<int32_t>::min());
     }},
    {"an event id is too long",
     [](v1::CustomerState& r) {
       ImpressionsOf(r).mutable_latest(0)->set_event_id(std::string(65'536, 'x'));
     }},
    {"tallies are not in order", [](v1::CustomerState& r) { AddTally(r, 5), AddTally(r, 5); }},
    {"tallies are not in order", [](v1::CustomerState& r) { AddTally(r, 99); }},
    {"tally.count", [](v1::CustomerState& r) { AddTally(r, 5).clear_count(); }},
    {"tally.amount", [](v1::CustomerState& r) { AddTally(r, 5).set_amount(-1); }},
    {"alert.cause",
     [](v1::CustomerState& r) { r.mutable_open()->mutable_alerts(0)->set_cause(99); }},
    {"an alert has no rule",
     [](v1::CustomerState& r) { r.mutable_open()->mutable_alerts(0)->clear_rule(); }},
    {"alert.state",
     [](v1::CustomerState& r) {
       r.mutable_open()->mutable_alerts(0)->set_state(static_cast<v1::Alert::State>(99));
     }},
    {"a snooze has no end",
     [](v1::CustomerState& r) {
       r.mutable_open()->mutable_alerts(0)->set_state(v1::Alert::SNOOZED);
     }},
};

TEST_F(CustomerRecordTest, WhatContradictsItselfIsRefused) {
  const v1::CustomerState whole = OpenRecord();
  ASSERT_TRUE(Restore(whole.SerializeAsString()).ok());
  for (const auto& [what, damage] : kDamages) {
    v1::CustomerState record = whole;
    damage(record);
    const auto restored = Restore(record.SerializeAsString());
    EXPECT_EQ(restored.status().code(), absl::StatusCode::kDataLoss) << what;
    EXPECT_EQ(restored.status().message(), std::string("damaged customer record: ") + what);
  }
}

TEST_F(CustomerRecordTest, AChangedByteIsRefusedOrGivesAStateThatCanBeWritten) {
  const std::string whole = Write(OpenCustomer(), {1, 2, false});
  std::mt19937_64 random(1);
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes = whole;
    for (int k = 0; k <= i % 3; ++k) bytes[random() % bytes.size()] = static_cast<char>(random());
    const auto restored = Restore(bytes);
    if (!restored.ok()) continue;
    const std::string again = Write(restored->customer, restored->stamp);
    const auto twice = Restore(again);
    ASSERT_TRUE(twice.ok()) << twice.status() << " at " << i;
    ASSERT_EQ(Write(twice->customer, twice->stamp), again) << i;
  }
}

}  // namespace
}  // namespace peakend::publish
