// A journey's emotion as a picture of characters: the impressions one after the other, the
// valence upwards.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_EXPLAIN_CURVE_H_
#define PEAKEND_PROCESSORS_EXPLAIN_CURVE_H_

#include <string>
#include <vector>

#include "peakend/v1/explanation.pb.h"
#include "processors/explain/language.h"

namespace peakend::explain {

struct CurveOptions {
  Language language = Language::kEnglish;
  // The terminal shows UTF-8; else ASCII alone.
  bool utf8 = true;
  // Of the picture without its scale, in columns; at least 8. Of more impressions neighbours
  // share a column, in which the strongest is shown, and a peak always.
  int columns = 64;
};

// Lines without line feeds, the last ones a legend; none when there was no impression and no
// end. Below the picture stands, where a contact begins, its number.
std::vector<std::string> DrawCurve(const v1::Explanation& told, const CurveOptions& options);

}  // namespace peakend::explain

#endif  // PEAKEND_PROCESSORS_EXPLAIN_CURVE_H_
