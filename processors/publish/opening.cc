#include "processors/publish/opening.h"

#include <array>
#include <cstddef>

namespace peakend::publish {
namespace {

constexpr std::array<std::string_view, 9> kNames = {
    "promise_overdue", "promise_open", "notice_overdue", "notice", "unrecovered_peak",
    "bad_end",         "good_end",     "again",          "known"};
static_assert(static_cast<size_t>(Brings::kKnown) + 1 == kNames.size());

}  // namespace

std::string_view BringsName(Brings brings) { return kNames[static_cast<size_t>(brings)]; }

std::optional<Brings> BringsNamed(std::string_view name) {
  for (size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == name) return static_cast<Brings>(i);
  }
  return std::nullopt;
}

affect::Nano DefaultLevel(Brings brings) {
  return affect::ToNano(brings == Brings::kGoodEnd ? 0.3 : -0.3);
}

}  // namespace peakend::publish
