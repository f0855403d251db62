#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "processors/publish/json.h"

namespace peakend::publish {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

// What may follow a lead byte: how many continuation bytes, and the range of the
// first of them, which keeps out overlong forms, surrogates and > U+10FFFF.
struct Lead {
  size_t continuation = 0;  // 0 = not a lead byte
  uint8_t low = 0x80;
  uint8_t high = 0xBF;
};

Lead LeadOf(uint8_t byte) {
  if (byte >= 0xC2 && byte <= 0xDF) return {1};
  if (byte == 0xE0) return {2, 0xA0, 0xBF};
  if (byte == 0xED) return {2, 0x80, 0x9F};
  if (byte >= 0xE1 && byte <= 0xEF) return {2};
  if (byte == 0xF0) return {3, 0x90, 0xBF};
  if (byte >= 0xF1 && byte <= 0xF3) return {3};
  if (byte == 0xF4) return {3, 0x80, 0x8F};
  return {};
}

// Appends the sequence that starts at `text[at]`, a byte above 0x7F, or U+FFFD
// for its longest broken prefix; returns the index behind it.
size_t AppendMultibyte(std::string_view text, size_t at, std::string* out) {
  const Lead lead = LeadOf(static_cast<uint8_t>(text[at]));
  size_t end = at + 1;
  uint8_t low = lead.low;
  uint8_t high = lead.high;
  while (end < text.size() && end - at <= lead.continuation) {
    const uint8_t byte = static_cast<uint8_t>(text[end]);
    if (byte < low || byte > high) break;
    low = 0x80;
    high = 0xBF;
    ++end;
  }
  const bool whole = lead.continuation > 0 && end - at == lead.continuation + 1;
  out->append(whole ? text.substr(at, end - at) : kReplacement);
  return end;
}

void AppendEscaped(char c, std::string* out) {
  constexpr std::string_view kHex = "0123456789abcdef";
  switch (c) {
    case '"':
      out->append("\\\"");
      return;
    case '\\':
      out->append("\\\\");
      return;
    case '\b':
      out->append("\\b");
      return;
    case '\f':
      out->append("\\f");
      return;
    case '\n':
      out->append("\\n");
      return;
    case '\r':
      out->append("\\r");
      return;
    case '\t':
      out->append("\\t");
      return;
    default:
      out->append("\\u00");
      out->push_back(kHex[static_cast<uint8_t>(c) >> 4]);
      out->push_back(kHex[static_cast<uint8_t>(c) & 0xF]);
  }
}

bool IsPlain(char c) {
  const uint8_t byte = static_cast<uint8_t>(c);
  return byte >= 0x20 && byte < 0x80 && c != '"' && c != '\\';
}

}  // namespace

void AppendJsonString(std::string_view text, std::string* out) {
  out->push_back('"');
  size_t at = 0;
  while (at < text.size()) {
    size_t end = at;
    while (end < text.size() && IsPlain(text[end])) ++end;
    out->append(text.substr(at, end - at));
    at = end;
    if (at == text.size()) break;
    if (static_cast<uint8_t>(text[at]) >= 0x80) {
      at = AppendMultibyte(text, at, out);
    } else {
      AppendEscaped(text[at++], out);
    }
  }
  out->push_back('"');
}

}  // namespace peakend::publish
