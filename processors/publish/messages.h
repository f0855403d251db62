// Decisions of the engine as output messages.
//
// Each function fills a message that the caller reuses; row_version and source
// coordinates are left to the caller. Event ids are copied, customer text never
// appears.
#ifndef PEAKEND_PROCESSORS_PUBLISH_MESSAGES_H_
#define PEAKEND_PROCESSORS_PUBLISH_MESSAGES_H_

#include "absl/types/span.h"
#include "peakend/v1/alert.pb.h"
#include "peakend/v1/journey.pb.h"
#include "peakend/v1/moment.pb.h"
#include "processors/alerts/alert_book.h"
#include "processors/journey/contact_set.h"
#include "processors/moments/parts.h"
#include "processors/publish/customer_state.h"
#include "processors/publish/policy.h"

namespace peakend::publish {

// A contact or a journey of a customer, assessed.
struct Assessed {
  const CustomerState& customer;
  const Policy& policy;
  absl::Span<const journey::Contact> contacts;
  const moments::Parts& parts;
  journey::Identifier id;          // of the contact or journey
  journey::Identifier journey_id;  // of the journey
  journey::Identifier previous_journey;
  v1::EndGrade grade = v1::CONTACT_END;

  bool is_journey() const { return grade != v1::CONTACT_END; }
};

void FillJourney(const Assessed& assessed, const journey::SurveyAnswer* survey,
                 v1::Journey* journey);

// Returns the contact in which it happened; null, and leaves `moment` undefined, when there is no
// such moment.
const journey::Contact* FillMoment(const Assessed& assessed, v1::MomentKind kind,
                                   v1::Moment* moment);

// `contact` is the contact of `transition`, within assessed.contacts (the journey's).
void FillAlert(const Assessed& assessed, const alerts::Transition& transition,
               const journey::Contact& contact, v1::Alert* alert);

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_MESSAGES_H_
