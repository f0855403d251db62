#include "processors/runtime/config/origin.h"

namespace peakend::runtime {

Origin WrittenOrigin(const Origins& origins, const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    const auto found = origins.find(path);
    if (found != origins.end() && found->second.kind != Origin::Kind::kDefault) {
      return found->second;
    }
  }
  return {};
}

}  // namespace peakend::runtime
