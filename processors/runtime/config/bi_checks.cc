#include "processors/runtime/config/bi_checks.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "processors/runtime/config/field_rules.h"
#include "processors/runtime/config/registry_url.h"
#include "processors/runtime/config/time_zone.h"

namespace peakend::runtime {
namespace {

void CheckSchemaId(const std::string& kind, const v1::RowsConfig& rows, bool has_registry,
                   LoadState& state) {
  if (!rows.enabled() || rows.format() != "protobuf_confluent") return;
  if (rows.schema_id() != 0 || has_registry) return;
  const std::string path = absl::StrCat("bi.", kind);
  state.problems.Error(
      WrittenOrigin(state.origins, {path + ".format", path}),
      {"PE0068", "`protobuf_confluent` needs the number of a schema",
       absl::StrCat("set bi.registry.url, which is asked for it, or ", path, ".schema_id")});
}

void CheckUrl(const std::string& url, LoadState& state) {
  if (url.empty()) return;
  const absl::Status status = ParseRegistryUrl(url).status();
  if (status.ok()) return;
  Origin origin = WrittenOrigin(state.origins, {"bi.registry.url"});
  // The line would be shown, and there may be a password in it.
  if (url.find('@') != std::string::npos) origin.line = 0;
  state.problems.Error(origin,
                       {"PE0069", "`url` is none of a registry", std::string(status.message())});
}

void CheckZone(const std::string& name, const std::string& path, LoadState& state) {
  if (name.empty() || UtcOffsetsOf(name)) return;
  const std::string near = NearestTimeZone(name);
  state.problems.Error(WrittenOrigin(state.origins, {path}),
                       {"PE0070", absl::StrCat("no time zone `", name, "`"),
                        near.empty() ? "a name of the IANA database, e.g. Asia/Shanghai"
                                     : absl::StrCat("did you mean `", near, "`?")});
}

void CheckRegistry(const v1::RegistryConfig& registry, LoadState& state) {
  CheckUrl(registry.url(), state);
  if (registry.username().empty() == registry.password_file().empty()) return;
  const bool has_user = !registry.username().empty();
  const absl::string_view set = has_user ? "username" : "password_file";
  const absl::string_view missing = has_user ? "password_file" : "username";
  state.problems.Error(WrittenOrigin(state.origins, {absl::StrCat("bi.registry.", set)}),
                       {"PE0030", absl::StrCat("`", set, "` needs `", missing, "`"),
                        absl::StrCat("set bi.registry.", missing, " too")});
}

}  // namespace

void CheckBi(const v1::BiConfig& bi, LoadState& state) {
  for (const std::string& field : FieldNames(*bi.GetDescriptor())) {
    const auto* descriptor = bi.GetDescriptor()->FindFieldByName(field);
    if (descriptor->message_type() != v1::RowsConfig::descriptor()) continue;
    const auto& rows =
        static_cast<const v1::RowsConfig&>(bi.GetReflection()->GetMessage(bi, descriptor));
    CheckSchemaId(field, rows, !bi.registry().url().empty(), state);
  }
  CheckRegistry(bi.registry(), state);
  CheckZone(bi.time_zone(), "bi.time_zone", state);
  for (const auto& [tenant, zone] : bi.tenant_time_zones()) {
    CheckZone(zone, "bi.tenant_time_zones", state);
  }
}

}  // namespace peakend::runtime
