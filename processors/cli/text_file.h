// Whole small files: configuration, policies, secrets.
#ifndef PEAKEND_PROCESSORS_CLI_TEXT_FILE_H_
#define PEAKEND_PROCESSORS_CLI_TEXT_FILE_H_

#include <string>

#include "absl/status/statusor.h"

namespace peakend::cli {

// Errors: NotFound when it can't be opened or read (the message is the reason in
// words), ResourceExhausted when it is larger than a configuration may be.
absl::StatusOr<std::string> ReadTextFile(const std::string& path);

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_TEXT_FILE_H_
