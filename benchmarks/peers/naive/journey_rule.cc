#include "benchmarks/peers/naive/journey_rule.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace peakend::peers {
namespace {

constexpr int64_t kSilenceMs = 1'800'000;
constexpr double kAlertBelow = -0.4;
constexpr double kRecoverAbove = -0.2;

// Halves go up, in every language the same.
int32_t Milli(double value) { return static_cast<int32_t>(std::floor(value * 1000 + 0.5)); }

double Score(const JourneyState& state) {
  return 0.1 * (state.worst_milli / 1000.0) + 0.9 * state.tail;
}

void FillJourney(const std::string& customer, const JourneyState& state, Journey& journey) {
  journey.set_customer(customer);
  journey.set_start_ms(state.start_ms);
  journey.set_end_ms(state.last_ms);
  journey.set_count(state.count);
  journey.set_sum_milli(state.sum_milli);
  journey.set_worst_milli(state.worst_milli);
  journey.set_best_milli(state.best_milli);
  journey.set_tail_milli(Milli(state.tail));
  journey.set_score_milli(Milli(Score(state)));
}

void FillAlert(const Event& event, const JourneyState& state, double score, Alert& alert) {
  alert.set_id(event.customer() + "/" + std::to_string(state.start_ms) + "/score");
  alert.set_customer(event.customer());
  alert.set_at_ms(event.occurred_ms());
  alert.set_score_milli(Milli(score));
  alert.set_worst_milli(state.worst_milli);
  alert.set_tail_milli(Milli(state.tail));
  alert.set_rule("score");
  alert.set_cause_event(event.id());
}

void Count(const Event& event, JourneyState& state) {
  const int32_t milli = event.valence_milli();
  const double valence = milli / 1000.0;
  if (state.count == 0) {
    state.start_ms = event.occurred_ms();
    state.tail = valence;
    state.worst_milli = state.best_milli = milli;
  } else {
    state.tail = 0.75 * state.tail + 0.25 * valence;
    state.worst_milli = std::min(state.worst_milli, milli);
    state.best_milli = std::max(state.best_milli, milli);
  }
  ++state.count;
  state.sum_milli += milli;
  state.last_ms = event.occurred_ms();
}

}  // namespace

StepOutput Step(const Event& event, JourneyState& state, Journey& journey, Alert& alert) {
  StepOutput output;
  if (state.count > 0 && event.occurred_ms() - state.last_ms > kSilenceMs) {
    FillJourney(event.customer(), state, journey);
    output.journey = true;
    const bool changed = state.changed;
    state = JourneyState{};
    state.changed = changed;
  }
  Count(event, state);
  const double score = Score(state);
  if (!state.alerted && score < kAlertBelow) {
    FillAlert(event, state, score, alert);
    output.alert = state.alerted = true;
  } else if (state.alerted && score > kRecoverAbove) {
    state.alerted = false;
  }
  return output;
}

CustomerState ToRecord(const JourneyState& state) {
  CustomerState record;
  record.set_start_ms(state.start_ms);
  record.set_last_ms(state.last_ms);
  record.set_count(state.count);
  record.set_sum_milli(state.sum_milli);
  record.set_worst_milli(state.worst_milli);
  record.set_best_milli(state.best_milli);
  record.set_tail(state.tail);
  record.set_alerted(state.alerted);
  return record;
}

JourneyState FromRecord(const CustomerState& record) {
  return {.start_ms = record.start_ms(),
          .last_ms = record.last_ms(),
          .count = record.count(),
          .sum_milli = record.sum_milli(),
          .worst_milli = record.worst_milli(),
          .best_milli = record.best_milli(),
          .tail = record.tail(),
          .alerted = record.alerted()};
}

}  // namespace peakend::peers
