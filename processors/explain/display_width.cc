#include "processors/explain/display_width.h"

namespace peakend::explain {

size_t DisplayWidth(std::string_view text) {
  size_t width = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    // Of the text shown here, all that takes three bytes or more is double width.
    if (byte < 0x80 || (byte >= 0xC0 && byte < 0xE0)) width += 1;
    if (byte >= 0xE0) width += 2;
  }
  return width;
}

std::string PadRight(std::string_view text, size_t width) {
  const size_t used = DisplayWidth(text);
  return std::string(text) + std::string(width > used ? width - used : 1, ' ');
}

std::string PadLeft(std::string_view text, size_t width) {
  const size_t used = DisplayWidth(text);
  return std::string(width > used ? width - used : 0, ' ') + std::string(text);
}

}  // namespace peakend::explain
