#include "processors/journey/tally.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "processors/journey/record_parts.h"

namespace peakend::journey {
namespace {

// Which of two amounts of a kind is kept.
bool SmallerCounts(TallyKind kind) {
  return kind == TallyKind::kWaitAnnounced || kind == TallyKind::kAudioRated ||
         kind == TallyKind::kReviewed;
}

constexpr std::array<std::string_view, kLastTallyKind + 1> kNames = {
    "",
    "answered",
    "wait_announced",
    "hold_begun",
    "hold_ended",
    "transferred",
    "authenticated",
    "asked_again_who",
    "wrong_skill",
    "not_understood",
    "human_requested",
    "interrupted",
    "talked_over",
    "silence",
    "dropped",
    "page_error",
    "audio_rated",
    "reviewed",
    "outside_complaint",
    "abandoned",
    "response_delayed",
    "expired",
    "order_returned",
    "order_cancelled",
    "left",
    "renewed",
    "asked_for_human",
};

int64_t JoinedAmount(TallyKind kind, int64_t a, int64_t b) {
  if (a < 0 || b < 0) return std::max(a, b);
  return SmallerCounts(kind) ? std::min(a, b) : std::max(a, b);
}

}  // namespace

std::string_view TallyName(TallyKind kind) { return kNames[static_cast<size_t>(kind)]; }

Tallies::Tallies(const Records& records, std::pmr::memory_resource* memory) : Tallies(memory) {
  tallies_.reserve(static_cast<size_t>(records.size()));
  for (const v1::CustomerState::Tally& record : records) {
    Tally tally;
    tally.kind = static_cast<TallyKind>(record.kind());
    tally.count = record.count();
    if (record.has_amount()) tally.amount = record.amount();
    tally.at = FromRecord(record.at());
    Join(tally, record.event_id());
  }
}

void Tallies::Save(int field, RecordBytes& record) const {
  using Saved = v1::CustomerState::Tally;
  for (const Tally& tally : tallies_) {
    record.Message(field, [&] {
      record.Int(Saved::kKindFieldNumber, static_cast<int64_t>(tally.kind));
      record.Int(Saved::kCountFieldNumber, tally.count);
      if (tally.amount >= 0) record.PresentInt(Saved::kAmountFieldNumber, tally.amount);
      journey::Save(tally.at, Saved::kAtFieldNumber, record);
      record.Bytes(Saved::kEventIdFieldNumber, event_id(tally));
    });
  }
}

void Tallies::Add(TallyKind kind, int64_t amount, const EventTime& at, std::string_view event_id) {
  Join({kind, 1, amount, at, {}}, event_id);
}

void Tallies::Merge(const Tallies& other) {
  for (const Tally& tally : other.tallies_) Join(tally, other.event_id(tally));
}

void Tallies::Join(const Tally& tally, std::string_view event_id) {
  const auto place = std::find_if(tallies_.begin(), tallies_.end(),
                                  [&](const Tally& known) { return known.kind >= tally.kind; });
  if (place == tallies_.end() || place->kind != tally.kind) {
    tallies_.insert(place, tally)->event_id = ids_.Add(event_id);
    return;
  }
  place->count += tally.count;
  place->amount = JoinedAmount(tally.kind, place->amount, tally.amount);
  const bool stands =
      tally.kind == TallyKind::kAnswered ? tally.at < place->at : place->at < tally.at;
  if (!stands) return;
  place->at = tally.at;
  place->event_id = ids_.Replace(place->event_id, event_id);
  // Ids of different lengths leave their places behind.
  if (ids_.bytes() < 4096) return;
  ids_.Repack([this](auto keep) {
    for (Tally& kept : tallies_) keep(kept.event_id);
  });
}

const Tally* Tallies::Find(TallyKind kind) const {
  for (const Tally& tally : tallies_) {
    if (tally.kind == kind) return &tally;
  }
  return nullptr;
}

}  // namespace peakend::journey
