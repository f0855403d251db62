#include "processors/moments/tail.h"

#include <algorithm>
#include <array>

#include "absl/container/inlined_vector.h"

namespace peakend::moments {
namespace {

using affect::DivideRounded;
using affect::kNanoOne;
using affect::Nano;

constexpr size_t kLatest = journey::Impressions::kLatest;

// 0.75^k in 1e-9 steps.
constexpr std::array<int64_t, kLatest> MakeWeights() {
  std::array<int64_t, kLatest> weights{};
  double weight = kNanoOne;
  for (size_t k = 0; k < kLatest; ++k, weight *= 0.75) {
    weights[k] = static_cast<int64_t>(weight + 0.5);
  }
  return weights;
}
constexpr std::array<int64_t, kLatest> kWeights = MakeWeights();

// Sums stay below 4e18: the weights sum to less than 4, both factors are in 1e-9.
struct WeightedMean {
  int64_t weighted = 0;
  int64_t weights = 0;

  void Add(size_t k, Nano valence, Nano confidence) {
    const int64_t weight =
        confidence == kNanoOne ? kWeights[k] : DivideRounded(kWeights[k] * confidence, kNanoOne);
    weighted += weight * valence;
    weights += weight;
  }
};

}  // namespace

RecentImpressions::RecentImpressions(absl::Span<const journey::Contact> contacts, size_t max) {
  if (contacts.size() == 1) {
    FillFromOne(contacts[0], max);
  } else {
    FillFromMany(contacts, max);
  }
}

void RecentImpressions::FillFromOne(const journey::Contact& contact, size_t max) {
  const absl::Span<const journey::Impression> latest = contact.impressions().latest();
  size_ = std::min(max, latest.size());
  for (size_t k = 0; k < size_; ++k) items_[k] = {&latest[latest.size() - 1 - k], &contact};
}

void RecentImpressions::FillFromMany(absl::Span<const journey::Contact> contacts, size_t max) {
  struct Cursor {
    const journey::Contact* contact;
    absl::Span<const journey::Impression> rest;
  };
  absl::InlinedVector<Cursor, 8> cursors;
  for (const journey::Contact& contact : contacts) {
    if (!contact.impressions().latest().empty()) {
      cursors.push_back({&contact, contact.impressions().latest()});
    }
  }
  const auto newer = [](const Cursor& a, const Cursor& b) {
    const journey::Impression& x = a.rest.back();
    const journey::Impression& y = b.rest.back();
    if (x.at_ms != y.at_ms) return x.at_ms > y.at_ms;
    const int order =
        a.contact->impressions().event_id(x).compare(b.contact->impressions().event_id(y));
    return order != 0 ? order > 0 : x.event_hash > y.event_hash;
  };
  while (size_ < max && !cursors.empty()) {
    const auto newest = std::min_element(cursors.begin(), cursors.end(), newer);
    items_[size_++] = {&newest->rest.back(), newest->contact};
    newest->rest.remove_suffix(1);
    if (newest->rest.empty()) cursors.erase(newest);
  }
}

size_t RecentImpressions::WorstIndex() const {
  size_t worst = 0;
  for (size_t k = 1; k < size_; ++k) {
    if (items_[k].impression->valence < items_[worst].impression->valence) worst = k;
  }
  return worst;
}

std::optional<Nano> Tail(const RecentImpressions& recent, const Nano* newest) {
  if (recent.empty() && newest == nullptr) return std::nullopt;
  WeightedMean mean;
  size_t k = 0;
  if (newest != nullptr) mean.Add(k++, *newest, kNanoOne);
  for (size_t i = 0; i < recent.size() && k < kLatest; ++i, ++k) {
    mean.Add(k, recent[i].impression->valence, recent[i].impression->confidence);
  }
  if (mean.weights > 0) {
    return static_cast<Nano>(DivideRounded(mean.weighted, mean.weights));
  }
  WeightedMean plain;
  for (size_t i = 0; i < recent.size(); ++i) plain.Add(i, recent[i].impression->valence, kNanoOne);
  return static_cast<Nano>(DivideRounded(plain.weighted, plain.weights));
}

}  // namespace peakend::moments
