#include "processors/runtime/policy_diff/leaf_changes.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/str_join.h"
#include "google/protobuf/reflection.h"
#include "processors/runtime/config/field_rules.h"
#include "processors/runtime/policy_diff/field_effects.h"
#include "processors/runtime/policy_diff/row_text.h"

namespace peakend::runtime {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

std::vector<std::string> Texts(const FieldDescriptor& field, const Message& message) {
  const auto& texts = message.GetReflection()->GetRepeatedFieldRef<std::string>(message, &field);
  return {texts.begin(), texts.end()};
}

void MakeSet(std::vector<std::string>& texts) {
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
}

std::string Missing(const std::vector<std::string>& from, const std::vector<std::string>& in) {
  std::vector<std::string> missing;
  std::set_difference(from.begin(), from.end(), in.begin(), in.end(), std::back_inserter(missing));
  return absl::StrJoin(missing, ", ");
}

}  // namespace

void CompareTexts(const Change& place, std::vector<std::string> before,
                  std::vector<std::string> after, std::vector<Change>& changes) {
  MakeSet(before);
  MakeSet(after);
  Change change = place;
  change.before = Missing(before, after);
  if (!change.before.empty()) {
    change.kind = ChangeKind::kRemoved;
    changes.push_back(change);
  }
  change.before.clear();
  change.after = Missing(after, before);
  if (change.after.empty()) return;
  change.kind = ChangeKind::kAdded;
  changes.push_back(change);
}

void CompareLeaves(const std::string& section, const std::string& subject, const Message& before,
                   const Message& after, std::vector<Change>& changes) {
  for (const FieldDescriptor* field : WrittenFields(*before.GetDescriptor())) {
    if (NamesRow(section, field->name())) continue;
    Change change = {ChangeKind::kChanged, section, subject, field->name()};
    if (KindOf(*field) == FieldKind::kTexts) {
      CompareTexts(change, Texts(*field, before), Texts(*field, after), changes);
    }
    if (!IsLeaf(*field)) continue;
    change.before = ValueText(*field, before);
    change.after = ValueText(*field, after);
    if (change.before == change.after) continue;
    change.effect = EffectOf(section, *field, before, after);
    changes.push_back(std::move(change));
  }
}

}  // namespace peakend::runtime
