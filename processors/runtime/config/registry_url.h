// Where a schema registry is: what bi.registry.url says.
//
// Thread-safety: pure.
#ifndef PEAKEND_PROCESSORS_RUNTIME_CONFIG_REGISTRY_URL_H_
#define PEAKEND_PROCESSORS_RUNTIME_CONFIG_REGISTRY_URL_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace peakend::runtime {

struct RegistryUrl {
  std::string host;  // a name or an address, an IPv6 one without brackets
  uint16_t port = 80;
  std::string path;  // begins with a slash and ends with none, or is empty

  // "registry:8081" or "[::1]:8081".
  std::string Authority() const;
};

// Reads http://host[:port][/path]. Errors: InvalidArgument says what is wrong and what to do, and
// holds nothing of the text, which may have a password in it. Without TLS: https is an error.
absl::StatusOr<RegistryUrl> ParseRegistryUrl(std::string_view text);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_CONFIG_REGISTRY_URL_H_
