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

bool EarlierThan(const Recent& a, const Recent& b) {
  if (a.impression.at_ms != b.impression.at_ms) return a.impression.at_ms < b.impression.at_ms;
  if (const int order = a.event_id().compare(b.event_id()); order != 0) return order < 0;
  if (a.impression.event_hash != b.impression.event_hash) {
    return a.impression.event_hash < b.impression.event_hash;
  }
  return a.impression.cause < b.impression.cause;
}

RecentImpressions::RecentImpressions(absl::Span<const journey::Contact> contacts,
                                     const ServiceImpressionsOf& service, size_t max) {
  const bool turns_alone =
      std::all_of(service.begin(), service.end(), [](const auto& of) { return of.empty(); });
  if (contacts.size() == 1 && turns_alone) {
    FillFromOne(contacts[0], max);
  } else {
    FillFromMany(contacts, service, max);
  }
}

void RecentImpressions::FillFromOne(const journey::Contact& contact, size_t max) {
  const absl::Span<const journey::Impression> latest = contact.impressions().latest();
  const size_t size = std::min(max, latest.size());
  for (size_t k = 0; k < size; ++k) {
    items_.push_back({latest[latest.size() - 1 - k], &contact, {}});
  }
}

void RecentImpressions::FillFromMany(absl::Span<const journey::Contact> contacts,
                                     const ServiceImpressionsOf& service, size_t max) {
  // What is left of one contact's turns, or of what its service did.
  struct Cursor {
    const journey::Contact* contact;
    absl::Span<const journey::Impression> turns;
    absl::Span<const ServiceImpression> service;
    int64_t newest_ms = 0;  // decides nearly always, and the rest lies far away

    bool empty() const { return turns.empty() && service.empty(); }
    Recent newest() const {
      return turns.empty() ? RecentOf(service.back(), *contact) : Recent{turns.back(), contact, {}};
    }
    void Look() {
      if (empty()) return;
      newest_ms = turns.empty() ? service.back().impression.at_ms : turns.back().at_ms;
    }
    void RemoveNewest() {
      if (turns.empty()) {
        service.remove_suffix(1);
      } else {
        turns.remove_suffix(1);
      }
      Look();
    }
  };
  absl::InlinedVector<Cursor, 8> cursors;
  for (size_t i = 0; i < contacts.size(); ++i) {
    cursors.push_back({&contacts[i], contacts[i].impressions().latest(), {}});
    if (!service.empty()) cursors.push_back({&contacts[i], {}, service[i]});
  }
  cursors.erase(std::remove_if(cursors.begin(), cursors.end(),
                               [](const Cursor& cursor) { return cursor.empty(); }),
                cursors.end());
  for (Cursor& cursor : cursors) cursor.Look();
  // A heap: a customer with many contacts has as many cursors. Of one event two contacts may
  // have the same impression: the earlier contact's counts as the newer.
  const auto earlier = [](const Cursor& a, const Cursor& b) {
    if (a.newest_ms != b.newest_ms) return a.newest_ms < b.newest_ms;
    const Recent newest_a = a.newest();
    const Recent newest_b = b.newest();
    if (EarlierThan(newest_a, newest_b)) return true;
    return !EarlierThan(newest_b, newest_a) && a.contact > b.contact;
  };
  std::make_heap(cursors.begin(), cursors.end(), earlier);
  while (items_.size() < max && !cursors.empty()) {
    std::pop_heap(cursors.begin(), cursors.end(), earlier);
    Cursor& newest = cursors.back();
    items_.push_back(newest.newest());
    newest.RemoveNewest();
    if (newest.empty()) {
      cursors.pop_back();
    } else {
      std::push_heap(cursors.begin(), cursors.end(), earlier);
    }
  }
}

size_t RecentImpressions::WorstIndex() const {
  size_t worst = 0;
  for (size_t k = 1; k < items_.size(); ++k) {
    if (items_[k].impression.valence < items_[worst].impression.valence) worst = k;
  }
  return worst;
}

Nano Tail(absl::Span<const journey::Impression> turns) {
  WeightedMean mean;
  WeightedMean plain;
  for (size_t k = 0; k < turns.size(); ++k) {
    const journey::Impression& turn = turns[turns.size() - 1 - k];
    mean.Add(k, turn.valence, turn.confidence);
    plain.Add(k, turn.valence, kNanoOne);
  }
  const WeightedMean& counts = mean.weights > 0 ? mean : plain;
  return static_cast<Nano>(DivideRounded(counts.weighted, counts.weights));
}

std::optional<Nano> Tail(const RecentImpressions& recent, const TerminalImpression* newest) {
  if (recent.empty() && newest == nullptr) return std::nullopt;
  WeightedMean mean;
  size_t k = 0;
  if (newest != nullptr) mean.Add(k++, newest->valence, newest->confidence);
  for (size_t i = 0; i < recent.size() && k < kLatest; ++i, ++k) {
    mean.Add(k, recent[i].impression.valence, recent[i].impression.confidence);
  }
  if (mean.weights > 0) {
    return static_cast<Nano>(DivideRounded(mean.weighted, mean.weights));
  }
  WeightedMean plain;
  for (size_t i = 0; i < recent.size(); ++i) plain.Add(i, recent[i].impression.valence, kNanoOne);
  return static_cast<Nano>(DivideRounded(plain.weighted, plain.weights));
}

}  // namespace peakend::moments
