#include "benchmarks/load/service_desk.h"

#include <algorithm>

namespace peakend::load {

ServiceDesk::ServiceDesk(size_t agents)
    : free_at_us_(std::greater<>(), std::vector<int64_t>(agents, INT64_MIN)) {}

ServiceDesk::Wait ServiceDesk::Admit(int64_t at_us, int64_t patience_us, int64_t service_us) {
  const int64_t begins_us = std::max(at_us, free_at_us_.top());
  if (begins_us - at_us > patience_us) return {patience_us, true};
  free_at_us_.pop();
  free_at_us_.push(begins_us + service_us);
  return {begins_us - at_us, false};
}

}  // namespace peakend::load
