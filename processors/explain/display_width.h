// How many columns a terminal gives to a text, and blanks up to a width.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_EXPLAIN_DISPLAY_WIDTH_H_
#define PEAKEND_PROCESSORS_EXPLAIN_DISPLAY_WIDTH_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace peakend::explain {

// Columns that UTF-8 `text` takes on a terminal; Chinese characters take two.
size_t DisplayWidth(std::string_view text);
// `text` with blanks up to `width` columns, at least one: behind it. Or before it, where none
// is needed.
std::string PadRight(std::string_view text, size_t width);
std::string PadLeft(std::string_view text, size_t width);

}  // namespace peakend::explain

#endif  // PEAKEND_PROCESSORS_EXPLAIN_DISPLAY_WIDTH_H_
