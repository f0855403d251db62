#include "processors/cli/policy_reloader.h"

#include <sstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "processors/cli/control_record.h"
#include "processors/cli/loaded_config.h"
#include "processors/publish/json.h"
#include "processors/runtime/config/identity_needs.h"
#include "processors/runtime/config/policy_record.h"
#include "processors/runtime/config/policy_version.h"
#include "processors/runtime/kafka_control.h"

namespace peakend::cli {
namespace {

using runtime::AdminAnswer;

constexpr absl::Duration kAnswerLimit = absl::Seconds(30);

AdminAnswer Refusal(int status, std::string why) {
  AdminAnswer answer;
  answer.status = status;
  answer.body = std::move(why);
  if (answer.body.empty() || answer.body.back() != '\n') answer.body += '\n';
  return answer;
}

}  // namespace

PolicyReloader::PolicyReloader(const RunSettings& settings, runtime::Logger& log,
                               std::function<void(bool)> on_outcome)
    : settings_(settings),
      log_(log),
      on_outcome_(std::move(on_outcome)),
      counts_(Policy(), &settings.policy),
      thread_([this] { Run(); }) {}

PolicyReloader::~PolicyReloader() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

bool PolicyReloader::Ask(Request request) {
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= kMostWaiting) return false;
    waiting_.push_back(std::move(request));
  }
  changed_.notify_all();
  return true;
}

void PolicyReloader::Follow(Policy policy) {
  const std::lock_guard lock(mutex_);
  counts_ = std::move(policy);
}

PolicyReloader::Policy PolicyReloader::counts() {
  const std::lock_guard lock(mutex_);
  return counts_;
}

void PolicyReloader::Run() {
  for (;;) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (stopping_) return;
    const Request request = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    AdminAnswer answer = Reload(request.strict);
    on_outcome_(answer.status == 200);
    if (answer.status != 200) {
      log_.Log(runtime::LogLevel::kError, "the policy was not reloaded, the one that counts stays",
               {{"file", settings_.config().policy().file()}, {"problem", answer.body}});
    }
    if (request.on_done) request.on_done(std::move(answer));
  }
}

AdminAnswer PolicyReloader::Reload(bool strict) {
  // What the loader says to a person at a terminal is the answer here.
  std::ostringstream said;
  Invocation call;
  call.err = &said;
  const std::optional<LoadedPolicy> loaded =
      LoadCallPolicy(settings_.config().policy().file(), call);
  if (!loaded || (strict && !loaded->diagnostics.empty())) return Refusal(422, said.str());
  const std::vector<runtime::Diagnostic> refused = runtime::CheckIdentityNeeds(
      loaded->policy, settings_.config(), settings_.loaded.origins, runtime::RunsOn::kKafka);
  if (!refused.empty()) return Refusal(422, runtime::RenderDiagnostics(refused, false));
  const auto compiled =
      publish::CompilePolicy(loaded->policy, runtime::PolicyVersionStamp(loaded->policy));
  if (!compiled.ok()) return Refusal(422, std::string(compiled.status().message()));
  const absl::Status status = runtime::CheckMayFollow(*counts(), *compiled);
  if (!status.ok()) return Refusal(409, std::string(status.message()));
  return State(loaded->policy, said.str());
}

AdminAnswer PolicyReloader::State(const v1::Policy& policy, const std::string& warnings) {
  const absl::StatusOr<std::string> value = runtime::PolicyRecordValue(policy);
  if (!value.ok()) return Refusal(422, std::string(value.status().message()));
  ControlRecord record;
  record.event.ParseFromString(*value);
  const std::string refusal = RefusalOf(record, settings_.config());
  if (!refusal.empty()) return Refusal(422, absl::StrCat("workers would reject it: ", refusal));
  const auto partitions = runtime::WriteToAllPartitions(
      settings_.config(), *value,
      [this](int level, std::string_view message) { log_.LogKafka(level, "reload", message); },
      kAnswerLimit);
  if (!partitions.ok()) {
    return Refusal(503, absl::StrCat("not every partition may have the policy yet, reload again: ",
                                     std::string(partitions.status().message())));
  }
  const std::string stamp = runtime::PolicyVersionStamp(policy);
  log_.Log(runtime::LogLevel::kInfo, "policy stated",
           {{"policy", stamp}, {"partitions", *partitions}, {"warnings", warnings}});
  AdminAnswer answer;
  answer.content_type = "application/json";
  answer.body = "{\"policy\":";
  publish::AppendJsonString(stamp, &answer.body);
  absl::StrAppend(&answer.body, ",\"partitions\":", *partitions, ",\"warnings\":");
  publish::AppendJsonString(warnings, &answer.body);
  answer.body += "}\n";
  return answer;
}

}  // namespace peakend::cli
