#include "tests/simulation/workload.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/runtime/engine/condition_rules.h"
#include "tests/runtime/engine/short_hours.h"
#include "tests/simulation/random_policy.h"

namespace peakend::simulation {

publish::Policy SmallPolicy() {
  publish::Policy policy;
  policy.stamp = "simulation@1+00000000";
  policy.formula = "experience";
  alerts::Rule negative_peak;
  negative_peak.name = "negative_peak";
  negative_peak.trigger = alerts::Trigger::kImpression;
  negative_peak.enter = -500'000'000;
  negative_peak.exit = 0;
  negative_peak.urgency = v1::Alert::INTERRUPT;
  alerts::Rule score_low;
  score_low.name = "score_low";
  alerts::Rule abandoned;
  abandoned.name = "abandoned";
  abandoned.trigger = alerts::Trigger::kAbandoned;
  policy.rules = runtime::WithConditions({negative_peak, score_low, abandoned});
  policy.openings = runtime::OneOpeningOfEach();
  policy.phrases = runtime::SomePhrases();
  policy.budget = {300, 3};
  policy.model.experience.calendars = runtime::ShortHours(1);
  policy.windows.contact_gap_ms = 300;
  policy.windows.contact_gap_email_ms = 900;
  policy.windows.max_out_of_orderness_ms = 50;
  policy.windows.allowed_lateness_ms = 700;
  policy.windows.journey_gap_ms = 900;
  policy.windows.resolution_grace_ms = 800;
  policy.windows.journey_max_ms = 1'000'000'000;
  policy.windows.short_abandon_ms = 20;
  policy.windows.memory_ms = 4'000;
  policy.windows.amend_window_ms = 2'000;
  policy.windows.repeat_window_ms = 800;
  policy.windows.notice_window_ms = 600;
  policy.windows.statistics_window_ms = 900;
  policy.model.experience.own_waits = 2;
  policy.model.experience.baseline_waits = 5;
  policy.model.follow_up_within_ms = 700;
  policy.model.experience.expectations = {{journey::Cause::kQueueWait, "", 0, "", 30, 200},
                                          {journey::Cause::kFirstResponse, "", 0, "", 20, 100},
                                          {journey::Cause::kHold, "", 0, "", 10, 300},
                                          {journey::Cause::kSilence, "", 0, "", 5, 9}};
  return policy;
}

Workload::Workload(Random random, int64_t records, std::optional<LinkedCustomers> linked,
                   bool policies)
    : random_(random),
      records_(records),
      ten_years_ahead_(random_.Draw(0, records - 1)),
      linked_(std::move(linked)) {
  // A stream of its own: what else happens is the same with and without.
  if (policies) policies_ = Random(random.Next() ^ 0x73746174U);
}

void Workload::Fill(int64_t now_ms) {
  event_.Clear();
  event_.set_event_id(absl::StrCat("e", made_));
  event_.set_source("simulation");
  event_.set_tenant_id("acme");
  DrawCustomer();
  const int64_t age_ms =
      random_.Percent(6) ? random_.Draw(500, 3000) : random_.Draw(0, random_.Draw(0, 120));
  event_.set_occurred_at_ms(now_ms - age_ms);
  if (!random_.Percent(25)) {
    event_.mutable_contact()->set_contact_id(absl::StrCat("k", random_.Draw(0, 2)));
  }
  event_.set_channel(random_.Percent(50) ? v1::CHANNEL_CHAT : v1::CHANNEL_VOICE);
  static constexpr std::array<v1::Lifecycle::State, 11> kStates = {
      v1::Lifecycle::QUEUED,        v1::Lifecycle::CONNECTED,    v1::Lifecycle::ABANDONED,
      v1::Lifecycle::RESOLVED,      v1::Lifecycle::DISCONNECTED, v1::Lifecycle::EXPIRED,
      v1::Lifecycle::HOLD_START,    v1::Lifecycle::HOLD_END,     v1::Lifecycle::TRANSFER_DONE,
      v1::Lifecycle::AUTHENTICATED, v1::Lifecycle::WRAP_END,
  };
  if (random_.Percent(40)) {
    event_.set_direction(static_cast<v1::Direction>(random_.Draw(1, 2)));
    event_.mutable_contact()->set_case_id(absl::StrCat("n", random_.Draw(0, 1)));
    if (random_.Percent(50)) event_.mutable_customer()->set_tier("gold");
    if (random_.Percent(50)) event_.set_area("north/riverside");
    event_.mutable_queue()->set_id(absl::StrCat("q", random_.Draw(0, 1)));
  }
  const int64_t what = random_.Draw(0, 11);
  if (what < 2) {
    v1::Lifecycle& lifecycle = *event_.mutable_lifecycle();
    lifecycle.set_state(kStates[static_cast<size_t>(random_.Draw(0, 10))]);
    if (random_.Percent(50)) lifecycle.set_announced_wait_ms(random_.Draw(0, 300));
  } else if (what == 11) {
    v1::Promise& promise = *event_.mutable_promise();
    promise.set_promise_id(absl::StrCat("p", random_.Draw(0, 2)));
    promise.set_kind(v1::Promise::CALLBACK);
    const int64_t at_ms = event_.occurred_at_ms();
    if (random_.Percent(30)) {
      promise.set_fulfilled_at_ms(at_ms);
    } else {
      promise.set_due_at_ms(at_ms + random_.Draw(0, 2500));
    }
  } else if (what == 10) {
    v1::Signal& signal = *event_.mutable_signal();
    signal.set_kind(static_cast<v1::Signal::Kind>(random_.Draw(1, v1::Signal::Kind_MAX)));
    signal.set_value(static_cast<double>(random_.Draw(1, 12)));
  } else if (what == 2) {
    v1::Survey& survey = *event_.mutable_survey();
    survey.set_status(v1::Survey::ANSWERED);
    survey.set_raw(static_cast<double>(random_.Draw(1, 5)));
    survey.set_raw_min(1);
    survey.set_raw_max(5);
  } else {
    v1::Turn& turn = *event_.mutable_turn();
    turn.set_role(what == 3 ? v1::Turn::AGENT : v1::Turn::CUSTOMER);
    if (what < 5) {
      turn.set_text(runtime::kTexts[random_.Draw(0, std::ssize(runtime::kTexts) - 1)]);
    }
    const auto score = static_cast<double>(random_.Draw(-10, 10)) / 10;
    if (what != 3) turn.mutable_sentiment()->set_score(score);
  }
}

void Workload::DrawCustomer() {
  v1::Customer& customer = *event_.mutable_customer();
  if (linked_) return linked_->Introduce(random_.Draw(0, linked_->count() - 1), customer);
  customer.set_customer_id(absl::StrCat("c", random_.Draw(0, 9)));
}

Payload Workload::SetApart() {
  event_ = linked_->SetApart();
  Payload payload;
  payload.key = absl::StrCat("acme/", event_.customer().customer_id());
  event_.SerializeToString(&payload.value);
  return payload;
}

Payload Workload::Notice(int64_t now_ms) {
  event_.Clear();
  event_.set_event_id(absl::StrCat("e", made_));
  event_.set_source("simulation");
  event_.set_tenant_id("acme");
  event_.set_occurred_at_ms(now_ms - random_.Draw(0, 60));
  v1::Notice& notice = *event_.mutable_control()->mutable_notice();
  notice.set_notice_id(absl::StrCat("n", random_.Draw(0, 1)));
  if (random_.Percent(70)) notice.add_areas("north");
  if (random_.Percent(80)) notice.set_due_at_ms(now_ms + random_.Draw(-50, 700));
  notice.set_withdrawn(random_.Percent(15));
  Payload payload;
  payload.has_key = false;
  event_.SerializeToString(&payload.value);
  return payload;
}

Payload Workload::Baseline(int64_t now_ms) {
  event_.Clear();
  v1::Baseline& baseline = *event_.mutable_control()->mutable_baseline();
  baseline.set_version(absl::StrCat("b", random_.Draw(0, 9)));
  for (int64_t queue = 0; queue < 2; ++queue) {
    for (const int channel : {v1::CHANNEL_VOICE, v1::CHANNEL_CHAT}) {
      v1::Baseline::Cell& cell = *baseline.add_cells();
      cell.set_tenant_id("acme");
      cell.set_queue_id(absl::StrCat("q", queue));
      cell.set_channel(channel);
      cell.set_hour(static_cast<uint32_t>(now_ms / 3'600'000 % 24));
      cell.set_wait_ms(random_.Draw(0, 200));
      cell.set_waits(random_.Draw(1, 50));
    }
  }
  Payload payload;
  payload.has_key = false;
  event_.SerializeToString(&payload.value);
  return payload;
}

Payload Workload::Broken(Payload payload) {
  switch (random_.Draw(0, 3)) {
    case 0:
      payload.value.resize(payload.value.size() / 2);
      break;
    case 1:
      payload.value = "not an event";
      break;
    case 2:
      payload.has_value = false;
      payload.value.clear();
      break;
    default:
      payload.key = "acme/somebody-else";
  }
  payload.headers = {{"trace", absl::StrCat(made_)}};
  return payload;
}

SharedPayload Workload::Next(int64_t now_ms) {
  if (policies_ && policies_->Percent(2)) {
    Payload payload;
    payload.has_key = false;
    payload.value = VariedPolicyRecord(*policies_);
    return std::make_shared<Payload>(std::move(payload));
  }
  const bool ten_years_ahead = made_ == ten_years_ahead_;
  ++made_;
  if (!ten_years_ahead && !recent_.empty() && random_.Percent(5)) {
    return recent_[static_cast<size_t>(random_.Draw(0, static_cast<int64_t>(recent_.size()) - 1))];
  }
  if (!ten_years_ahead && random_.Percent(3)) return std::make_shared<Payload>(Notice(now_ms));
  if (!ten_years_ahead && random_.Percent(2)) return std::make_shared<Payload>(Baseline(now_ms));
  if (!ten_years_ahead && linked_ && random_.Percent(1)) {
    return std::make_shared<Payload>(SetApart());
  }
  Fill(now_ms);
  constexpr int64_t kTenYearsMs = int64_t{3652} * 86'400'000;
  if (ten_years_ahead) event_.set_occurred_at_ms(now_ms + kTenYearsMs);
  Payload payload;
  payload.key = absl::StrCat("acme/", event_.customer().customer_id());
  event_.SerializeToString(&payload.value);
  if (!ten_years_ahead && random_.Percent(3)) payload = Broken(std::move(payload));
  auto shared = std::make_shared<Payload>(std::move(payload));
  if (recent_.size() < 8) {
    recent_.push_back(shared);
  } else {
    recent_[static_cast<size_t>(random_.Draw(0, 7))] = shared;
  }
  return shared;
}

}  // namespace peakend::simulation
