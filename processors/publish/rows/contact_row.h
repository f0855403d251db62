// Contacts and their legs as flat rows.
#ifndef PEAKEND_PROCESSORS_PUBLISH_ROWS_CONTACT_ROW_H_
#define PEAKEND_PROCESSORS_PUBLISH_ROWS_CONTACT_ROW_H_

#include <cstddef>
#include <string>

#include "processors/journey/record_bytes.h"
#include "processors/publish/messages.h"

namespace peakend::publish {

// Key of a contact's row, or of that of its leg number `leg_no`, from 1; 0 = the whole contact.
std::string ContactRowId(const journey::Identifier& contact, size_t leg_no);

// The own columns of `assessed`, which is one contact.
void FillContactRow(const Assessed& assessed, journey::RecordBytes& row);

// Those of its leg number `leg_no`. The levels are those of the impressions that were made while
// that leg had the contact, as far as they are still kept (the 16 first, the 32 latest and the
// strongest); what ended the contact belongs to the leg that had it then.
// REQUIRES: 1 <= leg_no <= number of legs.
void FillLegRow(const Assessed& assessed, size_t leg_no, journey::RecordBytes& row);

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_ROWS_CONTACT_ROW_H_
