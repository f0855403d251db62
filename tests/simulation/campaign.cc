#include "tests/simulation/campaign.h"

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/simulation/shrink.h"

namespace peakend::simulation {
namespace {

using google::protobuf::Struct;

constexpr std::array<std::pair<const char*, int64_t Coverage::*>, 11> kCoverageFields = {
    {{"records", &Coverage::records},
     {"ticks", &Coverage::ticks},
     {"outputs", &Coverage::outputs},
     {"commits", &Coverage::commits},
     {"aborts", &Coverage::aborts},
     {"unknown_outcomes", &Coverage::unknown_outcomes},
     {"producers", &Coverage::producers},
     {"lives", &Coverage::lives},
     {"fenced", &Coverage::fenced},
     {"crashes", &Coverage::crashes},
     {"steps", &Coverage::steps}}};

constexpr std::array<std::pair<const char*, int64_t ExchangeCounts::*>, 5> kExchangeFields = {
    {{"labels", &ExchangeCounts::labels},
     {"hand_overs", &ExchangeCounts::hand_overs},
     {"forwarded", &ExchangeCounts::forwarded},
     {"bounced", &ExchangeCounts::bounced},
     {"recalls", &ExchangeCounts::recalls}}};

void Set(Struct& object, const char* name, double value) {
  (*object.mutable_fields())[name].set_number_value(value);
}

double Get(const Struct& object, const char* name) {
  const auto it = object.fields().find(name);
  return it == object.fields().end() ? 0 : it->second.number_value();
}

}  // namespace

std::string CampaignResult::ToJson() const {
  Struct object;
  Set(object, "seeds", static_cast<double>(seeds));
  Set(object, "next_seed", static_cast<double>(next_seed));
  Set(object, "cpu_seconds", cpu_seconds);
  Set(object, "violations", static_cast<double>(failed_seeds.size()));
  auto& failed = *(*object.mutable_fields())["failed_seeds"].mutable_list_value();
  for (const uint64_t seed : failed_seeds) {
    failed.add_values()->set_number_value(static_cast<double>(seed));
  }
  Struct& covered = *(*object.mutable_fields())["coverage"].mutable_struct_value();
  for (const auto& [name, field] : kCoverageFields) {
    Set(covered, name, static_cast<double>(coverage.*field));
  }
  for (const auto& [name, field] : kExchangeFields) {
    Set(covered, name, static_cast<double>(coverage.exchanged.*field));
  }
  std::string json;
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  if (!google::protobuf::util::MessageToJsonString(object, &json, options).ok()) json.clear();
  return json;
}

absl::StatusOr<CampaignResult> CampaignResult::FromJson(const std::string& json) {
  Struct object;
  if (!google::protobuf::util::JsonStringToMessage(json, &object).ok()) {
    return absl::InvalidArgumentError("not the result of a simulation");
  }
  CampaignResult result;
  result.seeds = static_cast<int64_t>(Get(object, "seeds"));
  result.next_seed = static_cast<uint64_t>(Get(object, "next_seed"));
  result.cpu_seconds = Get(object, "cpu_seconds");
  if (const auto it = object.fields().find("failed_seeds"); it != object.fields().end()) {
    for (const auto& seed : it->second.list_value().values()) {
      result.failed_seeds.push_back(static_cast<uint64_t>(seed.number_value()));
    }
  }
  if (const auto it = object.fields().find("coverage"); it != object.fields().end()) {
    for (const auto& [name, field] : kCoverageFields) {
      result.coverage.*field = static_cast<int64_t>(Get(it->second.struct_value(), name));
    }
    for (const auto& [name, field] : kExchangeFields) {
      result.coverage.exchanged.*field = static_cast<int64_t>(Get(it->second.struct_value(), name));
    }
  }
  return result;
}

Verdict RunSeed(uint64_t seed, const PlanLimits& limits, CampaignResult* result) {
  const Plan plan = DrawPlan(seed, limits);
  Verdict verdict = Simulation(plan).Run();
  ++result->seeds;
  result->next_seed = seed + 1;
  result->coverage.Add(verdict.coverage);
  if (!verdict.violations.empty()) result->failed_seeds.push_back(seed);
  return verdict;
}

std::string Explain(uint64_t seed, const PlanLimits& limits) {
  const Plan shortest = Shrink(DrawPlan(seed, limits), [](const Plan& plan) {
    return !Simulation(plan).Run().violations.empty();
  });
  std::string text = absl::StrCat("seed ", seed, " fails, with no more than this:\n");
  absl::StrAppend(&text, ToText(shortest));
  for (const std::string& violation : Simulation(shortest).Run().violations) {
    absl::StrAppend(&text, "- ", violation, "\n");
  }
  absl::StrAppend(&text, "again: simulation --from ", seed, " --seeds 1",
                  limits.pipeline == Pipeline::kCopy ? " --pipeline copy" : "");
  if (limits.workers > 0) absl::StrAppend(&text, " --workers ", limits.workers);
  if (limits.linking) {
    absl::StrAppend(&text, " --linking ", std::string(ToText(*limits.linking)));
  }
  return text + ", or the plan above with --plan FILE\n";
}

}  // namespace peakend::simulation
