// A contact center's day as records of the input topic, for the demo.
//
// The conversations have the form of adapters/conversations.h and four fields more:
//   "at":"09:02"              when the customer came, UTC
//   "queue":"water-faults"    where they waited, "waited_s":35 seconds
//   "agent":"agent-mei"       who answered; absent when nobody did
//   "ended":"RESOLVED"        or DISCONNECTED; ABANDONED = gave up in the queue
// Around the turns come the lifecycle events that a contact center sends. Three
// records show what happens to bad input: one event comes twice, one hours late,
// one is cut off.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_CLI_DEMO_DAY_H_
#define PEAKEND_PROCESSORS_CLI_DEMO_DAY_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace peakend::cli {

inline constexpr std::string_view kDemoTenant = "demo";

// A record of the input topic.
struct DemoRecord {
  int64_t arrives_at_ms = 0;  // ms since the epoch, the record's timestamp
  std::string key;
  std::string value;
};

struct DemoDay {
  std::vector<DemoRecord> records;  // in the order of arrival
  int64_t conversations = 0;
};

// Errors: InvalidArgument names line and field.
absl::StatusOr<DemoDay> MakeDemoDay(std::string_view conversations);

// A record that moves the time of its partition to `at_ms`: what is due by then
// closes.
DemoRecord DemoClockTick(int64_t at_ms, int32_t partition);

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_DEMO_DAY_H_
