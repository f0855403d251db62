// Records of customers with links and guests, and of the homes of identities: what is kept,
// and what is refused.
#include "processors/publish/customer_identity.h"

#include <gtest/gtest.h>

#include <limits>
#include <memory_resource>
#include <string>
#include <utility>

#include "processors/publish/customer_packer.h"
#include "processors/publish/customer_record.h"
#include "processors/publish/step.h"
#include "tests/journey/facts.h"

namespace peakend::publish {
namespace {

constexpr int64_t kNewYear = 1'767'225'600'000;  // 2026-01-01

class CustomerIdentityTest : public testing::Test {
 protected:
  std::string Write(const CustomerState& customer) {
    std::string bytes;
    CustomerRecordWriter(policy_.rules).Append(customer, {}, &bytes);
    return bytes;
  }
  static absl::StatusOr<RestoredCustomer> Restore(std::string_view value,
                                                  std::string_view key = "acme/c1") {
    return CustomerRecordReader().Restore(key, value, std::pmr::get_default_resource());
  }
  // In a contact that is over, with rows.
  CustomerState WithTurns() {
    CustomerState customer("acme", "c1");
    Step step(policy_, std::pmr::get_default_resource());
    OutputBatch outputs;
    StepCounts counts;
    StepContext context{kNewYear, kNewYear, "events", 0, 0};
    step.Apply(customer, make_.Turn("e1", kNewYear, -0.9), context, outputs, counts);
    step.Apply(customer, make_.Turn("e2", kNewYear, 0.5), context, outputs, counts);
    context.watermark_ms = kNewYear + policy_.windows.journey_gap_ms + 1000;
    step.Wake(customer, context, outputs, counts);
    return customer;
  }

  Policy policy_;
  journey::FactMaker make_;
  CustomerPacker packer_{policy_.rules, policy_.windows, std::pmr::get_default_resource()};
};

using IdentityDamage = void (*)(v1::CustomerState&);
constexpr int64_t kNeverMs = std::numeric_limits<int64_t>::max();

TEST_F(CustomerIdentityTest, LinksHostAndGuestsAreKept) {
  std::pmr::memory_resource* const memory = std::pmr::get_default_resource();
  CustomerState customer = WithTurns();
  CustomerIdentity& identity = customer.Identify(memory);
  identity.links.Say("c1", "/i/x", 5, {});
  identity.host_id = "h";
  identity.recalled = true;
  identity.heard_ms = kNewYear;
  journey::ContactParts& parts = packer_.Unpack(customer).parts;
  size_t changed = 0;
  parts.Apply("g", make_.Turn("e1", kNewYear, 0.5), policy_.windows, &changed);
  parts.Apply("g2", make_.Turn("e2", kNewYear, 0.5), policy_.windows, &changed);
  parts.Leave("g2", policy_.windows);
  packer_.Unpack(customer).rows[0].withdrawn = true;
  packer_.Unpack(customer).rows[0].card_withdrawn_version = 2;
  const std::string bytes = Write(customer);
  auto restored = Restore(bytes);
  ASSERT_TRUE(restored.ok()) << restored.status();
  EXPECT_EQ(Write(restored->customer), bytes);
  ASSERT_NE(restored->customer.identity(), nullptr);
  EXPECT_EQ(restored->customer.identity()->host_id, "h");
  const auto& open = packer_.Unpack(restored->customer);
  EXPECT_EQ(open.contacts().contacts()[0].event_count(), 3);
  EXPECT_EQ(open.parts.StayOf("g2"), journey::ContactParts::Stay::kLeft);
  EXPECT_TRUE(open.rows[0].withdrawn);
  packer_.Pack(restored->customer);
  EXPECT_EQ(Write(restored->customer), bytes);
}

TEST_F(CustomerIdentityTest, AHomeIsKept) {
  std::pmr::memory_resource* const memory = std::pmr::get_default_resource();
  CustomerState home("acme", "/i/x");
  CustomerIdentity& identity = home.Identify(memory);
  identity.home.emplace(memory);
  identity.home->Hear("/i/x", "a", {"/i/x", journey::Label::OwnOf("a")}, 3);
  const std::string bytes = Write(home);
  const auto restored = Restore(bytes, home.key());
  ASSERT_TRUE(restored.ok()) << restored.status();
  EXPECT_EQ(Write(restored->customer), bytes);
  EXPECT_EQ(restored->customer.identity()->home->customers(), 1U);
}

TEST_F(CustomerIdentityTest, OfWhoWasForgottenNoLinkIsKept) {
  CustomerState customer("acme", "c1");
  customer.Identify(std::pmr::get_default_resource()).links.Say("c1", "/i/x", 5, {});
  customer.Forget();
  EXPECT_EQ(Write(customer), Write(CustomerState("acme", "c1")));
}

v1::CustomerState::Guest& AddGuest(v1::CustomerState& record, const std::string& origin) {
  v1::CustomerState::Guest& guest = *record.mutable_open()->add_guests();
  guest.set_origin(origin);
  return guest;
}

constexpr std::pair<const char*, IdentityDamage> kIdentityDamages[] = {
    {"guest.origin", [](v1::CustomerState& r) { AddGuest(r, ""); }},
    {"guests are not in order", [](v1::CustomerState& r) { AddGuest(r, "a"), AddGuest(r, "a"); }},
    {"a guest who left has contacts",
     [](v1::CustomerState& r) {
       AddGuest(r, "a").set_left(true);
       r.mutable_open()->mutable_guests(0)->mutable_contacts()->set_joined(true);
     }},
    {"contact.event_count",
     [](v1::CustomerState& r) { AddGuest(r, "a").mutable_contacts()->add_contacts(); }},
    {"too many guests",
     [](v1::CustomerState& r) {
       for (int i = 10; i < 43; ++i) AddGuest(r, std::to_string(i));
     }},
    {"absorbed", [](v1::CustomerState& r) { r.mutable_open()->set_absorbed(-1); }},
    {"rows.card_withdrawn_version",
     [](v1::CustomerState& r) {
       r.mutable_open()->mutable_rows(0)->set_card_withdrawn_version(-1);
     }},
    {"nobody is recalled from nowhere",
     [](v1::CustomerState& r) { r.mutable_links(), r.set_recalled(true); }},
    {"somebody without links is away", [](v1::CustomerState& r) { r.set_host_id("h"); }},
    {"heard_ms", [](v1::CustomerState& r) { r.set_heard_ms(kNeverMs); }},
    {"too many links",
     [](v1::CustomerState& r) {
       for (int i = 0; i < 17; ++i) r.mutable_links()->add_links()->set_home("/i/");
     }},
    {"link.home", [](v1::CustomerState& r) { r.mutable_links()->add_links(); }},
    {"label.way",
     [](v1::CustomerState& r) {
       for (int i = 0; i < 10; ++i) r.mutable_links()->mutable_label()->add_way(1);
     }},
    {"a home is a customer", [](v1::CustomerState& r) { r.mutable_home(); }},
};

TEST_F(CustomerIdentityTest, WhatContradictsItselfIsRefused) {
  v1::CustomerState whole;
  ASSERT_TRUE(whole.ParseFromString(Write(WithTurns())));
  for (const auto& [what, damage] : kIdentityDamages) {
    v1::CustomerState record = whole;
    damage(record);
    const auto restored = Restore(record.SerializeAsString());
    EXPECT_EQ(restored.status().code(), absl::StatusCode::kDataLoss) << what;
    EXPECT_EQ(restored.status().message(), std::string("damaged customer record: ") + what);
  }
}

}  // namespace
}  // namespace peakend::publish
