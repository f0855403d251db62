#include "benchmarks/load/feeling.h"

#include <algorithm>
#include <cmath>

#include "benchmarks/load/distributions.h"
#include "benchmarks/load/duration_us.h"

namespace peakend::load {
namespace {

constexpr double kIncidentHome = -0.3;

// Of task chats (MultiWOZ in the USS corpus): from negative, neutral, positive to each, summed up.
constexpr double kNextLabel[3][2] = {{0.13, 0.95}, {0.04, 0.92}, {0.02, 0.62}};
constexpr double kLabelValue[3] = {-0.7, 0, 0.6};
constexpr double kLabelNoise = 0.08;

}  // namespace

Feeling::Feeling(const v1::LoadProfile& profile, uint64_t seed, const ContactPlan& plan)
    : profile_(&profile.feeling()),
      stream_(seed, Purpose::kFeeling, plan.number),
      by_labels_(profile.feeling().model() == "labels") {
  const double between = profile_->between();
  const double home_spread = profile_->spread() * std::sqrt(between / (1 - between));
  home_ = profile_->home() + home_spread * Normal(stream_) +
          profile_->waited_minute() * static_cast<double>(plan.waits_us) / (60.0 * kSecondUs) +
          profile_->came_back() * std::min(plan.visit, 4U) + (plan.in_incident ? kIncidentHome : 0);
  home_ = std::clamp(home_, -0.9, 0.9);
  value_ = last_ = home_;
  shocks_left_ = Poisson(stream_, profile_->shocks());
  DrawShock();
}

void Feeling::DrawShock() {
  if (shocks_left_ == 0) return;
  // The least of those that are left, spread evenly over what is left.
  const double rest = 1 - next_shock_;
  next_shock_ += rest * (1 - std::pow(1 - stream_.Uniform(), 1.0 / shocks_left_));
}

Feeling::Felt Feeling::At(double share, int64_t passed_us) {
  Felt felt;
  felt.value = by_labels_ ? Label() : Drift(passed_us);
  for (; shocks_left_ > 0 && next_shock_ <= share; ++felt.shocks) {
    felt.value -= profile_->shock_size();
    --shocks_left_;
    DrawShock();
  }
  value_ = felt.value = std::clamp(felt.value, -1.0, 1.0);
  worst_ = std::min(worst_, value_);
  last_ = value_;
  sum_ += value_;
  ++turns_;
  return felt;
}

double Feeling::Drift(int64_t passed_us) {
  const double kept = std::exp(-static_cast<double>(passed_us) / RealUs(profile_->inertia()));
  return home_ + (value_ - home_) * kept +
         profile_->spread() * std::sqrt(1 - kept * kept) * Normal(stream_);
}

double Feeling::Label() {
  const double drawn = stream_.Uniform();
  label_ = drawn < kNextLabel[label_][0] ? 0 : drawn < kNextLabel[label_][1] ? 1 : 2;
  return kLabelValue[label_] + kLabelNoise * Normal(stream_);
}

void Feeling::Relieve() {
  home_ = std::min(0.9, home_ + profile_->relief());
  value_ = std::min(1.0, value_ + profile_->relief());
  if (by_labels_) label_ = 2;
}

}  // namespace peakend::load
