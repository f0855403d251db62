#include "processors/runtime/policy_diff/field_effects.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "peakend/v1/policy.pb.h"
#include "processors/alerts/rule.h"
#include "processors/runtime/config/field_rules.h"
#include "processors/runtime/config/rule_fields.h"

namespace peakend::runtime {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

struct FieldEffect {
  std::string_view field;
  Effect larger;
  Effect smaller;
};

// Allowed texts count as larger in the order in which the field names them.
constexpr auto kFieldEffects = std::to_array<FieldEffect>({
    {"rules.enter", Effect::kRaisesSooner, Effect::kRaisesLater},
    {"rules.exit", Effect::kRecoversLater, Effect::kRecoversSooner},
    {"rules.severity", Effect::kMoreSevere, Effect::kLessSevere},
    {"rules.urgency", Effect::kListed, Effect::kInterrupts},
    {"rules.cooldown", Effect::kQuietLonger, Effect::kQuietShorter},
    {"rules.follow_up_within", Effect::kCallBackLater, Effect::kCallBackSooner},
    {"rules.min_impressions", Effect::kRaisesLater, Effect::kRaisesSooner},
    {"rules.after", Effect::kRaisesLater, Effect::kRaisesSooner},
    {"rules.share_left", Effect::kRaisesSooner, Effect::kRaisesLater},
    {"rules.negatives", Effect::kRaisesLater, Effect::kRaisesSooner},
    {"rules.turns", Effect::kRaisesSooner, Effect::kRaisesLater},
    {"rules.repeats", Effect::kRaisesLater, Effect::kRaisesSooner},
    {"rules.unrecovered_only", Effect::kFewerContacts, Effect::kMoreContacts},
    {"rules.stale_after", Effect::kInterruptsLate, Effect::kListsLate},
    {"windows.contact_gap", Effect::kLongerContacts, Effect::kShorterContacts},
    {"windows.contact_gap_email", Effect::kLongerContacts, Effect::kShorterContacts},
    {"windows.journey_gap", Effect::kLongerJourneys, Effect::kShorterJourneys},
    {"windows.journey_max", Effect::kLongerJourneys, Effect::kShorterJourneys},
    {"windows.max_out_of_orderness", Effect::kTakesLater, Effect::kTakesFewer},
    {"windows.allowed_lateness", Effect::kTakesLater, Effect::kTakesFewer},
    {"windows.amend_window", Effect::kTakesLater, Effect::kTakesFewer},
    {"windows.short_abandon", Effect::kFewerAbandons, Effect::kMoreAbandons},
    {"windows.memory", Effect::kRememberedLonger, Effect::kForgottenSooner},
    {"windows.repeat_window", Effect::kMoreRepeats, Effect::kFewerRepeats},
    {"windows.notice_window", Effect::kCountsLonger, Effect::kCountsShorter},
    {"moments.peak_floor", Effect::kFewerPeaks, Effect::kMorePeaks},
    {"moments.abandoned_valence", Effect::kBetter, Effect::kWorse},
    {"moments.resolved_valence", Effect::kBetter, Effect::kWorse},
    {"moments.hung_up_on_hold_valence", Effect::kBetter, Effect::kWorse},
    {"moments.left_unanswered_valence", Effect::kBetter, Effect::kWorse},
    {"moments.promise_slack", Effect::kToleratesMore, Effect::kStricter},
    {"moments.follow_up_within", Effect::kMoreFollowUps, Effect::kFewerFollowUps},
    {"score.worst_weight", Effect::kWeighsMore, Effect::kWeighsLess},
    {"score.tail_weight", Effect::kWeighsMore, Effect::kWeighsLess},
    {"memory.worst_half_life", Effect::kRememberedLonger, Effect::kForgottenSooner},
    {"memory.best_half_life", Effect::kRememberedLonger, Effect::kForgottenSooner},
    {"memory.end_half_life", Effect::kRememberedLonger, Effect::kForgottenSooner},
    {"alert_budget.interrupts_per_100_contacts", Effect::kMoreInterrupts, Effect::kFewerInterrupts},
    {"impressions.first", Effect::kBetter, Effect::kWorse},
    {"impressions.step", Effect::kBetter, Effect::kWorse},
    {"impressions.confidence", Effect::kWeighsMore, Effect::kWeighsLess},
    {"impressions.most_delight", Effect::kPleasesMore, Effect::kPleasesLess},
    {"expectations.desired", Effect::kToleratesMore, Effect::kStricter},
    {"expectations.adequate", Effect::kToleratesMore, Effect::kStricter},
    {"expectations.desired_score", Effect::kStricter, Effect::kToleratesMore},
    {"expectations.adequate_score", Effect::kStricter, Effect::kToleratesMore},
    {"openings.level", Effect::kMoreCards, Effect::kFewerCards},
    {"identities.max_customers", Effect::kLinksMore, Effect::kLinksFewer},
    {"recipients.after", Effect::kEscalatesLater, Effect::kEscalatesSooner},
    {"identities.verified", Effect::kLinksFewer, Effect::kLinksMore},
});

int Sign(double before, double after) { return (after > before) - (after < before); }

// Whether the value grew: 1, 0 where that means nothing, or -1.
int Growth(const FieldDescriptor& field, const Message& before, const Message& after) {
  const google::protobuf::Reflection& reflection = *before.GetReflection();
  switch (KindOf(field)) {
    case FieldKind::kBool:
      return Sign(reflection.GetBool(before, &field), reflection.GetBool(after, &field));
    case FieldKind::kUint:
      return Sign(reflection.GetUInt32(before, &field), reflection.GetUInt32(after, &field));
    case FieldKind::kDouble:
      return Sign(reflection.GetDouble(before, &field), reflection.GetDouble(after, &field));
    case FieldKind::kDuration: {
      const auto seconds = [&](const Message& message) {
        const auto& duration =
            static_cast<const google::protobuf::Duration&>(reflection.GetMessage(message, &field));
        return static_cast<double>(duration.seconds()) + duration.nanos() * 1e-9;
      };
      return Sign(seconds(before), seconds(after));
    }
    default: {
      const auto& allowed = RuleOf(field).one_of();
      const auto place = [&](const Message& message) {
        return std::find(allowed.begin(), allowed.end(), LeafText(field, message)) -
               allowed.begin();
      };
      return Sign(static_cast<double>(place(before)), static_cast<double>(place(after)));
    }
  }
}

Effect ByTable(std::string_view path, int growth) {
  if (growth == 0) return Effect::kNone;
  const auto row = std::find_if(kFieldEffects.begin(), kFieldEffects.end(),
                                [&](const FieldEffect& each) { return each.field == path; });
  if (row == kFieldEffects.end()) return Effect::kNone;
  return growth > 0 ? row->larger : row->smaller;
}

}  // namespace

Effect EffectOf(std::string_view section, const FieldDescriptor& field, const Message& before,
                const Message& after) {
  const std::string path = JoinPath(section, field.name());
  int growth = Growth(field, before, after);
  if (const auto* rule = dynamic_cast<const v1::RulePolicy*>(&after)) {
    const std::optional<alerts::Trigger> trigger = alerts::TriggerNamed(rule->on());
    if (field.name() == "on") return Effect::kWatchesElse;
    if (trigger && !UsesField(*trigger, field.name())) return Effect::kUnused;
    if (field.name() == "enter" && trigger == alerts::Trigger::kDelight) growth = -growth;
  }
  if (path == "openings.level" &&
      static_cast<const v1::OpeningPolicy&>(after).when() == "good_end") {
    growth = -growth;
  }
  if (field.has_optional_keyword()) {
    const bool had = before.GetReflection()->HasField(before, &field);
    const bool has = after.GetReflection()->HasField(after, &field);
    if (had != has && path == "rules.after") {
      return has ? Effect::kFixedTime : Effect::kExpectedTime;
    }
    // Nothing = however many have it.
    if (had != has && path == "identities.max_customers") {
      return has ? Effect::kLinksFewer : Effect::kLinksMore;
    }
    if (had != has) return Effect::kNone;
  }
  if (path == "alert_budget.interrupts_per_100_contacts") {
    if (LeafText(field, after) == "0") return Effect::kNoLimit;
    if (LeafText(field, before) == "0") return Effect::kLimit;
  }
  return ByTable(path, growth);
}

}  // namespace peakend::runtime
