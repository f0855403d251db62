#include "processors/calibration/resampling.h"

#include <algorithm>
#include <random>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/numeric/int128.h"

namespace peakend::calibration {
namespace {

// By hand: the standard's distributions differ between libraries.
size_t Below(size_t limit, std::mt19937_64& random) {
  return static_cast<size_t>(absl::Uint128High64(absl::uint128(random()) * limit));
}

}  // namespace

std::vector<std::vector<size_t>> ByCustomer(const RatedJourneys& journeys) {
  std::vector<std::vector<size_t>> groups;
  absl::flat_hash_map<std::string_view, size_t> known;
  for (size_t i = 0; i < journeys.size(); ++i) {
    const auto [at, is_new] = known.try_emplace(journeys[i].customer, groups.size());
    if (is_new) groups.emplace_back();
    groups[at->second].push_back(i);
  }
  return groups;
}

std::vector<int> FoldsOf(const RatedJourneys& journeys, int folds, uint64_t seed) {
  std::vector<std::vector<size_t>> groups = ByCustomer(journeys);
  std::mt19937_64 random(seed);
  for (size_t i = groups.size(); i > 1; --i) std::swap(groups[i - 1], groups[Below(i, random)]);
  std::vector<int> of(journeys.size());
  for (size_t g = 0; g < groups.size(); ++g) {
    for (const size_t member : groups[g]) of[member] = static_cast<int>(g) % folds;
  }
  return of;
}

Interval Bootstrap(const std::vector<std::vector<size_t>>& groups, int repeats, uint64_t seed,
                   const std::function<double(absl::Span<const size_t>)>& statistic) {
  if (groups.empty()) return {};
  std::mt19937_64 random(seed);
  std::vector<double> found;
  std::vector<size_t> sample;
  for (int i = 0; i < repeats; ++i) {
    sample.clear();
    for (size_t g = 0; g < groups.size(); ++g) {
      const std::vector<size_t>& drawn = groups[Below(groups.size(), random)];
      sample.insert(sample.end(), drawn.begin(), drawn.end());
    }
    found.push_back(statistic(sample));
  }
  std::sort(found.begin(), found.end());
  const size_t cut = found.size() / 40;
  return {found[cut], found[found.size() - 1 - cut]};
}

}  // namespace peakend::calibration
