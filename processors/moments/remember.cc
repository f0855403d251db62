#include "processors/moments/remember.h"

#include <algorithm>
#include <cstdlib>
#include <limits>

#include "processors/moments/contact_impressions.h"
#include "processors/moments/parts.h"

namespace peakend::moments {
namespace {

using journey::Contact;
using journey::Memory;
using journey::RememberedLevel;

struct Trace {
  RememberedLevel level = 0;
  uint32_t minute = 0;
};

Trace TraceOf(affect::Nano level, int64_t at_ms) {
  return {journey::ToRemembered(level), journey::MinuteOf(at_ms)};
}

RememberedLevel FadedTo(uint32_t minute, const Trace& trace, int64_t half_life_ms) {
  return journey::Faded(trace.level, int64_t{minute} - trace.minute, half_life_ms);
}

// True when `trace` is at least as strong as `other` at the later one's time.
bool AtLeastAsStrong(const Trace& trace, const Trace& other, int64_t half_life_ms) {
  const uint32_t minute = std::max(trace.minute, other.minute);
  return std::abs(FadedTo(minute, trace, half_life_ms)) >=
         std::abs(FadedTo(minute, other, half_life_ms));
}

// Something was resolved after `minute`, or somebody of us called and spoke.
bool MadeGoodAfter(uint32_t minute, const journey::Story& story) {
  const int64_t after_ms = journey::MinuteMs(minute);
  const auto good = [&](const Contact& contact) {
    if (contact.resolved() && contact.resolved()->at.at_ms > after_ms) return true;
    return contact.need().StartedByUs() && contact.human_at_ms() &&
           *contact.human_at_ms() > after_ms;
  };
  const auto contacts = story.contacts();
  return std::any_of(contacts.begin(), contacts.end(), good);
}

void RememberPeaks(const Parts& parts, const HalfLives& half_lives, Memory& memory) {
  if (parts.peak_negative) {
    const Trace worst = TraceOf(*parts.peak_negative, parts.strongest_negative.impression.at_ms);
    if (AtLeastAsStrong(worst, {memory.worst, memory.worst_minute}, half_lives.worst_ms)) {
      memory.worst = worst.level;
      memory.worst_minute = worst.minute;
      memory.unrecovered = true;
    }
  }
  if (parts.peak_positive) {
    const Trace best = TraceOf(*parts.peak_positive, parts.strongest_positive.impression.at_ms);
    if (AtLeastAsStrong(best, {memory.best, memory.best_minute}, half_lives.best_ms)) {
      memory.best = best.level;
      memory.best_minute = best.minute;
    }
  }
}

void RememberEnd(const Parts& parts, uint32_t over_minute, Memory& memory) {
  memory.resolved = parts.terminal && parts.terminal->cause == journey::Cause::kResolved;
  if (!parts.end) return;
  memory.has_end = true;
  memory.end = journey::ToRemembered(*parts.end);
  memory.end_minute = over_minute;
}

// A running mean that forgets: of the first kUsual journeys all count alike, later each new
// one counts as much as one of them.
void RememberUsual(const Parts& parts, Memory& memory) {
  constexpr int kUsual = 8;
  if (!parts.score) return;
  const int score = journey::ToRemembered(*parts.score);
  const int count = std::min(memory.usual_journeys + 1, kUsual);
  memory.usual = static_cast<RememberedLevel>(memory.usual +
                                              affect::DivideRounded(score - memory.usual, count));
  if (memory.usual_journeys < std::numeric_limits<uint8_t>::max()) ++memory.usual_journeys;
}

// How long each contact that was answered had waited for it.
void RememberWaits(const journey::Story& story, const Experience& experience, Memory& memory) {
  for (const Contact& contact : story.contacts()) {
    if (const std::optional<int64_t> waited_ms = AnsweredAfterMs(contact, experience)) {
      memory.usual_waits.Add(contact.channel(), *waited_ms);
    }
  }
}

// Who came last, by which channel, and what for.
void RememberContacts(const journey::Story& story, Memory& memory) {
  const Contact* last = nullptr;
  const Contact* sought = nullptr;
  const auto later = [](const Contact& contact, const Contact* than) {
    return than == nullptr || than->last() < contact.last();
  };
  for (const Contact& contact : story.contacts()) {
    if (later(contact, last)) last = &contact;
    if (contact.SoughtHelp() && contact.need().StartedByCustomer() && later(contact, sought)) {
      sought = &contact;
    }
  }
  memory.last_minute = journey::MinuteOf(last->last().at_ms);
  memory.channel = static_cast<uint8_t>(
      std::clamp(last->channel(), 0, int{std::numeric_limits<uint8_t>::max()}));
  if (sought == nullptr) return;
  memory.need = sought->need().Trace();
  memory.need_minute = journey::MinuteOf(sought->last().at_ms);
}

}  // namespace

Memory Remember(const journey::Story& story, const journey::Windows& windows,
                const MomentModel& model) {
  Memory memory = story.before;
  const Parts parts = Assess(story.WithoutNotices(), windows, model);
  RememberPeaks(parts, model.half_lives, memory);
  if (memory.unrecovered && MadeGoodAfter(memory.worst_minute, story)) memory.unrecovered = false;
  RememberUsual(parts, memory);
  RememberWaits(story, model.experience, memory);
  RememberContacts(story, memory);
  RememberEnd(parts, memory.last_minute, memory);
  return memory;
}

Memory FadedAt(const Memory& memory, int64_t at_ms, const HalfLives& half_lives) {
  const uint32_t minute = journey::MinuteOf(at_ms);
  Memory faded = memory;
  faded.worst = FadedTo(minute, {memory.worst, memory.worst_minute}, half_lives.worst_ms);
  faded.best = FadedTo(minute, {memory.best, memory.best_minute}, half_lives.best_ms);
  faded.end = FadedTo(minute, {memory.end, memory.end_minute}, half_lives.end_ms);
  return faded;
}

Memory MemoryAt(const journey::Story& story, size_t index, const journey::Windows& windows,
                const MomentModel& model) {
  const int64_t at_ms = story.journey[index].first().at_ms;
  if (index == 0) return FadedAt(story.before, at_ms, model.half_lives);
  journey::Story earlier = story;
  earlier.journey = story.journey.first(index);
  earlier.begin = 0;
  earlier.end = index;
  earlier.as_of_ms = at_ms;
  Memory memory = Remember(earlier, windows, model);
  // A journey that goes on is not one of those that the customer has had.
  memory.usual = story.before.usual;
  memory.usual_journeys = story.before.usual_journeys;
  memory.usual_waits = story.before.usual_waits;
  return FadedAt(memory, at_ms, model.half_lives);
}

}  // namespace peakend::moments
