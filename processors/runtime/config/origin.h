// Where the value of each field came from.
#ifndef PEAKEND_PROCESSORS_RUNTIME_CONFIG_ORIGIN_H_
#define PEAKEND_PROCESSORS_RUNTIME_CONFIG_ORIGIN_H_

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace peakend::runtime {

struct Origin {
  enum class Kind { kDefault, kFile, kEnvironment, kFlag };
  Kind kind = Kind::kDefault;
  // File name, variable name or key of the flag; empty for defaults.
  std::string name;
  int line = 0;  // from 1, only for files
  int col = 0;   // in bytes from 1, only for files
  // The value was read through ${file:...} or ${env:...}: never show it.
  bool secret = false;
};

// By path: "kafka.group_id", "rules[0].enter", "kafka.properties.ssl.ca.location".
// Every field that holds a value has an entry; so has each map and list of the
// file (its first character).
using Origins = std::map<std::string, Origin, std::less<>>;

// The origin of the first of `paths` that somebody wrote down; a default when
// nobody did.
Origin WrittenOrigin(const Origins& origins, const std::vector<std::string>& paths);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_CONFIG_ORIGIN_H_
