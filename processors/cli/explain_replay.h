// The second look at an input: one customer's state as the engine has it after their events,
// and the rows that come of it. Of a customer who is looked at together with others, theirs
// count as well.
//
// Thread-safety: none; one owner. The policy and what it is asked for outlive it.
#ifndef PEAKEND_PROCESSORS_CLI_EXPLAIN_REPLAY_H_
#define PEAKEND_PROCESSORS_CLI_EXPLAIN_REPLAY_H_

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "peakend/v1/explanation.pb.h"
#include "peakend/v1/identity_record.pb.h"
#include "processors/cli/explain_lookup.h"
#include "processors/cli/file_run.h"
#include "processors/explain/alert_story.h"
#include "processors/publish/policy.h"

namespace peakend::cli {

class ExplainReplay {
 public:
  // Events whose times are remembered; of more, alerts do not say what they count from.
  static constexpr size_t kMostEvents = 200'000;
  // Customers who are remembered as looked at together with the one that it is about; of more,
  // the same holds.
  static constexpr size_t kMostGuests = 1000;

  explicit ExplainReplay(const ExplainSubject& subject) : subject_(subject) {}

  // For the run: both hold this.
  FollowedCustomer Followed();
  TakeOutput Outputs();

  // A policy that counts in a partition from now on. Looks bring theirs with them.
  void TakePolicy(std::shared_ptr<const publish::Policy> policy);
  // An event of somebody who is not followed.
  void TakeEvent(std::string_view value);

  // After the run: id of the event from which the alert counts its time, where no event of this
  // id was taken; empty = nothing is missing.
  std::string MissingEvent() const;
  // Keys of those who are looked at together with the customer, or were, by their bytes.
  const std::set<std::string>& guests() const { return guests_; }
  // After the run. Errors: NotFound = the input holds no such journey, or the alert did not
  // come again; Internal = the state cannot be read.
  absl::StatusOr<v1::Explanation> Tell() const;

 private:
  void Look(const EventRecord& event, const runtime::CommittedRecord* state);
  void NoteGuest(const std::string& tenant, const v1::IdentityRecord& said);
  // The policy that raised the alert. REQUIRES: there are revisions, and was a look.
  const publish::Policy& RaisedBy() const;
  void TellRow(v1::Explanation* told) const;

  const ExplainSubject& subject_;
  // The latest state that holds the journey, and the policy that counted then.
  std::string state_;
  std::shared_ptr<const publish::Policy> policy_;
  // All that counted, by stamp.
  std::map<std::string, std::shared_ptr<const publish::Policy>> policies_;
  std::string journey_id_;
  absl::Status broken_;
  explain::EventTimes events_;
  std::set<std::string> guests_;
  std::map<std::string, v1::Journey> journeys_;  // newest rows of the customer, by id
  std::map<int64_t, v1::Alert> revisions_;       // of the alert, by row_version
};

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_EXPLAIN_REPLAY_H_
