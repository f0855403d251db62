// The columns that rows of moments and touchpoints have of a piece of evidence.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_PUBLISH_ROWS_EVIDENCE_COLUMNS_H_
#define PEAKEND_PROCESSORS_PUBLISH_ROWS_EVIDENCE_COLUMNS_H_

#include <string>

#include "peakend/v1/experience.pb.h"
#include "processors/journey/cause.h"
#include "processors/journey/contact.h"
#include "processors/publish/rows/attribution.h"

namespace peakend::publish {

// Sets cause, attribution, dimension, class and expectation of `row`.
template <typename Row>
void FillEvidenceColumns(const v1::Evidence& evidence, const journey::Contact& contact, Row* row) {
  row->set_event_id(evidence.event_id());
  row->set_cause(evidence.cause());
  const journey::Cause cause =
      journey::CauseNamed(evidence.cause()).value_or(journey::Cause::kTurn);
  row->set_attributed_to(std::string(AttributedTo(cause, contact)));
  if (evidence.has_confidence()) row->set_confidence(evidence.confidence());
  row->set_servqual(evidence.servqual());
  row->set_kano(evidence.kano());
  if (evidence.has_gap()) row->set_gap(evidence.gap());
  row->set_expectation_basis(evidence.basis());
  if (evidence.has_actual()) row->set_actual(evidence.actual());
  if (evidence.has_desired()) row->set_desired(evidence.desired());
  if (evidence.has_adequate()) row->set_adequate(evidence.adequate());
}

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_ROWS_EVIDENCE_COLUMNS_H_
