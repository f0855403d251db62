#include "processors/runtime/config/open_quote.h"

namespace peakend::runtime {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

// The offset behind anchor and tag.
size_t SkipProperties(std::string_view text, size_t at) {
  while (at < text.size() && (text[at] == '&' || text[at] == '!')) {
    at = text.find_first_of(kBlanks, at);
    if (at == std::string_view::npos) return text.size();
    at = text.find_first_not_of(kBlanks, at);
    if (at == std::string_view::npos) return text.size();
  }
  return at;
}

}  // namespace

bool QuoteStaysOpen(std::string_view text, size_t offset) {
  size_t at = SkipProperties(text, offset);
  if (at >= text.size() || (text[at] != '"' && text[at] != '\'')) return false;
  const char quote = text[at];
  for (++at; at < text.size(); ++at) {
    if (quote == '"' && text[at] == '\\') {
      ++at;
    } else if (text[at] == quote) {
      const bool doubled = quote == '\'' && at + 1 < text.size() && text[at + 1] == quote;
      if (!doubled) return false;
      ++at;
    }
  }
  return true;
}

}  // namespace peakend::runtime
