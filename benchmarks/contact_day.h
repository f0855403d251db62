// The load of the end-to-end benchmark: contacts of many customers on one time
// line, as a busy center makes them.
//
// A fixed number of contacts is open at any time; each speaks every 20 s, customer
// and agent in turn, and ends after a number of events that is geometric with mean
// 15. Then the next customer's contact begins. Feelings are a mood per contact
// (mean 0.05, deviation 0.2) plus noise (0.2), which raises about 3 alerts in 100
// contacts. Everything follows from the seed.
//
// Thread-safety: none.
#ifndef PEAKEND_BENCHMARKS_CONTACT_DAY_H_
#define PEAKEND_BENCHMARKS_CONTACT_DAY_H_

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "peakend/v1/interaction_event.pb.h"

namespace peakend::benchmarks {

class ContactDay {
 public:
  // `mood` is the mean over all contacts. REQUIRES: both > 0.
  ContactDay(uint64_t customers, size_t open_contacts, uint64_t seed, double mood = 0.05);

  // The next event in time order; about 170 bytes.
  const v1::InteractionEvent& Next();

 private:
  struct Contact {
    uint64_t number = 0;
    uint64_t customer = 0;
    int events = 0;
    double mood = 0;
  };
  void Begin(Contact& contact);
  void FillTurn(const Contact& contact);

  const uint64_t customers_;
  const double mood_;
  std::mt19937_64 random_;
  std::vector<Contact> open_;
  size_t next_ = 0;
  uint64_t contacts_ = 0;
  uint64_t events_ = 0;
  int64_t now_ms_;
  v1::InteractionEvent event_;
};

}  // namespace peakend::benchmarks

#endif  // PEAKEND_BENCHMARKS_CONTACT_DAY_H_
