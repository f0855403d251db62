// Which rows for warehouses are written, as the configuration says it.
#ifndef PEAKEND_PROCESSORS_RUNTIME_CONFIG_ROW_CONFIG_H_
#define PEAKEND_PROCESSORS_RUNTIME_CONFIG_ROW_CONFIG_H_

#include "absl/status/statusor.h"
#include "peakend/v1/config.pb.h"
#include "processors/publish/rows/row_settings.h"

namespace peakend::runtime {

// Reads the system's time zones. Errors: InvalidArgument = a time zone that the system does not
// know, or no such format, which a checked configuration has not.
absl::StatusOr<publish::RowSettings> RowSettingsFrom(const v1::BiConfig& bi);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_CONFIG_ROW_CONFIG_H_
