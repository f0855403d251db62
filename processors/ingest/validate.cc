#include "processors/ingest/validate.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace peakend::ingest {
namespace {

using Problem = std::optional<Reject>;

Problem CheckId(const std::string& id, std::string_view field) {
  if (id.size() > kMaxIdBytes) return Reject{v1::FIELD_TOO_LONG, field};
  return std::nullopt;
}

Problem CheckIds(const v1::InteractionEvent& event) {
  const bool control = event.payload_case() == v1::InteractionEvent::kControl;
  if (event.event_id().empty() && !control) return Reject{v1::NO_EVENT_ID, "event_id"};
  if (auto problem = CheckId(event.event_id(), "event_id")) return problem;
  if (auto problem = CheckId(event.source(), "source")) return problem;
  if (auto problem = CheckId(event.tenant_id(), "tenant_id")) return problem;
  if (auto problem = CheckId(event.customer().customer_id(), "customer.customer_id")) {
    return problem;
  }
  if (auto problem = CheckId(event.contact().contact_id(), "contact.contact_id")) return problem;
  if (auto problem = CheckId(event.queue().id(), "queue.id")) return problem;
  return CheckId(event.agent().id(), "agent.id");
}

// A number that is present must be finite and within [min, max].
Problem CheckNumber(bool present, double value, double min, double max, std::string_view field) {
  if (!present) return std::nullopt;
  if (!std::isfinite(value)) return Reject{v1::NOT_A_NUMBER, field};
  if (value < min || value > max) return Reject{v1::OUT_OF_RANGE, field};
  return std::nullopt;
}

// Any finite number will do: its scale is the source's own.
constexpr double kAny = 1e300;

// A raw answer and the scale that it stands on.
struct OnScale {
  bool has_raw, has_min, has_max;
  double raw, min, max;
  bool complete() const { return has_raw && has_min && has_max; }
};

template <typename M>
OnScale ScaleOf(const M& m) {
  return {m.has_raw(), m.has_raw_min(), m.has_raw_max(), m.raw(), m.raw_min(), m.raw_max()};
}

Problem CheckScale(const OnScale& s, std::string_view field) {
  if (auto problem = CheckNumber(s.has_raw, s.raw, -kAny, kAny, field)) return problem;
  if (auto problem = CheckNumber(s.has_min, s.min, -kAny, kAny, field)) return problem;
  if (auto problem = CheckNumber(s.has_max, s.max, -kAny, kAny, field)) return problem;
  if (s.has_min && s.has_max && !(s.min < s.max)) return Reject{v1::OUT_OF_RANGE, field};
  if (s.complete() && (s.raw < s.min || s.raw > s.max)) return Reject{v1::OUT_OF_RANGE, field};
  return std::nullopt;
}

Problem CheckSentiment(const v1::Sentiment& s) {
  if (auto problem = CheckNumber(s.has_score(), s.score(), -1, 1, "sentiment.score")) {
    return problem;
  }
  if (auto problem = CheckScale(ScaleOf(s), "sentiment.raw")) return problem;
  if (auto problem =
          CheckNumber(s.has_magnitude(), s.magnitude(), 0, kAny, "sentiment.magnitude")) {
    return problem;
  }
  return CheckNumber(s.has_confidence(), s.confidence(), 0, 1, "sentiment.confidence");
}

void Normalize(v1::Sentiment& s) {
  const OnScale scale = ScaleOf(s);
  if (!s.has_score() && scale.complete()) {
    s.set_score(OnUnitScale(scale.raw, scale.min, scale.max));
  }
}

Problem CheckTurn(v1::Turn& turn) {
  if (auto problem =
          CheckNumber(turn.has_loudness(), turn.loudness(), -kAny, kAny, "turn.loudness")) {
    return problem;
  }
  if (!turn.has_sentiment()) return std::nullopt;
  if (auto problem = CheckSentiment(turn.sentiment())) return problem;
  Normalize(*turn.mutable_sentiment());
  return std::nullopt;
}

Problem CheckActivity(const v1::Activity& a) {
  const OnScale rating{a.has_rating(), a.has_rating_min(), a.has_rating_max(),
                       a.rating(),     a.rating_min(),     a.rating_max()};
  return CheckScale(rating, "activity.rating");
}

Problem CheckLifecycle(const v1::Lifecycle& l) {
  const auto negative = [](bool present, int64_t value) { return present && value < 0; };
  if (negative(l.has_duration_ms(), l.duration_ms())) {
    return Reject{v1::OUT_OF_RANGE, "lifecycle.duration_ms"};
  }
  if (negative(l.has_wait_ms(), l.wait_ms())) return Reject{v1::OUT_OF_RANGE, "lifecycle.wait_ms"};
  return std::nullopt;
}

}  // namespace

double OnUnitScale(double raw, double min, double max) {
  return std::clamp(2 * (raw - min) / (max - min) - 1, -1.0, 1.0);
}

std::optional<Reject> Validate(v1::InteractionEvent& event) {
  if (auto problem = CheckIds(event)) return problem;
  switch (event.payload_case()) {
    case v1::InteractionEvent::kTurn:
      return CheckTurn(*event.mutable_turn());
    case v1::InteractionEvent::kLifecycle:
      return CheckLifecycle(event.lifecycle());
    case v1::InteractionEvent::kSignal:
      return CheckNumber(event.signal().has_value(), event.signal().value(), -kAny, kAny,
                         "signal.value");
    case v1::InteractionEvent::kSurvey:
      return CheckScale(ScaleOf(event.survey()), "survey.raw");
    case v1::InteractionEvent::kActivity:
      return CheckActivity(event.activity());
    case v1::InteractionEvent::kContactSummary:
      return event.contact_summary().has_sentiment()
                 ? CheckSentiment(event.contact_summary().sentiment())
                 : std::nullopt;
    default:
      return std::nullopt;
  }
}

}  // namespace peakend::ingest
