#include "processors/ingest/validate.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>

namespace peakend::ingest {
namespace {

using Problem = std::optional<Reject>;

Problem CheckId(std::string_view id, std::string_view field) {
  if (id.size() > kMaxIdBytes) return Reject{v1::FIELD_TOO_LONG, field};
  return std::nullopt;
}

// Of a customer, or of an identity's home, which may hold the id of a customer.
Problem CheckNode(std::string_view id, std::string_view field) {
  constexpr std::string_view kHomeOfCustomer = "/c/";
  if (IsReserved(id) && id.size() <= kHomeOfCustomer.size() + kMaxIdBytes) return std::nullopt;
  return CheckId(id, field);
}

Problem CheckIds(const EventView& event) {
  const bool control = event.payload == v1::InteractionEvent::kControl;
  if (event.event_id.empty() && !control) return Reject{v1::NO_EVENT_ID, "event_id"};
  if (auto problem = CheckId(event.event_id, "event_id")) return problem;
  if (auto problem = CheckId(event.source, "source")) return problem;
  if (auto problem = CheckId(event.tenant_id, "tenant_id")) return problem;
  const auto check_customer = event.identity ? CheckNode : CheckId;
  if (auto problem = check_customer(event.customer_id, "customer.customer_id")) return problem;
  if (auto problem = CheckId(event.contact_id, "contact.contact_id")) return problem;
  if (auto problem = CheckId(event.leg_id, "contact.leg_id")) return problem;
  if (auto problem = CheckId(event.promise.id, "promise.promise_id")) return problem;
  if (auto problem = CheckId(event.alert_action.actor_id, "alert_action.actor_id")) return problem;
  if (auto problem = CheckId(event.queue_id, "queue.id")) return problem;
  if (auto problem = CheckId(event.tier, "customer.tier")) return problem;
  if (auto problem = CheckId(event.touchpoint_id, "touchpoint.touchpoint_id")) return problem;
  if (auto problem = CheckId(event.area, "area")) return problem;
  return CheckId(event.agent_id, "agent.id");
}

// A number that is present must be finite and within [min, max].
Problem CheckNumber(std::optional<double> number, double min, double max, std::string_view field) {
  if (!number) return std::nullopt;
  if (!std::isfinite(*number)) return Reject{v1::NOT_A_NUMBER, field};
  if (*number < min || *number > max) return Reject{v1::OUT_OF_RANGE, field};
  return std::nullopt;
}

// Any finite number will do: its scale is the source's own.
constexpr double kAny = 1e300;

Problem CheckScale(const ScaleView& s, std::string_view field) {
  if (auto problem = CheckNumber(s.raw, -kAny, kAny, field)) return problem;
  if (auto problem = CheckNumber(s.min, -kAny, kAny, field)) return problem;
  if (auto problem = CheckNumber(s.max, -kAny, kAny, field)) return problem;
  if (s.min && s.max && !(*s.min < *s.max)) return Reject{v1::OUT_OF_RANGE, field};
  if (s.complete() && (*s.raw < *s.min || *s.raw > *s.max)) return Reject{v1::OUT_OF_RANGE, field};
  return std::nullopt;
}

Problem CheckSentiment(const SentimentView& s) {
  if (auto problem = CheckId(s.producer, "sentiment.producer")) return problem;
  if (auto problem = CheckNumber(s.score, -1, 1, "sentiment.score")) return problem;
  if (auto problem = CheckScale(s.scale, "sentiment.raw")) return problem;
  if (auto problem = CheckNumber(s.magnitude, 0, kAny, "sentiment.magnitude")) return problem;
  return CheckNumber(s.confidence, 0, 1, "sentiment.confidence");
}

void Normalize(SentimentView& s) {
  if (!s.score && s.scale.complete()) {
    s.score = OnUnitScale(*s.scale.raw, *s.scale.min, *s.scale.max);
  }
}

Problem CheckTurn(EventView& event) {
  if (auto problem = CheckNumber(event.turn.loudness, -kAny, kAny, "turn.loudness")) return problem;
  if (!event.sentiment) return std::nullopt;
  if (auto problem = CheckSentiment(*event.sentiment)) return problem;
  Normalize(*event.sentiment);
  return std::nullopt;
}

Problem CheckLifecycle(const LifecycleView& l) {
  if (l.duration_ms.value_or(0) < 0) return Reject{v1::OUT_OF_RANGE, "lifecycle.duration_ms"};
  if (l.wait_ms.value_or(0) < 0) return Reject{v1::OUT_OF_RANGE, "lifecycle.wait_ms"};
  if (l.announced_wait_ms.value_or(0) < 0) {
    return Reject{v1::OUT_OF_RANGE, "lifecycle.announced_wait_ms"};
  }
  return std::nullopt;
}

template <typename Ids>
Problem CheckIdsOf(const Ids& ids, std::string_view field) {
  const auto too_long = [&](const std::string& id) { return id.size() > kMaxIdBytes; };
  if (std::any_of(ids.begin(), ids.end(), too_long)) return Reject{v1::FIELD_TOO_LONG, field};
  return std::nullopt;
}

Problem CheckNoticeTime(int64_t at_ms, std::string_view field) {
  // Far beyond the year 9999, and still no sum of it and a window leaves 64 bits.
  constexpr int64_t kLastMs = 1'000'000'000'000'000;
  if (at_ms < 0 || at_ms > kLastMs) return Reject{v1::OUT_OF_RANGE, field};
  return std::nullopt;
}

Problem CheckNotice(const v1::Notice& notice) {
  constexpr int kMostAddressees = 100;
  if (notice.notice_id().empty()) return Reject{v1::MISSING_FIELD, "control.notice.notice_id"};
  if (auto problem = CheckId(notice.notice_id(), "control.notice.notice_id")) return problem;
  if (auto problem = CheckId(notice.touchpoint_id(), "control.notice.touchpoint_id")) {
    return problem;
  }
  if (auto problem = CheckIdsOf(notice.areas(), "control.notice.areas")) return problem;
  if (auto problem = CheckIdsOf(notice.segments(), "control.notice.segments")) return problem;
  if (notice.areas_size() > kMostAddressees) {
    return Reject{v1::OUT_OF_RANGE, "control.notice.areas"};
  }
  if (notice.segments_size() > kMostAddressees) {
    return Reject{v1::OUT_OF_RANGE, "control.notice.segments"};
  }
  if (auto problem = CheckNoticeTime(notice.starts_at_ms(), "control.notice.starts_at_ms")) {
    return problem;
  }
  if (auto problem = CheckNoticeTime(notice.due_at_ms(), "control.notice.due_at_ms")) {
    return problem;
  }
  return CheckNoticeTime(notice.fulfilled_at_ms(), "control.notice.fulfilled_at_ms");
}

Problem CheckBaseline(const v1::Baseline& baseline) {
  constexpr int kMostCells = 4096;
  constexpr uint32_t kLastHour = 23;
  constexpr int64_t kLongestMs = int64_t{400} * 86'400'000;
  if (baseline.version().empty()) return Reject{v1::MISSING_FIELD, "control.baseline.version"};
  if (auto problem = CheckId(baseline.version(), "control.baseline.version")) return problem;
  if (baseline.cells_size() > kMostCells) return Reject{v1::OUT_OF_RANGE, "control.baseline.cells"};
  for (const v1::Baseline::Cell& cell : baseline.cells()) {
    if (auto problem = CheckId(cell.tenant_id(), "control.baseline.cells.tenant_id")) {
      return problem;
    }
    if (auto problem = CheckId(cell.queue_id(), "control.baseline.cells.queue_id")) return problem;
    if (cell.hour() > kLastHour) return Reject{v1::OUT_OF_RANGE, "control.baseline.cells.hour"};
    if (cell.wait_ms() < 0 || cell.wait_ms() > kLongestMs) {
      return Reject{v1::OUT_OF_RANGE, "control.baseline.cells.wait_ms"};
    }
  }
  return std::nullopt;
}

// What stands in it is for whoever goes by it to judge.
Problem CheckPolicy(const v1::PolicyRecord& record) {
  constexpr size_t kMostBytes = 256 * 1024;
  if (record.stamp().empty()) return Reject{v1::MISSING_FIELD, "control.policy.stamp"};
  if (!record.has_policy()) return Reject{v1::MISSING_FIELD, "control.policy.policy"};
  if (record.ByteSizeLong() > kMostBytes) return Reject{v1::TOO_LARGE, "control.policy"};
  return std::nullopt;
}

Problem CheckLabel(const v1::Label& label) {
  constexpr int kLongestWay = 9;
  constexpr std::string_view kCustomer = "control.identity.label.customer_id";
  if (auto problem = CheckId(label.customer_id(), kCustomer)) return problem;
  // Customers follow a label; nobody can follow a home.
  if (IsReserved(label.customer_id())) return Reject{v1::OUT_OF_RANGE, kCustomer};
  if (label.way_size() > kLongestWay) return Reject{v1::OUT_OF_RANGE, "control.identity.label.way"};
  return std::nullopt;
}

// What stands in a part is for the reader of parts to judge.
Problem CheckIdentity(const v1::IdentityRecord& record) {
  constexpr std::string_view kFrom = "control.identity.from";
  // A kind of a later version is nothing to us.
  if (record.kind_case() == v1::IdentityRecord::KIND_NOT_SET) return std::nullopt;
  if (record.from().empty() && !record.has_unmerge()) return Reject{v1::MISSING_FIELD, kFrom};
  if (auto problem = CheckNode(record.from(), kFrom)) return problem;
  if (record.has_event() && record.event().event().empty()) {
    return Reject{v1::MISSING_FIELD, "control.identity.event.event"};
  }
  return record.has_label() ? CheckLabel(record.label()) : std::nullopt;
}

}  // namespace

double OnUnitScale(double raw, double min, double max) {
  return std::clamp(2 * (raw - min) / (max - min) - 1, -1.0, 1.0);
}

std::optional<Reject> Validate(EventView& event) {
  if (auto problem = CheckIds(event)) return problem;
  switch (event.payload) {
    case v1::InteractionEvent::kTurn:
      return CheckTurn(event);
    case v1::InteractionEvent::kLifecycle:
      return CheckLifecycle(event.lifecycle);
    case v1::InteractionEvent::kSignal:
      return CheckNumber(event.signal.value, -kAny, kAny, "signal.value");
    case v1::InteractionEvent::kSurvey:
      return CheckScale(event.scale, "survey.raw");
    case v1::InteractionEvent::kActivity:
      return CheckScale(event.scale, "activity.rating");
    case v1::InteractionEvent::kControl:
      if (event.notice) return CheckNotice(*event.notice);
      if (event.identity) return CheckIdentity(*event.identity);
      if (event.policy) return CheckPolicy(*event.policy);
      return event.baseline ? CheckBaseline(*event.baseline) : std::nullopt;
    case v1::InteractionEvent::kContactSummary:
      return event.sentiment ? CheckSentiment(*event.sentiment) : std::nullopt;
    default:
      return std::nullopt;
  }
}

}  // namespace peakend::ingest
