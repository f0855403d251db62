// The second look at an input: one customer's state as the engine has it after their events,
// and the rows that come of it.
//
// Thread-safety: none; one owner. The policy and what it is asked for outlive it.
#ifndef PEAKEND_PROCESSORS_CLI_EXPLAIN_REPLAY_H_
#define PEAKEND_PROCESSORS_CLI_EXPLAIN_REPLAY_H_

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "peakend/v1/explanation.pb.h"
#include "processors/cli/explain_lookup.h"
#include "processors/cli/file_run.h"
#include "processors/explain/alert_story.h"
#include "processors/publish/policy.h"

namespace peakend::cli {

class ExplainReplay {
 public:
  // Events whose times are remembered; of more, alerts do not say what they count from.
  static constexpr size_t kMostEvents = 200'000;

  explicit ExplainReplay(const ExplainSubject& subject) : subject_(subject) {}

  // For the run: both hold this.
  FollowedCustomer Followed();
  TakeOutput Outputs();

  // After the run. Errors: NotFound = the input holds no such journey, or the alert did not
  // come again; Internal = the state cannot be read.
  absl::StatusOr<v1::Explanation> Tell() const;

 private:
  void Look(const EventRecord& event, const runtime::CommittedRecord& state);
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
  std::map<std::string, v1::Journey> journeys_;  // newest rows of the customer, by id
  std::map<int64_t, v1::Alert> revisions_;       // of the alert, by row_version
};

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_EXPLAIN_REPLAY_H_
