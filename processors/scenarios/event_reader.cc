#include "processors/scenarios/event_reader.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "boost/json/array.hpp"
#include "processors/scenarios/compact_keys.h"
#include "processors/scenarios/compact_time.h"
#include "processors/scenarios/yaml_value.h"

namespace peakend::scenarios {
namespace {

using runtime::YamlNode;
using Value = boost::json::value;

bool IsScalar(const YamlNode& node) { return node.kind == YamlNode::Kind::kScalar; }
bool IsList(const YamlNode& node) { return node.kind == YamlNode::Kind::kList; }
bool IsNumber(const YamlNode& node) { return IsScalar(node) && ScalarValue(node).is_number(); }
Value Text(const YamlNode& node) { return Value(boost::json::string(node.text)); }

// What JSON has no number for is written as text, to see it refused.
bool IsValence(const YamlNode& node) { return IsNumber(node) || (IsScalar(node) && node.quoted); }

boost::json::object ReadMembers(const YamlNode& node, absl::Span<const CompactKey> keys,
                                FileProblems& problems);

std::optional<Value> ReadWord(const CompactKey& key, const YamlNode& node, FileProblems& problems) {
  if (!IsScalar(node)) {
    problems.WrongForm(std::string(key.name), std::string(DescribeForm(key.form)), node);
    return std::nullopt;
  }
  const std::vector<std::string> words = Words(key);
  const bool small = std::any_of(words.begin(), words.end(), [](const std::string& word) {
    return absl::ascii_islower(static_cast<unsigned char>(word[0]));
  });
  const std::string word = small ? absl::AsciiStrToLower(node.text) : node.text;
  if (std::find(words.begin(), words.end(), word) == words.end()) {
    problems.UnknownWord(std::string(key.name), node, words);
    return std::nullopt;
  }
  return Value(boost::json::string(small ? absl::AsciiStrToUpper(word) : word));
}

std::optional<Value> ReadCells(const YamlNode& node, FileProblems& problems) {
  boost::json::array cells;
  for (const YamlNode& cell : node.values) {
    if (!problems.Is(YamlNode::Kind::kMap, "cells", cell)) return std::nullopt;
    for (const std::string_view needed : {"queue", "channel", "hour", "wait", "waits"}) {
      if (Member(cell, needed) == nullptr) {
        problems.Error(cell, {"PE0016", absl::StrCat("`", std::string(needed), "` is missing")});
        return std::nullopt;
      }
    }
    cells.push_back(ReadMembers(cell, CellKeys(), problems));
  }
  return Value(std::move(cells));
}

// Whether a node has the form; of those whose value is the node's own JSON.
bool HasForm(Form form, const YamlNode& node) {
  const auto all = [&](bool (*is)(const YamlNode&)) {
    return IsList(node) && std::all_of(node.values.begin(), node.values.end(), is);
  };
  switch (form) {
    case Form::kText:
      return IsScalar(node);
    case Form::kWhen:
      return IsScalar(node) &&
             CompactDurationMs(std::string_view(node.text).substr(node.text[0] == '+' ? 1 : 0))
                 .has_value();
    case Form::kTime:
    case Form::kDuration:
      return IsScalar(node) && CompactDurationMs(node.text).has_value();
    case Form::kNumber:
      return IsNumber(node);
    case Form::kFlag:
      return IsScalar(node) && ScalarValue(node).is_bool();
    case Form::kValence:
      return IsValence(node) || (!node.values.empty() && all(IsValence));
    case Form::kSpan:
      return node.values.size() == 2 && all(IsNumber);
    case Form::kTexts:
      return all(IsScalar);
    case Form::kCount: {
      const Value value = IsScalar(node) ? ScalarValue(node) : Value();
      return value.is_int64() && value.get_int64() >= 1 && value.get_int64() <= kMostRepeats;
    }
    case Form::kMembers:
      return node.kind == YamlNode::Kind::kMap;
    case Form::kCells:
      return IsList(node);
    case Form::kWord:
      return IsScalar(node);
  }
  return false;
}

std::optional<Value> ReadForm(const CompactKey& key, const YamlNode& node, FileProblems& problems) {
  if (node.kind == YamlNode::Kind::kNull) return Value();
  if (key.form == Form::kWord) return ReadWord(key, node, problems);
  if (!HasForm(key.form, node)) {
    problems.WrongForm(std::string(key.name), std::string(DescribeForm(key.form)), node);
    return std::nullopt;
  }
  switch (key.form) {
    case Form::kText:
    case Form::kWhen:
    case Form::kTime:
    case Form::kDuration:
      return Text(node);
    case Form::kTexts: {
      boost::json::array texts;
      for (const YamlNode& element : node.values) texts.push_back(Text(element));
      return Value(std::move(texts));
    }
    case Form::kCells:
      return ReadCells(node, problems);
    default:
      return JsonValue(node);
  }
}

boost::json::object ReadMembers(const YamlNode& node, absl::Span<const CompactKey> keys,
                                FileProblems& problems) {
  boost::json::object members;
  for (size_t i = 0; i < node.keys.size(); ++i) {
    const CompactKey* key = FindKey(keys, node.keys[i].text);
    if (key == nullptr) {
      problems.UnknownKey(node.keys[i], KeyNames(keys));
      continue;
    }
    if (std::optional<Value> value = ReadForm(*key, node.values[i], problems)) {
      members.insert_or_assign(node.keys[i].text, *std::move(value));
    }
  }
  return members;
}

bool Has(const boost::json::object& event, std::string_view key) {
  const Value* value = event.if_contains(key);
  return value != nullptr && !value->is_null();
}

}  // namespace

boost::json::object ReadCompactEvent(const YamlNode& node, FileProblems& problems) {
  return ReadMembers(node, CompactKeys(), problems);
}

void CheckCompactEvent(const boost::json::object& event, const YamlNode& at,
                       FileProblems& problems) {
  static constexpr std::array<std::string_view, 10> kPayloads = {
      "turn",   "lifecycle", "signal", "activity", "promise",
      "survey", "action",    "notice", "baseline", "line"};
  std::string_view first;
  for (const std::string_view payload : kPayloads) {
    if (!Has(event, payload)) continue;
    if (!first.empty()) {
      problems.Error(at, {"PE0052", absl::StrCat("an event is either `", std::string(first),
                                                 "` or `", std::string(payload), "`, not both")});
      return;
    }
    first = payload;
  }
  for (const std::string_view rated : {"raw", "rating", "survey"}) {
    if (Has(event, rated) && !Has(event, "scale")) {
      problems.Error(at, {"PE0053", absl::StrCat("`", std::string(rated), "` needs `scale`")});
    }
  }
  if (Has(event, "action") && !Has(event, "rule")) {
    problems.Error(at, {"PE0053", "`action` needs `rule`"});
  }
  if (Has(event, "baseline") && !Has(event, "cells")) {
    problems.Error(at, {"PE0053", "`baseline` needs `cells`"});
  }
}

}  // namespace peakend::scenarios
