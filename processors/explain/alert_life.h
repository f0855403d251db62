// How urgent an alert is and why, and what became of it.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_EXPLAIN_ALERT_LIFE_H_
#define PEAKEND_PROCESSORS_EXPLAIN_ALERT_LIFE_H_

#include "peakend/v1/explanation.pb.h"
#include "processors/explain/text_lines.h"

namespace peakend::explain {

void AddUrgency(const v1::AlertStory& story, TextLines& lines);

// Each revision.
void AddLife(const v1::AlertStory& story, TextLines& lines);

}  // namespace peakend::explain

#endif  // PEAKEND_PROCESSORS_EXPLAIN_ALERT_LIFE_H_
