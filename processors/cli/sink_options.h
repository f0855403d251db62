// What `peakend sink postgres` was asked to do.
#ifndef PEAKEND_PROCESSORS_CLI_SINK_OPTIONS_H_
#define PEAKEND_PROCESSORS_CLI_SINK_OPTIONS_H_

#include <cstddef>
#include <string>

#include "absl/time/time.h"

namespace peakend::cli {

struct SinkOptions {
  std::string conninfo;
  std::string schema = "peakend";
  std::string name = "postgres";
  std::string group;  // empty = peakend-sink-<name>
  size_t batch_rows = 10'000;
  absl::Duration batch_wait = absl::Milliseconds(500);
  bool init_schema = false;
  bool dry_run = false;
  bool exit_at_end = false;
  bool accept_loss = false;
};

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_SINK_OPTIONS_H_
