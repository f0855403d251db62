#include "processors/publish/channel_name.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "peakend/v1/interaction_event.pb.h"

namespace peakend::publish {

std::string ChannelName(int channel) {
  if (!v1::Channel_IsValid(channel)) return absl::StrCat("channel_", channel);
  std::string name = v1::Channel_Name(static_cast<v1::Channel>(channel)).substr(8);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return name;
}

std::optional<int> ChannelNamed(std::string_view name) {
  if (name == "any") return 0;
  for (int channel = 1; v1::Channel_IsValid(channel); ++channel) {
    if (ChannelName(channel) == name) return channel;
  }
  return std::nullopt;
}

}  // namespace peakend::publish
