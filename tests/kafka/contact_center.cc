#include "tests/kafka/contact_center.h"

#include <algorithm>
#include <cstdint>
#include <random>
#include <utility>

#include "absl/strings/str_cat.h"
#include "processors/publish/partitioner.h"
#include "tests/durations.h"

namespace peakend::runtime {
namespace {

constexpr int64_t kStart = 1'740'787'200'000;  // 2025-03-01T00:00:00Z
constexpr int64_t kDays = 20;
// Below the allowed lateness of 1 h.
constexpr int64_t kDisorder = 40 * kMinute;
constexpr char kMonthLater[] = "a-month-later-";

// Distributions of the standard library differ from one library to the next.
class Dice {
 public:
  int64_t Below(int64_t bound) { return static_cast<int64_t>(generator_() % bound); }
  bool OneIn(int64_t count) { return Below(count) == 0; }

 private:
  std::mt19937_64 generator_{20250301};
};

struct Arrival {
  int64_t at_ms = 0;
  v1::InteractionEvent event;
};

class Feed {
 public:
  void AddContact(int customer);
  size_t size() const { return arrivals_.size(); }
  std::vector<v1::InteractionEvent> InOrderOfArrival();

 private:
  v1::InteractionEvent& Add(v1::InteractionEvent event, int64_t at_ms);
  void AddState(const v1::InteractionEvent& contact, int64_t at_ms, v1::Lifecycle::State state);
  void AddTalk(const v1::InteractionEvent& contact, int64_t* at_ms);

  Dice dice_;
  int64_t contacts_ = 0;
  int64_t events_ = 0;
  std::vector<Arrival> arrivals_;
};

v1::InteractionEvent& Feed::Add(v1::InteractionEvent event, int64_t at_ms) {
  event.set_event_id(absl::StrCat("e", ++events_));
  event.set_occurred_at_ms(at_ms);
  arrivals_.push_back({at_ms + dice_.Below(kDisorder), std::move(event)});
  return arrivals_.back().event;
}

void Feed::AddState(const v1::InteractionEvent& contact, int64_t at_ms,
                    v1::Lifecycle::State state) {
  Add(contact, at_ms).mutable_lifecycle()->set_state(state);
}

void Feed::AddTalk(const v1::InteractionEvent& contact, int64_t* at_ms) {
  int64_t mood = dice_.Below(2001) - 1000;
  const int64_t turns = 3 + dice_.Below(8);
  for (int64_t i = 0; i < turns; ++i) {
    *at_ms += 5 * kSecond + dice_.Below(kMinute);
    v1::Turn* turn = Add(contact, *at_ms).mutable_turn();
    if (dice_.OneIn(3)) {
      turn->set_role(v1::Turn::AGENT);
      continue;
    }
    mood = std::clamp<int64_t>(mood + dice_.Below(801) - 400, -1000, 1000);
    turn->set_role(v1::Turn::CUSTOMER);
    turn->mutable_sentiment()->set_score(static_cast<double>(mood) / 1000);
    if (dice_.OneIn(2)) {
      turn->mutable_sentiment()->set_confidence(static_cast<double>(dice_.Below(1001)) / 1000);
    }
  }
}

void Feed::AddContact(int customer) {
  v1::InteractionEvent contact;
  contact.set_source("center");
  contact.set_tenant_id("acme");
  contact.mutable_customer()->set_customer_id(absl::StrCat("customer-", customer));
  contact.mutable_contact()->set_contact_id(absl::StrCat("contact-", ++contacts_));
  contact.set_channel(dice_.OneIn(2) ? v1::CHANNEL_VOICE : v1::CHANNEL_CHAT);
  contact.mutable_queue()->set_id(dice_.OneIn(3) ? "billing" : "repair");
  contact.set_area(customer % 2 == 0 ? "north/riverside" : "south");
  int64_t at_ms = kStart + dice_.Below(kDays * kDay);
  AddState(contact, at_ms, v1::Lifecycle::QUEUED);
  at_ms += dice_.Below(5 * kMinute);
  if (dice_.OneIn(8)) return AddState(contact, at_ms, v1::Lifecycle::ABANDONED);
  contact.mutable_agent()->set_id(absl::StrCat("agent-", dice_.Below(40)));
  AddState(contact, at_ms, v1::Lifecycle::CONNECTED);
  AddTalk(contact, &at_ms);
  at_ms += dice_.Below(kMinute);
  AddState(contact, at_ms, dice_.OneIn(2) ? v1::Lifecycle::RESOLVED : v1::Lifecycle::DISCONNECTED);
  if (dice_.OneIn(4)) {
    Arrival again = arrivals_[arrivals_.size() - 1 - static_cast<size_t>(dice_.Below(5))];
    again.at_ms = again.event.occurred_at_ms() + dice_.Below(kDisorder);
    arrivals_.push_back(std::move(again));
  }
}

std::vector<v1::InteractionEvent> Feed::InOrderOfArrival() {
  std::stable_sort(arrivals_.begin(), arrivals_.end(),
                   [](const Arrival& a, const Arrival& b) { return a.at_ms < b.at_ms; });
  std::vector<v1::InteractionEvent> events;
  for (Arrival& arrival : arrivals_) events.push_back(std::move(arrival.event));
  return events;
}

}  // namespace

std::vector<v1::InteractionEvent> ContactCenter(size_t count, int customers) {
  Feed feed;
  for (int contact = 0; feed.size() < count; ++contact) feed.AddContact(contact % customers);
  return feed.InOrderOfArrival();
}

std::vector<v1::InteractionEvent> WithNotices(const std::vector<v1::InteractionEvent>& events) {
  constexpr size_t kEvery = 2000;
  std::vector<v1::InteractionEvent> all;
  for (size_t i = 0; i < events.size(); ++i) {
    all.push_back(events[i]);
    if (i % kEvery != kEvery / 2) continue;
    v1::InteractionEvent& event = all.emplace_back();
    event.set_event_id(absl::StrCat("notice-", i));
    event.set_source("center");
    event.set_tenant_id("acme");
    event.set_occurred_at_ms(events[i].occurred_at_ms());
    v1::Notice& notice = *event.mutable_control()->mutable_notice();
    notice.set_notice_id(absl::StrCat("outage-", i / kEvery % 7));
    notice.add_areas("north");
    notice.set_due_at_ms(event.occurred_at_ms() + 2 * 60 * kMinute);
  }
  return all;
}

std::vector<v1::InteractionEvent> MonthLater(int partitions) {
  std::vector<v1::InteractionEvent> events;
  for (int number = 0; events.size() < static_cast<size_t>(partitions); ++number) {
    v1::InteractionEvent event;
    event.set_event_id(absl::StrCat("last-", number));
    event.set_source("center");
    event.set_tenant_id("acme");
    event.mutable_customer()->set_customer_id(absl::StrCat(kMonthLater, number));
    event.mutable_queue()->set_id(kMonthLater);
    event.set_occurred_at_ms(kStart + (kDays + 30) * kDay);
    event.mutable_turn()->set_role(v1::Turn::CUSTOMER);
    if (publish::PartitionFor(KeyOf(event), partitions) != static_cast<int>(events.size())) {
      continue;
    }
    events.push_back(std::move(event));
  }
  return events;
}

bool IsMonthLater(std::string_view customer_id) { return customer_id.starts_with(kMonthLater); }

std::string KeyOf(const v1::InteractionEvent& event) {
  return absl::StrCat(event.tenant_id(), "/", event.customer().customer_id());
}

}  // namespace peakend::runtime
