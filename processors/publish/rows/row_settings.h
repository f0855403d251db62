// Which flat rows are written, in which form, and whose day is which.
//
// Thread-safety: a value.
#ifndef PEAKEND_PROCESSORS_PUBLISH_ROWS_ROW_SETTINGS_H_
#define PEAKEND_PROCESSORS_PUBLISH_ROWS_ROW_SETTINGS_H_

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"
#include "processors/publish/rows/framing.h"
#include "processors/publish/rows/row_kind.h"

namespace peakend::publish {

struct RowSettings {
  // By RowKind; nothing = these rows are not written.
  std::array<std::optional<RowFraming>, kRowKinds.size()> framings;
  absl::TimeZone zone = absl::UTCTimeZone();
  absl::flat_hash_map<std::string, absl::TimeZone> tenant_zones;

  const RowFraming* framing(RowKind kind) const {
    const std::optional<RowFraming>& found = framings[IndexOf(kind)];
    return found ? &*found : nullptr;
  }
  const absl::TimeZone& ZoneOf(std::string_view tenant_id) const {
    if (tenant_zones.empty()) return zone;
    const auto found = tenant_zones.find(std::string(tenant_id));
    return found != tenant_zones.end() ? found->second : zone;
  }
};

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_ROWS_ROW_SETTINGS_H_
