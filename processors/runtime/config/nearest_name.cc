#include "processors/runtime/config/nearest_name.h"

#include <algorithm>
#include <array>

namespace peakend::runtime {
namespace {
constexpr size_t kLongest = 64;
}  // namespace

size_t EditDistance(std::string_view a, std::string_view b) {
  a = a.substr(0, kLongest);
  b = b.substr(0, kLongest);
  std::array<std::array<size_t, kLongest + 1>, kLongest + 1> cost;
  for (size_t i = 0; i <= a.size(); ++i) cost[i][0] = i;
  for (size_t j = 0; j <= b.size(); ++j) cost[0][j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    for (size_t j = 1; j <= b.size(); ++j) {
      size_t best = cost[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      best = std::min({best, cost[i - 1][j] + 1, cost[i][j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        best = std::min(best, cost[i - 2][j - 2] + 1);
      }
      cost[i][j] = best;
    }
  }
  return cost[a.size()][b.size()];
}

std::string NearestName(std::string_view name, const std::vector<std::string>& candidates) {
  const std::string* nearest = nullptr;
  size_t distance = 0;
  for (const std::string& candidate : candidates) {
    const size_t d = EditDistance(name, candidate);
    if (nearest == nullptr || d < distance) {
      nearest = &candidate;
      distance = d;
    }
  }
  if (nearest == nullptr || distance >= nearest->size()) return "";
  return distance <= std::max<size_t>(2, nearest->size() / 3) ? *nearest : "";
}

}  // namespace peakend::runtime
