#include "processors/runtime/config/policy_record.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/duration.pb.h"
#include "peakend/v1/interaction_event.pb.h"
#include "processors/runtime/config/calendar_checks.h"
#include "processors/runtime/config/field_rules.h"
#include "processors/runtime/config/identity_checks.h"
#include "processors/runtime/config/message_reader.h"
#include "processors/runtime/config/policy_checks.h"
#include "processors/runtime/config/policy_version.h"
#include "processors/runtime/config/recipient_checks.h"
#include "processors/runtime/config/text_bounds.h"
#include "processors/runtime/config/value_text.h"

namespace peakend::runtime {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// Beyond it a duration would not fit into nanoseconds.
bool IsLongerThanAnyDuration(const FieldDescriptor& field, const Message& message) {
  constexpr int64_t kMostSeconds = int64_t{100} * 366 * 86'400;
  if (KindOf(field) != FieldKind::kDuration) return false;
  const auto& duration = static_cast<const google::protobuf::Duration&>(
      message.GetReflection()->GetMessage(message, &field));
  return duration.seconds() < -kMostSeconds || duration.seconds() > kMostSeconds;
}

// Nothing, or what is wrong with a leaf.
std::optional<Problem> CheckLeaf(const FieldDescriptor& field, const Message& message) {
  if (IsLongerThanAnyDuration(field, message)) {
    return Problem{"PE0014", absl::StrCat("`", field.name(), "` is out of bounds")};
  }
  const std::unique_ptr<Message> scratch(message.New());
  return SetLeaf(field, LeafText(field, message), *scratch);
}

// A program that did not know the field yet left it out: it has its default.
std::optional<Problem> TakeLeaf(const FieldDescriptor& field, Message& message) {
  const std::string& standard = RuleOf(field).default_value();
  if (!message.GetReflection()->HasField(message, &field)) {
    if (field.has_presence() && standard.empty()) return std::nullopt;
    if (!standard.empty() && (field.has_presence() || CheckLeaf(field, message))) {
      return SetLeaf(field, standard, message);
    }
  }
  if (RuleOf(field).required() && LeafText(field, message).empty()) {
    return Problem{"PE0014", absl::StrCat("`", field.name(), "` is missing")};
  }
  return CheckLeaf(field, message);
}

// Checks each field by itself, and fills in what is not there. Returns the first problem.
std::optional<Problem> TakeFields(Message& message) {
  const Reflection& reflection = *message.GetReflection();
  for (const FieldDescriptor* field : WrittenFields(*message.GetDescriptor())) {
    if (IsLeaf(*field)) {
      if (auto problem = TakeLeaf(*field, message)) return problem;
      continue;
    }
    if (KindOf(*field) == FieldKind::kMessage) {
      if (auto problem = TakeFields(*reflection.MutableMessage(&message, field))) return problem;
      continue;
    }
    const int entries = reflection.FieldSize(message, field);
    const std::optional<uint64_t> most = ParseUint(RuleOf(*field).max());
    if (most && static_cast<uint64_t>(entries) > *most) {
      return Problem{"PE0014", absl::StrCat("`", field->name(), "` has more than ", *most)};
    }
    for (int i = 0; KindOf(*field) == FieldKind::kList && i < entries; ++i) {
      auto problem = TakeFields(*reflection.MutableRepeatedMessage(&message, field, i));
      if (problem) return problem;
    }
  }
  return std::nullopt;
}

// What must hold between fields.
std::optional<std::string> FindContradiction(const v1::Policy& policy) {
  const SourceText nothing("policy record", "");
  LoadState state = {.scope = {}, .origins = {}, .refused = {}, .problems = Problems(&nothing)};
  CheckTextBounds(policy, state);
  CheckPolicy(policy, state);
  CheckIdentities(policy, state);
  CheckCalendars(policy, state);
  CheckRecipients(policy, state);
  for (const Diagnostic& diagnostic : state.problems.Take()) {
    if (diagnostic.severity == Severity::kError) return diagnostic.message;
  }
  return std::nullopt;
}

}  // namespace

absl::StatusOr<std::string> PolicyRecordValue(const v1::Policy& policy) {
  // What ingest takes.
  constexpr size_t kMostBytes = 256 * 1024;
  v1::InteractionEvent event;
  v1::PolicyRecord& record = *event.mutable_control()->mutable_policy();
  record.set_stamp(PolicyVersionStamp(policy));
  *record.mutable_policy() = policy;
  if (record.ByteSizeLong() > kMostBytes) {
    return absl::InvalidArgumentError(absl::StrCat("the policy takes ", record.ByteSizeLong(),
                                                   " bytes as a record, at most ", kMostBytes,
                                                   " are allowed"));
  }
  event.set_source("peakend");
  event.set_event_id(absl::StrCat("policy/", record.stamp()));
  return event.SerializeAsString();
}

absl::StatusOr<publish::Policy> CompileRecordedPolicy(const v1::PolicyRecord& record) {
  if (PolicyVersionStamp(record.policy()) != record.stamp()) {
    return absl::InvalidArgumentError("the stamp is not that of the policy");
  }
  v1::Policy policy = record.policy();
  if (const auto problem = TakeFields(policy)) {
    return absl::InvalidArgumentError(problem->message);
  }
  if (const auto problem = FindContradiction(policy)) {
    return absl::InvalidArgumentError(*problem);
  }
  return publish::CompilePolicy(policy, record.stamp());
}

absl::Status CheckMayFollow(const publish::Policy& policy, const publish::Policy& next) {
  if (next.windows.max_out_of_orderness_ms > policy.windows.max_out_of_orderness_ms ||
      next.windows.allowed_lateness_ms > policy.windows.allowed_lateness_ms) {
    return absl::InvalidArgumentError(
        "windows.max_out_of_orderness or allowed_lateness is larger than that of the policy that "
        "counts: events would be in time again for what is closed and forgotten; that takes a new "
        "group, which reads the input from its beginning");
  }
  const auto& links = policy.identities;
  const auto& next_links = next.identities;
  if (links.has_value() == next_links.has_value() &&
      (!links || (links->types == next_links->types &&
                  links->rules.known_customers_move == next_links->rules.known_customers_move))) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      "the policies link customers by other identities: that takes a new group, which reads the "
      "input from its beginning");
}

}  // namespace peakend::runtime
