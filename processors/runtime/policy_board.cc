#include "processors/runtime/policy_board.h"

#include <iterator>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "processors/runtime/config/policy_record.h"

namespace peakend::runtime {
namespace {

std::string KeyOf(int64_t offset) {
  return absl::StrCat(std::string(PolicyBoard::kKeyPrefix), offset);
}

}  // namespace

absl::StatusOr<bool> PolicyBoard::Post(const v1::PolicyRecord& record, int64_t offset) {
  if (compile_ == nullptr || record.stamp() == current_->stamp) return false;
  if (posted_.find(offset) == posted_.end()) {
    auto policy = compile_(record);
    if (!policy.ok()) return policy.status();
    if (absl::Status status = CheckMayFollow(*current_, *policy); !status.ok()) return status;
    Posted& posted = posted_[offset];
    posted.record = record;
    // What this version does not know has no bound.
    posted.record.DiscardUnknownFields();
    posted.policy = std::make_shared<const publish::Policy>(*std::move(policy));
    unwritten_.push_back(offset);
  }
  MakeCurrent(offset);
  return true;
}

void PolicyBoard::MakeCurrent(int64_t offset) {
  before_ = std::exchange(current_, posted_[offset].policy);
  current_offset_ = offset;
}

void PolicyBoard::Forget(int64_t low_water_mark) {
  // The newest before the mark still counts there.
  while (posted_.size() > 1 && std::next(posted_.begin())->first < low_water_mark) {
    unwritten_.push_back(posted_.begin()->first);
    posted_.erase(posted_.begin());
  }
}

std::vector<PolicyBoard::Record> PolicyBoard::TakeUnwritten() {
  std::vector<Record> records;
  for (const int64_t offset : unwritten_) {
    const auto posted = posted_.find(offset);
    records.push_back({KeyOf(offset), posted != posted_.end()
                                          ? std::optional(posted->second.record.SerializeAsString())
                                          : std::nullopt});
  }
  unwritten_.clear();
  return records;
}

std::vector<PolicyBoard::Record> PolicyBoard::Records() const {
  std::vector<Record> records;
  for (const auto& [offset, posted] : posted_) {
    records.push_back({KeyOf(offset), posted.record.SerializeAsString()});
  }
  return records;
}

absl::Status PolicyBoard::Restore(std::string_view key, std::string_view value, bool has_value) {
  int64_t offset = 0;
  const std::string_view number = key.substr(kKeyPrefix.size());
  if (!absl::SimpleAtoi({number.data(), number.size()}, &offset) || offset < 0) {
    return absl::DataLossError("the key of a policy is damaged");
  }
  posted_.erase(offset);
  if (!has_value) return absl::OkStatus();
  Posted posted;
  if (!posted.record.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
    return absl::DataLossError("a record of a policy is damaged");
  }
  auto policy = compile_(posted.record);
  if (!policy.ok()) {
    return absl::FailedPreconditionError(
        absl::StrCat("the policy that counted behind offset ", offset,
                     " is none to this program: ", policy.status().message()));
  }
  posted.policy = std::make_shared<const publish::Policy>(*std::move(policy));
  posted_[offset] = std::move(posted);
  return absl::OkStatus();
}

void PolicyBoard::Resume(int64_t start) {
  const auto behind = posted_.lower_bound(start);
  if (behind != posted_.begin()) MakeCurrent(std::prev(behind)->first);
}

}  // namespace peakend::runtime
