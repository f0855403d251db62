#include "processors/runtime/policy_diff/diff_text.h"

#include <array>

#include "absl/strings/str_cat.h"
#include "processors/runtime/config/source_text.h"
#include "processors/runtime/policy_diff/field_words.h"

namespace peakend::runtime {
namespace {

constexpr std::array<std::string_view, kChangeKinds> kKindsInChinese = {"新增", "删除", "改名",
                                                                        "移动", "修改"};

// Of a long value the beginning, up to a whole character.
std::string Shown(std::string_view text) {
  constexpr size_t kMost = 80;
  if (text.size() <= kMost) return Printable(text);
  size_t end = kMost;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return Printable(text.substr(0, end)) + "...";
}

// The words of one language.
class Writer {
 public:
  explicit Writer(Language language) : chinese_(language == Language::kChinese) {}

  std::string Kind(ChangeKind kind) const {
    if (chinese_) return std::string(kKindsInChinese[static_cast<size_t>(kind)]);
    std::string name(ChangeKindName(kind));
    name.resize(7, ' ');  // the longest ones
    return name;
  }

  // "enter", or "触发阈值（enter）".
  std::string Field(const std::string& field) const {
    const std::string words(chinese_ ? ChineseFieldName(field) : std::string_view());
    return words.empty() ? field : absl::StrCat(words, "（", field, "）");
  }

  std::string Section(const std::string& section) const {
    const std::string words(chinese_ ? ChineseFieldName(section) : std::string_view());
    return words.empty() ? section : absl::StrCat(words, "（", section, "）");
  }

  std::string Line(const Change& change) const;
  std::string Count(const std::vector<Change>& changes) const;
  std::string None() const {
    return chinese_ ? "两份策略的内容相同\n" : "the policies are the same\n";
  }

 private:
  std::string Colon() const { return chinese_ ? "：" : ": "; }
  std::string Absent() const { return chinese_ ? "（未设置）" : "(absent)"; }
  std::string Value(const std::string& text) const { return text.empty() ? Absent() : Shown(text); }
  std::string Place(const Change& change) const;
  std::string Meaning(const Change& change) const;

  const bool chinese_;
};

// "score_low: enter", or the one of them that is there.
std::string Writer::Place(const Change& change) const {
  const std::string subject = Shown(change.subject);
  if (change.field.empty()) return subject.empty() ? Field(change.section) : subject;
  return subject.empty() ? Field(change.field)
                         : absl::StrCat(subject, Colon(), Field(change.field));
}

std::string Writer::Meaning(const Change& change) const {
  const std::string words(
      EffectWords(change.effect, chinese_ ? Language::kChinese : Language::kEnglish));
  if (words.empty()) return "";
  return chinese_ ? absl::StrCat("（", words, "）") : absl::StrCat(" (", words, ")");
}

std::string Writer::Line(const Change& change) const {
  const std::string what = absl::StrCat("  ", Kind(change.kind), "  ");
  switch (change.kind) {
    case ChangeKind::kAdded:
    case ChangeKind::kRemoved: {
      const std::string& says = change.kind == ChangeKind::kAdded ? change.after : change.before;
      const std::string between = says.empty() ? "" : change.field.empty() ? Colon() : " ";
      return absl::StrCat(what, Place(change), between, Shown(says));
    }
    case ChangeKind::kRenamed:
      return absl::StrCat(what, Shown(change.before), chinese_ ? "，现为 " : ", now ",
                          Shown(change.after));
    case ChangeKind::kMoved: {
      const bool ahead = change.effect == Effect::kAhead;
      const std::string other = Shown(change.after);
      if (chinese_)
        return absl::StrCat(what, Place(change), "：移到 ", other, ahead ? " 之前" : " 之后");
      return absl::StrCat(what, Place(change), ": now ", ahead ? "before " : "after ", other);
    }
    case ChangeKind::kChanged:
      break;
  }
  return absl::StrCat(what, Place(change), " ", Value(change.before), " -> ", Value(change.after),
                      Meaning(change));
}

std::string Writer::Count(const std::vector<Change>& changes) const {
  std::array<int, kChangeKinds> count_of = {};
  for (const Change& change : changes) ++count_of[static_cast<size_t>(change.kind)];
  std::string out;
  for (size_t i = 0; i < kChangeKinds; ++i) {
    if (count_of[i] == 0) continue;
    if (!out.empty()) out += chinese_ ? "，" : ", ";
    const std::string kind(chinese_ ? kKindsInChinese[i]
                                    : ChangeKindName(static_cast<ChangeKind>(i)));
    out += chinese_ ? absl::StrCat(kind, " ", count_of[i], " 项")
                    : absl::StrCat(count_of[i], " ", kind);
  }
  return out + "\n";
}

}  // namespace

std::string DiffText(const ComparedPolicies& policies, const std::vector<Change>& changes,
                     Language language) {
  const Writer writer(language);
  if (changes.empty()) return writer.None();
  std::string out = absl::StrCat(policies.before, " -> ", policies.after, "\n\n");
  std::string section;
  for (const Change& change : changes) {
    if (change.section != section) {
      section = change.section;
      absl::StrAppend(&out, writer.Section(section), "\n");
    }
    absl::StrAppend(&out, writer.Line(change), "\n");
  }
  return absl::StrCat(out, "\n", writer.Count(changes));
}

}  // namespace peakend::runtime
