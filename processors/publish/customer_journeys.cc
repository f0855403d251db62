#include "processors/publish/customer_journeys.h"

#include <algorithm>

#include "processors/moments/remember.h"

namespace peakend::publish {

using journey::JourneySpan;
using journey::JourneySpans;

journey::Memory MemoryAfter(const CustomerState& customer, const JourneySpan& journey,
                            const Policy& policy) {
  const int64_t ended_at_ms = journey.EndsAtMs(policy.windows);
  return moments::Remember(customer.open()->contacts.StoryOf(journey, ended_at_ms), policy.windows,
                           policy.model);
}

JourneySpans JourneysOf(const CustomerState& customer, const Policy& policy) {
  JourneySpans spans = customer.open()->contacts.Journeys(policy.windows);
  if (!spans.empty()) spans.front().before = customer.memory;
  for (size_t s = 1; s < spans.size(); ++s) {
    spans[s].before = MemoryAfter(customer, spans[s - 1], policy);
  }
  return spans;
}

JourneySpan JourneyOf(const CustomerState& customer, size_t index, const Policy& policy) {
  JourneySpan first = customer.open()->contacts.JourneyOf(index, policy.windows);
  first.before = customer.memory;
  if (first.begin == 0) return first;
  const JourneySpans spans = JourneysOf(customer, policy);
  return *std::find_if(spans.begin(), spans.end(),
                       [&](const JourneySpan& span) { return index < span.end; });
}

}  // namespace peakend::publish
