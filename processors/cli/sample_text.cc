#include "processors/cli/sample_text.h"

#include <boost/json/array.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace peakend::cli {
namespace {

using calibration::Finding;
using calibration::Sample;

std::string TextOf(Finding finding, const Sample& sample) {
  switch (finding) {
    case Finding::kTooFew:
      return absl::StrFormat(
          "refused: %d rated journeys with a score are too few; from %d on there is something to "
          "say",
          sample.rated, calibration::kLeastRated);
    case Finding::kOneClass:
      return absl::StrFormat(
          "refused: all answers are nearly the same (mean %.2f): nothing sets them apart",
          sample.outcome_mean);
    case Finding::kOnlyExtremes:
      return absl::StrFormat(
          "warning: %.0f %% of the answers lie at either end of the scale (%.0f %% low, %.0f %% "
          "high): who was neither angry nor delighted may not have answered",
          100 * (sample.share_low + sample.share_high), 100 * sample.share_low,
          100 * sample.share_high);
    case Finding::kFewAnswer:
      return "warning: fewer than one in twenty journeys were rated: what follows is about those "
             "who answer";
    case Finding::kAnswerersDiffer:
      return absl::StrCat("warning: scores of rated journeys differ from those of the others by ",
                          WithInterval(*sample.score_difference, sample.score_difference_interval),
                          ": who answers went through something else than who does not");
  }
  return "";
}

const char* NameOf(Finding finding) {
  switch (finding) {
    case Finding::kTooFew:
      return "too_few";
    case Finding::kOneClass:
      return "one_class";
    case Finding::kOnlyExtremes:
      return "only_extremes";
    case Finding::kFewAnswer:
      return "few_answer";
    case Finding::kAnswerersDiffer:
      return "answerers_differ";
  }
  return "";
}

}  // namespace

std::string WithInterval(double value, const calibration::Interval& interval) {
  return absl::StrFormat("%+.3f (%+.3f to %+.3f)", value, interval.low, interval.high);
}

boost::json::object IntervalJson(const calibration::Interval& interval) {
  return {{"low", interval.low}, {"high", interval.high}};
}

std::string SampleText(const Sample& sample) {
  std::string text =
      absl::StrFormat("%d journeys, %d without a score; %d rated, mean %.2f\n", sample.journeys,
                      sample.without_score, sample.rated, sample.outcome_mean);
  for (const Finding finding : sample.findings) {
    absl::StrAppend(&text, TextOf(finding, sample), "\n");
  }
  return text;
}

boost::json::object SampleJson(const Sample& sample) {
  boost::json::array findings;
  for (const Finding finding : sample.findings) findings.emplace_back(NameOf(finding));
  boost::json::object json = {
      {"journeys", sample.journeys},   {"without_score", sample.without_score},
      {"rated", sample.rated},         {"outcome_mean", sample.outcome_mean},
      {"share_low", sample.share_low}, {"share_high", sample.share_high},
      {"refused", sample.refused()},   {"findings", std::move(findings)}};
  if (sample.score_difference) {
    json["score_difference"] = *sample.score_difference;
    json["score_difference_interval"] = IntervalJson(sample.score_difference_interval);
  }
  return json;
}

}  // namespace peakend::cli
