#include "processors/moments/journey_impressions.h"

#include <algorithm>

#include "processors/moments/contact_impressions.h"
#include "processors/moments/notice_impression.h"
#include "processors/moments/promise_impressions.h"

namespace peakend::moments {
namespace {

using journey::Cause;
using journey::Contact;
using journey::Impression;
using journey::SameNeed;
using journey::Story;
using journey::Tally;
using journey::TallyKind;

bool IsBadPeak(const Impression& impression, int64_t before_ms, const MomentModel& model) {
  return impression.valence < 0 && impression.at_ms < before_ms &&
         impression.Weight() >= model.peak_floor;
}

// Something in contact `index` hurt before `before_ms`, as far as its own facts tell.
bool HurtBefore(const Story& story, size_t index, int64_t before_ms, const MomentModel& model) {
  const Contact& contact = story.journey[index];
  const journey::Impressions& turns = contact.impressions();
  const auto bad = [&](const Impression& impression) {
    return IsBadPeak(impression, before_ms, model);
  };
  if (turns.strongest_negative() && bad(*turns.strongest_negative())) return true;
  if (std::any_of(turns.latest().begin(), turns.latest().end(), bad)) return true;
  ServiceImpressions made;
  ImpressionMaker maker(model.experience, made);
  DeriveFromContact(contact, story.before, model.experience, maker);
  DeriveFromPromises(story, index, model.experience, maker);
  DeriveFromNotice(story, index, model.experience, maker);
  return std::any_of(made.begin(), made.end(),
                     [&](const ServiceImpression& each) { return bad(each.impression); });
}

// A contact of ours that reached somebody who had been hurt, or had given up waiting.
bool FollowsUp(const Story& story, size_t index, const MomentModel& model) {
  const Contact& contact = story.journey[index];
  if (!contact.need().StartedByUs() || !contact.human_at_ms()) return false;
  const int64_t begins_ms = contact.first().at_ms;
  for (size_t i = 0; i < index; ++i) {
    const Contact& before = story.journey[i];
    const int64_t over_ms = before.last().at_ms;
    if (over_ms >= begins_ms) continue;
    const journey::BusinessHours* hours = model.experience.calendars.Of(before);
    if (journey::OpenMs(hours, over_ms, begins_ms) > model.follow_up_within_ms) continue;
    if (before.abandoned() || HurtBefore(story, i, begins_ms, model)) return true;
  }
  return false;
}

bool RecoversBy(const Story& story, size_t index, int64_t resolved_ms, const MomentModel& model) {
  for (size_t i = 0; i <= index; ++i) {
    if (HurtBefore(story, i, resolved_ms, model)) return true;
  }
  return false;
}

}  // namespace

Repeats CountRepeats(const Story& story, size_t index, int64_t repeat_window_ms) {
  const Contact& contact = story.journey[index];
  if (!contact.need().StartedByCustomer() || !contact.SoughtHelp()) return {};
  int64_t same = 0;
  int64_t unknown = 0;
  for (const Contact& before : story.journey.first(index)) {
    const int64_t since_ms = contact.first().at_ms - before.last().at_ms;
    if (since_ms <= 0 || since_ms > repeat_window_ms) continue;
    if (!before.need().StartedByCustomer() || !before.SoughtHelp()) continue;
    const SameNeed compared = contact.need().Compare(before.need());
    same += compared == SameNeed::kYes ? 1 : 0;
    unknown += compared == SameNeed::kUnknown ? 1 : 0;
  }
  const journey::Memory& memory = story.before;
  const int64_t since_ms = contact.first().at_ms - journey::MinuteMs(memory.need_minute);
  if (memory.need_minute != 0 && since_ms > 0 && since_ms <= repeat_window_ms) {
    const SameNeed compared = contact.need().Compare(memory.need);
    same += compared == SameNeed::kYes ? 1 : 0;
    unknown += compared == SameNeed::kUnknown ? 1 : 0;
  }
  if (same > 0) return {same, affect::kNanoOne};
  return {unknown, affect::kNanoOne / 2};
}

void DeriveFromJourney(const Story& story, size_t index, const journey::Windows& windows,
                       const MomentModel& model, ImpressionMaker& maker) {
  const Contact& contact = story.journey[index];
  const Repeats repeats = CountRepeats(story, index, windows.repeat_window_ms);
  if (repeats.count > 0) {
    maker.Count(Cause::kRepeatContact, *contact.need().started_at(),
                contact.need().started_event_id(), repeats.count, repeats.sureness);
  }
  const Tally* answered = contact.tallies().Find(TallyKind::kAnswered);
  if (answered != nullptr && FollowsUp(story, index, model)) {
    maker.Count(Cause::kFollowedUp, answered->at, contact.tallies().event_id(*answered), 1);
  }
  const std::optional<journey::Occurrence> resolved = contact.resolved();
  if (resolved && RecoversBy(story, index, resolved->at.at_ms, model)) {
    maker.Count(Cause::kRecovered, resolved->at, resolved->event_id, 1);
  }
}

}  // namespace peakend::moments
