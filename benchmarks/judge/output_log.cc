#include "benchmarks/judge/output_log.h"

#include <xxhash.h>

#include <algorithm>
#include <set>

#include "absl/container/flat_hash_map.h"

namespace peakend::benchmarks {
namespace {

struct Times {
  int64_t expected = 0;
  int64_t got = 0;
};

void CompareOne(const OutputLog::Hashes& expected, const OutputLog::Hashes& got,
                OutputDifference& difference) {
  difference.expected += static_cast<int64_t>(expected.size());
  difference.got += static_cast<int64_t>(got.size());
  if (expected == got) return;
  absl::flat_hash_map<uint64_t, Times> times;
  for (const uint64_t hash : expected) ++times[hash].expected;
  for (const uint64_t hash : got) ++times[hash].got;
  bool same = true;
  for (const auto& [hash, seen] : times) {
    const int64_t more = seen.got - seen.expected;
    if (more != 0) same = false;
    difference.lost += std::max<int64_t>(0, -more);
    (seen.expected == 0 ? difference.unexpected : difference.dup) += std::max<int64_t>(0, more);
  }
  for (size_t i = 0; same && i < got.size(); ++i) {
    if (got[i] != expected[i]) ++difference.wrong_order;
  }
}

}  // namespace

void OutputLog::Append(publish::Topic topic, int32_t partition, std::string_view key,
                       std::string_view value) {
  logs_[{topic, partition}].push_back(
      XXH3_64bits_withSeed(value.data(), value.size(), XXH3_64bits(key.data(), key.size())));
}

int64_t OutputLog::Count(publish::Topic topic) const {
  int64_t count = 0;
  for (const auto& [place, hashes] : logs_) {
    if (place.first == topic) count += static_cast<int64_t>(hashes.size());
  }
  return count;
}

OutputDifference Compare(const OutputLog& expected, const OutputLog& got) {
  static const OutputLog::Hashes kNone;
  std::set<std::pair<publish::Topic, int32_t>> places;
  for (const auto& [place, hashes] : expected.logs()) places.insert(place);
  for (const auto& [place, hashes] : got.logs()) places.insert(place);
  OutputDifference difference;
  for (const auto& place : places) {
    const auto wanted = expected.logs().find(place);
    const auto found = got.logs().find(place);
    CompareOne(wanted == expected.logs().end() ? kNone : wanted->second,
               found == got.logs().end() ? kNone : found->second, difference);
  }
  return difference;
}

}  // namespace peakend::benchmarks
