#include "processors/cli/explain_replay.h"

#include <memory_resource>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "peakend/v1/interaction_event.pb.h"
#include "processors/explain/journey_story.h"
#include "processors/publish/customer_packer.h"
#include "processors/publish/customer_record.h"

namespace peakend::cli {
namespace {

// The customer of a record, opened.
absl::StatusOr<publish::CustomerState> Restore(const std::string& key, const std::string& value,
                                               const publish::Policy& policy) {
  std::pmr::memory_resource* const memory = std::pmr::new_delete_resource();
  absl::StatusOr<publish::RestoredCustomer> restored =
      publish::CustomerRecordReader().Restore(key, value, memory);
  if (!restored.ok()) return restored.status();
  publish::CustomerPacker(policy.rules, policy.windows, memory).Unpack(restored->customer);
  return std::move(restored->customer);
}

}  // namespace

FollowedCustomer ExplainReplay::Followed() {
  return {subject_.customer_key,
          [this](const EventRecord& event, const runtime::CommittedRecord* state) {
            Look(event, state);
          }};
}

TakeOutput ExplainReplay::Outputs() {
  return
      [this](publish::Topic topic, std::string_view key, const google::protobuf::Message& value) {
        if (topic == publish::Topic::kAlerts && key == subject_.alert_id) {
          const auto& row = static_cast<const v1::Alert&>(value);
          revisions_[row.row_version()] = row;
        }
        if (topic != publish::Topic::kJourneys) return true;
        const auto& row = static_cast<const v1::Journey&>(value);
        if (absl::StrCat(row.tenant_id(), "/", row.customer_id()) != subject_.customer_key)
          return true;
        v1::Journey& held = journeys_[row.journey_id()];
        if (row.row_version() >= held.row_version()) held = row;
        return true;
      };
}

void ExplainReplay::TakePolicy(std::shared_ptr<const publish::Policy> policy) {
  policies_[policy->stamp] = std::move(policy);
}

void ExplainReplay::TakeEvent(std::string_view value) {
  v1::InteractionEvent read;
  if (!read.ParseFromArray(value.data(), static_cast<int>(value.size()))) return;
  if (read.has_control()) {
    if (!read.control().has_identity()) return;
    const v1::IdentityRecord& said = read.control().identity();
    NoteGuest(read.tenant_id(), said);
    v1::InteractionEvent sent_on;
    if (!said.has_event() || !sent_on.ParseFromString(said.event().event())) return;
    read.Swap(&sent_on);
  }
  if (events_.size() < kMostEvents) events_.emplace(read.event_id(), read.occurred_at_ms());
}

void ExplainReplay::NoteGuest(const std::string& tenant, const v1::IdentityRecord& said) {
  const bool comes = said.has_hand_over() || said.has_event();
  if (comes && guests_.size() < kMostGuests) guests_.insert(absl::StrCat(tenant, "/", said.from()));
}

void ExplainReplay::Look(const EventRecord& event, const runtime::CommittedRecord* state) {
  TakeEvent(event.value);
  if (state == nullptr) return;
  const absl::StatusOr<publish::CustomerState> customer =
      Restore(subject_.customer_key, state->value, *state->policy);
  TakePolicy(state->policy);
  if (!customer.ok()) {
    broken_.Update(customer.status());
    return;
  }
  const std::optional<std::string> journey =
      explain::FindJourney(*customer, *state->policy, {.journey_id = subject_.journey_id});
  if (!journey) return;
  journey_id_ = *journey;
  state_ = state->value;
  policy_ = state->policy;
}

// By the rules that raised it: the policy may have others by now.
const publish::Policy& ExplainReplay::RaisedBy() const {
  const auto raised_by = policies_.find(revisions_.begin()->second.policy_version());
  return raised_by != policies_.end() ? *raised_by->second : *policy_;
}

std::string ExplainReplay::MissingEvent() const {
  if (revisions_.empty() || state_.empty()) return "";
  std::string event = explain::CountsFrom(revisions_.begin()->second, RaisedBy());
  return events_.contains(event) ? "" : event;
}

void ExplainReplay::TellRow(v1::Explanation* told) const {
  const auto known = journeys_.find(journey_id_);
  const v1::Journey* row = subject_.journey ? &*subject_.journey : nullptr;
  if (row == nullptr && known != journeys_.end()) row = &known->second;
  if (row != nullptr) {
    told->set_published_row_version(row->row_version());
    if (row->has_score()) told->set_published_score(row->score());
    told->set_published_policy_version(row->policy_version());
  }
  told->set_asked_journey_id(subject_.asked_journey_id);
  told->set_merged_from_customer_id(subject_.merged_from_customer_id);
}

absl::StatusOr<v1::Explanation> ExplainReplay::Tell() const {
  if (!broken_.ok()) return absl::InternalError(broken_.message());
  if (state_.empty()) {
    return absl::NotFoundError(absl::StrCat("no events of ",
                                            subject_.journey_id.empty()
                                                ? std::string("this customer")
                                                : absl::StrCat("journey ", subject_.journey_id),
                                            " in the input under this policy"));
  }
  const absl::StatusOr<publish::CustomerState> customer =
      Restore(subject_.customer_key, state_, *policy_);
  if (!customer.ok()) return absl::InternalError(customer.status().message());
  v1::Explanation told;
  TellRow(&told);
  explain::JourneyAsked asked{.journey_id = journey_id_};
  const auto row = journeys_.find(journey_id_);
  if (subject_.journey) {
    asked.grade = subject_.journey->end_grade();
  } else if (row != journeys_.end()) {
    asked.grade = row->second.end_grade();
  }
  if (!explain::TellJourney(*customer, *policy_, asked, &told)) {
    return absl::InternalError("the journey is gone from the state that held it");
  }
  if (subject_.alert_id.empty()) return told;
  if (revisions_.empty()) {
    return absl::NotFoundError(absl::StrCat("alert ", subject_.alert_id,
                                            " does not come of these events under this policy"));
  }
  std::vector<v1::Alert> revisions;
  for (const auto& [version, revision] : revisions_) revisions.push_back(revision);
  explain::TellAlert(revisions, RaisedBy(), events_, &told);
  return told;
}

}  // namespace peakend::cli
