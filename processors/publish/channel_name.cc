#include "processors/publish/channel_name.h"

#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "peakend/v1/interaction_event.pb.h"

namespace peakend::publish {
namespace {

// By number, without the "CHANNEL_" that all begin with. Made once: every row has one.
const std::vector<std::string>& ChannelNames() {
  static const auto* const names = [] {
    auto* const all = new std::vector<std::string>;
    for (int channel = 0; v1::Channel_IsValid(channel); ++channel) {
      all->push_back(
          absl::AsciiStrToLower(v1::Channel_Name(static_cast<v1::Channel>(channel)).substr(8)));
    }
    return all;
  }();
  return *names;
}

}  // namespace

std::string ChannelName(int channel) {
  const std::vector<std::string>& names = ChannelNames();
  const auto index = static_cast<size_t>(channel);
  return index < names.size() ? names[index] : absl::StrCat("channel_", channel);
}

std::optional<int> ChannelNamed(std::string_view name) {
  if (name == "any") return 0;
  for (int channel = 1; v1::Channel_IsValid(channel); ++channel) {
    if (ChannelName(channel) == name) return channel;
  }
  return std::nullopt;
}

}  // namespace peakend::publish
