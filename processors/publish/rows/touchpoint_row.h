// Impressions as flat rows: turns as they come, and what the service did in a contact.
#ifndef PEAKEND_PROCESSORS_PUBLISH_ROWS_TOUCHPOINT_ROW_H_
#define PEAKEND_PROCESSORS_PUBLISH_ROWS_TOUCHPOINT_ROW_H_

#include "peakend/bi/v1/touchpoint_row.pb.h"
#include "processors/journey/event_facts.h"
#include "processors/journey/identifier.h"
#include "processors/publish/messages.h"

namespace peakend::publish {

// Where an impression was made.
struct TouchpointPlace {
  const journey::Contact& contact;
  journey::Identifier contact_key;
  journey::Identifier journey_id;
};

// Of a customer's turn with a feeling; all but its id.
// REQUIRES: facts.affect.
void FillTouchpointRow(const journey::EventFacts& facts, const TouchpointPlace& place,
                       bi::v1::TouchpointRow* row);

// Of what the service did in the contact that `assessed` is; all but its id.
void FillTouchpointRow(const Assessed& assessed, const moments::ServiceImpression& made,
                       bi::v1::TouchpointRow* row);

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_ROWS_TOUCHPOINT_ROW_H_
