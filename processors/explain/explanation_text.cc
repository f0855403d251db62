#include "processors/explain/explanation_text.h"

#include "processors/explain/sections.h"

namespace peakend::explain {

std::string ExplanationText(const v1::Explanation& told, const CurveOptions& options) {
  TextLines lines(options.language);
  AddAlert(told, lines);
  AddJourney(told, lines);
  if (const std::vector<std::string> curve = DrawCurve(told, options); !curve.empty()) {
    lines.Heading({"Emotion, impression by impression", "情绪曲线（按体验先后）"});
    for (const std::string& line : curve) lines.Add(line);
  }
  AddImpressions(told, lines);
  AddMoments(told, lines);
  AddScore(told, lines);
  AddBeside(told, lines);
  return lines.Take();
}

}  // namespace peakend::explain
