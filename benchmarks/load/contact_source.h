// The plans of all contacts, in the order of their arrival: arrivals meet customers who come back
// or are new, and the queues decide how long they wait.
//
// Every shard of a load draws all plans and writes only those of its customers: a wait depends on
// everybody.
//
// Thread-safety: none; one owner.
#ifndef PEAKEND_BENCHMARKS_LOAD_CONTACT_SOURCE_H_
#define PEAKEND_BENCHMARKS_LOAD_CONTACT_SOURCE_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <vector>

#include "benchmarks/load/arrival_times.h"
#include "benchmarks/load/contact_plan.h"
#include "benchmarks/load/distributions.h"
#include "benchmarks/load/service_desk.h"
#include "peakend/v1/load_profile.pb.h"

namespace peakend::load {

class ContactSource {
 public:
  // From `begin_us` on, `per_second` on average; nobody asks for more than the first at or after
  // `end_us`. `profile` outlives it.
  ContactSource(const v1::LoadProfile& profile, double per_second, uint64_t seed, int64_t begin_us,
                int64_t end_us);

  ContactPlan Next();

 private:
  struct Return {
    int64_t at_us;
    uint64_t customer;
    uint32_t visit;
    Medium medium;
    // By time; equal times by customer, so that no order is the heap's choice.
    friend bool operator>(const Return& a, const Return& b) {
      return a.at_us != b.at_us ? a.at_us > b.at_us : a.customer > b.customer;
    }
  };

  void ChooseCustomer(RandomStream& stream, ContactPlan& plan);
  Medium ChooseMedium(RandomStream& stream) const;
  void PlanService(RandomStream& stream, ContactPlan& plan) const;
  void Wait(RandomStream& stream, ContactPlan& plan);
  int64_t Patience(RandomStream& stream) const;
  void PlanReturn(const ContactPlan& plan);

  const v1::LoadProfile& profile_;
  const uint64_t seed_;
  const int64_t end_us_;
  ArrivalTimes arrivals_;
  std::optional<Zipf> ranks_;
  // By queue: its agents for calls, and their places for chats.
  std::vector<ServiceDesk> calls_;
  std::vector<ServiceDesk> chats_;
  std::priority_queue<Return, std::vector<Return>, std::greater<>> returns_;
  uint64_t contacts_ = 0;
  uint64_t new_customers_ = 0;
};

}  // namespace peakend::load

#endif  // PEAKEND_BENCHMARKS_LOAD_CONTACT_SOURCE_H_
