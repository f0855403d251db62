#include "processors/publish/rows/row_kinds.h"

#include "absl/strings/str_cat.h"
#include "peakend/bi/v1/alert_row.pb.h"
#include "peakend/bi/v1/contact_row.pb.h"
#include "peakend/bi/v1/journey_row.pb.h"
#include "peakend/bi/v1/moment_row.pb.h"
#include "peakend/bi/v1/promise_row.pb.h"
#include "peakend/bi/v1/survey_row.pb.h"
#include "peakend/bi/v1/touchpoint_row.pb.h"

namespace peakend::publish {
namespace {

using google::protobuf::FieldDescriptor;

const FieldDescriptor* SettingsField(const RowKind& kind) {
  return v1::BiConfig::descriptor()->FindFieldByName(std::string(kind.name));
}

}  // namespace

std::array<RowKind, kRowKindCount> RowKinds() {
  return {{{"touchpoint", &bi::v1::TouchpointRow::default_instance()},
           {"moment", &bi::v1::MomentRow::default_instance()},
           {"contact", &bi::v1::ContactRow::default_instance()},
           {"journey", &bi::v1::JourneyRow::default_instance()},
           {"alert", &bi::v1::AlertRow::default_instance()},
           {"promise", &bi::v1::PromiseRow::default_instance()},
           {"survey", &bi::v1::SurveyRow::default_instance()}}};
}

const v1::RowsConfig& RowsSettings(const v1::BiConfig& bi, const RowKind& kind) {
  return static_cast<const v1::RowsConfig&>(
      bi.GetReflection()->GetMessage(bi, SettingsField(kind)));
}

v1::RowsConfig* MutableRowsSettings(v1::BiConfig* bi, const RowKind& kind) {
  return static_cast<v1::RowsConfig*>(bi->GetReflection()->MutableMessage(bi, SettingsField(kind)));
}

std::string RowTopicName(const v1::TopicsConfig& topics, const RowKind& kind) {
  const std::string name =
      absl::StrCat("bi_", absl::string_view(kind.name.data(), kind.name.size()));
  const FieldDescriptor* const field = v1::TopicsConfig::descriptor()->FindFieldByName(name);
  return static_cast<const v1::TopicConfig&>(topics.GetReflection()->GetMessage(topics, field))
      .name();
}

}  // namespace peakend::publish
