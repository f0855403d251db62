// Parts that the records of several stages have in common.
#ifndef PEAKEND_PROCESSORS_JOURNEY_RECORD_PARTS_H_
#define PEAKEND_PROCESSORS_JOURNEY_RECORD_PARTS_H_

#include "peakend/v1/customer_state.pb.h"
#include "processors/journey/contact.h"
#include "processors/journey/identifier.h"

namespace peakend::journey {

inline EventTime FromRecord(const v1::CustomerState::EventTime& record) {
  return {record.at_ms(), record.hash()};
}
inline void Save(const EventTime& time, v1::CustomerState::EventTime* record) {
  record->set_at_ms(time.at_ms);
  record->set_hash(time.hash);
}

inline Identifier FromRecord(const v1::CustomerState::Identifier& record) {
  return {record.high(), record.low()};
}
inline void Save(const Identifier& id, v1::CustomerState::Identifier* record) {
  record->set_high(id.high);
  record->set_low(id.low);
}

}  // namespace peakend::journey

#endif  // PEAKEND_PROCESSORS_JOURNEY_RECORD_PARTS_H_
