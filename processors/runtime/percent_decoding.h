// The text behind a part of a URL's path (RFC 3986): %2F is a slash, "+" a plus.
//
// Thread-safety: a pure function.
#ifndef PEAKEND_PROCESSORS_RUNTIME_PERCENT_DECODING_H_
#define PEAKEND_PROCESSORS_RUNTIME_PERCENT_DECODING_H_

#include <optional>
#include <string>
#include <string_view>

namespace peakend::runtime {

// Any bytes can come out. nullopt = a "%" without two hex digits behind it.
std::optional<std::string> PercentDecode(std::string_view text);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_PERCENT_DECODING_H_
