#include "processors/publish/customer_journeys.h"

#include <algorithm>

#include "processors/moments/remember.h"

namespace peakend::publish {

using journey::JourneySpan;
using journey::JourneySpans;
using journey::Memory;

namespace {

Memory Remembered(const Memory& memory, const JourneySpan& journey, const Policy& policy) {
  return memory.FadedAway(journey.first.at_ms, policy.windows.memory_ms) ? Memory{} : memory;
}

}  // namespace

Memory MemoryAfter(const CustomerState& customer, const JourneySpan& journey,
                   const Policy& policy) {
  const int64_t ended_at_ms = journey.EndsAtMs(policy.windows);
  return moments::Remember(customer.open()->contacts().StoryOf(journey, ended_at_ms),
                           policy.windows, policy.model);
}

JourneySpans JourneysOf(const CustomerState& customer, const Policy& policy) {
  JourneySpans spans = customer.open()->contacts().Journeys(policy.windows);
  if (!spans.empty()) spans.front().before = Remembered(customer.memory, spans.front(), policy);
  for (size_t s = 1; s < spans.size(); ++s) {
    spans[s].before = Remembered(MemoryAfter(customer, spans[s - 1], policy), spans[s], policy);
  }
  return spans;
}

JourneySpan JourneyOf(const CustomerState& customer, size_t index, const Policy& policy) {
  JourneySpan first = customer.open()->contacts().JourneyOf(index, policy.windows);
  first.before = Remembered(customer.memory, first, policy);
  if (first.begin == 0) return first;
  const JourneySpans spans = JourneysOf(customer, policy);
  return *std::find_if(spans.begin(), spans.end(),
                       [&](const JourneySpan& span) { return index < span.end; });
}

}  // namespace peakend::publish
