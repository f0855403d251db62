// Output records as JSON, one object a line: {"topic":...,"key":...,"value":{...}}.
//
// Thread-safety: one thread.
#ifndef PEAKEND_PROCESSORS_CLI_JSON_LINES_H_
#define PEAKEND_PROCESSORS_CLI_JSON_LINES_H_

#include <ostream>

#include "peakend/v1/config.pb.h"
#include "processors/cli/file_run.h"

namespace peakend::cli {

// Topics are called as `topics` names them. `out` must outlive what is returned, which takes
// no more once `out` fails.
TakeOutput WriteJsonLines(const v1::TopicsConfig& topics, std::ostream& out);

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_JSON_LINES_H_
