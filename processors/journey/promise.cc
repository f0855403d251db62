#include "processors/journey/promise.h"

#include <utility>

#include "processors/journey/record_parts.h"

namespace peakend::journey {
namespace {

// Copies would leave `memory`, so each part is made in it.
Statement CopyOf(const Statement& statement, std::pmr::memory_resource* memory) {
  return {statement.at, statement.time_ms, std::pmr::string(statement.event_id, memory)};
}

Promise CopyOf(const Promise& promise, std::pmr::memory_resource* memory) {
  return {std::pmr::string(promise.id, memory), promise.kind, CopyOf(promise.made, memory),
          promise.due ? std::optional(CopyOf(*promise.due, memory)) : std::nullopt,
          promise.statements};
}

Statement Read(const v1::CustomerState::Statement& record, std::pmr::memory_resource* memory) {
  return {FromRecord(record.at()), record.time_ms(), std::pmr::string(record.event_id(), memory)};
}

void SaveStatement(const Statement& statement, int field, RecordBytes& record) {
  using Saved = v1::CustomerState::Statement;
  record.Message(field, [&] {
    Save(statement.at, Saved::kAtFieldNumber, record);
    record.Int(Saved::kTimeMsFieldNumber, statement.time_ms);
    record.Bytes(Saved::kEventIdFieldNumber, statement.event_id);
  });
}

}  // namespace

Promises::Promises(const Records& records, bool forgot, std::pmr::memory_resource* memory)
    : promises_(memory), forgot_(forgot) {
  promises_.reserve(static_cast<size_t>(records.size()));
  for (const v1::CustomerState::Promise& record : records) {
    promises_.push_back(
        {std::pmr::string(record.promise_id(), memory), record.kind(), Read(record.made(), memory),
         record.has_due() ? std::optional(Read(record.due(), memory)) : std::nullopt,
         record.statements()});
  }
}

void Promises::Save(int field, RecordBytes& record) const {
  using Saved = v1::CustomerState::Promise;
  for (const Promise& promise : promises_) {
    record.Message(field, [&] {
      record.Bytes(Saved::kPromiseIdFieldNumber, promise.id);
      record.Int(Saved::kKindFieldNumber, promise.kind);
      SaveStatement(promise.made, Saved::kMadeFieldNumber, record);
      if (promise.due) SaveStatement(*promise.due, Saved::kDueFieldNumber, record);
      record.Int(Saved::kStatementsFieldNumber, promise.statements);
    });
  }
}

void Promises::Add(const EventFacts& facts) {
  const PromiseFacts& stated = *facts.promise;
  std::pmr::memory_resource* memory = promises_.get_allocator().resource();
  const auto statement = [&](int64_t time_ms) {
    return Statement{{facts.at_ms, facts.hash}, time_ms, std::pmr::string(facts.event_id, memory)};
  };
  Join({std::pmr::string(stated.id, memory), stated.kind, statement(stated.made_at_ms),
        stated.due_at_ms ? std::optional(statement(*stated.due_at_ms)) : std::nullopt, 1});
}

void Promises::Merge(const Promises& other) {
  forgot_ = forgot_ || other.forgot_;
  std::pmr::memory_resource* memory = promises_.get_allocator().resource();
  for (const Promise& promise : other.promises_) Join(CopyOf(promise, memory));
}

void Promises::Join(Promise promise) {
  const auto place =
      std::lower_bound(promises_.begin(), promises_.end(), promise,
                       [](const Promise& a, const Promise& b) { return a.id < b.id; });
  if (place != promises_.end() && place->id == promise.id) {
    const bool earlier = promise.made.at < place->made.at;
    const bool newer_due = promise.due && (!place->due || place->due->at < promise.due->at);
    // The kind is that of the due time's event, of the making where there is none.
    if (newer_due || (earlier && !place->due)) place->kind = promise.kind;
    if (newer_due) place->due = std::move(promise.due);
    if (earlier) place->made = std::move(promise.made);
    place->statements += promise.statements;
    return;
  }
  promises_.insert(place, std::move(promise));
  if (promises_.size() <= kMax) return;
  promises_.erase(
      std::max_element(promises_.begin(), promises_.end(),
                       [](const Promise& a, const Promise& b) { return a.made.at < b.made.at; }));
  forgot_ = true;
}

const Promise* Promises::Find(std::string_view id) const {
  for (const Promise& promise : promises_) {
    if (promise.id == id) return &promise;
  }
  return nullptr;
}

}  // namespace peakend::journey
