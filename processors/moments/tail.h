// The remembered end: an exponentially weighted mean over the latest impressions.
//
// Peak-end rule: Kahneman, Fredrickson, Schreiber, Redelmeier (1993); an end that
// fades instead of a single last value predicts ratings of conversations better.
#ifndef PEAKEND_PROCESSORS_MOMENTS_TAIL_H_
#define PEAKEND_PROCESSORS_MOMENTS_TAIL_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/container/inlined_vector.h"
#include "absl/types/span.h"
#include "processors/affect/level.h"
#include "processors/journey/contact.h"
#include "processors/journey/impressions.h"
#include "processors/moments/service_impressions.h"

namespace peakend::moments {

// An impression and the contact that it belongs to; null = there is none.
struct Recent {
  journey::Impression impression;
  const journey::Contact* contact = nullptr;
  std::string_view service_event_id;  // of what the service did

  std::string_view event_id() const {
    return impression.cause == journey::Cause::kTurn ? contact->impressions().event_id(impression)
                                                     : service_event_id;
  }
};

inline Recent RecentOf(const ServiceImpression& made, const journey::Contact& contact) {
  return {made.impression, &contact, made.event_id};
}

// Order of two impressions of any contacts: (time, event id, hash, cause).
bool EarlierThan(const Recent& a, const Recent& b);

// The newest impressions of a few contacts, newest first, at most 32.
class RecentImpressions {
 public:
  // Takes the `max` newest of `contacts` in the order EarlierThan; `service` holds
  // theirs, or is empty to leave them out.
  // REQUIRES: max <= journey::Impressions::kLatest. Event ids stay in `contacts`.
  RecentImpressions(absl::Span<const journey::Contact> contacts,
                    const ServiceImpressionsOf& service, size_t max);

  size_t size() const { return items_.size(); }
  bool empty() const { return items_.empty(); }
  // 0 is the newest.
  const Recent& operator[](size_t i) const { return items_[i]; }
  auto begin() const { return items_.begin(); }
  auto end() const { return items_.end(); }
  // Index of the smallest valence; ties: the newer one. REQUIRES: !empty().
  size_t WorstIndex() const;

 private:
  void FillFromOne(const journey::Contact& contact, size_t max);
  void FillFromMany(absl::Span<const journey::Contact> contacts,
                    const ServiceImpressionsOf& service, size_t max);

  absl::InlinedVector<Recent, journey::Impressions::kLatest> items_;
};

// How a contact ended, as an impression.
struct TerminalImpression {
  affect::Nano valence = 0;
  affect::Nano confidence = affect::kNanoOne;
};

// Sum of 0.75^k * confidence_k * valence_k over sum of 0.75^k * confidence_k,
// k = 0 for the newest, in 1e-9 steps. `newest` stands before all of `recent` when
// not null. Equal weights of zero (no confidence at all) count as weight 1. Nothing
// without any impression.
std::optional<affect::Nano> Tail(const RecentImpressions& recent,
                                 const TerminalImpression* newest = nullptr);
// The same over turns alone, earlier first. REQUIRES: !turns.empty().
affect::Nano Tail(absl::Span<const journey::Impression> turns);

}  // namespace peakend::moments

#endif  // PEAKEND_PROCESSORS_MOMENTS_TAIL_H_
