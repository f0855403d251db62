// The name that somebody probably meant.
#ifndef PEAKEND_PROCESSORS_RUNTIME_CONFIG_NEAREST_NAME_H_
#define PEAKEND_PROCESSORS_RUNTIME_CONFIG_NEAREST_NAME_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace peakend::runtime {

// Insertions, deletions, replacements and swaps of neighbours that turn `a` into
// `b`. Only the first 64 bytes of each count.
size_t EditDistance(std::string_view a, std::string_view b);

// The candidate nearest to `name` (first one wins a draw), or "" when even the
// nearest differs in more than a third of its letters (at least 2 may differ).
std::string NearestName(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_CONFIG_NEAREST_NAME_H_
