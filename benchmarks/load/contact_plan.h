// What is decided of a contact before anybody speaks: who comes, when, to which queue, how long
// they wait and how long it may take.
//
// Thread-safety: a value.
#ifndef PEAKEND_BENCHMARKS_LOAD_CONTACT_PLAN_H_
#define PEAKEND_BENCHMARKS_LOAD_CONTACT_PLAN_H_

#include <cstdint>

namespace peakend::load {

// Times of a load are microseconds from its beginning; what was under way then has begun at a
// negative one.
inline constexpr int64_t kSecondUs = 1'000'000;

enum class Medium : uint8_t { kVoice, kChat, kMail, kPost };

struct ContactPlan {
  uint64_t number = 0;    // in the order of arrival
  uint64_t customer = 0;  // from 0; 0 is the hot one where there is one
  uint32_t visit = 0;     // their contacts before this one, where customers come back by chance
  Medium medium = Medium::kVoice;
  uint32_t queue = 0;
  int64_t arrives_us = 0;
  // Until somebody answers or, when abandoned, until they give up.
  int64_t waits_us = 0;
  bool abandoned = false;
  bool in_incident = false;
  bool chinese = false;
  int64_t talks_us = 0;   // of a call
  uint32_t messages = 0;  // of a chat

  // When somebody may be answered by the same agent again, as the queues see it.
  int64_t about_over_us() const { return arrives_us + waits_us + talks_us; }
  // By then nearly all of a call or chat has happened, holds, transfers and slow replies with it.
  int64_t surely_over_us() const {
    return about_over_us() + talks_us * (medium == Medium::kChat ? 2 : 1) + 600 * kSecondUs;
  }
};

}  // namespace peakend::load

#endif  // PEAKEND_BENCHMARKS_LOAD_CONTACT_PLAN_H_
