// What must hold of a record before a customer is built from it.
//
// A changed byte that still looks right can't be found here (Kafka and snapshots
// have checksums for that); but nothing that passes breaks an invariant of the
// state, overflows a time or takes more memory than its size calls for.
#ifndef PEAKEND_PROCESSORS_PUBLISH_CUSTOMER_RECORD_CHECK_H_
#define PEAKEND_PROCESSORS_PUBLISH_CUSTOMER_RECORD_CHECK_H_

#include <string_view>

#include "absl/status/status.h"
#include "peakend/v1/customer_state.pb.h"

namespace peakend::publish {

// Errors as CustomerRecordReader::Restore; the message names what is wrong and
// nobody's data.
absl::Status CheckCustomerRecord(const v1::CustomerState& record, std::string_view key);

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_CUSTOMER_RECORD_CHECK_H_
