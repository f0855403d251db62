#include "processors/runtime/config/show.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "processors/runtime/config/field_rules.h"
#include "processors/runtime/config/source_text.h"
#include "processors/runtime/config/yaml_scalar.h"

namespace peakend::runtime {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr absl::string_view kHidden = "\"***\"";
// Comments of origins are aligned, but not behind very long values.
constexpr size_t kWidestAligned = 60;

struct ShownLine {
  std::string text;
  std::string origin;  // empty = none
};

std::string OriginText(const Origin& origin) {
  switch (origin.kind) {
    case Origin::Kind::kDefault:
      return "default";
    case Origin::Kind::kFile:
      return absl::StrCat(origin.name, ":", origin.line);
    case Origin::Kind::kEnvironment:
      return origin.name;
    case Origin::Kind::kFlag:
      return "-X";
  }
  return "";
}

class Shower {
 public:
  explicit Shower(const Origins& origins) : origins_(origins) {}

  std::vector<ShownLine> TakeLines() { return std::move(lines_); }
  void Show(const Message& message, const std::string& path, const std::string& indent);

 private:
  Origin OriginOf(const std::string& path) const {
    const auto found = origins_.find(path);
    return found == origins_.end() ? Origin{} : found->second;
  }
  void ShowLeaf(const FieldDescriptor& field, const Message& message, const std::string& path,
                const std::string& indent);
  void ShowMap(const FieldDescriptor& field, const Message& message, const std::string& path,
               const std::string& indent);
  void ShowList(const FieldDescriptor& field, const Message& message, const std::string& path,
                const std::string& indent);
  void ShowTexts(const FieldDescriptor& field, const Message& message, const std::string& path,
                 const std::string& indent);

  const Origins& origins_;
  std::vector<ShownLine> lines_;
};

void Shower::ShowLeaf(const FieldDescriptor& field, const Message& message, const std::string& path,
                      const std::string& indent) {
  const Origin origin = OriginOf(path);
  const std::string text = LeafText(field, message);
  const bool hidden = !text.empty() && (origin.secret || RuleOf(field).secret());
  std::string value = KindOf(field) == FieldKind::kString ? YamlText(text) : text;
  if (hidden) value = std::string(kHidden);
  lines_.push_back({absl::StrCat(indent, field.name(), ": ", value), OriginText(origin)});
}

void Shower::ShowMap(const FieldDescriptor& field, const Message& message, const std::string& path,
                     const std::string& indent) {
  const auto entries = MapEntries(field, message);
  lines_.push_back({absl::StrCat(indent, field.name(), entries.empty() ? ": {}" : ":"), ""});
  for (const auto& [key, value] : entries) {
    const Origin origin = OriginOf(JoinPath(path, key));
    const bool hidden = origin.secret || NamesSecret(key);
    lines_.push_back({absl::StrCat(indent, "  ", YamlText(key), ": ",
                                   hidden ? std::string(kHidden) : YamlText(value)),
                      OriginText(origin)});
  }
}

void Shower::ShowList(const FieldDescriptor& field, const Message& message, const std::string& path,
                      const std::string& indent) {
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  const int size = reflection.FieldSize(message, &field);
  lines_.push_back({absl::StrCat(indent, field.name(), size == 0 ? ": []" : ":"), ""});
  for (int i = 0; i < size; ++i) {
    const size_t first = lines_.size();
    Show(reflection.GetRepeatedMessage(message, &field, i), absl::StrCat(path, "[", i, "]"),
         indent + "    ");
    if (first < lines_.size()) lines_[first].text[indent.size() + 2] = '-';
  }
}

void Shower::ShowTexts(const FieldDescriptor& field, const Message& message,
                       const std::string& path, const std::string& indent) {
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  const int size = reflection.FieldSize(message, &field);
  lines_.push_back({absl::StrCat(indent, field.name(), size == 0 ? ": []" : ":"), ""});
  for (int i = 0; i < size; ++i) {
    const Origin origin = OriginOf(absl::StrCat(path, "[", i, "]"));
    const bool hidden = origin.secret || RuleOf(field).secret();
    const std::string text = reflection.GetRepeatedString(message, &field, i);
    lines_.push_back({absl::StrCat(indent, "  - ", hidden ? std::string(kHidden) : YamlText(text)),
                      OriginText(origin)});
  }
}

void Shower::Show(const Message& message, const std::string& path, const std::string& indent) {
  for (const FieldDescriptor* each : WrittenFields(*message.GetDescriptor())) {
    const FieldDescriptor& field = *each;
    const std::string field_path = JoinPath(path, field.name());
    // Nothing stands for what may be left out: not even its default.
    if (field.has_optional_keyword() && !message.GetReflection()->HasField(message, &field)) {
      continue;
    }
    switch (KindOf(field)) {
      case FieldKind::kMessage:
        lines_.push_back({absl::StrCat(indent, field.name(), ":"), ""});
        Show(message.GetReflection()->GetMessage(message, &field), field_path, indent + "  ");
        break;
      case FieldKind::kMap:
        ShowMap(field, message, field_path, indent);
        break;
      case FieldKind::kList:
        ShowList(field, message, field_path, indent);
        break;
      case FieldKind::kTexts:
        ShowTexts(field, message, field_path, indent);
        break;
      default:
        ShowLeaf(field, message, field_path, indent);
    }
  }
}

}  // namespace

std::string ShowMessage(const Message& message, const Origins& origins, ShowOrigins show) {
  Shower shower(origins);
  shower.Show(message, "", "");
  const std::vector<ShownLine> lines = shower.TakeLines();
  size_t width = 0;
  for (const ShownLine& line : lines) {
    if (line.text.size() <= kWidestAligned) width = std::max(width, line.text.size());
  }
  std::string out;
  for (const ShownLine& line : lines) {
    out += line.text;
    if (show == ShowOrigins::kYes && !line.origin.empty()) {
      const size_t pad = width > line.text.size() ? width - line.text.size() : 0;
      absl::StrAppend(&out, std::string(pad + 2, ' '), "# ", line.origin);
    }
    out += "\n";
  }
  return out;
}

}  // namespace peakend::runtime
