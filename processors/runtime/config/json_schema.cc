#include "processors/runtime/config/json_schema.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "processors/publish/json.h"
#include "processors/runtime/config/field_rules.h"

namespace peakend::runtime {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

std::string Quote(std::string_view text) {
  std::string out;
  publish::AppendJsonString(text, &out);
  return out;
}

// Members whose values are JSON text already, in the order of adding.
class JsonObject {
 public:
  JsonObject& Add(std::string_view name, std::string value) {
    members_.emplace_back(Quote(name), std::move(value));
    return *this;
  }
  JsonObject& AddText(std::string_view name, std::string_view text) {
    return Add(name, Quote(text));
  }
  bool empty() const { return members_.empty(); }

  // Nested objects were rendered one level deeper already.
  std::string Render(size_t depth) const {
    if (members_.empty()) return "{}";
    const std::string indent(2 * depth, ' ');
    std::string out = "{";
    for (size_t i = 0; i < members_.size(); ++i) {
      absl::StrAppend(&out, i == 0 ? "\n" : ",\n", indent, "  ", members_[i].first, ": ",
                      members_[i].second);
    }
    return absl::StrCat(out, "\n", indent, "}");
  }

 private:
  std::vector<std::pair<std::string, std::string>> members_;
};

std::string List(const std::vector<std::string>& items) {
  return absl::StrCat("[", absl::StrJoin(items, ", "), "]");
}

std::string Description(const FieldDescriptor& field) {
  const v1::FieldRule& rule = RuleOf(field);
  const bool text_bounds =
      KindOf(field) == FieldKind::kDuration || KindOf(field) == FieldKind::kBytes;
  if (!text_bounds || rule.min().empty() || rule.max().empty()) return rule.doc();
  return absl::StrCat(rule.doc(), " From ", rule.min(), " to ", rule.max(), ".");
}

void AddBounds(const v1::FieldRule& rule, JsonObject& schema) {
  if (!rule.min().empty()) schema.Add("minimum", rule.min());
  if (!rule.max().empty()) schema.Add("maximum", rule.max());
}

// Of a section: all of its entries may be commented out.
std::string OrNothing(std::string_view type) { return List({Quote(type), Quote("null")}); }

// A value that stands elsewhere, see references.h.
constexpr absl::string_view kReference =
    "{\"type\": \"string\", \"pattern\": \"^[$][{](file|env):.+[}]$\"}";

class SchemaWriter {
 public:
  explicit SchemaWriter(References references) : references_(references) {}

  JsonObject Of(const Descriptor& descriptor, size_t depth) const;

 private:
  std::string OfField(const FieldDescriptor& field, size_t depth) const;
  void AddLeafForm(const FieldDescriptor& field, JsonObject& schema) const;
  void AddStringForm(const v1::FieldRule& rule, JsonObject& schema) const;
  JsonObject Section(const FieldDescriptor& field, size_t depth) const;
  JsonObject Array(const v1::FieldRule& rule, const JsonObject& items, size_t depth) const;
  JsonObject AnyText() const;

  const References references_;
};

// A string field also takes a number or a boolean that YAML reads as such.
void SchemaWriter::AddStringForm(const v1::FieldRule& rule, JsonObject& schema) const {
  if (rule.one_of().empty()) {
    schema.Add("type", List({Quote("string"), Quote("number"), Quote("boolean")}));
    if (rule.required()) schema.Add("minLength", "1");
    return;
  }
  std::vector<std::string> allowed;
  for (const std::string& value : rule.one_of()) allowed.push_back(Quote(value));
  if (!rule.required()) allowed.push_back(Quote(""));
  if (references_ == References::kNone) {
    schema.Add("enum", List(allowed));
    return;
  }
  const std::string values = absl::StrCat("{\"enum\": ", List(allowed), "}");
  schema.Add("anyOf", List({values, std::string(kReference)}));
}

void SchemaWriter::AddLeafForm(const FieldDescriptor& field, JsonObject& schema) const {
  const v1::FieldRule& rule = RuleOf(field);
  switch (KindOf(field)) {
    case FieldKind::kBool:
      schema.AddText("type", "boolean");
      break;
    case FieldKind::kUint:
      AddBounds(rule, schema.AddText("type", "integer"));
      break;
    case FieldKind::kDouble:
      AddBounds(rule, schema.AddText("type", "number"));
      break;
    case FieldKind::kBytes:
      schema.Add("type", List({Quote("integer"), Quote("string")}));
      schema.AddText("pattern", "^[0-9]+(KiB|MiB|GiB)?$").Add("minimum", "0");
      break;
    case FieldKind::kDuration:
      // YAML reads a bare 0 as a number.
      schema.Add("type", List({Quote("string"), Quote("integer")}))
          .AddText("pattern", "^(0|[0-9]+([.][0-9]{1,3})?(ms|s|m|h|d))$")
          .Add("minimum", "0")
          .Add("maximum", "0");
      break;
    default:
      AddStringForm(rule, schema);
  }
}

JsonObject SchemaWriter::AnyText() const {
  JsonObject value;
  AddStringForm({}, value);
  return value;
}

JsonObject SchemaWriter::Section(const FieldDescriptor& field, size_t depth) const {
  if (!HasShortForm(field)) return Of(*field.message_type(), depth);
  return JsonObject().Add("anyOf", List({"{\"type\": \"string\"}",
                                         Of(*field.message_type(), depth + 1).Render(depth + 1)}));
}

JsonObject SchemaWriter::Array(const v1::FieldRule& rule, const JsonObject& items,
                               size_t depth) const {
  JsonObject schema;
  schema.Add("type", OrNothing("array"));
  if (!rule.max().empty()) schema.Add("maxItems", rule.max());
  return schema.Add("items", items.Render(depth + 1));
}

std::string SchemaWriter::OfField(const FieldDescriptor& field, size_t depth) const {
  const v1::FieldRule& rule = RuleOf(field);
  const FieldKind kind = KindOf(field);
  JsonObject schema;
  switch (kind) {
    case FieldKind::kMessage:
      schema = Section(field, depth);
      break;
    case FieldKind::kList:
      schema = Array(rule, Of(*field.message_type(), depth + 1), depth);
      break;
    case FieldKind::kTexts:
      schema = Array(rule, AnyText(), depth);
      break;
    case FieldKind::kMap:
      schema.Add("type", OrNothing("object"))
          .Add("additionalProperties", AnyText().Render(depth + 1));
      break;
    default:
      AddLeafForm(field, schema);
  }
  if (!rule.doc().empty()) schema.AddText("description", Description(field));
  const bool bare =
      kind == FieldKind::kBool || kind == FieldKind::kUint || kind == FieldKind::kDouble;
  if (!rule.default_value().empty()) {
    schema.Add("default", bare ? rule.default_value() : Quote(rule.default_value()));
  }
  return schema.Render(depth);
}

JsonObject SchemaWriter::Of(const Descriptor& descriptor, size_t depth) const {
  JsonObject properties;
  std::vector<std::string> required;
  for (const FieldDescriptor* field : WrittenFields(descriptor)) {
    properties.Add(field->name(), OfField(*field, depth + 2));
    if (RuleOf(*field).required()) required.push_back(Quote(field->name()));
  }
  JsonObject schema;
  schema.Add("type", required.empty() ? OrNothing("object") : Quote("object"))
      .Add("additionalProperties", "false");
  if (!required.empty()) schema.Add("required", List(required));
  schema.Add("properties", properties.Render(depth + 1));
  return schema;
}

}  // namespace

std::string JsonSchema(const Descriptor& descriptor, std::string_view title,
                       References references) {
  JsonObject schema = SchemaWriter(references).Of(descriptor, 0);
  schema.AddText("$schema", "https://json-schema.org/draft/2020-12/schema").AddText("title", title);
  return schema.Render(0) + "\n";
}

}  // namespace peakend::runtime
