// The conversations of the demo's day: deploy/demo/day.jsonl as part of the program.
#ifndef PEAKEND_PROCESSORS_CLI_DEMO_TEXT_H_
#define PEAKEND_PROCESSORS_CLI_DEMO_TEXT_H_

#include <string_view>

namespace peakend::cli {

// One conversation a line, in time order.
std::string_view DemoConversations();

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_DEMO_TEXT_H_
