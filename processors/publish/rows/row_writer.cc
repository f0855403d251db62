#include "processors/publish/rows/row_writer.h"

#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"
#include "processors/journey/identifier.h"

namespace peakend::publish {

std::string_view AmendmentName(Amendment amendment) {
  switch (amendment) {
    case Amendment::kLateEvent:
      return "late_event";
    case Amendment::kSurvey:
      return "survey";
    case Amendment::kTime:
      return "time";
    case Amendment::kAction:
      return "action";
    case Amendment::kIdentity:
      return "identity";
    case Amendment::kPolicy:
      return "policy";
    case Amendment::kEvent:
      break;
  }
  return "event";
}

std::string CustomerKey(std::string_view tenant_id, std::string_view customer_id) {
  return journey::ToHex(journey::MakeIdentifier({"customer", tenant_id, customer_id}));
}

std::string_view RowWriter::DateOf(std::string_view tenant_id, int64_t at_ms) {
  const absl::CivilDay day =
      absl::ToCivilDay(absl::FromUnixMillis(at_ms), settings_->ZoneOf(tenant_id));
  date_.clear();
  absl::StrAppendFormat(&date_, "%04d-%02d-%02d", day.year(), day.month(), day.day());
  return date_;
}

}  // namespace peakend::publish
