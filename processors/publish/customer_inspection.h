// Records of the changelog in a form for people: names as text, hashes in hex,
// valences as numbers in [-1, 1].
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_PUBLISH_CUSTOMER_INSPECTION_H_
#define PEAKEND_PROCESSORS_PUBLISH_CUSTOMER_INSPECTION_H_

#include <string_view>

#include "absl/status/statusor.h"
#include "peakend/v1/inspection.pb.h"
#include "peakend/v1/progress_record.pb.h"

namespace peakend::publish {

// The customer of a record. Errors as CustomerRecordReader::Restore.
absl::StatusOr<v1::CustomerInspection> InspectCustomer(std::string_view key,
                                                       std::string_view value);

v1::ProgressInspection InspectProgress(const v1::ProgressRecord& progress);

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_CUSTOMER_INSPECTION_H_
