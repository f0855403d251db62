// What must hold of the rows for warehouses and of the registry that numbers their schemas.
#ifndef PEAKEND_PROCESSORS_RUNTIME_CONFIG_BI_CHECKS_H_
#define PEAKEND_PROCESSORS_RUNTIME_CONFIG_BI_CHECKS_H_

#include "peakend/v1/config.pb.h"
#include "processors/runtime/config/message_reader.h"

namespace peakend::runtime {

// Rows under a schema id have one or a registry to ask; the registry is one that can be asked;
// the system knows the time zones.
// `bi` has its defaults.
void CheckBi(const v1::BiConfig& bi, LoadState& state);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_CONFIG_BI_CHECKS_H_
