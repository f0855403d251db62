// Finds a quote that is never closed, which yaml-cpp takes for text up to the end
// of the file.
#ifndef PEAKEND_PROCESSORS_RUNTIME_CONFIG_OPEN_QUOTE_H_
#define PEAKEND_PROCESSORS_RUNTIME_CONFIG_OPEN_QUOTE_H_

#include <cstddef>
#include <string_view>

namespace peakend::runtime {

// `offset` is where a scalar's token begins, its anchor and tag included. False
// for scalars without quotes.
bool QuoteStaysOpen(std::string_view text, size_t offset);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_CONFIG_OPEN_QUOTE_H_
