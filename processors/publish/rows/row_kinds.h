// The kinds of flat rows, each with its message and its settings.
//
// Thread-safety: pure.
#ifndef PEAKEND_PROCESSORS_PUBLISH_ROWS_ROW_KINDS_H_
#define PEAKEND_PROCESSORS_PUBLISH_ROWS_ROW_KINDS_H_

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "google/protobuf/message.h"
#include "peakend/v1/config.pb.h"

namespace peakend::publish {

struct RowKind {
  std::string_view name;                       // of the field in BiConfig: "journey"
  const google::protobuf::Message* prototype;  // an empty row; lives as long as the process
};

inline constexpr size_t kRowKindCount = 7;

// In the order of BiConfig: touchpoint, moment, contact, journey, alert, promise, survey.
std::array<RowKind, kRowKindCount> RowKinds();

// Whether and how rows of that kind are written.
const v1::RowsConfig& RowsSettings(const v1::BiConfig& bi, const RowKind& kind);
v1::RowsConfig* MutableRowsSettings(v1::BiConfig* bi, const RowKind& kind);

// Name of their topic. REQUIRES: `topics` is a loaded configuration, which names all of them.
std::string RowTopicName(const v1::TopicsConfig& topics, const RowKind& kind);

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_ROWS_ROW_KINDS_H_
