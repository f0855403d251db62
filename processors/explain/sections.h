// The sections of an explanation's text, in their order.
//
// Each adds its lines to `lines`, and nothing at all when there is nothing to tell.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_EXPLAIN_SECTIONS_H_
#define PEAKEND_PROCESSORS_EXPLAIN_SECTIONS_H_

#include "peakend/v1/explanation.pb.h"
#include "processors/explain/text_lines.h"

namespace peakend::explain {

// Why it came, for whom, what became of it.
void AddAlert(const v1::Explanation& told, TextLines& lines);
// Who, when, which contacts; how certain the explanation is.
void AddJourney(const v1::Explanation& told, TextLines& lines);
// One by one, numbered from 1 in order of time.
void AddImpressions(const v1::Explanation& told, TextLines& lines);
void AddMoments(const v1::Explanation& told, TextLines& lines);
// The formula with its numbers, and what stands beside it.
void AddScore(const v1::Explanation& told, TextLines& lines);
// Gaps by dimension, promises, memory, outcome.
void AddBeside(const v1::Explanation& told, TextLines& lines);

}  // namespace peakend::explain

#endif  // PEAKEND_PROCESSORS_EXPLAIN_SECTIONS_H_
