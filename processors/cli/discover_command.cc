#include "processors/cli/discover_command.h"

#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "processors/calibration/discovery.h"
#include "processors/cli/loaded_config.h"
#include "processors/cli/rated_source.h"
#include "processors/cli/sample_text.h"
#include "processors/cli/text_table.h"
#include "processors/journey/cause.h"
#include "processors/publish/policy.h"

namespace peakend::cli {
namespace {

using calibration::Class;
using calibration::Discovery;
using calibration::Effect;
using calibration::Factor;

struct DiscoverOptions {
  RatedSource source;
  calibration::DiscoveryOptions discovery;
  std::string policy;
  std::string format = "text";
};

std::string_view NameOf(Class kano) {
  switch (kano) {
    case Class::kBasic:
      return "basic";
    case Class::kPerformance:
      return "performance";
    case Class::kExcitement:
      return "excitement";
  }
  return "";
}

constexpr std::string_view kCausePrefix = "cause:";

// The cause that a factor is; nothing for a touchpoint.
std::optional<journey::Cause> CauseOf(const Factor& factor) {
  const std::string_view name = factor.name;
  if (!name.starts_with(kCausePrefix)) return std::nullopt;
  return journey::CauseNamed(name.substr(kCausePrefix.size()));
}

// The class that the policy gives to a cause; empty for a touchpoint, or where it gives none.
std::string InPolicy(const Factor& factor, const publish::Policy& policy) {
  const std::optional<journey::Cause> cause = CauseOf(factor);
  if (!cause) return "";
  return std::string(journey::KanoName(policy.model.experience.of(*cause).kano));
}

std::string Cell(const Effect& effect) {
  if (!effect.judged) return absl::StrFormat("%d journeys", effect.journeys);
  return absl::StrFormat("%s%s of %d", WithInterval(effect.outcome, effect.interval),
                         effect.found ? " *" : "", effect.journeys);
}

// The classes that the data show and the policy does not have, as a patch of it.
std::string Patch(const Discovery& discovery, const publish::Policy& policy) {
  std::string patch;
  for (const Factor& factor : discovery.factors) {
    const std::string now = InPolicy(factor, policy);
    if (!factor.kano || now.empty() || now == NameOf(*factor.kano)) continue;
    absl::StrAppend(&patch, "  - {cause: ", factor.name.substr(kCausePrefix.size()),
                    ", kano: ", std::string(NameOf(*factor.kano)), "}  # now ", now, "\n");
  }
  return patch.empty() ? patch : absl::StrCat("impressions:\n", patch);
}

std::string Text(const Discovery& discovery, const publish::Policy& policy) {
  std::string text = SampleText(discovery.sample);
  if (discovery.sample.refused()) return text;
  if (discovery.factors.empty()) return text + "no row names a cause or a touchpoint\n";
  absl::StrAppendFormat(&text,
                        "\nchange of the outcome (0 to 1) with all else held still, 95 %% "
                        "interval; * = found; explained: %.0f %%\n",
                        100 * discovery.r_squared);
  TextTable table;
  table.Add({"", "where it went badly", "where it went well", "kano", "policy"});
  for (const Factor& factor : discovery.factors) {
    table.Add({absl::StrCat("  ", factor.name), Cell(factor.penalty), Cell(factor.reward),
               factor.kano ? std::string(NameOf(*factor.kano)) : "-", InPolicy(factor, policy)});
  }
  table.Append(&text);
  if (const std::string patch = Patch(discovery, policy); !patch.empty()) {
    absl::StrAppend(&text,
                    "\nto accept by hand, and to prove with `peakend replay` (penalty and reward "
                    "alone do not prove a class):\n\n",
                    patch);
  }
  return text;
}

boost::json::object Json(const Effect& effect) {
  boost::json::object json = {{"journeys", effect.journeys}, {"judged", effect.judged}};
  if (!effect.judged) return json;
  json["outcome"] = effect.outcome;
  json["interval"] = IntervalJson(effect.interval);
  json["p"] = effect.p;
  json["found"] = effect.found;
  return json;
}

boost::json::object Json(const Discovery& discovery, const publish::Policy& policy) {
  boost::json::object json = {{"sample", SampleJson(discovery.sample)}};
  if (discovery.sample.refused()) return json;
  json["explained"] = discovery.r_squared;
  boost::json::array factors;
  for (const Factor& factor : discovery.factors) {
    boost::json::object one = {{"factor", factor.name},
                               {"penalty", Json(factor.penalty)},
                               {"reward", Json(factor.reward)}};
    if (factor.kano) one["kano"] = NameOf(*factor.kano);
    if (const auto now = InPolicy(factor, policy); !now.empty()) one["kano_of_policy"] = now;
    factors.push_back(std::move(one));
  }
  json["factors"] = std::move(factors);
  json["patch"] = Patch(discovery, policy);
  return json;
}

ExitCode Discover(const DiscoverOptions& options, Invocation& call) {
  const std::optional<LoadedPolicy> loaded = LoadCallPolicy(options.policy, call);
  if (!loaded) return ExitCode::kConfigError;
  const auto policy = publish::CompilePolicy(loaded->policy, "");
  if (!policy.ok()) {
    *call.err << "error: " << policy.status().message() << "\n";
    return ExitCode::kConfigError;
  }
  const auto journeys = ReadRated(options.source, options.source.rows, call);
  if (!journeys.ok()) return ReportUnread(journeys.status(), call);
  const Discovery discovery = calibration::Discover(*journeys, options.discovery);
  *call.out << (options.format == "json"
                    ? absl::StrCat(std::string(boost::json::serialize(Json(discovery, *policy))),
                                   "\n")
                    : Text(discovery, *policy));
  return discovery.sample.refused() ? ExitCode::kChecksFailed : ExitCode::kOk;
}

}  // namespace

Command DiscoverCommand() {
  return {.name = "discover",
          .summary = "Find which causes and touchpoints move what customers say",
          .examples =
              "peakend discover --config peakend.yaml\n"
              "peakend discover rows.ndjson --policy my-policy.yaml\n"
              "peakend discover rows.ndjson --outcome repurchase --events events.ndjson\n",
          .takes_config = true,
          .setup = [](CLI::App& app) -> Action {
            auto options = std::make_shared<DiscoverOptions>();
            AddRatedSource(app, options->source);
            app.add_option("--policy", options->policy,
                           "Whose KANO classes to compare; absent: the built-in one");
            app.add_option("--rate", options->discovery.false_discovery_rate,
                           "Share of what is found that may be false")
                ->check(CLI::Range(0.001, 0.5))
                ->capture_default_str();
            app.add_option("--least", options->discovery.least_journeys,
                           "Journeys with and without something, to judge it")
                ->check(CLI::Range(10, 1'000'000))
                ->capture_default_str();
            app.add_option("--format", options->format, "text or json")
                ->check(CLI::IsMember({"text", "json"}))
                ->capture_default_str();
            return [options](Invocation& call) { return Discover(*options, call); };
          }};
}

}  // namespace peakend::cli
