#include "processors/moments/notice_impression.h"

#include <algorithm>
#include <optional>

namespace peakend::moments {
namespace {

using journey::Contact;
using journey::Promise;
using journey::Story;

// A promise in person that was open at `at_ms` and is to be kept later.
bool WaitsForPromise(const Story& story, size_t index, int64_t at_ms) {
  const auto waits = [&](const Promise& promise) {
    return promise.due && promise.made.time_ms <= at_ms && at_ms <= promise.DueMs() &&
           FateOf(promise, story.settlements, at_ms).unknown();
  };
  return std::any_of(story.journey.begin(), story.journey.begin() + index + 1,
                     [&](const Contact& contact) {
                       const auto promises = contact.promises().all();
                       return std::any_of(promises.begin(), promises.end(), waits);
                     });
}

}  // namespace

void DeriveFromNotice(const Story& story, size_t index, const Experience& experience,
                      ImpressionMaker& maker) {
  if (!story.notices) return;
  const Contact& contact = story.journey[index];
  const std::optional<journey::NoticeGiven>& notice = contact.notice();
  if (!notice || !notice->overdue() || contact.need().StartedByUs()) return;
  if (!contact.SoughtHelp() || !contact.HasTimes()) return;
  const int64_t at_ms = notice->at.at_ms;
  if (WaitsForPromise(story, index, at_ms)) return;
  const int64_t desired_ms = notice->due_ms - notice->base_ms;
  maker.Compare(journey::Cause::kNoticeBroken, notice->at, notice->event_id, 1, Basis::kNotice,
                at_ms - notice->base_ms, desired_ms, experience.ToleratedMs(desired_ms));
}

}  // namespace peakend::moments
