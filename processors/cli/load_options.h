// What `peakend load` is asked for, checked.
//
// Thread-safety: values.
#ifndef PEAKEND_PROCESSORS_CLI_LOAD_OPTIONS_H_
#define PEAKEND_PROCESSORS_CLI_LOAD_OPTIONS_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "benchmarks/load/event_feed.h"
#include "peakend/v1/load_manifest.pb.h"
#include "peakend/v1/load_profile.pb.h"
#include "processors/cli/invocation.h"
#include "processors/cli/run_settings.h"

namespace peakend::cli {

// As written on the command line.
struct LoadFlags {
  std::string preset = "smb";
  std::string profile_file;
  std::string rate;
  std::string duration = "60s";
  std::string speed = "1";
  std::string shard = "1/1";
  std::string start;
  uint64_t seed = 1;
  std::string out;  // events go to this file; empty = to Kafka
  std::string format = "json";
  std::string manifest;  // empty = to standard output
  std::string most_late = "100ms";
  std::string warm_up = "0s";
  std::vector<std::string> check;  // manifests that the topic is compared with
  bool dry_run = false;
  bool append = false;
  bool no_alerts = false;
  bool show_profile = false;
  bool expect = false;
  std::string policy;  // of what is expected; empty = that of the configuration
};

struct LoadOptions {
  v1::LoadProfile profile;
  load::LoadPart part;  // start_at_ms 0 = when the first record leaves
  double speed = 1;
  // At p99; a run whose records left later is void.
  absl::Duration most_late;
  // On the wall; what is due in it is in no percentile.
  absl::Duration warm_up;
  // What workers would run with; null = nobody asks what they must make of it.
  std::shared_ptr<const RunSettings> expect;

  int64_t warm_up_us() const {
    return static_cast<int64_t>(absl::ToDoubleMicroseconds(warm_up) * speed);
  }
};

// From a signal to the end: what was before the load is played out in one go.
inline constexpr absl::Duration kLoadShutdownLimit = absl::Seconds(45);

// The profile that the flags name, without what else they say of it. Nullopt: what is wrong is on
// `call.err`.
std::optional<v1::LoadProfile> ReadLoadProfile(const LoadFlags& flags, Invocation& call);

// Nullopt: what is wrong is on `call.err`.
std::optional<LoadOptions> ReadLoadFlags(const LoadFlags& flags, Invocation& call);

// What does not depend on how it goes: profile, seed, shard, rate, speed, length.
v1::LoadManifest ManifestOf(const LoadOptions& options);

// To the file that the flags name, or to `call.out`. A file that is there already is left as it
// is. False: the reason is on `call.err`.
bool WriteManifest(const LoadFlags& flags, const v1::LoadManifest& manifest, Invocation& call);

// True when the file may be made: the load of an hour shall not end with a refusal.
bool ManifestIsFree(const LoadFlags& flags, Invocation& call);

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_LOAD_OPTIONS_H_
