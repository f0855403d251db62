#include "processors/moments/impression_maker.h"

#include <algorithm>
#include <tuple>

namespace peakend::moments {

using affect::kNanoOne;
using affect::Nano;
using journey::Cause;
using journey::EventTime;

void ImpressionMaker::Count(Cause cause, const EventTime& at, std::string_view event_id,
                            int64_t count, Nano sureness) {
  if (count <= 0) return;
  const CauseModel& model = experience_.of(cause);
  // Beyond 1e9 events the step alone has reached the end of the scale.
  const int64_t further = std::min<int64_t>(count - 1, kNanoOne);
  const int64_t gap = std::clamp<int64_t>(model.first + further * model.step, -kNanoOne, kNanoOne);
  ServiceImpression* added = Add(cause, at, event_id, count, static_cast<Nano>(gap));
  if (added == nullptr || sureness == kNanoOne) return;
  added->impression.confidence = static_cast<Nano>(
      affect::DivideRounded(int64_t{added->impression.confidence} * sureness, kNanoOne));
}

ServiceImpression* ImpressionMaker::Compare(Cause cause, const EventTime& at,
                                            std::string_view event_id, int64_t count, Basis basis,
                                            int64_t actual, int64_t desired, int64_t adequate) {
  const Nano gap =
      std::min(ToleranceGap(actual, desired, adequate), experience_.of(cause).most_delight);
  ServiceImpression* added = Add(cause, at, event_id, count, gap);
  if (added == nullptr) return nullptr;
  added->basis = basis;
  added->actual = actual;
  added->desired = desired;
  added->adequate = adequate;
  return added;
}

ServiceImpression* ImpressionMaker::Add(Cause cause, const EventTime& at, std::string_view event_id,
                                        int64_t count, Nano gap) {
  const CauseModel& model = experience_.of(cause);
  const Nano valence = KanoValence(gap, model.kano);
  if (valence == 0) return nullptr;
  ServiceImpression& added = made_.emplace_back();
  added.impression.at_ms = at.at_ms;
  added.impression.event_hash = at.hash;
  added.impression.valence = valence;
  added.impression.confidence = model.confidence;
  added.impression.has_confidence = true;
  added.impression.cause = cause;
  added.event_id = event_id;
  added.gap = gap;
  added.count = count;
  return &added;
}

void ImpressionMaker::Sort() {
  const auto place = [](const ServiceImpression& made) {
    return std::make_tuple(made.impression.at_ms, made.event_id, made.impression.event_hash,
                           made.impression.cause);
  };
  std::sort(made_.begin(), made_.end(),
            [&](const auto& a, const auto& b) { return place(a) < place(b); });
}

}  // namespace peakend::moments
