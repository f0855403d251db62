#include "processors/runtime/config/row_config.h"

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

namespace peakend::runtime {
namespace {

absl::Status ReadZone(const std::string& name, absl::TimeZone* zone) {
  if (name.empty() || absl::LoadTimeZone(name, zone)) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("the system knows no time zone `", name, "`: install tzdata, or mend bi"));
}

}  // namespace

absl::StatusOr<publish::RowSettings> RowSettingsFrom(const v1::BiConfig& bi) {
  publish::RowSettings settings;
  if (absl::Status read = ReadZone(bi.time_zone(), &settings.zone); !read.ok()) return read;
  for (const auto& [tenant, name] : bi.tenant_time_zones()) {
    if (absl::Status read = ReadZone(name, &settings.tenant_zones[tenant]); !read.ok()) return read;
  }
  for (const publish::RowKind kind : publish::kRowKinds) {
    const v1::RowsConfig& rows = publish::RowsConfigOf(bi, kind);
    if (!rows.enabled()) continue;
    const std::optional<publish::Framing> framing =
        rows.format().empty() ? publish::Framing::kProtobuf : publish::FramingNamed(rows.format());
    if (!framing) {
      return absl::InvalidArgumentError(absl::StrCat("no format `", rows.format(), "` of rows"));
    }
    settings.framings[publish::IndexOf(kind)].emplace(*framing, rows.schema_id(),
                                                      *publish::RowPrototype(kind).GetDescriptor());
  }
  return settings;
}

}  // namespace peakend::runtime
