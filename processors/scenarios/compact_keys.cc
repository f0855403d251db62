#include "processors/scenarios/compact_keys.h"

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/strip.h"
#include "peakend/v1/interaction_event.pb.h"

namespace peakend::scenarios {
namespace {

constexpr std::array kCompactKeys = {
    CompactKey{"at", Form::kWhen},
    CompactKey{"id"},
    CompactKey{"customer"},
    CompactKey{"contact"},
    CompactKey{"channel", Form::kWord, v1::Channel_descriptor, "CHANNEL_"},
    CompactKey{"tenant"},
    CompactKey{"source"},
    CompactKey{"queue"},
    CompactKey{"agent"},
    CompactKey{"language"},
    CompactKey{"tier"},
    CompactKey{"turn", Form::kWord, v1::Turn::Role_descriptor},
    CompactKey{"valence", Form::kValence},
    CompactKey{"confidence", Form::kNumber},
    CompactKey{"label", Form::kWord, v1::Sentiment::Label_descriptor},
    CompactKey{"raw", Form::kNumber},
    CompactKey{"scale", Form::kSpan},
    CompactKey{"text"},
    CompactKey{"final", Form::kFlag},
    CompactKey{"speaker"},
    CompactKey{"lifecycle", Form::kWord, v1::Lifecycle::State_descriptor},
    CompactKey{"wait", Form::kDuration},
    CompactKey{"announced", Form::kDuration},
    CompactKey{"lasted", Form::kDuration},
    CompactKey{"signal", Form::kWord, v1::Signal::Kind_descriptor},
    CompactKey{"value", Form::kNumber},
    CompactKey{"unit"},
    CompactKey{"by", Form::kWord, v1::Turn::Role_descriptor},
    CompactKey{"begin_ms", Form::kNumber},
    CompactKey{"end_ms", Form::kNumber},
    CompactKey{"activity", Form::kWord, v1::Activity::Kind_descriptor},
    CompactKey{"rating", Form::kNumber},
    CompactKey{"promise", Form::kWord, v1::Promise::Kind_descriptor},
    CompactKey{"promise_id"},
    CompactKey{"due", Form::kTime},
    CompactKey{"within", Form::kDuration},
    CompactKey{"made", Form::kTime},
    CompactKey{"kept", Form::kTime},
    CompactKey{"broken", Form::kFlag},
    CompactKey{"survey", Form::kNumber},
    CompactKey{"kind", Form::kWord, v1::Survey::Kind_descriptor},
    CompactKey{"for_contact"},
    CompactKey{"lower_is_better", Form::kFlag},
    CompactKey{"action", Form::kWord, v1::AlertAction::Kind_descriptor},
    CompactKey{"rule"},
    CompactKey{"until", Form::kTime},
    CompactKey{"direction", Form::kWord, v1::Direction_descriptor, "DIRECTION_"},
    CompactKey{"initiation", Form::kWord, v1::Initiation_descriptor, "INITIATION_"},
    CompactKey{"case"},
    CompactKey{"intent"},
    CompactKey{"chain"},
    CompactKey{"touchpoint"},
    CompactKey{"area"},
    CompactKey{"segments", Form::kTexts},
    CompactKey{"identities", Form::kTexts},
    CompactKey{"unmerge", Form::kFlag},
    CompactKey{"notice"},
    CompactKey{"areas", Form::kTexts},
    CompactKey{"starts", Form::kTime},
    CompactKey{"fulfilled", Form::kTime},
    CompactKey{"withdrawn", Form::kFlag},
    CompactKey{"baseline"},
    CompactKey{"cells", Form::kCells},
    CompactKey{"repeat", Form::kCount},
    CompactKey{"set", Form::kMembers},
    CompactKey{"line"},
};

constexpr std::array kCellKeys = {
    CompactKey{"queue"},
    CompactKey{"channel", Form::kWord, v1::Channel_descriptor, "CHANNEL_"},
    CompactKey{"hour", Form::kNumber},
    CompactKey{"wait", Form::kDuration},
    CompactKey{"waits", Form::kNumber},
    CompactKey{"tenant"},
};

}  // namespace

absl::Span<const CompactKey> CompactKeys() { return kCompactKeys; }
absl::Span<const CompactKey> CellKeys() { return kCellKeys; }

const CompactKey* FindKey(absl::Span<const CompactKey> keys, std::string_view name) {
  const auto found = std::find_if(keys.begin(), keys.end(),
                                  [&](const CompactKey& key) { return key.name == name; });
  return found == keys.end() ? nullptr : &*found;
}

std::vector<std::string> KeyNames(absl::Span<const CompactKey> keys) {
  std::vector<std::string> names;
  for (const CompactKey& key : keys) names.emplace_back(key.name);
  return names;
}

std::vector<std::string> Words(const CompactKey& key) {
  std::vector<std::string> words;
  const google::protobuf::EnumDescriptor* of = key.words();
  for (int i = 0; i < of->value_count(); ++i) {
    if (of->value(i)->number() == 0) continue;
    std::string_view name = of->value(i)->name();
    name.remove_prefix(std::min(key.prefix.size(), name.size()));
    words.emplace_back(name);
    if (key.words == v1::Turn::Role_descriptor) absl::AsciiStrToLower(&words.back());
  }
  return words;
}

std::string_view DescribeForm(Form form) {
  switch (form) {
    case Form::kText:
      return "text";
    case Form::kWhen:
      return "a time such as 20s after the start, or +20s after the event before";
    case Form::kTime:
      return "a time after the start such as 20s or 1d2h";
    case Form::kDuration:
      return "a duration such as 20s or 1d2h";
    case Form::kNumber:
      return "a number";
    case Form::kFlag:
      return "true or false";
    case Form::kWord:
      return "a name";
    case Form::kValence:
      return "a number, or a list of numbers";
    case Form::kSpan:
      return "two numbers, the smallest and the largest";
    case Form::kTexts:
      return "a list of texts";
    case Form::kCount:
      return "a whole number from 1 to 10000";
    case Form::kMembers:
      return "a map of members of the event";
    case Form::kCells:
      return "a list of maps";
  }
  return "";
}

}  // namespace peakend::scenarios
