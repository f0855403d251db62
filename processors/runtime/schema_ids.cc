#include "processors/runtime/schema_ids.h"

#include <cstdint>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "processors/publish/rows/framing.h"
#include "processors/publish/rows/row_kind.h"
#include "processors/publish/topic_names.h"
#include "processors/runtime/schema_registry.h"

namespace peakend::runtime {
namespace {

using google::protobuf::FieldDescriptor;
using publish::RowKind;

bool NeedsId(const v1::RowsConfig& rows) {
  return rows.enabled() && rows.schema_id() == 0 &&
         publish::FramingNamed(rows.format()) == publish::Framing::kProtobufConfluent;
}

v1::RowsConfig* MutableRows(v1::BiConfig* bi, const std::string& kind) {
  const FieldDescriptor* const field = v1::BiConfig::descriptor()->FindFieldByName(kind);
  return static_cast<v1::RowsConfig*>(bi->GetReflection()->MutableMessage(bi, field));
}

}  // namespace

std::string SchemaText(const google::protobuf::Descriptor& row) {
  return row.file()->DebugString();
}

absl::Status ResolveSchemaIds(v1::Config* config) {
  std::optional<SchemaRegistry> registry;
  for (const RowKind kind : publish::kRowKinds) {
    const std::string name(publish::RowKindName(kind));
    v1::RowsConfig* const rows = MutableRows(config->mutable_bi(), name);
    if (!NeedsId(*rows)) continue;
    if (!registry) {
      absl::StatusOr<SchemaRegistryOptions> options = RegistryOptionsFrom(config->bi().registry());
      if (!options.ok()) return options.status();
      registry.emplace(*std::move(options));
    }
    const std::string topic = publish::TopicName(config->topics(), publish::TopicOf(kind));
    const absl::StatusOr<int> id =
        registry->IdOf(topic + "-value", SchemaText(*publish::RowPrototype(kind).GetDescriptor()));
    if (!id.ok()) {
      return absl::Status(id.status().code(),
                          absl::StrCat("bi.", name, ": ", id.status().message()));
    }
    rows->set_schema_id(static_cast<uint32_t>(*id));
  }
  return absl::OkStatus();
}

}  // namespace peakend::runtime
