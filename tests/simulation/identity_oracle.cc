#include "tests/simulation/identity_oracle.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "peakend/v1/alert.pb.h"
#include "peakend/v1/journey.pb.h"
#include "peakend/v1/moment.pb.h"
#include "processors/journey/baseline_board.h"
#include "processors/journey/event_facts.h"
#include "processors/journey/identity_key.h"
#include "processors/publish/policy_identities.h"
#include "processors/publish/statistics_board.h"
#include "processors/runtime/policy_board.h"
#include "processors/runtime/snapshot_piece.h"

namespace peakend::simulation {

void IdentityOracle::TakeFact(const runtime::InputRecord& record) {
  const ingest::Decoder::Result decoded =
      decoder_.Decode({record.key, record.value, record.has_key, record.timestamp_ms});
  if (decoded.event == nullptr) return;
  const ingest::EventView& event = *decoded.event;
  const std::string customer(event.customer_id);
  if (event.payload == v1::InteractionEvent::kControl) {
    if (event.identity) links_.StandApart(customer);
    return;
  }
  clocks_[record.partition].Advance(event.occurred_at_ms, record.timestamp_ms);
  links_.Say(customer, publish::HomesOf(event.identities, *policy_.identities));
  places_.emplace(customer, customer);
  const journey::EventFacts facts = journey::ReadFacts(event);
  if (facts.kind == journey::FactKind::kNone) return;
  Event& known = events_[facts.hash];
  known.customer = customer;
  known.of_contact =
      facts.kind != journey::FactKind::kSurvey && facts.kind != journey::FactKind::kSettlement;
}

void IdentityOracle::TakeTick(const runtime::InputRecord& record) {
  clocks_[record.partition].Advance(record.timestamp_ms, record.timestamp_ms);
}

void IdentityOracle::TakeClock(int32_t partition, int64_t now_ms) {
  if (now_ms == clocks_[partition].now_ms()) return;
  violations_.push_back(absl::StrCat("partition ", partition, " goes by a clock of others"));
  clocks_[partition] = journey::PartitionClock(now_ms);
}

void IdentityOracle::TakeOutput(const publish::Output& output) {
  switch (output.topic) {
    case publish::Topic::kLate:
      return TakeSetAside(output);
    case publish::Topic::kJourneys:
      return TakeRow<v1::Journey>(output);
    case publish::Topic::kMoments:
      return TakeRow<v1::Moment>(output);
    case publish::Topic::kAlerts:
      return TakeRow<v1::Alert>(output);
    default:
      return;
  }
}

template <typename Row>
void IdentityOracle::TakeRow(const publish::Output& output) {
  Row row;
  row.ParseFromArray(output.value.data(), static_cast<int>(output.value.size()));
  const std::string topic(publish::kDefaultTopicNames[static_cast<size_t>(output.topic)]);
  versions_[absl::StrCat(topic, " ", std::string(output.key))].insert(row.row_version());
}

void IdentityOracle::TakeSetAside(const publish::Output& output) {
  const ingest::Decoder::Result decoded = decoder_.Decode({output.key, output.value});
  if (decoded.event == nullptr) return;
  events_[journey::ReadFacts(*decoded.event).hash].set_aside = true;
}

void IdentityOracle::TakeState(runtime::Partition& engine, int64_t position) {
  std::string piece;
  publish::OutputBatch written;
  engine.CopyState(0, position, std::numeric_limits<size_t>::max(), piece, written);
  v1::CustomerState state;
  const absl::Status read =
      runtime::ForEachSnapshotRecord(piece, [&](std::string_view key, std::string_view value) {
        // Statistics, baselines and policies stand in there, too.
        if (key.starts_with(publish::StatisticsBoard::kKeyPrefix) ||
            key.starts_with(runtime::PolicyBoard::kKeyPrefix) ||
            key.starts_with(journey::BaselineBoard::kKeyPrefix)) {
          return absl::OkStatus();
        }
        if (!state.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
          return absl::DataLossError("a customer's record");
        }
        TakeCustomer(key, state);
        return absl::OkStatus();
      });
  if (!read.ok()) violations_.push_back(read.ToString());
}

void IdentityOracle::TakeCustomer(std::string_view key, const v1::CustomerState& state) {
  const std::string customer(key.substr(key.find('/') + 1));
  if (state.gone() || journey::IsHome(customer)) return;
  places_[customer] = state.host_id().empty() ? customer : state.host_id();
  Count(customer, state.open().contacts());
  for (const v1::CustomerState::Guest& guest : state.open().guests()) {
    Count(guest.origin(), guest.contacts());
  }
  CheckAtRest(customer, state);
}

void IdentityOracle::Count(const std::string& origin, const v1::CustomerState::Contacts& part) {
  for (const auto* generation : {&part.seen().young(), &part.seen().old()}) {
    for (const uint64_t hash : *generation) events_[hash].parts.push_back(origin);
  }
  for (const auto& contact : part.contacts()) counted_[origin] += contact.event_count();
}

void IdentityOracle::CheckAtRest(const std::string& customer, const v1::CustomerState& state) {
  const std::string& label = state.links().label().customer_id();
  const std::string& place = places_[customer];
  if (place != (label.empty() ? customer : label)) {
    violations_.push_back(
        absl::StrCat("customer ", customer, " is at ", place, ", its label is ", label));
  }
  if (state.recalled()) violations_.push_back(absl::StrCat(customer, " waits for its part"));
  for (const v1::CustomerState::Guest& guest : state.open().guests()) {
    if (!guest.left()) continue;
    violations_.push_back(absl::StrCat("guest ", guest.origin(), " of ", customer, " has left"));
  }
}

// What was taken in twice before its parts were joined is known once, but counts twice.
void IdentityOracle::JudgeCounts() {
  for (const auto& [hash, event] : events_) {
    if (event.of_contact && !event.parts.empty()) --counted_[event.customer];
  }
  for (const auto& [customer, more] : counted_) {
    if (more == 0) continue;
    violations_.push_back(absl::StrCat(more, " events of ", customer, " count too often"));
  }
}

void IdentityOracle::JudgeKept() {
  for (const auto& [hash, event] : events_) {
    if (event.parts == std::vector{event.customer}) continue;
    // A guest of whom there is no more than a survey that waited in vain is forgotten with it.
    if (event.parts.empty() && (event.set_aside || !event.of_contact)) continue;
    violations_.push_back(absl::StrCat("an event of ", event.customer, " is in the parts of <",
                                       absl::StrJoin(event.parts, " "), ">"));
  }
  JudgeCounts();
  for (const auto& [row, versions] : versions_) {
    int64_t expected = 0;
    const bool without_gaps = std::all_of(versions.begin(), versions.end(),
                                          [&](int64_t version) { return version == ++expected; });
    if (!without_gaps) violations_.push_back("versions of " + row + " have gaps, or come twice");
  }
  links_.Settle(*policy_.identities);
  for (const auto& [customer, place] : places_) {
    const std::string host = links_.HostOf(customer);
    if (host == place) continue;
    violations_.push_back(
        absl::StrCat("customer ", customer, " is at ", place, ", and belongs to ", host));
  }
}

std::vector<std::string> IdentityOracle::Judge(int64_t for_ms) {
  if (std::min(policy_.windows.amend_window_ms, policy_.windows.memory_ms) > for_ms) JudgeKept();
  return std::exchange(violations_, {});
}

}  // namespace peakend::simulation
