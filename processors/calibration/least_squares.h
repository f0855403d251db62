// Linear regression with errors that need not be equal everywhere.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_CALIBRATION_LEAST_SQUARES_H_
#define PEAKEND_PROCESSORS_CALIBRATION_LEAST_SQUARES_H_

#include <cstddef>
#include <vector>

#include "absl/types/span.h"

namespace peakend::calibration {

// Rows of a regression: `width` regressors each, and what is to be explained.
class Observations {
 public:
  explicit Observations(size_t width) : width_(width) {}
  // REQUIRES: x.size() == width().
  void Add(absl::Span<const double> x, double y) {
    x_.insert(x_.end(), x.begin(), x.end());
    y_.push_back(y);
  }
  size_t width() const { return width_; }
  size_t size() const { return y_.size(); }
  absl::Span<const double> x() const { return x_; }  // row after row
  absl::Span<const double> y() const { return y_; }

 private:
  size_t width_;
  std::vector<double> x_;
  std::vector<double> y_;
};

struct Line {
  double intercept = 0;
  std::vector<double> slopes;  // of each regressor; 0 for one that the others make superfluous
  // Standard errors of the slopes that hold where the scatter differs from place to place, and
  // in small samples (HC3: White 1980, MacKinnon and White 1985).
  std::vector<double> errors;

  double At(absl::Span<const double> x) const;
};

// Regressors that do not vary, or follow from others, are left out. With fewer rows than
// numbers to find all slopes are 0 and the intercept is the mean (0 of no rows).
Line Fit(const Observations& observations);

}  // namespace peakend::calibration

#endif  // PEAKEND_PROCESSORS_CALIBRATION_LEAST_SQUARES_H_
