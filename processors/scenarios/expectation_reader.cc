#include "processors/scenarios/expectation_reader.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "peakend/v1/alert.pb.h"
#include "peakend/v1/journey.pb.h"
#include "peakend/v1/moment.pb.h"
#include "peakend/v1/opening_card.pb.h"
#include "peakend/v1/rejected_record.pb.h"
#include "peakend/v1/touchpoint_statistics.pb.h"
#include "processors/publish/output.h"
#include "processors/scenarios/compact_time.h"
#include "processors/scenarios/yaml_value.h"

namespace peakend::scenarios {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using runtime::YamlNode;

struct Records {
  std::string_view name;
  const Descriptor* (*of)();
};
constexpr std::array kRecords = {
    Records{"journeys", v1::Journey::descriptor},
    Records{"alerts", v1::Alert::descriptor},
    Records{"cards", v1::OpeningCard::descriptor},
    Records{"statistics", v1::TouchpointStatistics::descriptor},
    Records{"moments", v1::Moment::descriptor},
    Records{"rejected", v1::RejectedRecord::descriptor},
};
constexpr std::array<std::string_view, 3> kTexts = {"merged_into", "nowhere", "stderr"};
constexpr std::array<std::string_view, 2> kCounts = {"late", "exit"};

bool IsWhole(const YamlNode& node) {
  return node.kind == YamlNode::Kind::kScalar && ScalarValue(node).is_int64();
}

bool IsRange(const YamlNode& node) {
  return node.kind == YamlNode::Kind::kMap && !node.keys.empty() &&
         std::all_of(node.keys.begin(), node.keys.end(), [](const YamlNode& key) {
           return key.text == "above" || key.text == "below";
         });
}

std::vector<std::string> FieldNames(const Descriptor* of) {
  std::vector<std::string> names;
  for (int i = 0; i < of->field_count(); ++i) names.push_back(of->field(i)->name());
  return names;
}

void CheckRecord(const YamlNode& node, const std::string& name, const Descriptor* of,
                 FileProblems& problems);

void CheckRange(const YamlNode& node, FileProblems& problems) {
  for (size_t i = 0; i < node.keys.size(); ++i) {
    const YamlNode& bound = node.values[i];
    if (bound.kind != YamlNode::Kind::kScalar || !ScalarValue(bound).is_number()) {
      problems.WrongForm(node.keys[i].text, "a number", bound);
    }
  }
}

void CheckNumber(const YamlNode& node, const FieldDescriptor& field, FileProblems& problems) {
  if (IsRange(node)) return CheckRange(node, problems);
  const bool scalar = node.kind == YamlNode::Kind::kScalar;
  if (scalar && node.text.rfind('@', 0) == 0) {
    if (!CompactDurationMs(std::string_view(node.text).substr(1))) {
      problems.WrongForm(field.name(), "a time after the start such as @20s or @1d2h", node);
    }
    return;
  }
  if (!scalar || !ScalarValue(node).is_number()) {
    problems.WrongForm(field.name(), "a number, a range or a time such as @20s", node);
  }
}

// A single value of a field, be it one of a list.
void CheckValue(const YamlNode& node, const FieldDescriptor& field, FileProblems& problems) {
  if (node.kind == YamlNode::Kind::kNull) {
    return problems.WrongForm(field.name(), "a value; name it under `absent` if there is none",
                              node);
  }
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return CheckRecord(node, field.name(), field.message_type(), problems);
    case FieldDescriptor::CPPTYPE_ENUM: {
      if (!problems.Is(YamlNode::Kind::kScalar, field.name(), node)) return;
      std::vector<std::string> words;
      for (int i = 0; i < field.enum_type()->value_count(); ++i) {
        words.push_back(field.enum_type()->value(i)->name());
      }
      // A number stands for a value without a name.
      const bool known = std::find(words.begin(), words.end(), node.text) != words.end();
      if (!known && !IsWhole(node)) problems.UnknownWord(field.name(), node, words);
      return;
    }
    case FieldDescriptor::CPPTYPE_STRING:
      problems.Is(YamlNode::Kind::kScalar, field.name(), node);
      return;
    case FieldDescriptor::CPPTYPE_BOOL:
      if (node.kind != YamlNode::Kind::kScalar || !ScalarValue(node).is_bool()) {
        problems.WrongForm(field.name(), "true or false", node);
      }
      return;
    default:
      return CheckNumber(node, field, problems);
  }
}

void CheckField(const YamlNode& node, const FieldDescriptor& field, FileProblems& problems) {
  if (field.is_map()) {
    if (!problems.Is(YamlNode::Kind::kMap, field.name(), node)) return;
    for (size_t i = 0; i < node.keys.size(); ++i) {
      if (node.keys[i].text == "absent") continue;
      CheckValue(node.values[i], *field.message_type()->map_value(), problems);
    }
  } else if (field.is_repeated()) {
    if (!problems.Is(YamlNode::Kind::kList, field.name(), node)) return;
    for (const YamlNode& element : node.values) CheckValue(element, field, problems);
  } else {
    CheckValue(node, field, problems);
  }
}

void CheckAbsent(const YamlNode& names, const Descriptor* of, FileProblems& problems) {
  if (!problems.Is(YamlNode::Kind::kList, "absent", names)) return;
  for (const YamlNode& name : names.values) {
    if (!problems.Is(YamlNode::Kind::kScalar, "absent", name)) continue;
    if (of->FindFieldByName(name.text) == nullptr) {
      problems.UnknownWord("absent", name, FieldNames(of));
    }
  }
}

void CheckRecord(const YamlNode& node, const std::string& name, const Descriptor* of,
                 FileProblems& problems) {
  if (!problems.Is(YamlNode::Kind::kMap, name, node)) return;
  for (size_t i = 0; i < node.keys.size(); ++i) {
    const YamlNode& key = node.keys[i];
    const FieldDescriptor* field = of->FindFieldByName(key.text);
    if (key.text == "absent") {
      CheckAbsent(node.values[i], of, problems);
    } else if (field == nullptr) {
      problems.UnknownKey(key, FieldNames(of));
    } else {
      CheckField(node.values[i], *field, problems);
    }
  }
}

void CheckRevisions(const YamlNode& node, FileProblems& problems) {
  if (!problems.Is(YamlNode::Kind::kMap, "revisions", node)) return;
  for (size_t i = 0; i < node.keys.size(); ++i) {
    const auto& topics = publish::kDefaultTopicNames;
    if (std::find(topics.begin(), topics.end(), node.keys[i].text) == topics.end()) {
      problems.UnknownKey(node.keys[i], {topics.begin(), topics.end()});
    } else if (!IsWhole(node.values[i])) {
      problems.WrongForm(node.keys[i].text, "a whole number", node.values[i]);
    }
  }
}

template <typename Names>
bool IsOneOf(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void CheckMember(const YamlNode& key, const YamlNode& node, FileProblems& problems) {
  const std::string& name = key.text;
  const auto* records = std::find_if(kRecords.begin(), kRecords.end(),
                                     [&](const Records& known) { return known.name == name; });
  if (records != kRecords.end()) {
    if (!problems.Is(YamlNode::Kind::kList, name, node)) return;
    for (const YamlNode& record : node.values) CheckRecord(record, name, records->of(), problems);
  } else if (name == "revisions") {
    CheckRevisions(node, problems);
  } else if (IsOneOf(kTexts, name)) {
    if (!problems.Is(YamlNode::Kind::kList, name, node)) return;
    for (const YamlNode& text : node.values) problems.Is(YamlNode::Kind::kScalar, name, text);
  } else if (IsOneOf(kCounts, name)) {
    if (!IsWhole(node)) problems.WrongForm(name, "a whole number", node);
  } else {
    std::vector<std::string> known;
    for (const Records& each : kRecords) known.emplace_back(each.name);
    known.insert(known.end(), kTexts.begin(), kTexts.end());
    known.insert(known.end(), kCounts.begin(), kCounts.end());
    known.emplace_back("revisions");
    problems.UnknownKey(key, known);
  }
}

}  // namespace

void CheckExpectation(const YamlNode& expect, FileProblems& problems) {
  if (!problems.Is(YamlNode::Kind::kMap, "expect", expect)) return;
  for (size_t i = 0; i < expect.keys.size(); ++i) {
    CheckMember(expect.keys[i], expect.values[i], problems);
  }
}

}  // namespace peakend::scenarios
