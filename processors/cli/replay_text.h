// A replay's report in words and tables.
#ifndef PEAKEND_PROCESSORS_CLI_REPLAY_TEXT_H_
#define PEAKEND_PROCESSORS_CLI_REPLAY_TEXT_H_

#include <string>

#include "peakend/v1/replay_report.pb.h"

namespace peakend::cli {

// Ends with a line feed. Names people and contacts by their ids only.
std::string ReplayText(const v1::ReplayReport& report);

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_REPLAY_TEXT_H_
