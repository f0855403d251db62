// Channels in words, as outputs and policies name them.
#ifndef PEAKEND_PROCESSORS_PUBLISH_CHANNEL_NAME_H_
#define PEAKEND_PROCESSORS_PUBLISH_CHANNEL_NAME_H_

#include <optional>
#include <string>
#include <string_view>

namespace peakend::publish {

// "voice", "chat", ... for a v1::Channel; "unspecified" for 0, the number in
// words for a value that this version does not know.
std::string ChannelName(int channel);

// The channel that ChannelName gives the name; 0 for "any". Nothing when none has it.
std::optional<int> ChannelNamed(std::string_view name);

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_CHANNEL_NAME_H_
