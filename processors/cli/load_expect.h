// What workers must make of a load: it is generated once more, and an engine in memory runs over it
// until everything has ended. The sending itself has nothing to do with it.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_CLI_LOAD_EXPECT_H_
#define PEAKEND_PROCESSORS_CLI_LOAD_EXPECT_H_

#include <cstdint>
#include <functional>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "peakend/v1/load_manifest.pb.h"
#include "processors/cli/load_options.h"

namespace peakend::cli {

// How the records are read.
struct LoadReading {
  int32_t partitions = 1;
  // When the first record is due at the broker, whose timestamps hold back time. Absent = they are
  // read from a file, long after.
  std::optional<absl::Time> begin = {};
};

// Of the profile and the policy alone, whatever happened when the records were sent. A shard is
// looked at as if its customers were the only ones. REQUIRES: options.expect, and a start. Errors:
// Cancelled = `stop` said so; those of the engine.
absl::StatusOr<v1::LoadExpected> ExpectOf(const LoadOptions& options, const LoadReading& reading,
                                          const std::function<bool()>& stop);

// Writes it into the manifest, and a line on `call.err`, where options.expect asks for it. False =
// it is missing, and the reason is on `call.err`.
bool AddExpected(const LoadOptions& options, const LoadReading& reading,
                 const std::function<bool()>& stop, v1::LoadManifest* manifest, Invocation& call);

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_LOAD_EXPECT_H_
