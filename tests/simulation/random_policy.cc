#include "tests/simulation/random_policy.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "peakend/v1/interaction_event.pb.h"
#include "tests/runtime/engine/short_hours.h"

namespace peakend::simulation {
namespace {

constexpr int64_t kWhole = 1'000'000'000;  // of a valence or a share

void VaryWindows(Random& random, journey::Windows& windows) {
  windows.contact_gap_ms = random.Draw(20, 600);
  windows.contact_gap_email_ms = random.Draw(20, 1'500);
  windows.max_out_of_orderness_ms = random.Draw(0, 100);
  windows.allowed_lateness_ms = random.Percent(20) ? 0 : random.Draw(1, 900);
  const int64_t settled = windows.max_out_of_orderness_ms + windows.allowed_lateness_ms;
  windows.journey_gap_ms = settled + random.Draw(1, 700);
  windows.resolution_grace_ms = random.Percent(30) ? 0 : settled + random.Draw(1, 700);
  windows.journey_max_ms =
      random.Percent(50) ? 1'000'000'000 : windows.journey_gap_ms * random.Draw(2, 6);
  windows.short_abandon_ms = random.Draw(0, 60);
  windows.memory_ms = random.Draw(0, 8'000);
  windows.amend_window_ms = random.Percent(20) ? 0 : random.Draw(1, 4'000);
  windows.repeat_window_ms = random.Draw(0, 2'000);
  windows.notice_window_ms = random.Draw(1, 1'500);
  windows.statistics_window_ms = random.Draw(100, 3'000);
  windows.max_contacts = static_cast<size_t>(random.Percent(50) ? random.Draw(1, 8) : 64);
  windows.max_event_ids = static_cast<size_t>(random.Percent(30) ? random.Draw(64, 128) : 8192);
}

void VaryModel(Random& random, moments::MomentModel& model) {
  model.peak_floor = random.Draw(1, kWhole);
  model.opening_turns = static_cast<size_t>(random.Draw(1, 4));
  model.tail_max = static_cast<size_t>(random.Draw(2, 32));
  model.abandoned_valence = -random.Draw(0, kWhole);
  model.hung_up_on_hold_valence = -random.Draw(0, kWhole);
  model.resolved_valence = random.Draw(0, kWhole);
  model.left_unanswered_valence = -random.Draw(0, kWhole);
  model.follow_up_within_ms = random.Draw(1, 1'500);
  model.worst_weight = random.Draw(0, kWhole);
  model.tail_weight = kWhole - model.worst_weight;
  model.half_lives = {random.Draw(1, 5'000), random.Draw(1, 5'000), random.Draw(1, 5'000)};
  moments::Experience& experience = model.experience;
  experience.own_waits = static_cast<int>(random.Draw(0, 4));
  experience.baseline_waits = random.Draw(0, 10);
  for (moments::Expectation& row : experience.expectations) {
    row.desired = random.Draw(1, 100);
    row.adequate = row.desired + random.Draw(1, 300);
    if (random.Percent(30)) row.tier = "gold";
  }
  experience.calendars =
      random.Percent(30) ? journey::Calendars() : runtime::ShortHours(random.Draw(1, 3));
}

void VaryRule(Random& random, alerts::Rule& rule) {
  const affect::Nano enter = random.Draw(-kWhole, kWhole / 2);
  rule.enter = rule.trigger == alerts::Trigger::kDelight ? random.Draw(0, kWhole) : enter;
  rule.exit =
      rule.trigger == alerts::Trigger::kDelight ? rule.enter : random.Draw(rule.enter, kWhole);
  rule.severity = random.Percent(50) ? v1::Alert::CRITICAL : v1::Alert::WARNING;
  rule.urgency = random.Percent(50) ? v1::Alert::INTERRUPT : v1::Alert::LIST;
  rule.cooldown_ms = random.Draw(0, 500);
  rule.follow_up_within_ms = random.Draw(1, 1'500);
  rule.min_impressions = static_cast<size_t>(random.Draw(1, 3));
  if (rule.after_ms) rule.after_ms = random.Draw(0, 300);
  rule.share_left = random.Draw(0, kWhole);
  rule.turns = static_cast<size_t>(random.Draw(1, 4));
  rule.negatives = static_cast<size_t>(random.Draw(1, static_cast<int64_t>(rule.turns)));
  rule.count = random.Draw(1, 3);
  rule.unrecovered_only = random.Percent(50);
  rule.stale_after_ms = random.Draw(0, 300);
  if (random.Percent(30)) rule.only.clear();
}

alerts::Rules VariedRules(Random& random, const alerts::Rules& rules) {
  std::vector<alerts::Rule> all;
  for (const alerts::Rule& rule : rules) {
    for (int64_t copies = random.Draw(0, 2); copies > 0; --copies) {
      alerts::Rule& varied = all.emplace_back(rule);
      if (copies > 1) absl::StrAppend(&varied.name, "_again");
      VaryRule(random, varied);
    }
  }
  // Of rules that were varied before there may be some again: each name once.
  std::set<std::string> names;
  std::erase_if(all, [&](const alerts::Rule& rule) { return !names.insert(rule.name).second; });
  return alerts::Rules(std::move(all));
}

}  // namespace

publish::Policy Varied(publish::Policy small, Random random) {
  VaryWindows(random, small.windows);
  VaryModel(random, small.model);
  small.rules = VariedRules(random, small.rules);
  small.budget.interrupts_per_1000_contacts = random.Draw(0, 1'000);
  small.budget.contacts = random.Draw(1, 10);
  std::erase_if(small.openings, [&](const publish::Opening&) { return random.Percent(30); });
  if (random.Percent(20)) small.phrases = {};
  return small;
}

std::string VariedPolicyRecord(Random& random) {
  v1::InteractionEvent event;
  v1::PolicyRecord& record = *event.mutable_control()->mutable_policy();
  record.set_stamp(absl::StrCat(random.Percent(10) ? "none" : "varied",
                                random.Percent(85) ? random.Draw(0, 2) : 3));
  record.mutable_policy();
  return event.SerializeAsString();
}

absl::StatusOr<publish::Policy> CompileVaried(const publish::Policy& first,
                                              const v1::PolicyRecord& record) {
  const std::string& stamp = record.stamp();
  if (!stamp.starts_with("varied")) return absl::InvalidArgumentError("not a policy");
  publish::Policy policy = Varied(first, Random(static_cast<uint64_t>(stamp.back())));
  if (first.identities) {
    policy.windows = first.windows;
  } else {
    // One that waits longer could not follow; some wait less, and all after them too.
    const int64_t share = stamp.back() == '3' ? 2 : 1;
    journey::Windows& windows = policy.windows;
    windows.max_out_of_orderness_ms = first.windows.max_out_of_orderness_ms / share;
    windows.allowed_lateness_ms = first.windows.allowed_lateness_ms / share;
    const int64_t settled_ms = windows.max_out_of_orderness_ms + windows.allowed_lateness_ms;
    windows.journey_gap_ms += settled_ms;
    windows.journey_max_ms += 2 * settled_ms;
    if (windows.resolution_grace_ms > 0) windows.resolution_grace_ms += settled_ms;
  }
  policy.stamp = stamp;
  return policy;
}

}  // namespace peakend::simulation
