#include "processors/publish/rows/attribution.h"

namespace peakend::publish {

std::string_view AttributedTo(journey::Cause cause, const journey::Contact& contact,
                              std::string_view touchpoint_id, const Policy& policy) {
  const absl::string_view touchpoint(touchpoint_id.data(), touchpoint_id.size());
  if (policy.partner_touchpoints.contains(touchpoint)) return "partner";
  using enum journey::Cause;
  switch (cause) {
    case kQueueWait:
    case kAnnouncedWaitExceeded:
    case kFirstResponse:
    case kAbandoned:
    case kWrongSkill:
      return "queue";
    case kNotUnderstood:
    case kHumanRefused:
      return "bot";
    case kDropped:
    case kPageError:
    case kPoorAudio:
    case kAuthenticatedAgain:
    case kNoticeBroken:
    case kLowReview:
    case kOutsideComplaint:
    case kRepeatContact:
    case kReturned:
    case kOrderReturned:
    case kOrderCancelled:
    case kLeftService:
    case kRenewed:
      return "system";
    default:
      break;
  }
  if (contact.human_at_ms()) return "agent";
  return contact.answered_at_ms() ? "bot" : "queue";
}

}  // namespace peakend::publish
