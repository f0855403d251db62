#include "processors/cli/json_lines.h"

#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "processors/publish/json.h"
#include "processors/publish/topic_names.h"

namespace peakend::cli {

TakeOutput WriteJsonLines(const v1::TopicsConfig& topics, std::ostream& out) {
  std::array<std::string, publish::kTopicCount> names;
  for (size_t i = 0; i < names.size(); ++i) {
    names[i] = publish::TopicName(topics, static_cast<publish::Topic>(i));
  }
  return [names = std::move(names), &out, text = std::string()](
             publish::Topic topic, std::string_view key,
             const google::protobuf::Message& value) mutable {
    text.clear();
    publish::AppendJsonLine(names[static_cast<size_t>(topic)], key, value, &text);
    out << text;
    return out.good();
  };
}

}  // namespace peakend::cli
