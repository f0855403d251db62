// Which policy counts in one partition.
//
// A policy counts for the records that follow its own in the log until the next one comes; before
// the first there is the one that the worker started with. Each is kept in the changelog under the
// offset of its record, so that a replay meets the one that counted there: those before the
// low-water mark but the newest are forgotten.
//
// Bounded: as many as come between the low-water mark and the position; whoever keeps that mark
// raises it when size() grows. Thread-safety: none.
#ifndef PEAKEND_PROCESSORS_RUNTIME_POLICY_BOARD_H_
#define PEAKEND_PROCESSORS_RUNTIME_POLICY_BOARD_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "peakend/v1/control.pb.h"
#include "processors/publish/policy.h"

namespace peakend::runtime {

// The policy that a record states. Errors: InvalidArgument = it states none. Empty = none that is
// stated counts.
using PolicyCompiler = std::function<absl::StatusOr<publish::Policy>(const v1::PolicyRecord&)>;

class PolicyBoard {
 public:
  // Of the keys of its records in the changelog; a customer's key has a "/".
  static constexpr std::string_view kKeyPrefix = "policy ";

  struct Record {
    std::string key;
    std::optional<std::string> value;  // nullopt = the record is removed
  };

  // `first` must outlive this.
  PolicyBoard(const publish::Policy& first, PolicyCompiler compile)
      : compile_(std::move(compile)), current_(std::shared_ptr<const publish::Policy>(), &first) {}

  // The one that counts. It stays valid until the policy after it has been replaced, too.
  const publish::Policy& current() const { return *current_; }
  // For those who need it longer; the first is nobody's to keep.
  const std::shared_ptr<const publish::Policy>& shared() const { return current_; }
  // Takes in what the record at `offset` states. Returns whether another one counts now: one of the
  // stamp that counts changes nothing. Errors: InvalidArgument = it is no policy that could count
  // here, and nothing has changed.
  absl::StatusOr<bool> Post(const v1::PolicyRecord& record, int64_t offset);

  // Forgets those that count for no record from `low_water_mark` on.
  void Forget(int64_t low_water_mark);
  // What changed since the last call.
  std::vector<Record> TakeUnwritten();
  // Every policy that is kept.
  std::vector<Record> Records() const;

  // Takes a record of the changelog in. Errors: DataLoss = damaged; FailedPrecondition = this
  // program cannot go by it.
  absl::Status Restore(std::string_view key, std::string_view value, bool has_value);
  // The log is read on from `start`: what came there or behind comes again.
  void Resume(int64_t start);

  size_t size() const { return posted_.size(); }

 private:
  struct Posted {
    v1::PolicyRecord record;
    std::shared_ptr<const publish::Policy> policy;
  };

  void MakeCurrent(int64_t offset);

  const PolicyCompiler compile_;
  // By offset. Behind `current_offset_` stand those that a replay has not met again.
  std::map<int64_t, Posted> posted_;
  std::vector<int64_t> unwritten_;
  int64_t current_offset_ = -1;  // of the one that counts; -1 = the first does
  std::shared_ptr<const publish::Policy> current_;
  // What was replaced is still asked about the record that replaces it.
  std::shared_ptr<const publish::Policy> before_;
};

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_POLICY_BOARD_H_
