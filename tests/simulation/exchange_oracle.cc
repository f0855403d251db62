#include "tests/simulation/exchange_oracle.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "peakend/v1/interaction_event.pb.h"
#include "processors/publish/partitioner.h"

namespace peakend::simulation {
namespace {

using Messages = std::vector<std::string>;

std::string MessageOf(std::string_view key, std::string_view value) {
  return std::string(key).append("\n").append(value);
}

// Empty when `received` is `sent`.
std::string Difference(const Messages& sent, const Messages& received) {
  const auto [missing, other] =
      std::mismatch(sent.begin(), sent.end(), received.begin(), received.end());
  if (missing == sent.end() && other == received.end()) return "";
  const std::string place =
      absl::StrCat("record ", missing - sent.begin(), " of ", sent.size(), " ");
  if (other == received.end()) return place + "is missing";
  if (missing == sent.end()) return absl::StrCat("more than ", sent.size(), " records");
  const bool again = missing != sent.begin() && *other == *(missing - 1);
  return place + (again ? "is the one before again" : "differs");
}

bool IsWithin(const Messages& part, const Messages& whole) {
  auto from = whole.begin();
  for (const std::string& message : part) {
    from = std::find(from, whole.end(), message);
    if (from == whole.end()) return false;
    ++from;
  }
  return true;
}

}  // namespace

void ExchangeCounts::Add(const ExchangeCounts& other) {
  labels += other.labels;
  hand_overs += other.hand_overs;
  forwarded += other.forwarded;
  bounced += other.bounced;
  recalls += other.recalls;
}

ExchangeOracle::Kind ExchangeOracle::Read(std::string_view key, std::string_view value,
                                          std::string* signer) {
  v1::InteractionEvent event;
  event.ParseFromArray(value.data(), static_cast<int>(value.size()));
  const v1::IdentityRecord& record = event.control().identity();
  *signer = absl::StrCat(event.tenant_id(), "/", record.from());
  const bool bounced = *signer == key;
  counts_.labels += record.has_label() ? 1 : 0;
  counts_.hand_overs += record.has_hand_over() ? 1 : 0;
  counts_.recalls += record.has_recall() ? 1 : 0;
  if (record.has_event()) ++(bounced ? counts_.bounced : counts_.forwarded);
  return bounced ? Kind::kBounced : Kind::kOrdinary;
}

void ExchangeOracle::Send(const publish::Output& sent) {
  std::string signer;
  const Kind kind = Read(sent.key, sent.value, &signer);
  auto& messages = kind == Kind::kBounced ? sent_bounced_ : sent_;
  messages[{sent.cause, sent.partition}].push_back(MessageOf(sent.key, sent.value));
}

void ExchangeOracle::Receive(int32_t partition, std::string_view key, std::string_view value) {
  const ExchangeCounts before = counts_;
  std::string signer;
  const Kind kind = Read(key, value, &signer);
  counts_ = before;  // counted when they were sent
  Log& log = received_[partition];
  Messages& messages = kind == Kind::kBounced
                           ? log.bounced
                           : log.by_sender[publish::PartitionFor(signer, partitions_)];
  messages.push_back(MessageOf(key, value));
}

// All that was sent back to the customers of `partition` is there once, and that of each sender
// in order.
bool ExchangeOracle::AllBouncedArrived(int32_t partition) const {
  const auto log = received_.find(partition);
  Messages received = log != received_.end() ? log->second.bounced : Messages{};
  Messages sent;
  for (const auto& [between, messages] : sent_bounced_) {
    if (between.second != partition) continue;
    if (!IsWithin(messages, received)) return false;
    sent.insert(sent.end(), messages.begin(), messages.end());
  }
  std::sort(sent.begin(), sent.end());
  std::sort(received.begin(), received.end());
  return sent == received;
}

std::vector<std::string> ExchangeOracle::Judge() const {
  static const Messages kNone;
  std::vector<std::string> violations;
  for (int32_t to = 0; to < partitions_; ++to) {
    for (int32_t from = 0; from < partitions_; ++from) {
      const auto sent = sent_.find({from, to});
      const auto log = received_.find(to);
      const Messages* received = &kNone;
      if (log != received_.end() && log->second.by_sender.contains(from)) {
        received = &log->second.by_sender.at(from);
      }
      const std::string difference =
          Difference(sent != sent_.end() ? sent->second : kNone, *received);
      if (difference.empty()) continue;
      violations.push_back(absl::StrCat("input records of partition ", from, " for partition ", to,
                                        ": ", difference));
    }
    if (AllBouncedArrived(to)) continue;
    violations.push_back(absl::StrCat("partition ", to, ": what was sent back is not there once"));
  }
  return violations;
}

}  // namespace peakend::simulation
