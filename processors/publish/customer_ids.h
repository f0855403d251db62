// Ids of a customer's contacts and journeys.
#ifndef PEAKEND_PROCESSORS_PUBLISH_CUSTOMER_IDS_H_
#define PEAKEND_PROCESSORS_PUBLISH_CUSTOMER_IDS_H_

#include "processors/journey/contact_set.h"
#include "processors/journey/journey_id.h"
#include "processors/publish/customer_state.h"

namespace peakend::publish {

inline journey::Identifier IdOf(const CustomerState& customer, const journey::JourneySpan& span) {
  return journey::JourneyId(customer.tenant_id(), customer.customer_id(), span.first);
}

inline journey::Identifier IdOf(const CustomerState& customer, const journey::Contact& contact) {
  return journey::ContactKey(customer.tenant_id(), customer.customer_id(), contact);
}

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_CUSTOMER_IDS_H_
