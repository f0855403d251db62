#include "processors/runtime/config/yaml_scalar.h"

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace peakend::runtime {
namespace {

bool IsPlainCharacter(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
         std::string_view("_./:@+-").find(c) != std::string_view::npos;
}

// What some YAML reader would not take for text.
bool LooksLikeAnotherType(std::string_view text) {
  static constexpr std::array<std::string_view, 11> kWords = {
      "true", "false", "yes", "no", "on", "off", "null", "y", "n", ".nan", ".inf"};
  const std::string lower = absl::AsciiStrToLower(absl::string_view(text.data(), text.size()));
  if (std::find(kWords.begin(), kWords.end(), lower) != kWords.end()) return true;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isxdigit(static_cast<unsigned char>(c)) ||
           std::string_view("xo_.:+-").find(c) != std::string_view::npos;
  });
}

std::string DoubleQuoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    switch (c) {
      case '"':
      case '\\':
        out += {'\\', c};
        break;
      case '\n':
        out += "\\n";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\r':
        out += "\\r";
        break;
      default:
        out += c;
    }
  }
  return out + "\"";
}

}  // namespace

std::string YamlText(std::string_view text) {
  const bool plain = !text.empty() && std::all_of(text.begin(), text.end(), IsPlainCharacter) &&
                     (absl::ascii_isalpha(static_cast<unsigned char>(text[0])) || text[0] == '/') &&
                     text.back() != ':' && !LooksLikeAnotherType(text);
  return plain ? std::string(text) : DoubleQuoted(text);
}

}  // namespace peakend::runtime
