// Customers who are linked are looked at as one, wherever their records lie and in whatever
// order partitions are read; what was joined comes apart.
//
// The naive model knows the labels from the facts alone, and then gives each event to whom it
// belongs: one plain engine over events under their final keys must say the same.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "processors/publish/policy_identities.h"
#include "tests/runtime/engine/naive_links.h"
#include "tests/runtime/engine/random_stream.h"
#include "tests/runtime/engine/stream.h"

namespace peakend::runtime {
namespace {

// Journeys can be amended until the end, however far apart the partitions' clocks are.
publish::Policy PatientPolicy() {
  publish::Policy policy = SmallWindows();
  constexpr int64_t kLong = 100'000'000;
  policy.windows.amend_window_ms = kLong;
  // A survey waits for a contact that another customer may bring.
  policy.windows.allowed_lateness_ms = kLong;
  policy.windows.memory_ms = 100 * kLong;
  return policy;
}

publish::Policy Linking(publish::Policy policy, bool known_move, size_t max_customers) {
  policy.identities.emplace();
  policy.identities->rules = {known_move, 1'000'000};
  policy.identities->types = {
      {"customer"}, {"phone", false, max_customers}, {"device", true, max_customers}};
  return policy;
}

v1::Identity IdentityOf(const std::string& type, const std::string& value) {
  v1::Identity identity;
  identity.set_type(type);
  identity.set_value(value);
  identity.set_verified(true);
  return identity;
}

v1::InteractionEvent Unmerge(const std::string& customer) {
  v1::InteractionEvent event;
  event.set_tenant_id("acme");
  event.mutable_customer()->set_customer_id(customer);
  event.mutable_control()->mutable_identity()->mutable_unmerge();
  return event;
}

// Events in which customers name identities, and now and then somebody is set apart.
std::vector<v1::InteractionEvent> RandomLinkedStream(Random& random) {
  const int64_t customers = Draw(random, 2, 6);
  std::vector<v1::InteractionEvent> events = RandomStream(random, {customers, 60, 2600});
  std::map<std::string, std::string> names;
  std::vector<std::string> known;
  for (int64_t c = 0; c < customers; ++c) {
    const std::string name(
        1, static_cast<char>('a' + Draw(random, 0, 25 / customers - 1) * customers + c));
    const bool anonymous = Draw(random, 0, 2) > 0;
    if (!anonymous) known.push_back(name);
    names["c" + std::to_string(c)] = (anonymous ? "~" : "") + name;
  }
  std::vector<v1::Identity> identities = {IdentityOf("phone", "1"), IdentityOf("phone", "2"),
                                          IdentityOf("device", "1"), IdentityOf("device", "3")};
  if (!known.empty()) {
    identities.push_back(IdentityOf("customer", known[random() % known.size()]));
    identities.push_back(IdentityOf("customer", known[random() % known.size()]));
  }
  std::map<std::string, std::vector<v1::Identity>> own;
  for (const auto& [number, name] : names) {
    for (int64_t n = Draw(random, 0, 3); n > 0; --n) {
      own[name].push_back(identities[random() % identities.size()]);
    }
  }
  std::vector<v1::InteractionEvent> linked;
  for (v1::InteractionEvent& event : events) {
    v1::Customer& customer = *event.mutable_customer();
    customer.set_customer_id(names[customer.customer_id()]);
    for (const v1::Identity& identity : own[customer.customer_id()]) {
      if (Draw(random, 0, 2) == 0) *customer.add_identities() = identity;
    }
    linked.push_back(event);
    if (Draw(random, 0, 79) == 0) linked.push_back(Unmerge(customer.customer_id()));
  }
  return linked;
}

// The same events, each of whom it belongs to in the end.
std::vector<v1::InteractionEvent> UnderFinalKeys(std::vector<v1::InteractionEvent> events,
                                                 const publish::Identities& identities) {
  NaiveLinks links;
  for (const v1::InteractionEvent& event : events) {
    const std::string& customer = event.customer().customer_id();
    links.Say(customer, publish::HomesOf(ingest::ViewOf(event).identities, identities));
    if (event.control().has_identity()) links.StandApart(customer);
  }
  links.Settle(identities);
  std::erase_if(events, [](const v1::InteractionEvent& event) { return event.has_control(); });
  for (v1::InteractionEvent& event : events) {
    v1::Customer& customer = *event.mutable_customer();
    customer.set_customer_id(links.HostOf(customer.customer_id()));
  }
  return events;
}

std::string DifferentFinals(const RunResult& one, const RunResult& other) {
  return Different<v1::Journey>(one.FinalJourneys(), other.FinalJourneys()) +
         Different<v1::Moment>(one.FinalMoments(), other.FinalMoments());
}

// The versions of each alert, over all partitions.
void ExpectVersionsWithoutGaps(const RunResult& result, int seed) {
  std::map<std::string, std::set<int64_t>> versions;
  size_t told = 0;
  for (const v1::Alert& alert : result.Alerts()) {
    versions[alert.alert_id()].insert(alert.row_version());
    ++told;
  }
  for (const auto& [id, of] : versions) {
    ASSERT_EQ(*of.rbegin(), static_cast<int64_t>(of.size())) << "seed " << seed;
    told -= of.size();
  }
  ASSERT_EQ(told, 0U) << "a version twice, seed " << seed;
}

RunOptions RandomOptions(Random& random) {
  RunOptions options;
  options.partitions = static_cast<int32_t>(Draw(random, 1, 4));
  options.batch_records = static_cast<size_t>(Draw(random, 1, 20));
  return options;
}

TEST(IdentityPropertyTest, FinalJourneysAreThoseOfOneKey) {
  const publish::Policy plain = PatientPolicy();
  int64_t merged = 0;
  for (int seed = 0; seed < Cases() / 5; ++seed) {
    Random random(static_cast<uint64_t>(seed));
    const publish::Policy policy =
        Linking(plain, Draw(random, 0, 1) == 0, static_cast<size_t>(Draw(random, 2, 3)));
    const std::vector<v1::InteractionEvent> events = RandomLinkedStream(random);
    const std::vector<v1::InteractionEvent> expected = UnderFinalKeys(events, *policy.identities);
    const RunResult linked = RunStream(events, policy, RandomOptions(random));
    ASSERT_EQ(DifferentFinals(RunStream(expected, plain), linked), "") << "seed " << seed;
    ExpectVersionsWithoutGaps(linked, seed);
    for (const v1::Journey& row : linked.Journeys()) merged += row.merged_into().empty() ? 0 : 1;
  }
  EXPECT_GT(merged, Cases() / 25);
}

TEST(IdentityPropertyTest, InterleavingChangesNoFinalRecord) {
  for (int seed = 0; seed < Cases() / 10; ++seed) {
    Random random(static_cast<uint64_t>(seed) + 1'000'000);
    const publish::Policy policy = Linking(PatientPolicy(), Draw(random, 0, 1) == 0, 2);
    const std::vector<v1::InteractionEvent> events = RandomLinkedStream(random);
    const RunResult reference = RunStream(events, policy);
    ASSERT_EQ(DifferentFinals(reference, RunStream(events, policy, RandomOptions(random))), "")
        << "seed " << seed;
  }
}

// All of `events` by customers who have one phone.
std::vector<v1::InteractionEvent> OfOnePhone(std::vector<v1::InteractionEvent> events) {
  for (v1::InteractionEvent& event : events) {
    v1::Customer& customer = *event.mutable_customer();
    customer.set_customer_id("~" + customer.customer_id());
    *customer.add_identities() = IdentityOf("phone", "1");
  }
  return events;
}

TEST(IdentityPropertyTest, UnmergeGivesBack) {
  const publish::Policy plain = PatientPolicy();
  const publish::Policy policy = Linking(plain, false, 64);
  for (int seed = 0; seed < Cases() / 20; ++seed) {
    Random random(static_cast<uint64_t>(seed) + 2'000'000);
    const std::vector<v1::InteractionEvent> events = OfOnePhone(RandomStream(random));
    std::vector<v1::InteractionEvent> unmerged = events;
    for (const char* customer : {"~c0", "~c1", "~c2"}) {
      const auto place = Draw(random, 0, static_cast<int64_t>(unmerged.size()));
      unmerged.insert(unmerged.begin() + place, Unmerge(customer));
    }
    ASSERT_EQ(DifferentFinals(RunStream(events, plain),
                              RunStream(unmerged, policy, RandomOptions(random))),
              "")
        << "seed " << seed;
  }
}

TEST(IdentityPropertyTest, SharedIdentityComesApart) {
  const publish::Policy plain = PatientPolicy();
  const publish::Policy policy = Linking(plain, false, 2);
  for (int seed = 0; seed < Cases() / 20; ++seed) {
    Random random(static_cast<uint64_t>(seed) + 3'000'000);
    std::vector<v1::InteractionEvent> events = RandomStream(random);
    for (const char* customer : {"c0", "c1", "c2"}) {
      events.push_back(CustomerTurn(std::string("last") + customer, customer, "k", 500'000, 0.1));
    }
    events = OfOnePhone(events);
    ASSERT_EQ(
        DifferentFinals(RunStream(events, plain), RunStream(events, policy, RandomOptions(random))),
        "")
        << "seed " << seed;
  }
}

TEST(IdentityPropertyTest, WithoutThePolicyNothingChanges) {
  const publish::Policy plain = PatientPolicy();
  for (int seed = 0; seed < Cases() / 20; ++seed) {
    Random random(static_cast<uint64_t>(seed) + 4'000'000);
    std::vector<v1::InteractionEvent> linked = RandomLinkedStream(random);
    const RunResult with = RunStream(linked, plain);
    std::erase_if(linked, [](const v1::InteractionEvent& event) { return event.has_control(); });
    for (v1::InteractionEvent& event : linked) event.mutable_customer()->clear_identities();
    ASSERT_EQ(DifferentFinals(with, RunStream(linked, plain)), "") << "seed " << seed;
  }
}

}  // namespace
}  // namespace peakend::runtime
