#include "processors/publish/rows/row_kind.h"

#include "peakend/bi/v1/alert_row.pb.h"
#include "peakend/bi/v1/contact_row.pb.h"
#include "peakend/bi/v1/journey_row.pb.h"
#include "peakend/bi/v1/moment_row.pb.h"
#include "peakend/bi/v1/promise_row.pb.h"
#include "peakend/bi/v1/survey_row.pb.h"
#include "peakend/bi/v1/touchpoint_row.pb.h"

namespace peakend::publish {

std::string_view RowKindName(RowKind kind) {
  constexpr std::array<std::string_view, kRowKinds.size()> kNames = {
      "touchpoint", "moment", "contact", "journey", "alert", "promise", "survey"};
  return kNames[IndexOf(kind)];
}

const google::protobuf::Message& RowPrototype(RowKind kind) {
  switch (kind) {
    case RowKind::kTouchpoint:
      return bi::v1::TouchpointRow::default_instance();
    case RowKind::kMoment:
      return bi::v1::MomentRow::default_instance();
    case RowKind::kContact:
      return bi::v1::ContactRow::default_instance();
    case RowKind::kJourney:
      return bi::v1::JourneyRow::default_instance();
    case RowKind::kAlert:
      return bi::v1::AlertRow::default_instance();
    case RowKind::kPromise:
      return bi::v1::PromiseRow::default_instance();
    case RowKind::kSurvey:
      break;
  }
  return bi::v1::SurveyRow::default_instance();
}

const v1::RowsConfig& RowsConfigOf(const v1::BiConfig& config, RowKind kind) {
  switch (kind) {
    case RowKind::kTouchpoint:
      return config.touchpoint();
    case RowKind::kMoment:
      return config.moment();
    case RowKind::kContact:
      return config.contact();
    case RowKind::kJourney:
      return config.journey();
    case RowKind::kAlert:
      return config.alert();
    case RowKind::kPromise:
      return config.promise();
    case RowKind::kSurvey:
      break;
  }
  return config.survey();
}

}  // namespace peakend::publish
