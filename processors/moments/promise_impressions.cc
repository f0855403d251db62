#include "processors/moments/promise_impressions.h"

#include <algorithm>

namespace peakend::moments {
namespace {

using affect::kNanoOne;
using journey::Cause;
using journey::EventTime;
using journey::Fate;
using journey::Promise;
using journey::Settlement;
using journey::Story;

EventTime PlaceOf(const Settlement& settlement) { return {settlement.time_ms, settlement.at.hash}; }

void Derive(const Promise& promise, const Story& story, const Experience& experience,
            ImpressionMaker& maker) {
  const Fate fate = FateOf(promise, story.settlements, story.as_of_ms);
  const int64_t allowed_ms = promise.AllowedMs();
  const int64_t tolerated_ms = experience.ToleratedMs(allowed_ms);
  if (fate.fulfilled != nullptr) {
    const Settlement& kept = *fate.fulfilled;
    const int64_t took_ms = std::max<int64_t>(0, kept.time_ms - promise.made.time_ms);
    const Cause cause = took_ms <= allowed_ms ? Cause::kPromiseKept : Cause::kPromiseBroken;
    maker.Compare(cause, PlaceOf(kept), kept.event_id, 1, Basis::kPromise, took_ms, allowed_ms,
                  tolerated_ms);
    return;
  }
  const EventTime given_up{promise.made.time_ms + tolerated_ms, promise.due->at.hash};
  if (fate.withdrawn != nullptr && fate.withdrawn->time_ms < given_up.at_ms) {
    maker.Add(Cause::kPromiseBroken, PlaceOf(*fate.withdrawn), fate.withdrawn->event_id, 1,
              -kNanoOne);
  } else if (given_up.at_ms < story.as_of_ms) {
    maker.Add(Cause::kPromiseBroken, given_up, promise.due->event_id, 1, -kNanoOne);
  }
}

}  // namespace

void DeriveFromPromises(const Story& story, size_t index, const Experience& experience,
                        ImpressionMaker& maker) {
  for (const Promise& promise : story.journey[index].promises().all()) {
    if (promise.due && !MovedOn(story, index, promise)) Derive(promise, story, experience, maker);
  }
}

std::optional<PromiseOutcome> OutcomeOf(const Story& story, size_t index, const Promise& promise) {
  if (!promise.due || MovedOn(story, index, promise)) return std::nullopt;
  PromiseOutcome outcome;
  const Fate fate = FateOf(promise, story.settlements, story.as_of_ms);
  if (fate.fulfilled != nullptr) outcome.fulfilled_at_ms = fate.fulfilled->time_ms;
  if (fate.fulfilled != nullptr && fate.fulfilled->time_ms <= promise.DueMs()) {
    outcome.status = PromiseStatus::kKept;
  } else if (!fate.unknown() || promise.DueMs() < story.as_of_ms) {
    outcome.status = PromiseStatus::kBroken;
  }
  return outcome;
}

PromiseCounts CountPromises(const Story& story) {
  PromiseCounts counts;
  for (size_t i = story.begin; i < story.end; ++i) {
    for (const Promise& promise : story.journey[i].promises().all()) {
      const std::optional<PromiseOutcome> outcome = OutcomeOf(story, i, promise);
      if (!outcome) continue;
      ++counts.made;
      if (outcome->status == PromiseStatus::kKept) ++counts.kept;
      if (outcome->status == PromiseStatus::kBroken) ++counts.broken;
      if (outcome->status == PromiseStatus::kOpen) ++counts.open;
    }
  }
  return counts;
}

}  // namespace peakend::moments
