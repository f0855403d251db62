#include "processors/runtime/partition.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "processors/journey/identifier.h"
#include "processors/publish/output_hash.h"

namespace peakend::runtime {

using journey::PartitionClock;
using publish::Topic;

Partition::Partition(int32_t id, std::string topic, const publish::Policy& policy,
                     Durability durability, int32_t partitions, PolicyCompiler compile,
                     const publish::RowSettings& rows)
    : id_(id),
      topic_(std::move(topic)),
      partitions_(partitions),
      policies_(policy, std::move(compile)),
      rows_(rows),
      step_(std::make_unique<publish::Step>(policy, memory_.customers(), &rows_)),
      statistics_(id, policy),
      durable_(durability == Durability::kChangelog),
      checkpoint_(id, policy) {}

publish::StepContext Partition::ContextOf(int64_t offset, std::string_view origin) const {
  publish::StepContext context{watermark_ms(), clock_.now_ms(),    topic_, id_,
                               offset,         budget_.At(offset), origin};
  context.stored_at_ms = stored_at_ms_;
  return context;
}

void Partition::Prefetch(std::string_view key) const { customers_.Prefetch(journey::Hash64(key)); }

Outcome Partition::Process(const InputRecord& record, ingest::Decoder& decoder,
                           publish::OutputBatch& outputs, EngineStats& stats) {
  counts_.Clear();
  stored_at_ms_ = record.timestamp_ms;
  const size_t begin = outputs.size();
  const ingest::Decoder::Result decoded =
      decoder.Decode({record.key, record.value, record.has_key, record.timestamp_ms});
  Outcome outcome = Outcome::kOk;
  if (decoded.event != nullptr) {
    outcome = Take(record, *decoded.event, decoder, outputs);
  } else {
    outcome = Reject(record, decoded.reject, outputs);
  }
  open_journeys_ += counts_.open_journeys;
  if (record.offset >= applied_max_) applied_.clear();
  CountSamples();
  if (replaying_) {
    outputs.Truncate(begin);
    counts_.Clear();
    if (record.offset + 1 >= committed_) FinishReplay();
    return Outcome::kReplayed;
  }
  budget_.Add(counts_.budget, record.offset, policy().budget);
  if (!durable_) budget_.Forget(record.offset + 1);
  Count(outcome, rejected_for_, stats);
  return outcome;
}

void Partition::Count(Outcome outcome, v1::RejectReason reason, EngineStats& stats) {
  switch (outcome) {
    case Outcome::kRejected:
      ++stats.rejected[reason];
      break;
    case Outcome::kDuplicate:
      ++stats.events_duplicate;
      break;
    case Outcome::kLate:
    case Outcome::kUnmatched:
      ++stats.events_late;
      break;
    case Outcome::kIdentity:
      ++stats.identity_records;
      break;
    default:
      ++stats.events_ok;
  }
  AddCounts(stats);
}

Outcome Partition::Reject(const InputRecord& record, const ingest::Reject& reject,
                          publish::OutputBatch& outputs) {
  rejected_for_ = reject.reason;
  const std::string reason = absl::AsciiStrToLower(v1::RejectReason_Name(reject.reason));
  Keep(record, Topic::kRejected, reject, "ingest", reason, outputs);
  return Outcome::kRejected;
}

Outcome Partition::Take(const InputRecord& record, const ingest::EventView& event,
                        ingest::Decoder& decoder, publish::OutputBatch& outputs) {
  const publish::StepContext context = ContextOf(record.offset);
  clock_before_ = clock_.now_ms();
  if (event.payload == v1::InteractionEvent::kControl) {
    if (event.identity) return TakeIdentity(record, event, decoder, outputs);
    return TakeControl(record, event, outputs);
  }
  if (Mutated(Mutation::kClockInStep)) clock_.Advance(ForbiddenClockMs(), 0);
  if (clock_.Advance(event.occurred_at_ms, record.timestamp_ms)) FireDue(context, outputs);
  if (policy().identities) SayIdentities(record, event, outputs);
  if (event.payload == v1::InteractionEvent::kSurvey) {
    step_->WriteSurvey(event, ContextOf(record.offset), outputs);
  }
  const journey::EventFacts facts = FactsOf(event, record.offset);
  if (facts.kind == journey::FactKind::kNone) return Outcome::kOk;
  const bool late = facts.at_ms < watermark_ms() - policy().windows.allowed_lateness_ms;
  const Whose whose{journey::Hash64(record.key), event.tenant_id, event.customer_id, {}};
  if (policy().identities) {
    const std::optional<CustomerTable::Slot> away = WhoIsAway(whose);
    if (away) return Forward(*away, record, facts.at_ms, late, outputs);
  }
  return TakeFacts(whose, record, facts, late, outputs);
}

journey::EventFacts Partition::FactsOf(const ingest::EventView& event, int64_t offset) const {
  journey::EventFacts facts = journey::ReadFacts(event);
  if (facts.kind == journey::FactKind::kNone) return facts;
  if (!policy().phrases.empty()) journey::ReadPhrases(event, policy().phrases, facts);
  if (!notices_.empty()) {
    facts.notice = notices_.About(event, offset, watermark_ms(), policy().windows);
  }
  if (!baselines_.empty()) {
    facts.baseline_wait_ms = baselines_.WaitOf(event, policy().model.experience.baseline_waits);
  }
  return facts;
}

Outcome Partition::TakeFacts(const Whose& whose, const InputRecord& record,
                             const journey::EventFacts& facts, bool late,
                             publish::OutputBatch& outputs) {
  publish::StepContext context = ContextOf(record.offset, whose.origin);
  context.late = late;
  if (facts.kind == journey::FactKind::kAlertAction) {
    // It makes nobody known, and who is idle has no alerts.
    const auto known = customers_.Find(whose.hash, whose.tenant_id, whose.customer_id);
    if (!known || customers_[*known].idle()) return Outcome::kOk;
  }
  if (late) {
    const auto known = customers_.Find(whose.hash, whose.tenant_id, whose.customer_id);
    // By the policy of this place nobody can be read whom a later one left.
    if (known && Holds(*known, record.offset)) return Outcome::kOk;
    const publish::LateEvent judged = known ? step_->JudgeLate(customers_[*known], facts, context)
                                            : publish::LateEvent::kSetAside;
    if (judged == publish::LateEvent::kDuplicate) return Outcome::kDuplicate;
    if (judged == publish::LateEvent::kSetAside) {
      Keep(record, Topic::kLate, {}, "journey", "late", outputs);
      return Outcome::kLate;
    }
  }
  return ApplyTo(customers_.FindOrCreate(whose.hash, whose.tenant_id, whose.customer_id), record,
                 facts, context, outputs);
}

Outcome Partition::TakeControl(const InputRecord& record, const ingest::EventView& event,
                               publish::OutputBatch& outputs) {
  if (event.policy) return TakePolicy(record, *event.policy, outputs);
  if (event.notice) {
    notices_.Post(event, record.offset, watermark_ms(), policy().windows);
    if (!durable_) notices_.Forget(record.offset, watermark_ms(), policy().windows);
  }
  if (event.baseline) {
    baselines_.Post(event, record.offset);
    if (!durable_) baselines_.Forget(record.offset);
  }
  const bool tick = event.clock_tick && record.timestamp_ms > 0;
  const publish::StepContext context = ContextOf(record.offset);
  if (tick && clock_.Advance(record.timestamp_ms, record.timestamp_ms)) FireDue(context, outputs);
  return Outcome::kOk;
}

Outcome Partition::ApplyTo(CustomerTable::Slot slot, const InputRecord& record,
                           const journey::EventFacts& facts, const publish::StepContext& context,
                           publish::OutputBatch& outputs) {
  if (Holds(slot, record.offset)) return Outcome::kOk;
  customers_.gone(slot) = false;
  const size_t begin = outputs.size();
  const journey::ApplyResult result =
      step_->Apply(customers_[slot], facts, context, outputs, counts_);
  if (result == journey::ApplyResult::kDuplicate) return Outcome::kDuplicate;
  Account(slot, record.offset, outputs, begin);
  Schedule(slot);
  switch (result) {
    case journey::ApplyResult::kNoContact:
      Keep(record, Topic::kLate, {}, "journey",
           facts.kind == journey::FactKind::kSurvey ? "survey_without_contact"
                                                    : "promise_without_contact",
           outputs);
      return Outcome::kUnmatched;
    default:
      return Outcome::kOk;
  }
}

void Partition::Schedule(CustomerTable::Slot slot) {
  publish::Schedule* schedule = customers_[slot].schedule();
  if (schedule == nullptr || schedule->wake_ms >= schedule->scheduled_ms) return;
  schedule->scheduled_ms = schedule->wake_ms;
  deadlines_.Add({schedule->scheduled_ms, customers_.hash(slot), slot});
}

bool Partition::IsNoted(const Deadline& deadline) {
  if (!customers_.Holds(deadline.slot, deadline.customer_hash)) return false;
  const publish::Schedule* schedule = customers_[deadline.slot].schedule();
  return schedule != nullptr && schedule->scheduled_ms == deadline.at_ms;
}

void Partition::ForgetIdle(int64_t watermark_before_ms, int64_t offset) {
  // Often enough to keep memory close to what is needed, rarely enough to cost nothing. When
  // it happens follows from the clock, so that a replay repeats it.
  const int64_t every_ms = std::max<int64_t>(1, policy().windows.memory_ms / 16);
  const int64_t watermark = watermark_ms();
  if (watermark / every_ms == watermark_before_ms / every_ms) return;
  customers_.ForEach([&](CustomerTable::Slot slot) {
    publish::CustomerState& customer = customers_[slot];
    if (!customer.Forgotten(watermark, policy().windows) || Holds(slot, offset)) return;
    if (!durable_) return customers_.Erase(slot);
    if (customers_.gone(slot)) return;
    customers_.gone(slot) = true;
    customer.Forget();
    customer.last_event_ms = PartitionClock::kUnset;
    checkpoint_.Touch(customers_, slot, offset, clock_before_);
  });
}

void Partition::FireDue(const publish::StepContext& before, publish::OutputBatch& outputs) {
  publish::StepContext context = before;
  const int64_t watermark = watermark_ms();
  const bool for_ever = clock_.now_ms() == PartitionClock::kEndOfTime;
  // Restored further than this: what was due there was done, and what is due by a policy that waits
  // less is done behind it.
  std::vector<CustomerTable::Slot> ahead;
  while (deadlines_.IsDue(watermark)) {
    const Deadline deadline = deadlines_.Pop();
    CloseStatistics(deadline.at_ms, context.offset, outputs);
    // Each at its own time, however far the clock has jumped: what follows from one
    // deadline may set another before the next.
    context.watermark_ms = deadline.at_ms + 1;
    context.clock_ms = for_ever ? context.watermark_ms + policy().windows.max_out_of_orderness_ms
                                : clock_.now_ms();
    if (!IsNoted(deadline)) continue;
    publish::CustomerState& customer = customers_[deadline.slot];
    customer.schedule()->scheduled_ms = PartitionClock::kEndOfTime;
    if (Holds(deadline.slot, context.offset)) {
      ahead.push_back(deadline.slot);
      continue;
    }
    // One that has moved takes its new place: the order is that of the deadlines as
    // they are, whenever they were set.
    if (customer.wake_ms() == deadline.at_ms) {
      const size_t begin = outputs.size();
      step_->Wake(customer, context, outputs, counts_);
      Account(deadline.slot, context.offset, outputs, begin);
    }
    Schedule(deadline.slot);
  }
  for (const CustomerTable::Slot slot : ahead) Schedule(slot);
  CloseStatistics(watermark, context.offset, outputs);
  ForgetIdle(before.watermark_ms, context.offset);
}

void Partition::CountSamples() {
  // What a replay finds was counted before.
  if (!replaying_) {
    for (const moments::ContactSample& sample : counts_.samples) statistics_.Add(sample);
  }
  counts_.samples.clear();
}

void Partition::CloseStatistics(int64_t watermark_ms, int64_t offset,
                                publish::OutputBatch& outputs) {
  CountSamples();
  if (replaying_ || statistics_.NextCloseMs() > watermark_ms) return;
  const size_t begin = outputs.size();
  statistics_.Close(watermark_ms, outputs);
  AccountUnowned(offset, outputs, begin);
}

int64_t Partition::NextDueMs() {
  const int64_t ooo_ms = policy().windows.max_out_of_orderness_ms;
  const int64_t close_ms = statistics_.NextCloseMs();
  return std::min(NextDeadlineMs(),
                  close_ms < PartitionClock::kEndOfTime ? close_ms + ooo_ms : close_ms);
}

int64_t Partition::NextDeadlineMs() {
  while (!deadlines_.empty()) {
    const Deadline deadline = deadlines_.front();
    const bool noted = IsNoted(deadline);
    if (noted && customers_[deadline.slot].wake_ms() == deadline.at_ms) {
      return deadline.at_ms + policy().windows.max_out_of_orderness_ms + 1;
    }
    deadlines_.Pop();
    if (!noted) continue;
    customers_[deadline.slot].schedule()->scheduled_ms = PartitionClock::kEndOfTime;
    Schedule(deadline.slot);
  }
  return PartitionClock::kEndOfTime;
}

void Partition::Account(CustomerTable::Slot slot, int64_t offset,
                        const publish::OutputBatch& outputs, size_t begin) {
  if (!durable_) return;
  checkpoint_.Touch(customers_, slot, offset, clock_before_);
  const uint64_t digest = publish::OutputDigest(outputs, begin);
  customers_.digest(slot) += digest;
  digest_ += digest;
}

void Partition::AccountUnowned(int64_t offset, const publish::OutputBatch& outputs, size_t begin) {
  if (!durable_ || offset < committed_) return;
  const uint64_t digest = publish::OutputDigest(outputs, begin);
  checkpoint_.Retire(digest);
  digest_ += digest;
}

void Partition::Finish(publish::OutputBatch& outputs, EngineStats& stats) {
  counts_.Clear();
  publish::StepContext context = ContextOf(-1);
  context.bar = budget_.newest();
  clock_before_ = clock_.now_ms();
  clock_.Advance(PartitionClock::kEndOfTime, 0);
  FireDue(context, outputs);
  open_journeys_ += counts_.open_journeys;
  AddCounts(stats);
}

void Partition::Keep(const InputRecord& record, Topic topic, const ingest::Reject& reject,
                     std::string_view stage, std::string_view reason,
                     publish::OutputBatch& outputs) {
  const size_t begin = outputs.size();
  std::vector<publish::Header> headers = {
      {"peakend.error.reason", std::string(reason)},
      {"peakend.error.stage", std::string(stage)},
      {"peakend.error.field", std::string(reject.field)},
      {"peakend.source.topic", topic_},
      {"peakend.source.partition", std::to_string(record.partition)},
      {"peakend.source.offset", std::to_string(record.offset)},
      {"peakend.source.timestamp", std::to_string(record.timestamp_ms)}};
  publish::Output original{topic, id_, id_, record.key, record.value};
  original.has_key = record.has_key;
  original.has_value = record.has_value;
  outputs.AppendOriginal(original, std::move(headers));
  AccountUnowned(record.offset, outputs, begin);
}

void Partition::AddCounts(EngineStats& stats) {
  stats.journey_revisions += counts_.journey_revisions;
  stats.journeys_closed += counts_.journeys_closed;
  stats.opening_cards += counts_.opening_cards;
  stats.identities += counts_.identities;
  for (const int64_t wanted : counts_.budget.wanted) stats.alerts_over_budget += wanted;
  stats.alerts_over_budget -= counts_.budget.granted;
  for (size_t kind = 0; kind < counts_.moments.size(); ++kind) {
    stats.moments[kind] += counts_.moments[kind];
  }
  for (const publish::StepCounts::AlertChange& change : counts_.alerts) {
    ++stats.alerts[std::string(change.rule)][static_cast<size_t>(change.state)];
  }
}

}  // namespace peakend::runtime
