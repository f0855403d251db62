#include "processors/runtime/config/reference.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "processors/runtime/config/field_rules.h"

namespace peakend::runtime {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

// What stands around the fields, in both languages.
struct Words {
  std::string head;
  std::string introduction;
  std::string list;
  std::string section;
  std::string required;
  std::vector<std::string> kinds;  // by FieldKind; of messages and lists not used
};

Words WordsOf(ReferenceLanguage language) {
  if (language == ReferenceLanguage::kChinese) {
    return {"| 字段 | 形式 | 默认值 | 范围 | 含义 |\n|---|---|---|---|---|\n",
            "由模式生成，请勿手工修改。时长写作 `30s`、`5m`、`3d`。",
            "列表，见",
            "见",
            "必填",
            {"文本", "`true` 或 `false`", "整数", "字节数", "数", "时长", "", "", "文本列表",
             "名称与文本"}};
  }
  return {
      "| field | form | default | bounds | meaning |\n|---|---|---|---|---|\n",
      "Made from the schema; not to be edited by hand. Durations are written as `30s`, `5m`, `3d`.",
      "list of",
      "section",
      "required",
      {"text", "`true` or `false`", "whole number", "bytes", "number", "duration", "", "",
       "list of texts", "names and texts"}};
}

// A cell of a Markdown table.
std::string Cell(const std::string& text) {
  return absl::StrReplaceAll(text, {{"|", "\\|"}, {"~", "\\~"}, {"\n", " "}});
}

std::string Code(const std::string& text) {
  return text.empty() ? "" : absl::StrCat("`", text, "`");
}

class Page {
 public:
  explicit Page(ReferenceLanguage language) : language_(language), words_(WordsOf(language)) {}

  std::string Write(const Descriptor& descriptor, std::string_view title) {
    absl::StrAppend(&text_, "# ", std::string(title), "\n\n", words_.introduction, "\n");
    Section(descriptor, "");
    // Sections of sections come behind, so that each table stays together.
    while (!waiting_.empty()) {
      const auto [section, path] = waiting_.front();
      waiting_.erase(waiting_.begin());
      Section(*section, path);
    }
    return std::move(text_);
  }

 private:
  void Section(const Descriptor& descriptor, const std::string& path) {
    if (!path.empty()) absl::StrAppend(&text_, "\n## ", path, "\n");
    absl::StrAppend(&text_, "\n", words_.head);
    for (const FieldDescriptor* field : WrittenFields(descriptor)) Row(*field, path);
  }

  void Row(const FieldDescriptor& field, const std::string& path) {
    const v1::FieldRule& rule = RuleOf(field);
    const std::string& doc = language_ == ReferenceLanguage::kChinese && !rule.doc_zh().empty()
                                 ? rule.doc_zh()
                                 : rule.doc();
    absl::StrAppend(&text_, "| `", field.name(), "` | ", Form(field, path), " | ",
                    rule.required() ? words_.required : Code(rule.default_value()), " | ",
                    Bounds(rule), " | ", Cell(doc), " |\n");
  }

  std::string Form(const FieldDescriptor& field, const std::string& path) {
    const FieldKind kind = KindOf(field);
    if (kind != FieldKind::kMessage && kind != FieldKind::kList) {
      return words_.kinds[static_cast<size_t>(kind)];
    }
    const std::string below = JoinPath(path, field.name());
    waiting_.emplace_back(field.message_type(), below);
    return absl::StrCat(kind == FieldKind::kList ? words_.list : words_.section, " [", below, "](#",
                        absl::StrReplaceAll(below, {{".", ""}}), ")");
  }

  static std::string Bounds(const v1::FieldRule& rule) {
    if (!rule.one_of().empty()) {
      return absl::StrJoin(rule.one_of(), ", ", [](std::string* out, const std::string& value) {
        absl::StrAppend(out, "`", value, "`");
      });
    }
    if (rule.min().empty() && rule.max().empty()) return "";
    return absl::StrCat(rule.min(), " … ", rule.max());
  }

  const ReferenceLanguage language_;
  const Words words_;
  std::string text_;
  std::vector<std::pair<const Descriptor*, std::string>> waiting_;
};

}  // namespace

std::string Reference(const Descriptor& descriptor, std::string_view title,
                      ReferenceLanguage language) {
  return Page(language).Write(descriptor, title);
}

}  // namespace peakend::runtime
