// The kinds of flat rows for warehouses (proto/peakend/bi/v1), and what each is called.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_PUBLISH_ROWS_ROW_KIND_H_
#define PEAKEND_PROCESSORS_PUBLISH_ROWS_ROW_KIND_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "google/protobuf/message.h"
#include "peakend/v1/config.pb.h"
#include "processors/publish/output.h"

namespace peakend::publish {

// In the order of their topics.
enum class RowKind : uint8_t {
  kTouchpoint,
  kMoment,
  kContact,
  kJourney,
  kAlert,
  kPromise,
  kSurvey,
};
inline constexpr std::array kRowKinds = {RowKind::kTouchpoint, RowKind::kMoment, RowKind::kContact,
                                         RowKind::kJourney,    RowKind::kAlert,  RowKind::kPromise,
                                         RowKind::kSurvey};

inline size_t IndexOf(RowKind kind) { return static_cast<size_t>(kind); }
inline Topic TopicOf(RowKind kind) {
  return static_cast<Topic>(static_cast<size_t>(kFirstRowTopic) + IndexOf(kind));
}
// REQUIRES: IsRowTopic(topic).
inline RowKind RowKindOf(Topic topic) {
  return static_cast<RowKind>(static_cast<size_t>(topic) - static_cast<size_t>(kFirstRowTopic));
}

// "touchpoint", "moment", ...: its field in BiConfig.
std::string_view RowKindName(RowKind kind);
// An empty row.
const google::protobuf::Message& RowPrototype(RowKind kind);
// How the configuration has it.
const v1::RowsConfig& RowsConfigOf(const v1::BiConfig& config, RowKind kind);

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_ROWS_ROW_KIND_H_
