// Fields set from outside of the file: environment variables and -X flags.
#ifndef PEAKEND_PROCESSORS_RUNTIME_CONFIG_OVERRIDES_H_
#define PEAKEND_PROCESSORS_RUNTIME_CONFIG_OVERRIDES_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "google/protobuf/message.h"
#include "processors/runtime/config/message_reader.h"

namespace peakend::runtime {

// "kafka.group_id" -> "PEAKEND_KAFKA_GROUP_ID".
std::string EnvironmentName(std::string_view path);

// Paths that one value may be given to, short forms ("topics.moments") included;
// entries of maps and lists are not among them.
std::vector<std::string> SettablePaths(const google::protobuf::Descriptor& descriptor);

// An empty variable counts as unset. Variables that name no field are left alone, because platforms
// inject their own under our prefix; one that looks like a slip of the pen is warned of.
void ApplyEnvironment(const std::map<std::string, std::string>& environment,
                      google::protobuf::Message& message, LoadState& state);

// Each is "path=value"; the last one of a path counts.
void ApplyFlags(const std::vector<std::string>& flags, google::protobuf::Message& message,
                LoadState& state);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_CONFIG_OVERRIDES_H_
