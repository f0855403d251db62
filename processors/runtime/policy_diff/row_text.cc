#include "processors/runtime/policy_diff/row_text.h"

#include <algorithm>
#include <array>
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "google/protobuf/reflection.h"
#include "processors/alerts/rule.h"
#include "processors/runtime/config/field_rules.h"
#include "processors/runtime/config/rule_fields.h"

namespace peakend::runtime {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

struct Key {
  std::string_view section;
  std::string_view field;
};

constexpr auto kKeys = std::to_array<Key>({{"rules", "name"},
                                           {"impressions", "cause"},
                                           {"openings", "when"},
                                           {"phrases", "class"},
                                           {"touchpoints", "id"},
                                           {"expectations", "cause"},
                                           {"expectations", "queue"},
                                           {"expectations", "channel"},
                                           {"expectations", "tier"},
                                           {"expectations", "touchpoint"},
                                           {"identities", "type"},
                                           {"recipients", "name"},
                                           {"calendars", "name"}});

bool IsDefault(const FieldDescriptor& field, const Message& message) {
  const std::string text = ValueText(field, message);
  if (text.empty()) return true;
  const std::string& own = RuleOf(field).default_value();
  if (own.empty()) return !field.has_optional_keyword() && text == "false";
  // "0.0" and "0" are one value, and "60m" is "1h".
  const std::unique_ptr<Message> other(message.New());
  SetLeaf(field, own, *other);
  return LeafText(field, *other) == text;
}

// "{queue billing, channel voice}, {tier gold}".
std::string ListText(const FieldDescriptor& list, const Message& message) {
  std::vector<std::string> rows;
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  for (int i = 0; i < reflection.FieldSize(message, &list); ++i) {
    rows.push_back(
        absl::StrCat("{", RowSummary("", reflection.GetRepeatedMessage(message, &list, i)), "}"));
  }
  return absl::StrJoin(rows, ", ");
}

std::string TextsText(const FieldDescriptor& list, const Message& message) {
  const auto& texts = message.GetReflection()->GetRepeatedFieldRef<std::string>(message, &list);
  return absl::StrJoin(texts.begin(), texts.end(), ", ");
}

bool IsUnused(const FieldDescriptor& field, const Message& row) {
  const auto* rule = dynamic_cast<const v1::RulePolicy*>(&row);
  if (rule == nullptr) return false;
  const auto trigger = alerts::TriggerNamed(rule->on());
  return trigger && !UsesField(*trigger, field.name());
}

}  // namespace

bool NamesRow(std::string_view section, std::string_view field) {
  return std::any_of(kKeys.begin(), kKeys.end(),
                     [&](const Key& key) { return key.section == section && key.field == field; });
}

std::string RowName(std::string_view section, const Message& row) {
  std::vector<std::string> parts;
  for (const FieldDescriptor* field : WrittenFields(*row.GetDescriptor())) {
    if (!NamesRow(section, field->name()) || IsDefault(*field, row)) continue;
    const std::string text = ValueText(*field, row);
    parts.push_back(parts.empty() ? text : absl::StrCat(field->name(), " ", text));
  }
  return absl::StrJoin(parts, ", ");
}

std::vector<std::string> RowNames(std::string_view section, const Message& policy,
                                  const FieldDescriptor& list) {
  std::vector<std::string> names;
  std::map<std::string, int> count_of;
  const google::protobuf::Reflection& reflection = *policy.GetReflection();
  for (int i = 0; i < reflection.FieldSize(policy, &list); ++i) {
    std::string name = RowName(section, reflection.GetRepeatedMessage(policy, &list, i));
    const int count = ++count_of[name];
    if (count > 1) absl::StrAppend(&name, " #", count);
    names.push_back(std::move(name));
  }
  return names;
}

std::string RowSummary(std::string_view section, const Message& row) {
  std::vector<std::string> parts;
  const auto add = [&](const FieldDescriptor& field, const std::string& text) {
    if (!text.empty()) parts.push_back(absl::StrCat(field.name(), " ", text));
  };
  for (const FieldDescriptor* field : WrittenFields(*row.GetDescriptor())) {
    if (NamesRow(section, field->name()) || IsUnused(*field, row)) continue;
    if (KindOf(*field) == FieldKind::kTexts) {
      add(*field, TextsText(*field, row));
    } else if (KindOf(*field) == FieldKind::kList) {
      add(*field, ListText(*field, row));
    } else if (IsLeaf(*field) && !IsDefault(*field, row)) {
      add(*field, ValueText(*field, row));
    }
  }
  return absl::StrJoin(parts, ", ");
}

std::string ValueText(const FieldDescriptor& field, const Message& message) {
  const bool absent =
      field.has_optional_keyword() && !message.GetReflection()->HasField(message, &field);
  return absent ? "" : LeafText(field, message);
}

}  // namespace peakend::runtime
