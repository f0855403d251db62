#include "processors/journey/memory_join.h"

#include <algorithm>
#include <cstdlib>
#include <tuple>

namespace peakend::journey {
namespace {

struct Peak {
  RememberedLevel level = 0;
  uint32_t minute = 0;
  bool unrecovered = false;
};

// What was made good in one of them was made good.
Peak Join(const Peak& a, const Peak& b, int64_t half_life_ms) {
  const uint32_t minute = std::max(a.minute, b.minute);
  const auto rank = [&](const Peak& peak) {
    const RememberedLevel faded = Faded(peak.level, int64_t{minute} - peak.minute, half_life_ms);
    return std::tuple(std::abs(faded), peak.minute, std::abs(peak.level), !peak.unrecovered);
  };
  return rank(a) < rank(b) ? b : a;
}

// The channels of whoever was here last come first, as they were used last.
UsualWaits JoinWaits(const Memory& last, const Memory& before) {
  UsualWaits joined;
  size_t count = 0;
  const auto more = [](const UsualWait& a, const UsualWait& b) {
    return std::tie(a.waits, a.ms) < std::tie(b.waits, b.ms);
  };
  for (const Memory* memory : {&last, &before}) {
    for (UsualWait wait : memory->usual_waits.all()) {
      const auto same = [&](const UsualWait& each) {
        return each.waits > 0 && each.channel == wait.channel;
      };
      const auto& known = joined.all();
      if (wait.waits == 0 || count == UsualWaits::kMost ||
          std::any_of(known.begin(), known.end(), same)) {
        continue;
      }
      for (const Memory* other : {&last, &before}) {
        for (const UsualWait& each : other->usual_waits.all()) {
          if (same(each)) wait = std::max(wait, each, more);
        }
      }
      joined.Restore(wait);
      ++count;
    }
  }
  return joined;
}

// Whoever was here last; of a tie any order that is one.
bool Earlier(const Memory& a, const Memory& b) {
  const auto rank = [](const Memory& memory) {
    const auto& waits = memory.usual_waits.all();
    return std::tuple(memory.last_minute, memory.channel, bool{memory.resolved}, waits[0].channel,
                      waits[1].channel);
  };
  return rank(a) < rank(b);
}

}  // namespace

Memory Join(const Memory& a, const Memory& b, const PeakHalfLives& half_lives) {
  const Memory& last = Earlier(a, b) ? b : a;
  const Memory& before = Earlier(a, b) ? a : b;
  Memory joined = last;
  const auto worst = [](const Memory& of) {
    return Peak{of.worst, of.worst_minute, of.unrecovered};
  };
  const Peak negative = Join(worst(a), worst(b), half_lives.worst_ms);
  joined.worst = negative.level;
  joined.worst_minute = negative.minute;
  joined.unrecovered = negative.unrecovered;
  const Peak positive =
      Join({a.best, a.best_minute, false}, {b.best, b.best_minute, false}, half_lives.best_ms);
  joined.best = positive.level;
  joined.best_minute = positive.minute;
  const auto end = [](const Memory& of) {
    return std::tuple(of.end_minute, bool{of.has_end}, of.end);
  };
  const Memory& ended = end(a) < end(b) ? b : a;
  joined.end_minute = ended.end_minute;
  joined.has_end = ended.has_end;
  joined.end = ended.end;
  const auto need = [](const Memory& of) {
    return std::tuple(of.need_minute, of.need.case_id, of.need.intent, of.need.touchpoint);
  };
  const Memory& sought = need(a) < need(b) ? b : a;
  joined.need_minute = sought.need_minute;
  joined.need = sought.need;
  const auto usual = [](const Memory& of) { return std::tuple(of.usual_journeys, of.usual); };
  const Memory& used = usual(a) < usual(b) ? b : a;
  joined.usual_journeys = used.usual_journeys;
  joined.usual = used.usual;
  joined.usual_waits = JoinWaits(last, before);
  return joined;
}

}  // namespace peakend::journey
