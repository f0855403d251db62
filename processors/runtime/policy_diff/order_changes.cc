#include "processors/runtime/policy_diff/order_changes.h"

#include <algorithm>
#include <cstddef>
#include <map>

namespace peakend::runtime {
namespace {

// Of distinct numbers: which of them make a longest rising row.
std::vector<bool> LongestRising(const std::vector<size_t>& numbers) {
  std::vector<size_t> ends;  // ends[k]: index of the smallest end of a row of k + 1
  std::vector<size_t> before(numbers.size(), numbers.size());
  for (size_t i = 0; i < numbers.size(); ++i) {
    const auto place =
        std::lower_bound(ends.begin(), ends.end(), numbers[i],
                         [&](size_t end, size_t number) { return numbers[end] < number; });
    if (place != ends.begin()) before[i] = *(place - 1);
    if (place == ends.end()) {
      ends.push_back(i);
    } else {
      *place = i;
    }
  }
  std::vector<bool> rising(numbers.size(), false);
  for (size_t i = ends.empty() ? numbers.size() : ends.back(); i < numbers.size(); i = before[i]) {
    rising[i] = true;
  }
  return rising;
}

}  // namespace

void CompareOrder(const std::string& section, const std::vector<std::string>& before,
                  const std::vector<std::string>& after, const MayMeet& may_meet,
                  std::vector<Change>& changes) {
  std::map<std::string, size_t> place_of;
  for (size_t i = 0; i < before.size(); ++i) place_of.emplace(before[i], i);
  std::vector<std::string> names;
  std::vector<size_t> places;
  for (const std::string& name : after) {
    const auto found = place_of.find(name);
    if (found == place_of.end()) continue;
    names.push_back(name);
    places.push_back(found->second);
  }
  const std::vector<bool> stays = LongestRising(places);
  for (size_t i = 0; i < names.size(); ++i) {
    if (stays[i]) continue;
    for (size_t k = 0; k < names.size(); ++k) {
      const bool passed = (k < i) != (places[k] < places[i]);
      if (k == i || !passed || !may_meet(names[i], names[k])) continue;
      changes.push_back({ChangeKind::kMoved, section, names[i], "", "", names[k],
                         i < k ? Effect::kAhead : Effect::kBehind});
      break;
    }
  }
}

}  // namespace peakend::runtime
