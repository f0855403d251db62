#include "processors/journey/settlement.h"

#include <algorithm>
#include <utility>

#include "processors/journey/record_parts.h"

namespace peakend::journey {

Settlements::Settlements(const Records& records, bool forgot, std::pmr::memory_resource* memory)
    : settlements_(memory), forgot_(forgot) {
  settlements_.reserve(static_cast<size_t>(records.size()));
  for (const v1::CustomerState::Settlement& record : records) {
    settlements_.push_back({FromRecord(record.at()), std::pmr::string(record.promise_id(), memory),
                            std::pmr::string(record.event_id(), memory), record.fulfilled(),
                            record.time_ms()});
  }
}

void Settlements::Save(int field, RecordBytes& record) const {
  using Saved = v1::CustomerState::Settlement;
  for (const Settlement& settlement : settlements_) {
    record.Message(field, [&] {
      journey::Save(settlement.at, Saved::kAtFieldNumber, record);
      record.Bytes(Saved::kPromiseIdFieldNumber, settlement.promise_id);
      record.Bytes(Saved::kEventIdFieldNumber, settlement.event_id);
      record.Int(Saved::kFulfilledFieldNumber, settlement.fulfilled);
      record.Int(Saved::kTimeMsFieldNumber, settlement.time_ms);
    });
  }
}

void Settlements::Add(const EventFacts& facts) {
  const PromiseFacts& stated = *facts.promise;
  std::pmr::memory_resource* memory = settlements_.get_allocator().resource();
  Insert({{facts.at_ms, facts.hash},
          std::pmr::string(stated.id, memory),
          std::pmr::string(facts.event_id, memory),
          stated.fulfilled_at_ms.has_value(),
          stated.fulfilled_at_ms.value_or(facts.at_ms)});
}

void Settlements::Merge(const Settlements& other) {
  std::pmr::memory_resource* memory = settlements_.get_allocator().resource();
  for (const Settlement& settlement : other.settlements_) {
    Insert({settlement.at, std::pmr::string(settlement.promise_id, memory),
            std::pmr::string(settlement.event_id, memory), settlement.fulfilled,
            settlement.time_ms});
  }
  forgot_ = forgot_ || other.forgot_;
}

void Settlements::Insert(Settlement settlement) {
  const auto place =
      std::upper_bound(settlements_.begin(), settlements_.end(), settlement,
                       [](const Settlement& a, const Settlement& b) { return a.at < b.at; });
  settlements_.insert(place, std::move(settlement));
  if (settlements_.size() <= kMax) return;
  settlements_.erase(settlements_.begin());
  forgot_ = true;
}

Fate FateOf(const Promise& promise, absl::Span<const Settlement> settlements, int64_t as_of_ms) {
  Fate fate;
  for (const Settlement& settlement : settlements) {
    if (settlement.time_ms > as_of_ms || !settlement.IsAbout(promise)) continue;
    if (!settlement.fulfilled) {
      if (fate.withdrawn == nullptr) fate.withdrawn = &settlement;
    } else if (fate.fulfilled == nullptr || settlement.time_ms < fate.fulfilled->time_ms) {
      fate.fulfilled = &settlement;
    }
  }
  return fate;
}

}  // namespace peakend::journey
