// The keys of a compact event, and what may stand behind each.
//
// What they mean together is scenario_event.h's matter. `null` behind any key leaves it out,
// also where `defaults` have it.
//
// Thread-safety: immutable.
#ifndef PEAKEND_PROCESSORS_SCENARIOS_COMPACT_KEYS_H_
#define PEAKEND_PROCESSORS_SCENARIOS_COMPACT_KEYS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "google/protobuf/descriptor.h"

namespace peakend::scenarios {

enum class Form {
  kText,      // any scalar, as it is written
  kWhen,      // "20s" after the start of the scenario, or "+20s" after the event before
  kTime,      // "20s" after the start of the scenario
  kDuration,  // "20s"
  kNumber,
  kFlag,     // true or false
  kWord,     // a name of `words`
  kValence,  // a number, or several that events of a `repeat` go through
  kSpan,     // [smallest, largest]
  kTexts,    // a list of texts
  kCount,    // a whole number from 1 to kMostRepeats
  kMembers,  // a map of members of the full event
  kCells,    // a list of maps, see kCellKeys
};

inline constexpr int64_t kMostRepeats = 10'000;

struct CompactKey {
  std::string_view name;
  Form form = Form::kText;
  // Of a kWord: the enum, and what its names begin with in the contract but not here.
  const google::protobuf::EnumDescriptor* (*words)() = nullptr;
  std::string_view prefix = {};
};

// In the order of the documentation.
absl::Span<const CompactKey> CompactKeys();
// Of one entry of `cells`.
absl::Span<const CompactKey> CellKeys();

// Null when there is none.
const CompactKey* FindKey(absl::Span<const CompactKey> keys, std::string_view name);
std::vector<std::string> KeyNames(absl::Span<const CompactKey> keys);

// What a kWord may be, the enum's zero left out. Roles are written in small letters.
std::vector<std::string> Words(const CompactKey& key);

// "a duration such as 20s or 1d2h", ...
std::string_view DescribeForm(Form form);

}  // namespace peakend::scenarios

#endif  // PEAKEND_PROCESSORS_SCENARIOS_COMPACT_KEYS_H_
