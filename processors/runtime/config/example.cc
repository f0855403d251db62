#include "processors/runtime/config/example.h"

#include <set>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/descriptor.h"
#include "peakend/v1/config.pb.h"
#include "processors/runtime/config/field_rules.h"
#include "processors/runtime/config/yaml_scalar.h"

namespace peakend::runtime {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

constexpr size_t kLineWidth = 96;

constexpr absl::string_view kHead =
    R"(# Configuration of one peakend process. Every field may be left out; the values
# below are the defaults. A field can also be set from outside of this file:
#
#   flag          -X kafka.group_id=test      first
#   environment   PEAKEND_KAFKA_GROUP_ID=test then
#   this file                                 then
#   default                                   last
#
# Text may stand elsewhere: ${file:/run/secrets/name}, ${env:NAME}.
# `peakend config show --origin` tells which value counts and why.
)";

void AppendComment(absl::string_view text, const std::string& indent, std::string& out) {
  std::string line = indent + "#";
  for (absl::string_view word : absl::StrSplit(text, ' ')) {
    if (line.size() + 1 + word.size() > kLineWidth) {
      absl::StrAppend(&out, line, "\n");
      line = indent + "#";
    }
    absl::StrAppend(&line, " ", word);
  }
  absl::StrAppend(&out, line, "\n");
}

// "From 6s to 30m.", "One of a, b.", or nothing.
std::string Limits(const v1::FieldRule& rule) {
  if (rule.one_of_size() > 1)
    return absl::StrCat(" One of ", absl::StrJoin(rule.one_of(), ", "), ".");
  if (!rule.min().empty() && !rule.max().empty()) {
    return absl::StrCat(" From ", rule.min(), " to ", rule.max(), ".");
  }
  return "";
}

class ExampleWriter {
 public:
  void Write(const Descriptor& descriptor, const std::string& first_default,
             const std::string& indent);
  std::string TakeText() { return std::move(out_); }

 private:
  std::string out_;
  // The same message is explained once, where it comes first.
  std::set<const Descriptor*> explained_;
};

void ExampleWriter::Write(const Descriptor& descriptor, const std::string& first_default,
                          const std::string& indent) {
  const bool explain = explained_.insert(&descriptor).second;
  for (const FieldDescriptor* each : WrittenFields(descriptor)) {
    const FieldDescriptor& field = *each;
    const v1::FieldRule& rule = RuleOf(field);
    if (indent.empty()) out_ += "\n";
    if (explain) AppendComment(absl::StrCat(rule.doc(), Limits(rule)), indent, out_);
    switch (KindOf(field)) {
      case FieldKind::kMessage:
        absl::StrAppend(&out_, indent, field.name(), ":\n");
        Write(*field.message_type(), rule.default_value(), indent + "  ");
        break;
      case FieldKind::kMap:
        absl::StrAppend(&out_, indent, field.name(), ": {}\n");
        break;
      case FieldKind::kList:
      case FieldKind::kTexts:
        absl::StrAppend(&out_, indent, field.name(), ": []\n");
        break;
      default: {
        const std::string& usual = rule.example().empty() ? rule.default_value() : rule.example();
        const std::string value = usual.empty() && field.index() == 0 ? first_default : usual;
        absl::StrAppend(&out_, indent, field.name(), ": ",
                        KindOf(field) == FieldKind::kString ? YamlText(value) : value, "\n");
      }
    }
  }
}

}  // namespace

std::string ConfigExample() {
  ExampleWriter writer;
  writer.Write(*v1::Config::descriptor(), "", "");
  return absl::StrCat(kHead, writer.TakeText());
}

}  // namespace peakend::runtime
