// Parts that the records of several stages have in common.
#ifndef PEAKEND_PROCESSORS_JOURNEY_RECORD_PARTS_H_
#define PEAKEND_PROCESSORS_JOURNEY_RECORD_PARTS_H_

#include "peakend/v1/customer_state.pb.h"
#include "processors/journey/contact.h"
#include "processors/journey/identifier.h"
#include "processors/journey/record_bytes.h"

namespace peakend::journey {

inline EventTime FromRecord(const v1::CustomerState::EventTime& record) {
  return {record.at_ms(), record.hash()};
}
// As `field` of the message that is being written.
inline void Save(const EventTime& time, int field, RecordBytes& record) {
  record.Message(field, [&] {
    record.Int(v1::CustomerState::EventTime::kAtMsFieldNumber, time.at_ms);
    record.Fixed64(v1::CustomerState::EventTime::kHashFieldNumber, time.hash);
  });
}

inline Identifier FromRecord(const v1::CustomerState::Identifier& record) {
  return {record.high(), record.low()};
}
inline void Save(const Identifier& id, int field, RecordBytes& record) {
  record.Message(field, [&] {
    record.Fixed64(v1::CustomerState::Identifier::kHighFieldNumber, id.high);
    record.Fixed64(v1::CustomerState::Identifier::kLowFieldNumber, id.low);
  });
}

}  // namespace peakend::journey

#endif  // PEAKEND_PROCESSORS_JOURNEY_RECORD_PARTS_H_
