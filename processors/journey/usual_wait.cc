#include "processors/journey/usual_wait.h"

#include <algorithm>
#include <limits>

#include "processors/affect/level.h"

namespace peakend::journey {
namespace {

uint8_t Narrow(int channel) {
  return static_cast<uint8_t>(std::clamp(channel, 0, int{std::numeric_limits<uint8_t>::max()}));
}

}  // namespace

void UsualWaits::Add(int channel, int64_t wait_ms) {
  constexpr int kMemory = 8;
  const uint8_t narrow = Narrow(channel);
  const auto is_of = [&](const UsualWait& wait) {
    return wait.waits > 0 && wait.channel == narrow;
  };
  auto place = std::find_if(all_.begin(), all_.end(), is_of);
  if (place == all_.end()) {
    place = all_.end() - 1;
    *place = {0, narrow, 0};
  }
  const int64_t wait = std::min<int64_t>(wait_ms, std::numeric_limits<uint32_t>::max());
  const int64_t count = std::min(place->waits + 1, kMemory);
  place->ms = static_cast<uint32_t>(place->ms + affect::DivideRounded(wait - place->ms, count));
  if (place->waits < std::numeric_limits<uint8_t>::max()) ++place->waits;
  std::rotate(all_.begin(), place, place + 1);
}

std::optional<int64_t> UsualWaits::Of(int channel, int waits) const {
  if (waits == 0) return std::nullopt;
  const uint8_t narrow = Narrow(channel);
  for (const UsualWait& wait : all_) {
    if (wait.channel == narrow && wait.waits >= waits) return wait.ms;
  }
  return std::nullopt;
}

void UsualWaits::Restore(const UsualWait& wait) {
  *std::find_if(all_.begin(), all_.end(), [](const UsualWait& each) { return each.waits == 0; }) =
      wait;
}

}  // namespace peakend::journey
