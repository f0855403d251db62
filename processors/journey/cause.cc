#include "processors/journey/cause.h"

#include <array>
#include <cstddef>

namespace peakend::journey {
namespace {

struct Traits {
  std::string_view name;
  Dimension dimension;
};

constexpr std::array<Traits, kCauses> kTraits = {{
    {"turn", Dimension::kNone},
    {"queue_wait", Dimension::kResponsiveness},
    {"announced_wait_exceeded", Dimension::kReliability},
    {"hold", Dimension::kResponsiveness},
    {"transferred", Dimension::kAssurance},
    {"authenticated_again", Dimension::kAssurance},
    {"wrong_skill", Dimension::kAssurance},
    {"not_understood", Dimension::kResponsiveness},
    {"human_refused", Dimension::kResponsiveness},
    {"interrupted", Dimension::kEmpathy},
    {"talked_over", Dimension::kEmpathy},
    {"silence", Dimension::kEmpathy},
    {"dropped", Dimension::kTangibles},
    {"page_error", Dimension::kTangibles},
    {"poor_audio", Dimension::kTangibles},
    {"low_review", Dimension::kNone},
    {"outside_complaint", Dimension::kNone},
    {"abandoned", Dimension::kResponsiveness},
    {"hung_up_on_hold", Dimension::kResponsiveness},
    {"resolved", Dimension::kReliability},
    {"promise_kept", Dimension::kReliability},
    {"promise_broken", Dimension::kReliability},
    {"promise_at_risk", Dimension::kReliability},
    {"first_response", Dimension::kResponsiveness},
    {"next_response", Dimension::kResponsiveness},
    {"unanswered", Dimension::kResponsiveness},
    {"left_unanswered", Dimension::kResponsiveness},
    {"repeat_contact", Dimension::kReliability},
    {"followed_up", Dimension::kEmpathy},
    {"recovered", Dimension::kEmpathy},
    {"returned", Dimension::kNone},
    {"notice_broken", Dimension::kReliability},
    {"order_returned", Dimension::kReliability},
    {"order_cancelled", Dimension::kReliability},
    {"left_service", Dimension::kReliability},
    {"renewed", Dimension::kReliability},
}};
static_assert(static_cast<int>(Cause::kRenewed) + 1 == kCauses);

constexpr std::array<std::string_view, 6> kDimensionNames = {
    "reliability", "responsiveness", "assurance", "empathy", "tangibles", ""};
constexpr std::array<std::string_view, 4> kKanoNames = {"basic", "performance", "excitement", ""};

}  // namespace

std::string_view CauseName(Cause cause) { return kTraits[static_cast<size_t>(cause)].name; }

std::string_view DimensionName(Dimension dimension) {
  return kDimensionNames[static_cast<size_t>(dimension)];
}

std::string_view KanoName(Kano kano) { return kKanoNames[static_cast<size_t>(kano)]; }

bool IsServiceCause(Cause cause) {
  switch (cause) {
    case Cause::kTurn:
    case Cause::kAbandoned:
    case Cause::kHungUpOnHold:
    case Cause::kResolved:
    case Cause::kPromiseAtRisk:
    case Cause::kLeftUnanswered:
    case Cause::kReturned:
      return false;
    default:
      return true;
  }
}

Dimension DimensionOf(Cause cause) { return kTraits[static_cast<size_t>(cause)].dimension; }

std::optional<Cause> CauseNamed(std::string_view name) {
  for (size_t i = 0; i < kTraits.size(); ++i) {
    if (kTraits[i].name == name) return static_cast<Cause>(i);
  }
  return std::nullopt;
}

std::optional<Kano> KanoNamed(std::string_view name) {
  if (name == "none") return Kano::kNone;
  for (size_t i = 0; i + 1 < kKanoNames.size(); ++i) {
    if (kKanoNames[i] == name) return static_cast<Kano>(i);
  }
  return std::nullopt;
}

}  // namespace peakend::journey
