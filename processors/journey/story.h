// A stretch of one customer's life that is judged as one: a contact, or the contacts of
// a journey, with what else is known that bears on it.
//
// Thread-safety: a view; valid until the contacts change.
#ifndef PEAKEND_PROCESSORS_JOURNEY_STORY_H_
#define PEAKEND_PROCESSORS_JOURNEY_STORY_H_

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "processors/journey/contact.h"
#include "processors/journey/memory.h"
#include "processors/journey/settlement.h"

namespace peakend::journey {

struct Story {
  // The contacts of the journey in order of their first events, and which of them are
  // judged: [begin, end). Those before have a bearing, those after have none.
  absl::Span<const Contact> journey;
  size_t begin = 0;
  size_t end = 0;
  absl::Span<const Settlement> settlements;  // of the customer's promises
  // What is later has not happened yet, and what is not settled by then is open.
  int64_t as_of_ms = 0;
  Memory before = {};  // of earlier journeys
  // Whether what many hold against us at once, a notice that did not come true, counts: in
  // rows it does, but neither alerts nor what is remembered may answer to one outage for
  // each who calls.
  bool notices = true;

  // Contacts of whose promises nobody spoke again, judged together.
  static Story Of(absl::Span<const Contact> contacts, int64_t as_of_ms) {
    return {contacts, 0, contacts.size(), {}, as_of_ms, {}};
  }

  absl::Span<const Contact> contacts() const { return journey.subspan(begin, end - begin); }
  Story WithoutNotices() const {
    Story story = *this;
    story.notices = false;
    return story;
  }
};

// True when a later contact promised the same anew before it was due: the customer knows.
// `promise` is one of contact `index` of story.journey. REQUIRES: promise.due.
bool MovedOn(const Story& story, size_t index, const Promise& promise);

}  // namespace peakend::journey

#endif  // PEAKEND_PROCESSORS_JOURNEY_STORY_H_
