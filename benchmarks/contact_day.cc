#include "benchmarks/contact_day.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_format.h"

namespace peakend::benchmarks {
namespace {

// 2026-01-05T08:00:00Z.
constexpr int64_t kStartMs = 1'767'600'000'000;
constexpr int64_t kSpacingMs = 20'000;
constexpr double kMeanEvents = 15;

double Unit(std::mt19937_64& random) { return static_cast<double>(random() >> 11) * 0x1.0p-53; }

// Sum of uniforms: close enough to normal, and the same on every standard library.
double Noise(std::mt19937_64& random, double deviation) {
  double sum = -6;
  for (int i = 0; i < 12; ++i) sum += Unit(random);
  return sum * deviation;
}

}  // namespace

ContactDay::ContactDay(uint64_t customers, size_t open_contacts, uint64_t seed, double mood)
    : customers_(customers), mood_(mood), random_(seed), open_(open_contacts), now_ms_(kStartMs) {
  event_.set_source("bench/contacts");
  event_.set_tenant_id("t");
  event_.set_channel(v1::CHANNEL_CHAT);
  event_.mutable_queue()->set_id("queue-billing");
  event_.mutable_touchpoint()->set_touchpoint_id("support-chat");
  event_.set_language("en");
}

void ContactDay::Begin(Contact& contact) {
  contact.number = contacts_++;
  // Everybody once, then returning customers: the first ones more often.
  const double u = Unit(random_);
  contact.customer = contact.number < customers_
                         ? contact.number
                         : static_cast<uint64_t>(static_cast<double>(customers_) * u * u);
  contact.events = 0;
  contact.mood = mood_ + Noise(random_, 0.2);
}

void ContactDay::FillTurn(const Contact& contact) {
  v1::Turn* turn = event_.mutable_turn();
  const bool customer = contact.events % 2 == 1;
  turn->set_role(customer ? v1::Turn::CUSTOMER : v1::Turn::AGENT);
  turn->set_text("where is my order, it was due last week");
  turn->clear_sentiment();
  if (!customer) return;
  const double score = std::clamp(contact.mood + Noise(random_, 0.2), -1.0, 1.0);
  turn->mutable_sentiment()->set_score(std::round(score * 1000) / 1000);
}

const v1::InteractionEvent& ContactDay::Next() {
  Contact& contact = open_[next_];
  next_ = (next_ + 1) % open_.size();
  now_ms_ += kSpacingMs / static_cast<int64_t>(open_.size());
  const bool starts = contact.events == 0;
  if (starts) Begin(contact);
  const bool ends = !starts && Unit(random_) < 1 / kMeanEvents;
  event_.set_event_id(absl::StrFormat("event-%010d", events_++));
  event_.set_occurred_at_ms(now_ms_);
  event_.mutable_customer()->set_customer_id(absl::StrFormat("customer-%08d", contact.customer));
  event_.mutable_contact()->set_contact_id(absl::StrFormat("contact-%010d", contact.number));
  event_.mutable_agent()->set_id(absl::StrFormat("agent-%04d", contact.number % 500));
  if (starts) {
    event_.mutable_lifecycle()->set_state(v1::Lifecycle::CONNECTED);
  } else if (ends) {
    event_.mutable_lifecycle()->set_state(v1::Lifecycle::DISCONNECTED);
  } else {
    FillTurn(contact);
  }
  contact.events = ends ? 0 : contact.events + 1;
  return event_;
}

}  // namespace peakend::benchmarks
