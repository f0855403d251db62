// JSON text of a feed, parsed without exceptions.
//
// The only place that makes a tree of JSON: what Boost.JSON throws ends here (what it
// tells json_reader.h piece by piece throws nothing). Reading the
// parsed values with its non-throwing calls (if_object, if_contains, if_string,
// if_array, is_number, to_number with an error code) needs no further care.
//
// Thread-safety: pure.
#ifndef PEAKEND_PROCESSORS_ADAPTERS_JSON_DOCUMENT_H_
#define PEAKEND_PROCESSORS_ADAPTERS_JSON_DOCUMENT_H_

#include <string_view>

#include "absl/status/statusor.h"
#include "boost/json/value.hpp"

namespace peakend::adapters {

// Parses `text`, one JSON value and nothing behind it, at most 32 levels deep.
// Errors: InvalidArgument says at which byte it stopped being JSON.
absl::StatusOr<boost::json::value> ParseJson(std::string_view text);

}  // namespace peakend::adapters

#endif  // PEAKEND_PROCESSORS_ADAPTERS_JSON_DOCUMENT_H_
