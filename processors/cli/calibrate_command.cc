#include "processors/cli/calibrate_command.h"

#include <CLI/CLI.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "processors/calibration/calibration.h"
#include "processors/cli/rated_source.h"
#include "processors/cli/sample_text.h"
#include "processors/cli/text_table.h"

namespace peakend::cli {
namespace {

using calibration::Calibration;
using calibration::HeldOut;

struct CalibrateOptions {
  RatedSource source;
  std::vector<std::string> holdout;
  calibration::CalibrationOptions calibration;
  std::string format = "text";
};

void AddRow(const std::string& name, const HeldOut& worth, bool is_score, TextTable& table) {
  table.Add({absl::StrCat("  ", name), absl::StrFormat("%.3f", worth.spearman),
             absl::StrFormat("%.3f", worth.pearson), absl::StrFormat("%.3f", worth.error),
             is_score ? "" : WithInterval(worth.gain, worth.gain_interval)});
}

std::string Advice(const Calibration& calibration) {
  const std::string gain =
      WithInterval(calibration.weights.gain, calibration.weights.gain_interval);
  if (!calibration.other_weights_pay()) {
    return absl::StrCat("keep the weights: the best others change the rank correlation by ", gain,
                        ", which is nothing to rely on\n");
  }
  return absl::StrFormat(
      "other weights pay: they change the rank correlation by %s. To try them, put this into the "
      "policy and replay it:\n\nscore:\n  formula: experience\n  worst_weight: %.2f\n"
      "  tail_weight: %.2f\n",
      gain, calibration.worst_weight, 1 - calibration.worst_weight);
}

std::string Text(const Calibration& calibration) {
  std::string text = SampleText(calibration.sample);
  if (calibration.sample.refused()) return text;
  absl::StrAppend(&text, "\nheld out: ", calibration.by_folds ? "each of " : "",
                  calibration.held_out,
                  calibration.by_folds ? " journeys once, with all of its customer's\n"
                                       : " journeys of --holdout\n");
  TextTable table;
  table.Add({"", "Spearman", "Pearson", "error", "gain in Spearman (95 %)"});
  AddRow("score as published", calibration.score, true, table);
  AddRow(absl::StrFormat("worst_weight %.2f", calibration.worst_weight), calibration.weights, false,
         table);
  AddRow("all parts", calibration.parts_regression, false, table);
  AddRow("plain mean", calibration.mean, false, table);
  table.Append(&text);
  absl::StrAppendFormat(&text, "\noutcome = %.3f %+.3f x score (outcome from 0 to 1)\n",
                        calibration.map.intercept, calibration.map.slopes[0]);
  absl::StrAppendFormat(&text, "outcome = %.3f", calibration.parts.intercept);
  for (size_t i = 0; i < calibration::kParts.size(); ++i) {
    absl::StrAppendFormat(&text, " %+.3f x %s", calibration.parts.slopes[i],
                          calibration::kParts[i]);
  }
  absl::StrAppend(&text, "\n\n", Advice(calibration));
  return text;
}

boost::json::object Json(const HeldOut& worth) {
  return {{"spearman", worth.spearman},
          {"pearson", worth.pearson},
          {"error", worth.error},
          {"gain", worth.gain},
          {"gain_interval", IntervalJson(worth.gain_interval)}};
}

boost::json::object Json(const Calibration& calibration) {
  boost::json::object json = {{"sample", SampleJson(calibration.sample)}};
  if (calibration.sample.refused()) return json;
  json["held_out"] = calibration.held_out;
  json["by_folds"] = calibration.by_folds;
  json["score"] = Json(calibration.score);
  json["weights"] = Json(calibration.weights);
  json["parts_regression"] = Json(calibration.parts_regression);
  json["mean"] = Json(calibration.mean);
  json["worst_weight"] = calibration.worst_weight;
  json["other_weights_pay"] = calibration.other_weights_pay();
  json["map"] = {{"intercept", calibration.map.intercept}, {"slope", calibration.map.slopes[0]}};
  boost::json::object parts = {{"intercept", calibration.parts.intercept}};
  for (size_t i = 0; i < calibration::kParts.size(); ++i) {
    parts[std::string(calibration::kParts[i])] = calibration.parts.slopes[i];
  }
  json["parts"] = std::move(parts);
  return json;
}

ExitCode Calibrate(const CalibrateOptions& options, Invocation& call) {
  const auto journeys = ReadRated(options.source, options.source.rows, call);
  if (!journeys.ok()) return ReportUnread(journeys.status(), call);
  calibration::RatedJourneys held_out;
  if (!options.holdout.empty()) {
    auto others = ReadRated(options.source, options.holdout, call);
    if (!others.ok()) return ReportUnread(others.status(), call);
    held_out = *std::move(others);
    if (calibration::Usable(held_out).empty()) {
      *call.err << "error: no journey of --holdout has a score and an outcome\n";
      return ExitCode::kUsage;
    }
  }
  const Calibration calibration = calibration::Calibrate(*journeys, held_out, options.calibration);
  *call.out << (options.format == "json"
                    ? absl::StrCat(std::string(boost::json::serialize(Json(calibration))), "\n")
                    : Text(calibration));
  return calibration.sample.refused() ? ExitCode::kChecksFailed : ExitCode::kOk;
}

}  // namespace

Command CalibrateCommand() {
  return {.name = "calibrate",
          .summary = "Compare scores with what customers said, and fit the weights",
          .examples =
              "peakend calibrate --config peakend.yaml\n"
              "peakend calibrate october.ndjson --holdout november.ndjson\n"
              "peakend calibrate rows.ndjson --ratings surveys.csv --format json\n"
              "peakend calibrate rows.ndjson --outcome churn --within 90 --events events.ndjson\n",
          .takes_config = true,
          .setup = [](CLI::App& app) -> Action {
            auto options = std::make_shared<CalibrateOptions>();
            AddRatedSource(app, options->source);
            app.add_option("--holdout", options->holdout,
                           "Rows to judge by what was fitted to the others; without any each "
                           "fifth of the journeys is held out in turn");
            app.add_option("--seed", options->calibration.seed, "Of folds and resamples")
                ->capture_default_str();
            app.add_option("--format", options->format, "text or json")
                ->check(CLI::IsMember({"text", "json"}))
                ->capture_default_str();
            return [options](Invocation& call) { return Calibrate(*options, call); };
          }};
}

}  // namespace peakend::cli
