// What `peakend inspect` says to people.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_CLI_INSPECTION_TEXT_H_
#define PEAKEND_PROCESSORS_CLI_INSPECTION_TEXT_H_

#include <string>

#include "peakend/v1/inspection.pb.h"

namespace peakend::cli {

std::string InspectionText(const v1::CommittedCustomer& found);
std::string InspectionText(const v1::PartitionInspection& partition);

// On one line, for a stream of records.
std::string InspectionLine(const v1::CustomerInspection& customer);
std::string InspectionLine(const v1::ProgressInspection& progress);

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_INSPECTION_TEXT_H_
