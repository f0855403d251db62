// How long a customer usually waits for an answer: what they expect of the next contact.
//
// Of each of the two channels that were used last a running mean, since a mail thread and a
// call are not compared. Small: it is kept of everybody.
//
// Thread-safety: a value.
#ifndef PEAKEND_PROCESSORS_JOURNEY_USUAL_WAIT_H_
#define PEAKEND_PROCESSORS_JOURNEY_USUAL_WAIT_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace peakend::journey {

struct UsualWait {
  uint32_t ms = 0;      // the longest that fits is 49 days
  uint8_t channel = 0;  // v1::Channel; 255 = a larger number
  uint8_t waits = 0;    // that it is a mean of; 255 = or more; 0 = none

  friend bool operator==(const UsualWait&, const UsualWait&) = default;
};

class UsualWaits {
 public:
  static constexpr size_t kMost = 2;

  // The customer was answered after so long. Of the first 8 waits of a channel all count
  // alike, later each new one counts as much as one of 8. A third channel takes the place
  // of the one that was used before the other. REQUIRES: wait_ms >= 0.
  void Add(int channel, int64_t wait_ms);

  // What is usual in a channel, of at least `waits` of them (0 = never); nothing when less
  // is known.
  std::optional<int64_t> Of(int channel, int waits) const;

  // The channel that was used last first; those of no waits are no channel.
  const std::array<UsualWait, kMost>& all() const { return all_; }
  // Appends one that was used before those that are there. REQUIRES: there is room.
  void Restore(const UsualWait& wait);

  friend bool operator==(const UsualWaits&, const UsualWaits&) = default;

 private:
  std::array<UsualWait, kMost> all_ = {};
};

}  // namespace peakend::journey

#endif  // PEAKEND_PROCESSORS_JOURNEY_USUAL_WAIT_H_
