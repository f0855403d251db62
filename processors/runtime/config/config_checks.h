// What must hold between the fields of a configuration.
#ifndef PEAKEND_PROCESSORS_RUNTIME_CONFIG_CONFIG_CHECKS_H_
#define PEAKEND_PROCESSORS_RUNTIME_CONFIG_CONFIG_CHECKS_H_

#include "peakend/v1/config.pb.h"
#include "processors/runtime/config/message_reader.h"

namespace peakend::runtime {

// Credentials are complete and not written in the open; topic names are legal
// and differ; transactions end before sessions. `config` has its defaults.
void CheckConfig(const v1::Config& config, LoadState& state);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_CONFIG_CONFIG_CHECKS_H_
