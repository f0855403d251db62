#include "benchmarks/load/profile.h"

#include <xxhash.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "processors/publish/revision.h"
#include "processors/runtime/config/message_reader.h"
#include "processors/runtime/config/yaml_tree.h"

namespace peakend::load {
namespace {

using runtime::LoadState;

class ProfileCheck {
 public:
  ProfileCheck(const v1::LoadProfile& profile, LoadState& state)
      : profile_(profile), state_(state) {}

  void Check() {
    CheckWhole("queues.chat", "queues.voice and queues.chat",
               profile_.queues().voice() + profile_.queues().chat());
    const v1::LoadFeed& feed = profile_.feed();
    CheckWhole("feed.disorder", "feed.lost_hours, feed.stragglers and feed.disorder",
               feed.lost_hours() + feed.stragglers() + feed.disorder());
    if (profile_.tenant().find('/') != std::string::npos) {
      Refuse("tenant", "PE0071", "`tenant` holds a /, which ends the tenant in a record's key");
    }
    if (profile_.customers().returns() == "beta" && profile_.customers().hot_share() == 0) return;
    if (profile_.customers().returns() == "beta" || profile_.customers().count() > 1) return;
    Warn("customers.count", "PE0072", "one customer gives one busy partition");
  }

 private:
  runtime::Origin PlaceOf(absl::string_view path) const {
    return runtime::WrittenOrigin(state_.origins, {std::string(path)});
  }
  void CheckWhole(absl::string_view path, absl::string_view which, double sum) {
    if (sum <= 1 + 1e-9) return;
    Refuse(path, "PE0070",
           absl::StrFormat("%s are shares of one whole and come to %g", which, sum));
  }
  void Refuse(absl::string_view path, const char* code, absl::string_view why) {
    state_.problems.Error(PlaceOf(path), {code, std::string(why)});
  }
  void Warn(absl::string_view path, const char* code, absl::string_view why) {
    state_.problems.Warning(PlaceOf(path), {code, std::string(why)});
  }

  const v1::LoadProfile& profile_;
  LoadState& state_;
};

}  // namespace

runtime::LoadResult<v1::LoadProfile> ReadProfile(std::string_view file_name,
                                                 std::string_view yaml) {
  const runtime::SourceText source(file_name, yaml);
  LoadState state = {
      .scope = {}, .origins = {}, .refused = {}, .problems = runtime::Problems(&source)};
  v1::LoadProfile profile;
  if (const auto root = runtime::ParseYaml(source, state.problems)) {
    runtime::ReadMessage(source.name(), *root, profile, state);
    runtime::ApplyDefaults(profile, state);
    ProfileCheck(profile, state).Check();
  }
  return {std::move(profile), std::move(state.origins), state.problems.Take()};
}

std::string ProfileDigest(const v1::LoadProfile& profile) {
  std::string bytes;
  publish::AppendBytes(profile, &bytes);
  return absl::StrFormat("%016x", XXH3_64bits(bytes.data(), bytes.size()));
}

}  // namespace peakend::load
