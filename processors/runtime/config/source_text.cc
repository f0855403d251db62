#include "processors/runtime/config/source_text.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace peakend::runtime {
namespace {

constexpr size_t kShownBytes = 120;

bool IsContinuation(char c) { return (static_cast<uint8_t>(c) & 0xC0) == 0x80; }

// Bytes of the UTF-8 sequence at the start of `text`; 0 = not one.
size_t SequenceLength(std::string_view text) {
  const auto at = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t lead = at(0);
  if (lead < 0x80) return 1;
  const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return 0;
  for (size_t i = 1; i < length; ++i) {
    if (!IsContinuation(text[i])) return 0;
  }
  const bool overlong = (lead == 0xE0 && at(1) < 0xA0) || (lead == 0xF0 && at(1) < 0x90);
  const bool beyond = (lead == 0xED && at(1) > 0x9F) || (lead == 0xF4 && at(1) > 0x8F);
  return overlong || beyond ? 0 : length;
}

// Columns that `text` takes on a terminal; East Asian characters, all from U+3000
// on, take two.
int DisplayColumns(std::string_view text) {
  int columns = 0;
  for (const char c : text) {
    if (IsContinuation(c)) continue;
    columns += static_cast<uint8_t>(c) >= 0xE3 ? 2 : 1;
  }
  return columns;
}

}  // namespace

std::string Printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const size_t length = SequenceLength(text);
    const uint8_t first = static_cast<uint8_t>(text[0]);
    if (text[0] == '\t') {
      out += ' ';
    } else if (length == 0 || first < 0x20 || first == 0x7F) {
      out += '?';
    } else {
      out.append(text.substr(0, length));
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return out;
}

SourceText::SourceText(std::string_view name, std::string_view text) : name_(name), text_(text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text_.substr(0, kByteOrderMark.size()) == kByteOrderMark) {
    text_.remove_prefix(kByteOrderMark.size());
  }
  line_begins_.push_back(0);
  for (size_t i = 0; i < text_.size(); ++i) {
    if (text_[i] == '\n') line_begins_.push_back(i + 1);
  }
}

std::string_view SourceText::Line(int line) const {
  if (line < 1 || static_cast<size_t>(line) > line_begins_.size()) return {};
  std::string_view rest = text_.substr(line_begins_[line - 1]);
  rest = rest.substr(0, rest.find('\n'));
  if (!rest.empty() && rest.back() == '\r') rest.remove_suffix(1);
  return rest;
}

void SourceText::Locate(int line, int col, Diagnostic& diagnostic) const {
  diagnostic.file = name_;
  diagnostic.line = line;
  std::string_view shown = Line(line);
  const size_t before = std::min<size_t>(std::max(col - 1, 0), shown.size());
  diagnostic.col = 1 + static_cast<int>(std::count_if(shown.begin(), shown.begin() + before,
                                                      [](char c) { return !IsContinuation(c); }));
  // A long line is shown from shortly before the place.
  size_t begin =
      before > kShownBytes / 2 && shown.size() > kShownBytes ? before - kShownBytes / 2 : 0;
  while (begin > 0 && IsContinuation(shown[begin])) --begin;
  size_t end = std::min(shown.size(), begin + kShownBytes);
  while (end < shown.size() && IsContinuation(shown[end])) ++end;

  const size_t colon = shown.find(':');
  const std::string_view key = shown.substr(0, colon);
  if (colon != std::string_view::npos && NamesSecret(key)) {
    diagnostic.source_line = begin > 0 ? "" : absl::StrCat(Printable(key), ": ***");
    diagnostic.caret = std::min(DisplayColumns(shown.substr(0, before)),
                                static_cast<int>(diagnostic.source_line.size()) - 1);
    return;
  }
  diagnostic.source_line = Printable(shown.substr(begin, end - begin));
  diagnostic.caret = DisplayColumns(shown.substr(begin, before - begin));
}

std::optional<size_t> SourceText::FirstBadByte() const {
  for (size_t i = 0; i < text_.size();) {
    const char c = text_[i];
    const bool control = static_cast<uint8_t>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r';
    const size_t length = control || c == 0x7F ? 0 : SequenceLength(text_.substr(i));
    if (length == 0) return i;
    i += length;
  }
  return std::nullopt;
}

bool SourceText::IndentsWithTab(int line) const {
  const std::string_view text = Line(line);
  const size_t word = text.find_first_not_of(" \t");
  return text.substr(0, word).find('\t') != std::string_view::npos;
}

size_t SourceText::OffsetOf(int line, int col) const {
  if (line < 1 || static_cast<size_t>(line) > line_begins_.size()) return text_.size();
  return std::min(text_.size(), line_begins_[line - 1] + static_cast<size_t>(std::max(col, 1)) - 1);
}

std::pair<int, int> SourceText::PlaceOf(size_t offset) const {
  const auto next = std::upper_bound(line_begins_.begin(), line_begins_.end(), offset);
  const size_t line = static_cast<size_t>(next - line_begins_.begin());
  return {static_cast<int>(line), static_cast<int>(offset - line_begins_[line - 1]) + 1};
}

bool NamesSecret(std::string_view name) {
  std::string lower = absl::AsciiStrToLower(absl::string_view(name.data(), name.size()));
  while (!lower.empty() && (lower.back() == ' ' || lower.back() == '"' || lower.back() == '\'')) {
    lower.pop_back();
  }
  if (absl::EndsWith(lower, "_file") || absl::EndsWith(lower, ".location")) return false;
  return absl::StrContains(lower, "password") || absl::StrContains(lower, "secret") ||
         absl::EndsWith(lower, "key.pem") || absl::EndsWith(lower, "jaas.config");
}

}  // namespace peakend::runtime
