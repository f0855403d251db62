// Which contacts became one, where several sets are seen as one.
//
// A contact is called by its first event: events of two contacts may be at the same times, and
// those that were joined for want of room do not even share a name.
// Thread-safety: none.
#ifndef PEAKEND_PROCESSORS_JOURNEY_CONTACT_JOINS_H_
#define PEAKEND_PROCESSORS_JOURNEY_CONTACT_JOINS_H_

#include <algorithm>
#include <memory_resource>
#include <vector>

#include "processors/journey/event_time.h"

namespace peakend::journey {

class ContactJoins {
 public:
  explicit ContactJoins(std::pmr::memory_resource* memory) : joins_(memory) {}

  // The contacts that began with these became one.
  void Note(const EventTime& a, const EventTime& b) {
    if (a != b) joins_.push_back({std::max(a, b), std::min(a, b)});
  }
  // How the contact begins of which the one that began with `first` is a part now.
  EventTime WholeOf(EventTime first) const {
    for (const Join& join : joins_) {
      if (join.part == first) first = join.whole;
    }
    return first;
  }

 private:
  struct Join {
    EventTime part;
    EventTime whole;
  };

  std::pmr::vector<Join> joins_;  // in the order in which they happened
};

}  // namespace peakend::journey

#endif  // PEAKEND_PROCESSORS_JOURNEY_CONTACT_JOINS_H_
