// An explanation as lines for people, in English or Chinese.
//
// Ids, times and numbers; never a customer's words. Times are in UTC.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_EXPLAIN_EXPLANATION_TEXT_H_
#define PEAKEND_PROCESSORS_EXPLAIN_EXPLANATION_TEXT_H_

#include <string>

#include "peakend/v1/explanation.pb.h"
#include "processors/explain/curve.h"

namespace peakend::explain {

// Lines that end with a line feed.
std::string ExplanationText(const v1::Explanation& told, const CurveOptions& options);

}  // namespace peakend::explain

#endif  // PEAKEND_PROCESSORS_EXPLAIN_EXPLANATION_TEXT_H_
