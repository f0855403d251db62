#include "benchmarks/load/load_tally.h"

#include <xxhash.h>

#include <algorithm>
#include <bit>
#include <string>

#include "absl/strings/str_format.h"

namespace peakend::load {
namespace {

using Kind = ScriptedEvent::Kind;

constexpr std::string_view kPayloads[] = {"lifecycle", "customer_turn", "agent_turn",
                                          "promise",   "promise_kept",  "survey"};
constexpr double kBadTurn = -0.5;

}  // namespace

void LoadTally::AddEvent(const ContactPlan& plan, const ScriptedEvent& event, int64_t occurred_ms) {
  ++content_.events;
  ++by_kind_[static_cast<size_t>(event.kind)];
  content_.first_ms = std::min(content_.first_ms, occurred_ms);
  content_.last_ms = std::max(content_.last_ms, occurred_ms);
  if (plan.customer >= customers_.size()) {
    customers_.resize(std::max<size_t>(plan.customer + 1, customers_.size() * 2), false);
  }
  if (!customers_[plan.customer]) {
    customers_[plan.customer] = true;
    ++content_.customers;
  }
  Plant(plan, event);
}

void LoadTally::Plant(const ContactPlan& plan, const ScriptedEvent& event) {
  planted_.shocks += event.shocks;
  switch (event.kind) {
    case Kind::kCustomerTurn:
      if (!event.partial && event.feeling < kBadTurn) ++planted_.bad_turns;
      return;
    case Kind::kPromise:
      ++planted_.promises;
      return;
    case Kind::kKept:
      ++planted_.promises_kept;
      return;
    case Kind::kSurvey:
      ++planted_.surveys;
      return;
    case Kind::kAgentTurn:
      return;
    case Kind::kState:
      break;
  }
  switch (event.state) {
    case v1::Lifecycle::INITIATED:
      if (plan.visit > 0) ++planted_.returns;
      break;
    case v1::Lifecycle::ABANDONED:
      ++planted_.abandoned;
      break;
    case v1::Lifecycle::HOLD_START:
      ++planted_.holds;
      break;
    case v1::Lifecycle::TRANSFER_START:
      ++planted_.transfers;
      break;
    case v1::Lifecycle::RESOLVED:
      ++planted_.resolved;
      break;
    default:
      break;
  }
}

void LoadTally::AddRecord(std::string_view key, std::string_view value) {
  ++content_.records;
  content_.bytes += static_cast<int64_t>(key.size() + value.size());
  content_.digest +=
      XXH3_64bits(value.data(), value.size()) ^ std::rotl(XXH3_64bits(key.data(), key.size()), 1);
}

void LoadTally::Fill(v1::LoadManifest* manifest) const {
  v1::LoadContent& content = *manifest->mutable_content();
  content.set_records(content_.records);
  content.set_events(content_.events);
  content.set_bytes(content_.bytes);
  content.set_customers(content_.customers);
  content.set_contacts(content_.contacts);
  content.set_duplicates(content_.duplicates);
  content.set_bad_records(content_.bad_records);
  content.set_lost(content_.lost);
  content.set_due_later(content_.due_later);
  content.set_out_of_order(content_.out_of_order);
  content.set_digest(absl::StrFormat("%016x", content_.digest));
  if (content_.events > 0) {
    content.set_first_occurred_at_ms(content_.first_ms);
    content.set_last_occurred_at_ms(content_.last_ms);
  }
  for (size_t kind = 0; kind < by_kind_.size(); ++kind) {
    (*content.mutable_by_payload())[std::string(kPayloads[kind])] = by_kind_[kind];
  }
  v1::LoadPlanted& planted = *manifest->mutable_planted();
  planted.set_abandoned(planted_.abandoned);
  planted.set_shocks(planted_.shocks);
  planted.set_holds(planted_.holds);
  planted.set_transfers(planted_.transfers);
  planted.set_promises(planted_.promises);
  planted.set_promises_kept(planted_.promises_kept);
  planted.set_returns(planted_.returns);
  planted.set_resolved(planted_.resolved);
  planted.set_surveys(planted_.surveys);
  planted.set_bad_turns(planted_.bad_turns);
}

}  // namespace peakend::load
