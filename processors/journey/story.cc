#include "processors/journey/story.h"

#include <algorithm>

namespace peakend::journey {

bool MovedOn(const Story& story, size_t index, const Promise& promise) {
  const int64_t until_ms = std::min(promise.DueMs(), story.as_of_ms);
  const absl::Span<const Contact> later = story.journey.subspan(index + 1, story.end - index - 1);
  return std::any_of(later.begin(), later.end(), [&](const Contact& contact) {
    const Promise* anew = contact.promises().Find(promise.id);
    return anew != nullptr && promise.made.at < anew->made.at && anew->made.at.at_ms <= until_ms;
  });
}

}  // namespace peakend::journey
