#include "processors/runtime/crash_point.h"

#include <unistd.h>

#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "absl/strings/numbers.h"

namespace peakend::runtime {
namespace {

constexpr int kExitCode = 137;  // what a shell says of a process that was killed

struct Plan {
  CrashAt place;
  int passings_left;
};

// From the environment; a plan that cannot be read must not pass for none.
std::optional<Plan> ReadPlan() {
  const char* const variable = std::getenv("PEAKEND_CRASH_AT");
  if (variable == nullptr) return std::nullopt;
  const std::string_view text = variable;
  const size_t colon = text.find(':');
  for (size_t i = 0; colon != std::string_view::npos && i < kCrashPointNames.size(); ++i) {
    Plan plan = {static_cast<CrashAt>(i), 0};
    const std::string number(text.substr(colon + 1));
    if (text.substr(0, colon) == kCrashPointNames[i] &&
        absl::SimpleAtoi(number, &plan.passings_left)) {
      return plan;
    }
  }
  std::abort();
}

}  // namespace

void CrashPoint(CrashAt place) {
  static std::optional<Plan> plan = ReadPlan();
  if (!plan.has_value() || plan->place != place) return;
  if (--plan->passings_left <= 0) _exit(kExitCode);
}

}  // namespace peakend::runtime
