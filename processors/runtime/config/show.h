// A loaded configuration as YAML: what `config show` and /configz print.
#ifndef PEAKEND_PROCESSORS_RUNTIME_CONFIG_SHOW_H_
#define PEAKEND_PROCESSORS_RUNTIME_CONFIG_SHOW_H_

#include <string>

#include "google/protobuf/message.h"
#include "processors/runtime/config/origin.h"

namespace peakend::runtime {

enum class ShowOrigins { kNo, kYes };

// All fields with their values; secrets as ***. With origins, each line ends in
// a comment: default, file:line, the variable's name, or -X. Reads back as the
// same configuration unless there are secrets.
std::string ShowMessage(const google::protobuf::Message& message, const Origins& origins,
                        ShowOrigins show);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_CONFIG_SHOW_H_
