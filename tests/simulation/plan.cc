#include "tests/simulation/plan.h"

#include <algorithm>
#include <array>
#include <optional>
#include <sstream>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "tests/simulation/random.h"

namespace peakend::simulation {
namespace {

constexpr std::array<const char*, 10> kFaultNames = {
    "request", "crash", "stop", "pause", "twin", "cut", "compact", "jump", "rebalance", "disk"};
constexpr std::array<const char*, kDisturbanceKinds> kDisturbanceNames = {
    "lost",         "answer_lost", "late",           "doubled",      "refused",
    "crash_before", "crash_after", "held_up_before", "held_up_after"};
constexpr std::array<const char*, 4> kLinkingNames = {"none", "short", "long", "crowd"};
constexpr std::array<const char*, kRequestKinds> kRequestNames = {
    "init_producer",   "add_partitions",     "produce", "send_positions",
    "end_transaction", "committed_position", "poll",    "changelog"};

template <typename Kind, size_t kCount>
std::optional<Kind> Named(const std::array<const char*, kCount>& names, std::string_view name) {
  const auto it = std::find(names.begin(), names.end(), name);
  if (it == names.end()) return std::nullopt;
  return static_cast<Kind>(it - names.begin());
}

Disturbance DrawDisturbance(Random& random) {
  // The end of a transaction is where most can go wrong.
  static constexpr std::array<Request, 12> kRequests = {
      Request::kInitProducer,   Request::kAddPartitions,  Request::kAddPartitions,
      Request::kProduce,        Request::kProduce,        Request::kSendPositions,
      Request::kSendPositions,  Request::kEndTransaction, Request::kEndTransaction,
      Request::kEndTransaction, Request::kPoll,           Request::kCommittedPosition};
  Disturbance drawn;
  drawn.request =
      random.Percent(6) ? Request::kChangelog : kRequests[static_cast<size_t>(random.Draw(0, 11))];
  drawn.kind = static_cast<Disturbance::Kind>(random.Draw(0, kDisturbanceKinds - 1));
  if (random.Percent(10)) {
    // One that ends the next transaction, where nothing forbids it.
    drawn.request = Request::kEndTransaction;
    drawn.kind = Disturbance::Kind::kLate;
  }
  drawn.skip = random.Percent(50) ? 0 : random.Draw(1, 6);
  drawn.delay_ms = random.Percent(70) ? random.Draw(1, 300) : random.Draw(300, 3000);
  drawn.steps = random.Percent(70) ? random.Draw(1, 20) : random.Draw(20, 150);
  drawn.unknown = random.Percent(50);
  return drawn;
}

Fault DrawFault(Random& random, const Plan& plan) {
  static constexpr std::array<Fault::Kind, 12> kOthers = {
      Fault::Kind::kCrash,   Fault::Kind::kCrash, Fault::Kind::kStop, Fault::Kind::kStop,
      Fault::Kind::kPause,   Fault::Kind::kTwin,  Fault::Kind::kCut,  Fault::Kind::kCompact,
      Fault::Kind::kCompact, Fault::Kind::kJump,  Fault::Kind::kDisk, Fault::Kind::kDisk};
  Fault fault;
  fault.step = random.Draw(1, plan.steps);
  fault.worker = static_cast<int>(random.Draw(0, plan.workers - 1));
  fault.steps = random.Draw(1, 80);
  fault.ms = random.Percent(50) ? random.Draw(1, 500) : random.Draw(500, 5000);
  if (random.Percent(60)) {
    fault.kind = Fault::Kind::kRequest;
    fault.disturbance = DrawDisturbance(random);
  } else {
    fault.kind = random.Percent(8) ? Fault::Kind::kRebalance
                                   : kOthers[static_cast<size_t>(random.Draw(0, 11))];
  }
  return fault;
}

// From a stream of its own, so that all else is as it would be without.
Linking DrawLinking(uint64_t seed) {
  const int64_t what = Random(seed ^ 0x6C696E6BU).Draw(0, 35);
  if (what > 11) return Linking::kNone;
  // Crowds take their time.
  if (what == 11) return Linking::kCrowd;
  return what < 7 ? Linking::kShort : Linking::kLong;
}

bool ReadFault(std::istringstream& words, Fault& fault) {
  std::string kind;
  if (!(words >> fault.step >> fault.worker >> kind >> fault.steps >> fault.ms)) return false;
  const auto named = Named<Fault::Kind>(kFaultNames, kind);
  if (!named) return false;
  fault.kind = *named;
  if (fault.kind != Fault::Kind::kRequest) return true;
  Disturbance& disturbance = fault.disturbance;
  std::string request;
  if (!(words >> kind >> request >> disturbance.skip >> disturbance.delay_ms >> disturbance.steps >>
        disturbance.unknown)) {
    return false;
  }
  const auto disturbance_kind = Named<Disturbance::Kind>(kDisturbanceNames, kind);
  const auto request_kind = Named<Request>(kRequestNames, request);
  if (!disturbance_kind || !request_kind) return false;
  disturbance.kind = *disturbance_kind;
  disturbance.request = *request_kind;
  return true;
}

bool ReadLine(const std::string& line, Plan& plan) {
  std::istringstream words(line);
  std::string name;
  words >> name;
  if (name == "plan") {
    std::string pipeline;
    words >> plan.seed >> pipeline >> plan.workers >> plan.partitions >> plan.steps >>
        plan.records >> plan.static_members >> plan.fresh_ids;
    plan.pipeline = pipeline == "copy" ? Pipeline::kCopy : Pipeline::kEngine;
    if (words.fail() || plan.workers <= 0 || plan.partitions <= 0) return false;
    // Older plans say nothing about it.
    if (std::string linking; words >> linking) {
      const std::optional<Linking> named = LinkingFromText(linking);
      if (!named) return false;
      plan.linking = *named;
    }
    words >> plan.own_policy >> plan.policies;
    return true;
  }
  if (name != "fault") return false;
  return ReadFault(words, plan.faults.emplace_back()) && plan.faults.back().worker < plan.workers;
}

}  // namespace

Plan DrawPlan(uint64_t seed, const PlanLimits& limits) {
  Random random(seed ^ 0x706C616EU);
  Plan plan;
  plan.seed = seed;
  plan.pipeline = limits.pipeline;
  plan.workers = limits.workers > 0 ? limits.workers : static_cast<int>(random.Draw(1, 4));
  plan.partitions = static_cast<int>(random.Draw(1, 4));
  plan.steps = random.Draw(250, 500);
  plan.records = random.Draw(60, 200);
  plan.static_members = random.Percent(25);
  plan.fresh_ids = random.Percent(15);
  if (plan.pipeline == Pipeline::kEngine) {
    plan.linking = limits.linking ? *limits.linking : DrawLinking(seed);
    Random policies(seed ^ 0x706F6C69U);
    plan.own_policy = policies.Percent(50);
    plan.policies = policies.Percent(50);
  }
  const int64_t faults = random.Draw(0, 14);
  for (int64_t i = 0; i < faults; ++i) plan.faults.push_back(DrawFault(random, plan));
  std::stable_sort(plan.faults.begin(), plan.faults.end(),
                   [](const Fault& a, const Fault& b) { return a.step < b.step; });
  return plan;
}

std::string_view ToText(Linking linking) { return kLinkingNames[static_cast<size_t>(linking)]; }

std::optional<Linking> LinkingFromText(std::string_view text) {
  return Named<Linking>(kLinkingNames, text);
}

std::string ToText(const Fault& fault) {
  std::string text =
      absl::StrCat("fault ", fault.step, " ", fault.worker, " ",
                   kFaultNames[static_cast<size_t>(fault.kind)], " ", fault.steps, " ", fault.ms);
  if (fault.kind == Fault::Kind::kRequest) {
    const Disturbance& met = fault.disturbance;
    absl::StrAppend(&text, " ", kDisturbanceNames[static_cast<size_t>(met.kind)], " ",
                    kRequestNames[static_cast<size_t>(met.request)], " ", met.skip, " ",
                    met.delay_ms, " ", met.steps, " ", met.unknown ? 1 : 0);
  }
  return text;
}

std::string ToText(const Plan& plan) {
  std::string text = absl::StrCat(
      "# plan SEED PIPELINE WORKERS PARTITIONS STEPS RECORDS STATIC_MEMBERS FRESH_IDS "
      "LINKING OWN_POLICY POLICIES\nplan ",
      plan.seed, plan.pipeline == Pipeline::kCopy ? " copy " : " engine ", plan.workers, " ",
      plan.partitions, " ", plan.steps, " ", plan.records, " ", plan.static_members ? 1 : 0, " ",
      plan.fresh_ids ? 1 : 0, " ", kLinkingNames[static_cast<size_t>(plan.linking)], " ",
      plan.own_policy ? 1 : 0, " ", plan.policies ? 1 : 0,
      "\n# fault STEP WORKER KIND STEPS MS [DISTURBANCE REQUEST SKIP DELAY_MS STEPS UNKNOWN]\n");
  for (const Fault& fault : plan.faults) absl::StrAppend(&text, ToText(fault), "\n");
  return text;
}

absl::StatusOr<Plan> PlanFromText(std::string_view text) {
  Plan plan;
  std::istringstream lines{std::string(text)};
  std::string line;
  while (std::getline(lines, line)) {
    if (line.empty() || line[0] == '#') continue;
    if (!ReadLine(line, plan)) return absl::InvalidArgumentError("not a line of a plan: " + line);
  }
  return plan;
}

}  // namespace peakend::simulation
