#include "tests/runtime/engine/random_stream.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "tests/runtime/engine/condition_rules.h"
#include "tests/runtime/engine/short_hours.h"
#include "tests/runtime/engine/stream.h"

namespace peakend::runtime {

publish::Policy SmallWindows() {
  publish::Policy policy = DefaultPolicy();
  policy.windows.contact_gap_ms = 300;
  policy.windows.contact_gap_email_ms = 900;
  policy.windows.max_out_of_orderness_ms = 50;
  policy.windows.allowed_lateness_ms = kLateness;
  policy.windows.journey_gap_ms = 1200;
  policy.windows.resolution_grace_ms = 1100;
  policy.windows.journey_max_ms = 1'000'000'000;
  policy.windows.short_abandon_ms = 20;
  policy.windows.memory_ms = 20'000;
  policy.windows.amend_window_ms = 3000;
  policy.windows.repeat_window_ms = 2500;
  policy.windows.notice_window_ms = 1500;
  policy.windows.statistics_window_ms = 700;
  policy.model.experience.own_waits = 2;
  policy.model.experience.baseline_waits = 5;
  policy.model.follow_up_within_ms = 900;
  policy.model.half_lives = {2000, 900, 700};
  policy.rules = WithConditions(policy.rules);
  policy.openings = OneOpeningOfEach();
  policy.phrases = SomePhrases();
  policy.budget = {300, 3};
  policy.model.experience.calendars = ShortHours(1);
  policy.model.experience.expectations = {
      {journey::Cause::kQueueWait, "", v1::CHANNEL_VOICE, "", 0, 40},
      {journey::Cause::kFirstResponse, "", 0, "gold", 5, 20},
      {journey::Cause::kQueueWait, "", 0, "", 30, 200},
      {journey::Cause::kFirstResponse, "", 0, "", 20, 100},
      {journey::Cause::kNextResponse, "", 0, "", 4, 8},
      {journey::Cause::kHold, "", 0, "", 10, 300},
      {journey::Cause::kSilence, "", 0, "", 5, 9},
      {journey::Cause::kPoorAudio, "", 0, "", 4'000'000, 3'000'000}};
  return policy;
}

publish::Policy Slowed(publish::Policy policy, int64_t factor) {
  journey::Windows& windows = policy.windows;
  moments::MomentModel& model = policy.model;
  for (int64_t* time :
       {&windows.contact_gap_ms, &windows.contact_gap_email_ms, &windows.max_out_of_orderness_ms,
        &windows.allowed_lateness_ms, &windows.journey_gap_ms, &windows.resolution_grace_ms,
        &windows.journey_max_ms, &windows.short_abandon_ms, &windows.memory_ms,
        &windows.amend_window_ms, &windows.repeat_window_ms, &windows.notice_window_ms,
        &windows.statistics_window_ms, &model.follow_up_within_ms, &model.half_lives.worst_ms,
        &model.half_lives.best_ms, &model.half_lives.end_ms}) {
    *time *= factor;
  }
  std::vector<alerts::Rule> rules(policy.rules.begin(), policy.rules.end());
  for (alerts::Rule& rule : rules) {
    rule.cooldown_ms *= factor;
    rule.follow_up_within_ms *= factor;
    rule.stale_after_ms *= factor;
    if (rule.after_ms) *rule.after_ms *= factor;
    for (alerts::Escalation& escalation : rule.escalations) escalation.after_ms *= factor;
  }
  policy.rules = alerts::Rules(std::move(rules));
  model.experience.calendars = ShortHours(factor);
  return policy;
}

std::vector<v1::InteractionEvent> Slowed(std::vector<v1::InteractionEvent> events, int64_t factor) {
  const auto slowed = [&](int64_t at_ms) { return kEpoch + (at_ms - kEpoch) * factor; };
  for (v1::InteractionEvent& event : events) {
    event.set_occurred_at_ms(slowed(event.occurred_at_ms()));
    if (event.control().has_notice()) {
      v1::Notice& notice = *event.mutable_control()->mutable_notice();
      if (notice.starts_at_ms() > 0) notice.set_starts_at_ms(slowed(notice.starts_at_ms()));
      if (notice.due_at_ms() > 0) notice.set_due_at_ms(slowed(notice.due_at_ms()));
      if (notice.fulfilled_at_ms() > 0) {
        notice.set_fulfilled_at_ms(slowed(notice.fulfilled_at_ms()));
      }
    }
    if (event.control().has_baseline()) {
      for (auto& cell : *event.mutable_control()->mutable_baseline()->mutable_cells()) {
        cell.set_wait_ms(cell.wait_ms() * factor);
      }
    }
    if (!event.has_promise()) continue;
    v1::Promise& promise = *event.mutable_promise();
    if (promise.due_at_ms() > 0) promise.set_due_at_ms(slowed(promise.due_at_ms()));
    if (promise.fulfilled_at_ms() > 0) {
      promise.set_fulfilled_at_ms(slowed(promise.fulfilled_at_ms()));
    }
    if (promise.has_max_duration_ms()) {
      promise.set_max_duration_ms(promise.max_duration_ms() * factor);
    }
  }
  return events;
}

int64_t Draw(Random& random, int64_t from, int64_t to) {
  return from + static_cast<int64_t>(random() % static_cast<uint64_t>(to - from + 1));
}

namespace {

// What the service or, outside, the customer did. Amounts lie around the expectations.
void AddDeed(Random& random, v1::InteractionEvent& event) {
  static constexpr v1::Lifecycle::State kStates[] = {
      v1::Lifecycle::QUEUED, v1::Lifecycle::HOLD_START, v1::Lifecycle::HOLD_END,
      v1::Lifecycle::TRANSFER_DONE, v1::Lifecycle::AUTHENTICATED};
  switch (Draw(random, 0, 3)) {
    case 0: {
      v1::Lifecycle& lifecycle = *event.mutable_lifecycle();
      lifecycle.set_state(kStates[Draw(random, 0, 4)]);
      if (Draw(random, 0, 1) == 0) lifecycle.set_duration_ms(Draw(random, 0, 900));
      if (Draw(random, 0, 1) == 0) lifecycle.set_announced_wait_ms(Draw(random, 0, 300));
      return;
    }
    case 1: {
      v1::Activity& activity = *event.mutable_activity();
      activity.set_kind(static_cast<v1::Activity::Kind>(
          Draw(random, v1::Activity::VIEW, v1::Activity::Kind_MAX)));
      activity.set_rating(static_cast<double>(Draw(random, 1, 5)));
      activity.set_rating_min(1);
      activity.set_rating_max(5);
      return;
    }
    default: {
      v1::Signal& signal = *event.mutable_signal();
      signal.set_kind(static_cast<v1::Signal::Kind>(Draw(random, 1, v1::Signal::Kind_MAX)));
      if (Draw(random, 0, 3) > 0) signal.set_value(static_cast<double>(Draw(random, 1, 12)));
    }
  }
}

// Dues lie before and after the end of the contact and of the journey.
void AddPromise(Random& random, v1::InteractionEvent& event) {
  v1::Promise& promise = *event.mutable_promise();
  const int64_t at_ms = event.occurred_at_ms();
  promise.set_promise_id("p" + std::to_string(Draw(random, 0, 3)));
  promise.set_kind(static_cast<v1::Promise::Kind>(Draw(random, 1, 7)));
  switch (Draw(random, 0, 5)) {
    case 0:
      return promise.set_fulfilled_at_ms(at_ms - Draw(random, 0, 100));
    case 1:
      return promise.set_broken(true);
    case 2:
      return promise.set_max_duration_ms(Draw(random, 0, 400));
    default:
      promise.set_due_at_ms(at_ms + Draw(random, -50, 4000));
  }
}

// Who began the contact, for whom it is and what it is about.
void AddNeed(Random& random, v1::InteractionEvent& event) {
  event.set_direction(static_cast<v1::Direction>(Draw(random, 0, 2)));
  if (Draw(random, 0, 3) == 0) {
    event.set_initiation(static_cast<v1::Initiation>(Draw(random, 0, v1::Initiation_MAX)));
  }
  if (Draw(random, 0, 2) == 0) {
    event.mutable_customer()->set_tier(Draw(random, 0, 1) == 0 ? "gold" : "basic");
  }
  if (Draw(random, 0, 2) == 0) event.mutable_queue()->set_id(Draw(random, 0, 1) == 0 ? "q0" : "q1");
  switch (Draw(random, 0, 5)) {
    case 0:
      event.set_area("north/riverside");
      break;
    case 1:
      event.set_area("south");
      break;
    case 2:
      event.mutable_customer()->add_segments("launch");
      break;
    default:
      break;
  }
  const std::string name = "n" + std::to_string(Draw(random, 0, 1));
  switch (Draw(random, 0, 5)) {
    case 0:
      return event.mutable_contact()->set_case_id(name);
    case 1:
      return event.mutable_touchpoint()->set_intent(name);
    case 2:
      return event.mutable_contact()->set_chain_id(name);
    case 3:
      return event.mutable_touchpoint()->set_touchpoint_id(name);
    default:
      return;
  }
}

v1::InteractionEvent RandomEvent(Random& random, const StreamShape& shape, int64_t n,
                                 int64_t at_ms) {
  const std::string id = "e" + std::to_string(n);
  const std::string customer = "c" + std::to_string(Draw(random, 0, shape.customers - 1));
  // Named contacts are reused after pauses; "" is an unnamed one.
  const std::string contact =
      Draw(random, 0, 3) == 0 ? "" : "k" + std::to_string(Draw(random, 0, 2));
  static constexpr v1::Lifecycle::State kStates[] = {
      v1::Lifecycle::QUEUED,   v1::Lifecycle::CONNECTED,    v1::Lifecycle::ABANDONED,
      v1::Lifecycle::RESOLVED, v1::Lifecycle::DISCONNECTED, v1::Lifecycle::EXPIRED,
      v1::Lifecycle::WRAP_END};
  if (Draw(random, 0, 4) == 0) {
    v1::InteractionEvent event = Event(id, customer, contact, at_ms);
    if (Draw(random, 0, 2) == 0) {
      AddPromise(random, event);
    } else {
      AddDeed(random, event);
    }
    return event;
  }
  switch (Draw(random, 0, 9)) {
    case 0:
    case 1:
      return Lifecycle(id, customer, contact, at_ms, kStates[Draw(random, 0, 6)]);
    case 2: {
      v1::InteractionEvent event = AgentTurn(id, customer, contact, at_ms);
      event.mutable_turn()->set_text(kTexts[Draw(random, 0, std::ssize(kTexts) - 1)]);
      return event;
    }
    case 3: {
      v1::InteractionEvent event = Event(id, customer, contact, at_ms);
      event.mutable_survey()->set_status(v1::Survey::ANSWERED);
      event.mutable_survey()->set_raw(static_cast<double>(Draw(random, 1, 5)));
      event.mutable_survey()->set_raw_min(1);
      event.mutable_survey()->set_raw_max(5);
      return event;
    }
    default: {
      v1::InteractionEvent event = CustomerTurn(id, customer, contact, at_ms,
                                                static_cast<double>(Draw(random, -10, 10)) / 10);
      if (Draw(random, 0, 2) == 0) {
        event.mutable_turn()->mutable_sentiment()->set_confidence(
            static_cast<double>(Draw(random, 1, 10)) / 10);
      }
      event.set_channel(Draw(random, 0, 1) == 0 ? v1::CHANNEL_CHAT : v1::CHANNEL_VOICE);
      if (Draw(random, 0, 4) == 0) {
        event.mutable_turn()->set_text(kTexts[Draw(random, 0, std::ssize(kTexts) - 1)]);
      }
      return event;
    }
  }
}

}  // namespace

std::vector<v1::InteractionEvent> RandomStream(Random& random, const StreamShape& shape) {
  std::vector<v1::InteractionEvent> events;
  const int64_t count = Draw(random, 1, shape.max_events);
  int64_t at_ms = 0;
  for (int64_t n = 0; n < count; ++n) {
    static constexpr int64_t kSteps[] = {0, 0, 5, 20, 60, 250, 301, 900, 1199, 1201, 2600};
    const auto* const end =
        std::upper_bound(std::begin(kSteps), std::end(kSteps), shape.max_step_ms);
    at_ms += kSteps[Draw(random, 0, end - std::begin(kSteps) - 1)];
    events.push_back(RandomEvent(random, shape, n, at_ms));
    if (Draw(random, 0, 2) == 0) AddNeed(random, events.back());
  }
  return events;
}

namespace {

void AddNotice(Random& random, v1::InteractionEvent& event) {
  const int64_t at_ms = event.occurred_at_ms();
  v1::Notice& notice = *event.mutable_control()->mutable_notice();
  notice.set_notice_id("n" + std::to_string(Draw(random, 0, 2)));
  if (Draw(random, 0, 2) == 0) notice.add_areas("north");
  if (Draw(random, 0, 2) == 0) notice.add_segments("launch");
  if (Draw(random, 0, 2) == 0) notice.set_touchpoint_id("n0");
  if (Draw(random, 0, 4) > 0) notice.set_due_at_ms(at_ms + Draw(random, -5, 3000));
  if (Draw(random, 0, 3) == 0) notice.set_starts_at_ms(at_ms + Draw(random, 0, 900));
  if (Draw(random, 0, 3) == 0) notice.set_fulfilled_at_ms(at_ms + Draw(random, -900, 3000));
  notice.set_withdrawn(Draw(random, 0, 6) == 0);
}

void AddBaseline(Random& random, v1::InteractionEvent& event) {
  v1::Baseline& baseline = *event.mutable_control()->mutable_baseline();
  baseline.set_version("b" + std::to_string(Draw(random, 0, 2)));
  for (int64_t n = Draw(random, 0, 12); n > 0; --n) {
    v1::Baseline::Cell& cell = *baseline.add_cells();
    cell.set_tenant_id("acme");
    cell.set_queue_id(Draw(random, 0, 1) == 0 ? "q0" : "q1");
    cell.set_channel(static_cast<int>(Draw(random, 0, 2)));
    cell.set_hour(static_cast<uint32_t>(event.occurred_at_ms() / 3'600'000 % 24));
    cell.set_wait_ms(Draw(random, 0, 200));
    cell.set_waits(Draw(random, 1, 9));
  }
}

}  // namespace

std::vector<v1::InteractionEvent> RandomAnnouncements(Random& random, int64_t first_ms,
                                                      int64_t last_ms) {
  std::vector<v1::InteractionEvent> announced;
  int64_t at_ms = kEpoch + first_ms;
  for (int64_t n = Draw(random, 0, 4); n > 0; --n) {
    at_ms += Draw(random, 0, (last_ms - first_ms) / n);
    v1::InteractionEvent& event = announced.emplace_back();
    event.set_event_id("n" + std::to_string(n));
    event.set_source("test");
    event.set_tenant_id("acme");
    event.set_occurred_at_ms(at_ms);
    if (Draw(random, 0, 2) == 0) {
      AddBaseline(random, event);
    } else {
      AddNotice(random, event);
    }
  }
  return announced;
}

std::vector<v1::InteractionEvent> Shuffle(Random& random,
                                          const std::vector<v1::InteractionEvent>& events) {
  std::vector<std::pair<int64_t, size_t>> arrivals;
  for (size_t i = 0; i < events.size(); ++i) {
    arrivals.emplace_back(events[i].occurred_at_ms() + Draw(random, 0, kLateness), i);
  }
  std::sort(arrivals.begin(), arrivals.end());
  std::vector<v1::InteractionEvent> shuffled;
  for (const auto& [arrival, i] : arrivals) shuffled.push_back(events[i]);
  return shuffled;
}

std::vector<v1::InteractionEvent> Duplicate(Random& random,
                                            std::vector<v1::InteractionEvent> events) {
  for (size_t i = 0; i < events.size(); ++i) {
    if (Draw(random, 0, 4) != 0) continue;
    const size_t place = std::min(events.size(), i + static_cast<size_t>(Draw(random, 1, 6)));
    events.insert(events.begin() + static_cast<ptrdiff_t>(place), events[i]);
  }
  return events;
}

}  // namespace peakend::runtime
