#include "processors/publish/policy.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "peakend/v1/interaction_event.pb.h"
#include "processors/journey/impressions.h"
#include "processors/publish/channel_name.h"
#include "processors/publish/duration.h"
#include "processors/publish/policy_calendars.h"
#include "processors/publish/policy_rules.h"

namespace peakend::publish {
namespace {

journey::Windows CompileWindows(const v1::WindowPolicy& policy) {
  journey::Windows windows;
  windows.contact_gap_ms = Ms(policy.contact_gap());
  windows.contact_gap_email_ms = Ms(policy.contact_gap_email());
  windows.journey_gap_ms = Ms(policy.journey_gap());
  windows.journey_max_ms = Ms(policy.journey_max());
  windows.max_out_of_orderness_ms = Ms(policy.max_out_of_orderness());
  windows.allowed_lateness_ms = Ms(policy.allowed_lateness());
  windows.short_abandon_ms = Ms(policy.short_abandon());
  windows.memory_ms = Ms(policy.memory());
  windows.amend_window_ms = Ms(policy.amend_window());
  windows.repeat_window_ms = Ms(policy.repeat_window());
  windows.notice_window_ms = Ms(policy.notice_window());
  windows.statistics_window_ms = Ms(policy.statistics_window());
  windows.resolution_grace_ms = Ms(policy.resolution_grace());
  windows.max_contacts = policy.max_contacts();
  windows.max_event_ids = policy.max_event_ids();
  return windows;
}

absl::StatusOr<moments::Formula> CompileFormula(const std::string& name) {
  if (name == "experience") return moments::Formula::kExperience;
  if (name == "classical") return moments::Formula::kClassical;
  if (name == "worst_end") return moments::Formula::kWorstEnd;
  if (name == "mean") return moments::Formula::kMean;
  return absl::InvalidArgumentError(absl::StrCat("score.formula: unknown formula `", name, "`"));
}

absl::Status CompileImpression(const v1::ImpressionPolicy& policy,
                               moments::Experience& experience) {
  const std::optional<journey::Cause> cause = journey::CauseNamed(policy.cause());
  if (!cause) {
    return absl::InvalidArgumentError(
        absl::StrCat("impressions: unknown cause `", policy.cause(), "`"));
  }
  moments::CauseModel& model = experience.of(*cause);
  if (policy.has_first()) model.first = affect::ToNano(policy.first());
  if (policy.has_step()) model.step = affect::ToNano(policy.step());
  if (policy.has_confidence()) model.confidence = affect::ToNano(policy.confidence());
  if (policy.has_most_delight()) model.most_delight = affect::ToNano(policy.most_delight());
  if (!policy.has_kano()) return absl::OkStatus();
  const std::optional<journey::Kano> kano = journey::KanoNamed(policy.kano());
  if (!kano) {
    return absl::InvalidArgumentError(
        absl::StrCat("impressions: unknown KANO class `", policy.kano(), "`"));
  }
  model.kano = *kano;
  return absl::OkStatus();
}

absl::StatusOr<moments::Expectation> CompileExpectation(const v1::ExpectationPolicy& policy) {
  moments::Expectation expectation;
  const std::optional<journey::Cause> cause = journey::CauseNamed(policy.cause());
  const std::optional<int> channel = ChannelNamed(policy.channel());
  if (!cause || !channel) {
    return absl::InvalidArgumentError(absl::StrCat("expectations: unknown cause `", policy.cause(),
                                                   "` or channel `", policy.channel(), "`"));
  }
  expectation.cause = *cause;
  expectation.queue_id = policy.queue();
  expectation.channel = *channel;
  expectation.tier = policy.tier();
  expectation.touchpoint_id = policy.touchpoint();
  constexpr double kScore = 1e6;
  const bool scored = *cause == journey::Cause::kPoorAudio;
  expectation.desired =
      scored ? std::lround(policy.desired_score() * kScore) : Ms(policy.desired());
  expectation.adequate =
      scored ? std::lround(policy.adequate_score() * kScore) : Ms(policy.adequate());
  const bool holds = scored ? expectation.adequate < expectation.desired
                            : expectation.adequate > expectation.desired;
  if (!holds) {
    return absl::InvalidArgumentError(
        absl::StrCat("expectations: what is adequate must be worse than what is desired of `",
                     policy.cause(), "`"));
  }
  return expectation;
}

absl::Status CompileExperience(const v1::Policy& policy, moments::Experience& experience) {
  experience.promise_slack = policy.moments().promise_slack();
  experience.own_waits = static_cast<int>(policy.moments().own_waits());
  experience.baseline_waits = policy.moments().baseline_waits();
  for (const v1::ImpressionPolicy& impression : policy.impressions()) {
    if (absl::Status status = CompileImpression(impression, experience); !status.ok()) {
      return status;
    }
  }
  std::vector<moments::Expectation> expectations;
  for (const v1::ExpectationPolicy& source : policy.expectations()) {
    absl::StatusOr<moments::Expectation> expectation = CompileExpectation(source);
    if (!expectation.ok()) return expectation.status();
    expectations.push_back(*std::move(expectation));
  }
  expectations.insert(expectations.end(), experience.expectations.begin(),
                      experience.expectations.end());
  experience.expectations = std::move(expectations);
  absl::StatusOr<journey::Calendars> calendars = CompileCalendars(policy);
  if (!calendars.ok()) return calendars.status();
  experience.calendars = *std::move(calendars);
  return absl::OkStatus();
}

absl::StatusOr<moments::MomentModel> CompileModel(const v1::Policy& policy) {
  moments::MomentModel model;
  model.peak_floor = affect::ToNano(policy.moments().peak_floor());
  model.opening_turns = policy.moments().opening_turns();
  model.tail_max = policy.moments().tail_max();
  model.abandoned_valence = affect::ToNano(policy.moments().abandoned_valence());
  model.resolved_valence = affect::ToNano(policy.moments().resolved_valence());
  model.worst_weight = affect::ToNano(policy.score().worst_weight());
  model.tail_weight = affect::ToNano(policy.score().tail_weight());
  if (int64_t{model.worst_weight} + model.tail_weight != affect::kNanoOne) {
    return absl::InvalidArgumentError("score: worst_weight and tail_weight must sum to 1");
  }
  if (model.tail_max < 2 || model.tail_max > journey::Impressions::kLatest) {
    return absl::InvalidArgumentError("moments.tail_max must be between 2 and 32");
  }
  absl::StatusOr<moments::Formula> formula = CompileFormula(policy.score().formula());
  if (!formula.ok()) return formula.status();
  model.formula = *formula;
  model.hung_up_on_hold_valence = affect::ToNano(policy.moments().hung_up_on_hold_valence());
  model.left_unanswered_valence = affect::ToNano(policy.moments().left_unanswered_valence());
  model.follow_up_within_ms = Ms(policy.moments().follow_up_within());
  model.half_lives = {Ms(policy.memory().worst_half_life()), Ms(policy.memory().best_half_life()),
                      Ms(policy.memory().end_half_life())};
  if (absl::Status status = CompileExperience(policy, model.experience); !status.ok()) {
    return status;
  }
  return model;
}

absl::StatusOr<Opening> CompileOpening(const v1::OpeningPolicy& policy) {
  const std::optional<Brings> when = BringsNamed(policy.when());
  if (!when) {
    return absl::InvalidArgumentError(absl::StrCat("openings: unknown `", policy.when(), "`"));
  }
  const affect::Nano level =
      policy.has_level() ? affect::ToNano(policy.level()) : DefaultLevel(*when);
  return Opening{*when, level, policy.say_en(), policy.say_zh()};
}

absl::StatusOr<affect::PhraseBook> CompilePhrases(const v1::Policy& policy) {
  std::vector<affect::Phrase> phrases;
  for (const v1::PhrasePolicy& source : policy.phrases()) {
    const std::optional<affect::PhraseClass> of = affect::PhraseClassNamed(source.class_());
    if (!of) {
      return absl::InvalidArgumentError(
          absl::StrCat("phrases: unknown class `", source.class_(), "`"));
    }
    const absl::StatusOr<std::vector<std::string>> says = affect::SplitPhrases(source.says());
    if (!says.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("phrases of ", source.class_(), ": ", says.status().message()));
    }
    for (const std::string& phrase : *says) phrases.push_back({*of, phrase});
  }
  absl::StatusOr<affect::PhraseBook> book = affect::PhraseBook::Make(phrases);
  if (book.ok()) return book;
  return absl::InvalidArgumentError(absl::StrCat("phrases: ", book.status().message()));
}

absl::Status CheckWindows(const journey::Windows& windows) {
  if (windows.journey_gap_ms <= windows.max_out_of_orderness_ms + windows.allowed_lateness_ms) {
    return absl::InvalidArgumentError(
        "windows.journey_gap must exceed max_out_of_orderness + allowed_lateness");
  }
  if (windows.resolution_grace_ms > 0 &&
      windows.resolution_grace_ms <=
          windows.max_out_of_orderness_ms + windows.allowed_lateness_ms) {
    return absl::InvalidArgumentError(
        "windows.resolution_grace must be 0 or exceed max_out_of_orderness + allowed_lateness");
  }
  if (windows.journey_max_ms < 2 * windows.journey_gap_ms) {
    return absl::InvalidArgumentError("windows.journey_max must be at least twice journey_gap");
  }
  if (windows.statistics_window_ms < 1) {
    return absl::InvalidArgumentError("windows.statistics_window must be positive");
  }
  if (windows.max_contacts < 1 || windows.max_event_ids < 2) {
    return absl::InvalidArgumentError("windows: max_contacts and max_event_ids must be positive");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Policy> CompilePolicy(const v1::Policy& policy, std::string stamp) {
  Policy compiled;
  compiled.stamp = std::move(stamp);
  compiled.formula = policy.score().formula();
  compiled.windows = CompileWindows(policy.windows());
  if (absl::Status status = CheckWindows(compiled.windows); !status.ok()) return status;
  absl::StatusOr<moments::MomentModel> model = CompileModel(policy);
  if (!model.ok()) return model.status();
  compiled.model = *model;
  absl::StatusOr<alerts::Rules> rules = CompileRules(policy);
  if (!rules.ok()) return rules.status();
  compiled.rules = *std::move(rules);
  const v1::AlertBudgetPolicy& budget = policy.alert_budget();
  compiled.budget.interrupts_per_1000_contacts =
      std::llround(budget.interrupts_per_100_contacts() * 10);
  compiled.budget.contacts = std::max<int64_t>(1, budget.contacts());
  constexpr int kMostOpenings = 100;
  if (policy.openings_size() > kMostOpenings) {
    return absl::InvalidArgumentError(absl::StrCat("openings: more than ", kMostOpenings));
  }
  for (const v1::OpeningPolicy& source : policy.openings()) {
    absl::StatusOr<Opening> opening = CompileOpening(source);
    if (!opening.ok()) return opening.status();
    compiled.openings.push_back(*std::move(opening));
  }
  absl::StatusOr<affect::PhraseBook> phrases = CompilePhrases(policy);
  if (!phrases.ok()) return phrases.status();
  compiled.phrases = *std::move(phrases);
  constexpr int kMostTouchpoints = 1000;
  if (policy.touchpoints_size() > kMostTouchpoints) {
    return absl::InvalidArgumentError(absl::StrCat("touchpoints: more than ", kMostTouchpoints));
  }
  for (const v1::TouchpointPolicy& touchpoint : policy.touchpoints()) {
    if (!compiled.stages.emplace(touchpoint.id(), touchpoint.stage()).second) {
      return absl::InvalidArgumentError(
          absl::StrCat("touchpoints: `", touchpoint.id(), "` stands there twice"));
    }
    if (touchpoint.owner() == "partner") compiled.partner_touchpoints.insert(touchpoint.id());
  }
  absl::StatusOr<std::optional<Identities>> identities = CompileIdentities(policy);
  if (!identities.ok()) return identities.status();
  compiled.identities = *std::move(identities);
  return compiled;
}

}  // namespace peakend::publish
