// A queue with its agents: first come, first served, and whoever waits beyond their patience goes
// (Erlang A: Gans, Koole and Mandelbaum 2003). Waits and abandonment follow from the load.
//
// Thread-safety: none; one owner.
#ifndef PEAKEND_BENCHMARKS_LOAD_SERVICE_DESK_H_
#define PEAKEND_BENCHMARKS_LOAD_SERVICE_DESK_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <queue>
#include <vector>

namespace peakend::load {

class ServiceDesk {
 public:
  // All free since always. REQUIRES: agents > 0.
  explicit ServiceDesk(size_t agents);

  struct Wait {
    int64_t us = 0;  // until somebody answers or, when abandoned, until patience ends
    bool abandoned = false;
  };
  // Somebody comes, no earlier than the one before. Who waits at all and who gives up is known at
  // once: everybody before has been decided.
  Wait Admit(int64_t at_us, int64_t patience_us, int64_t service_us);

 private:
  // When each agent is free.
  std::priority_queue<int64_t, std::vector<int64_t>, std::greater<>> free_at_us_;
};

}  // namespace peakend::load

#endif  // PEAKEND_BENCHMARKS_LOAD_SERVICE_DESK_H_
