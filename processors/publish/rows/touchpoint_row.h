// Impressions as flat rows: turns as they come, and what the service did in a contact.
#ifndef PEAKEND_PROCESSORS_PUBLISH_ROWS_TOUCHPOINT_ROW_H_
#define PEAKEND_PROCESSORS_PUBLISH_ROWS_TOUCHPOINT_ROW_H_

#include "processors/journey/event_facts.h"
#include "processors/journey/identifier.h"
#include "processors/journey/record_bytes.h"
#include "processors/publish/messages.h"

namespace peakend::publish {

// Where an impression was made.
struct TouchpointPlace {
  const journey::Contact& contact;
  journey::Identifier contact_key;
  journey::Identifier journey_id;
  const Policy& policy;
};

// The own columns of a customer's turn with a feeling.
// REQUIRES: facts.affect.
void FillTouchpointRow(const journey::EventFacts& facts, const TouchpointPlace& place,
                       journey::RecordBytes& row);

// Those of what the service did in the contact that `assessed` is.
void FillTouchpointRow(const Assessed& assessed, const moments::ServiceImpression& made,
                       journey::RecordBytes& row);

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_ROWS_TOUCHPOINT_ROW_H_
