// --since and --until: the days that a command looks at.
#ifndef PEAKEND_PROCESSORS_CLI_DAY_FLAGS_H_
#define PEAKEND_PROCESSORS_CLI_DAY_FLAGS_H_

#include <optional>
#include <string>

#include "processors/cli/invocation.h"
#include "processors/warehouse/business_day.h"

namespace CLI {
class App;
}

namespace peakend::cli {

// Days [since, until); nothing = no such limit.
struct DayRange {
  std::optional<warehouse::DayNumber> since;
  std::optional<warehouse::DayNumber> until;
};

struct DayFlags {
  std::string since;
  std::string until;
};

// `flags` must outlive `app`.
void AddDayFlags(CLI::App& app, DayFlags& flags);

// Nothing after an error, which was printed.
std::optional<DayRange> CheckedDays(const DayFlags& flags, Invocation& call);

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_DAY_FLAGS_H_
