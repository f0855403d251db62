#include "tests/simulation/group_coordinator.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace peakend::simulation {

GroupCoordinator::GroupCoordinator(int32_t partitions, int64_t session_timeout_ms)
    : partitions_(partitions), session_timeout_ms_(session_timeout_ms) {}

int64_t GroupCoordinator::Join(const std::string& instance, int64_t now_ms) {
  const int64_t id = next_member_++;
  const auto former = instance.empty()
                          ? members_.end()
                          : std::find_if(members_.begin(), members_.end(), [&](const auto& entry) {
                              return entry.second.instance == instance;
                            });
  if (former == members_.end()) {
    members_[id] = {instance, now_ms, true, {}};
    Rebalance(now_ms);
    return id;
  }
  replaced_.insert(former->first);
  Member member = std::move(former->second);
  members_.erase(former);
  member.seen_ms = now_ms;
  member.joined = true;
  members_[id] = std::move(member);
  return id;
}

BrokerError GroupCoordinator::Heartbeat(const Membership& membership, int64_t now_ms) {
  const auto member = members_.find(membership.member);
  if (replaced_.contains(membership.member)) return BrokerError::kReplacedMember;
  if (member == members_.end()) return BrokerError::kUnknownMember;
  member->second.seen_ms = now_ms;
  if (rebalancing_ || membership.generation != generation_) return BrokerError::kIllegalGeneration;
  return BrokerError::kNone;
}

BrokerError GroupCoordinator::Rejoin(int64_t member, int64_t now_ms) {
  const auto it = members_.find(member);
  if (it == members_.end()) return BrokerError::kUnknownMember;
  it->second.seen_ms = now_ms;
  it->second.joined = true;
  return BrokerError::kNone;
}

BrokerError GroupCoordinator::Sync(Membership* membership, std::vector<int32_t>* partitions) const {
  const auto member = members_.find(membership->member);
  if (member == members_.end()) return BrokerError::kUnknownMember;
  if (rebalancing_) return BrokerError::kConcurrent;
  membership->generation = generation_;
  *partitions = member->second.partitions;
  return BrokerError::kNone;
}

void GroupCoordinator::Leave(int64_t member, int64_t now_ms) {
  if (members_.erase(member) > 0) Rebalance(now_ms);
}

void GroupCoordinator::Rebalance(int64_t now_ms) {
  if (rebalancing_) return;
  rebalancing_ = true;
  rebalance_began_ms_ = now_ms;
  // Whoever came since the last generation has nothing to give up.
  for (auto& [id, member] : members_) member.joined = member.joined && member.partitions.empty();
}

void GroupCoordinator::Complete() {
  rebalancing_ = false;
  ++generation_;
  const auto count = static_cast<int32_t>(members_.size());
  int32_t next = 0;
  int32_t place = 0;
  for (auto& [id, member] : members_) {
    member.partitions.clear();
    member.joined = true;
    const int32_t share = partitions_ / count + (place++ < partitions_ % count ? 1 : 0);
    for (int32_t i = 0; i < share; ++i) member.partitions.push_back(next++);
  }
}

BrokerError GroupCoordinator::AddPositions(const Producer& producer, const Membership& membership,
                                           const runtime::Positions& positions) {
  if (!members_.contains(membership.member)) return BrokerError::kUnknownMember;
  if (membership.generation != generation_) return BrokerError::kIllegalGeneration;
  for (const auto& [partition, position] : positions) pending_[producer.id][partition] = position;
  return BrokerError::kNone;
}

void GroupCoordinator::EndTransaction(int64_t producer, bool commit) {
  const auto pending = pending_.extract(producer);
  if (pending.empty() || !commit) return;
  for (const auto& [partition, position] : pending.mapped()) {
    const auto [it, inserted] = committed_.try_emplace(partition, position);
    if (position < it->second) {
      violations_.push_back(absl::StrCat("the committed position of partition ", partition,
                                         " went back from ", it->second, " to ", position));
    }
    it->second = position;
  }
}

BrokerError GroupCoordinator::Committed(int32_t partition, int64_t* position) const {
  for (const auto& [producer, positions] : pending_) {
    if (positions.contains(partition)) return BrokerError::kUnstable;
  }
  const auto it = committed_.find(partition);
  *position = it == committed_.end() ? runtime::kNothingCommitted : it->second;
  return BrokerError::kNone;
}

void GroupCoordinator::Advance(int64_t now_ms) {
  const auto silent = [&](const auto& entry) {
    return now_ms - entry.second.seen_ms >= session_timeout_ms_;
  };
  if (std::erase_if(members_, silent) > 0) Rebalance(now_ms);
  if (!rebalancing_) return;
  if (now_ms - rebalance_began_ms_ >= session_timeout_ms_) {
    std::erase_if(members_, [](const auto& entry) { return !entry.second.joined; });
  }
  const bool complete =
      !members_.empty() && std::all_of(members_.begin(), members_.end(),
                                       [](const auto& entry) { return entry.second.joined; });
  if (complete) Complete();
}

}  // namespace peakend::simulation
