#include "processors/runtime/config/text_bounds.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "processors/runtime/config/field_rules.h"

namespace peakend::runtime {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

size_t MostBytes(const FieldDescriptor& field) {
  const bool sentence =
      absl::StartsWith(field.name(), "message_") || absl::StartsWith(field.name(), "say_");
  return sentence ? kMaxSentenceBytes : kMaxNameBytes;
}

void CheckText(const FieldDescriptor& field, const std::string& text, const std::string& path,
               LoadState& state) {
  const size_t most = MostBytes(field);
  if (text.size() <= most || field.name() == "says") return;
  state.problems.Error(WrittenOrigin(state.origins, {path}),
                       {"PE0062", absl::StrCat("`", field.name(), "` has ", text.size(),
                                               " bytes, at most ", most, " are allowed")});
}

void CheckTexts(const Message& message, const std::string& prefix, LoadState& state) {
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  for (const FieldDescriptor* field : WrittenFields(*message.GetDescriptor())) {
    const std::string path = JoinPath(prefix, field->name());
    const FieldKind kind = KindOf(*field);
    if (kind == FieldKind::kString) {
      CheckText(*field, LeafText(*field, message), path, state);
    } else if (kind == FieldKind::kMessage) {
      CheckTexts(reflection.GetMessage(message, field), path, state);
    }
    if (kind != FieldKind::kTexts && kind != FieldKind::kList) continue;
    for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
      const std::string entry = absl::StrCat(path, "[", i, "]");
      if (kind == FieldKind::kTexts) {
        CheckText(*field, reflection.GetRepeatedString(message, field, i), entry, state);
      } else {
        CheckTexts(reflection.GetRepeatedMessage(message, field, i), entry, state);
      }
    }
  }
}

}  // namespace

void CheckTextBounds(const v1::Policy& policy, LoadState& state) { CheckTexts(policy, "", state); }

}  // namespace peakend::runtime
