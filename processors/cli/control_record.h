// A record that a command writes into the input in place of a feed: a notice to many
// customers, one customer who is taken apart.
//
// Thread-safety: none; one command. What goes wrong is printed on `call.err`.
#ifndef PEAKEND_PROCESSORS_CLI_CONTROL_RECORD_H_
#define PEAKEND_PROCESSORS_CLI_CONTROL_RECORD_H_

#include <cstdint>
#include <string>

#include "peakend/v1/config.pb.h"
#include "peakend/v1/interaction_event.pb.h"
#include "processors/cli/invocation.h"

namespace peakend::cli {

struct ControlRecord {
  std::string key;  // empty = it is for every partition
  v1::InteractionEvent event;
};

// Why workers with this configuration would reject it, such as
// "field_too_long (customer.customer_id)"; empty = they take it.
std::string RefusalOf(const ControlRecord& record, const v1::Config& config);

// One line on `call.out`, as `run --input` and `produce` take it.
ExitCode PrintRecord(const ControlRecord& record, Invocation& call);

struct Delivery {
  ExitCode code = ExitCode::kOk;  // otherwise the error is printed
  int64_t delivered = 0;          // to so many
  int64_t partitions = 0;         // of so many; 0 = the cluster did not answer
};

// Writes it to the input topic and waits until it is there. To write it again does no harm.
Delivery WriteRecord(const ControlRecord& record, const v1::Config& config, Invocation& call);

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_CONTROL_RECORD_H_
