// The columns that rows of moments and touchpoints have of a piece of evidence.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_PUBLISH_ROWS_EVIDENCE_COLUMNS_H_
#define PEAKEND_PROCESSORS_PUBLISH_ROWS_EVIDENCE_COLUMNS_H_

#include <string_view>

#include "peakend/v1/experience.pb.h"
#include "processors/journey/cause.h"
#include "processors/journey/contact.h"
#include "processors/journey/record_bytes.h"
#include "processors/publish/rows/attribution.h"

namespace peakend::publish {

// Whose doing it is; what has no known cause counts as a turn.
inline std::string_view AttributedTo(const v1::Evidence& evidence, const journey::Contact& contact,
                                     std::string_view touchpoint_id, const Policy& policy) {
  return AttributedTo(journey::CauseNamed(evidence.cause()).value_or(journey::Cause::kTurn),
                      contact, touchpoint_id, policy);
}

// Dimension, class and expectation. Row is the message of the row.
template <typename Row>
void FillExpectationColumns(const v1::Evidence& evidence, journey::RecordBytes& row) {
  row.Bytes(Row::kServqualFieldNumber, evidence.servqual());
  row.Bytes(Row::kKanoFieldNumber, evidence.kano());
  if (evidence.has_gap()) row.PresentDouble(Row::kGapFieldNumber, evidence.gap());
  row.Bytes(Row::kExpectationBasisFieldNumber, evidence.basis());
  if (evidence.has_actual()) row.PresentDouble(Row::kActualFieldNumber, evidence.actual());
  if (evidence.has_desired()) row.PresentDouble(Row::kDesiredFieldNumber, evidence.desired());
  if (evidence.has_adequate()) row.PresentDouble(Row::kAdequateFieldNumber, evidence.adequate());
}

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_ROWS_EVIDENCE_COLUMNS_H_
