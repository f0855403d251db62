#include "processors/journey/impressions.h"

#include <algorithm>

namespace peakend::journey {
namespace {

constexpr size_t kSlack = 16;

}  // namespace

bool Impressions::Earlier(const Impression& a, const Impression& b) const {
  if (a.at_ms != b.at_ms) return a.at_ms < b.at_ms;
  if (const int order = ids_[a.event_id].compare(ids_[b.event_id]); order != 0) return order < 0;
  return a.event_hash < b.event_hash;
}

absl::Span<const Impression> Impressions::latest() const {
  const absl::Span<const Impression> all = latest_;
  return all.size() > kLatest ? all.last(kLatest) : all;
}

void Impressions::Add(Impression impression, std::string_view event_id) {
  impression.event_id = ids_.Add(event_id);
  ++count_;
  sum_ += impression.valence;
  if (impression.valence > 0) KeepStrongest(positive_, impression);
  if (impression.valence < 0) KeepStrongest(negative_, impression);
  AddToEarliest(impression);
  AddToLatest(impression);
}

void Impressions::Merge(const Impressions& other) {
  const auto adopt = [&](Impression impression) {
    impression.event_id = ids_.Add(other.event_id(impression));
    return impression;
  };
  count_ += other.count_;
  sum_ += other.sum_;
  if (other.positive_) KeepStrongest(positive_, adopt(*other.positive_));
  if (other.negative_) KeepStrongest(negative_, adopt(*other.negative_));
  for (const Impression& impression : other.earliest_) AddToEarliest(adopt(impression));
  for (const Impression& impression : other.latest()) AddToLatest(adopt(impression));
  ForgetOldIds();
}

void Impressions::ForEachKept(absl::FunctionRef<void(const Impression&)> visit) const {
  const absl::Span<const Impression> late = latest();
  const auto among = [](absl::Span<const Impression> kept, const Impression& wanted) {
    return std::any_of(kept.begin(), kept.end(), [&](const Impression& each) {
      return each.event_hash == wanted.event_hash && each.at_ms == wanted.at_ms;
    });
  };
  for (const Impression& impression : late) visit(impression);
  for (const Impression& impression : earliest_) {
    if (!among(late, impression)) visit(impression);
  }
  for (const std::optional<Impression>& strongest : {positive_, negative_}) {
    if (strongest && !among(late, *strongest) && !among(earliest_, *strongest)) visit(*strongest);
  }
}

void Impressions::KeepStrongest(std::optional<Impression>& strongest,
                                const Impression& candidate) const {
  if (strongest) {
    const int64_t held = strongest->Weight();
    const int64_t offered = candidate.Weight();
    if (offered < held || (offered == held && Earlier(candidate, *strongest))) return;
  }
  strongest = candidate;
}

void Impressions::AddToEarliest(const Impression& impression) {
  if (earliest_.size() == kEarliest && !Earlier(impression, earliest_.back())) return;
  const auto earlier = [this](const Impression& a, const Impression& b) { return Earlier(a, b); };
  earliest_.insert(std::upper_bound(earliest_.begin(), earliest_.end(), impression, earlier),
                   impression);
  if (earliest_.size() > kEarliest) earliest_.pop_back();
}

void Impressions::AddToLatest(const Impression& impression) {
  if (latest_.empty() || Earlier(latest_.back(), impression)) {
    latest_.push_back(impression);
  } else {
    const auto earlier = [this](const Impression& a, const Impression& b) { return Earlier(a, b); };
    latest_.insert(std::upper_bound(latest_.begin(), latest_.end(), impression, earlier),
                   impression);
  }
  if (latest_.size() < kLatest + kSlack) return;
  latest_.erase(latest_.begin(), latest_.begin() + kSlack);
  ForgetOldIds();
}

void Impressions::ForgetOldIds() {
  ids_.Repack([this](auto keep) {
    if (positive_) keep(positive_->event_id);
    if (negative_) keep(negative_->event_id);
    for (Impression& impression : earliest_) keep(impression.event_id);
    for (Impression& impression : latest_) keep(impression.event_id);
  });
}

}  // namespace peakend::journey
