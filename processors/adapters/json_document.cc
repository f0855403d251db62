#include "processors/adapters/json_document.h"

#include <exception>

#include "absl/strings/str_cat.h"
#include "boost/json/src.hpp"

namespace peakend::adapters {

absl::StatusOr<boost::json::value> ParseJson(std::string_view text) {
  try {
    boost::json::stream_parser parser;
    boost::json::error_code error;
    const size_t parsed = parser.write_some(text.data(), text.size(), error);
    if (!error && parsed < text.size()) error = boost::json::error::extra_data;
    if (!error) parser.finish(error);
    if (error) {
      return absl::InvalidArgumentError(absl::StrCat("not JSON from byte ", parsed + 1, " on"));
    }
    return parser.release();
  } catch (const std::exception&) {
    return absl::InvalidArgumentError("JSON value too large");
  }
}

}  // namespace peakend::adapters
