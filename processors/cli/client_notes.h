// What the librdkafka of this machine can't do, or does at a price.
#ifndef PEAKEND_PROCESSORS_CLI_CLIENT_NOTES_H_
#define PEAKEND_PROCESSORS_CLI_CLIENT_NOTES_H_

#include <string>
#include <vector>

#include "peakend/v1/config.pb.h"
#include "processors/runtime/config/diagnostic.h"

namespace peakend::cli {

struct ClientLibrary {
  std::string version;
  std::string features;  // comma separated
  bool has_fetch_queue_backoff = false;
};

// One sentence: which queue setting counts with this library, and what it costs.
std::string FetchQueueNote(const v1::KafkaConfig& kafka, const ClientLibrary& library);

// Errors for what the configuration asks of the library and it was not built with.
std::vector<runtime::Diagnostic> MissingFeatures(const v1::KafkaConfig& kafka,
                                                 const ClientLibrary& library);

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_CLIENT_NOTES_H_
