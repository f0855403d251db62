// What the customer of one contact feels while it goes on: a value in [-1, 1] whenever they speak.
//
// `drift` is an Ornstein-Uhlenbeck process around a home that the contact draws once, with shocks
// that it forgets at the same pace; `labels` a Markov chain (docs/load.md says where its numbers
// are from).
//
// Thread-safety: a value. `profile` outlives it.
#ifndef PEAKEND_BENCHMARKS_LOAD_FEELING_H_
#define PEAKEND_BENCHMARKS_LOAD_FEELING_H_

#include <cstdint>

#include "benchmarks/load/contact_plan.h"
#include "benchmarks/load/random_stream.h"
#include "peakend/v1/load_profile.pb.h"

namespace peakend::load {

class Feeling {
 public:
  Feeling(const v1::LoadProfile& profile, uint64_t seed, const ContactPlan& plan);

  struct Felt {
    double value = 0;
    int shocks = 0;  // that fell between the one before and this
  };
  // `share` of the contact's talk is over, in [0, 1], not less than before; `passed_us` since the
  // turn before.
  Felt At(double share, int64_t passed_us);
  // It ends well: what is felt from now on is better.
  void Relieve();

  // Of the turns so far: what a survey will say goes by them. Without a turn all are the home.
  double worst() const { return turns_ > 0 ? worst_ : home_; }
  double last() const { return last_; }
  double mean() const { return turns_ > 0 ? sum_ / turns_ : home_; }

 private:
  double Drift(int64_t passed_us);
  double Label();
  // Of the shocks that are left, when the next one comes.
  void DrawShock();

  const v1::LoadFeeling* profile_;
  RandomStream stream_;
  bool by_labels_;
  double home_ = 0;
  double value_ = 0;
  int label_ = 1;
  int shocks_left_ = 0;
  double next_shock_ = 0;
  double worst_ = 1;
  double last_ = 0;
  double sum_ = 0;
  int turns_ = 0;
};

}  // namespace peakend::load

#endif  // PEAKEND_BENCHMARKS_LOAD_FEELING_H_
