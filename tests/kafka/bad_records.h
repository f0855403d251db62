// Records that are no events, one of each kind that reaches an input topic.
#ifndef PEAKEND_TESTS_KAFKA_BAD_RECORDS_H_
#define PEAKEND_TESTS_KAFKA_BAD_RECORDS_H_

#include <optional>
#include <string>
#include <vector>

#include "peakend/v1/interaction_event.pb.h"
#include "peakend/v1/rejected_record.pb.h"

namespace peakend::runtime {

struct BadRecord {
  std::string name;
  std::optional<std::string> key;
  std::optional<std::string> value;
  v1::RejectReason reason = v1::REJECT_REASON_UNSPECIFIED;
  std::string field;  // empty = the whole record
};

// `good` is a customer's turn with a sentiment; each record spoils it in one way.
std::vector<BadRecord> BadRecords(const v1::InteractionEvent& good);

}  // namespace peakend::runtime

#endif  // PEAKEND_TESTS_KAFKA_BAD_RECORDS_H_
