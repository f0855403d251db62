#include "processors/calibration/least_squares.h"

#include <Eigen/Dense>
#include <cmath>

namespace peakend::calibration {
namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr double kSuperfluous = 1e-9;

Eigen::Index Index(size_t i) { return static_cast<Eigen::Index>(i); }

// A column of ones, then the regressors.
Matrix Design(const Observations& observations) {
  Matrix design(Index(observations.size()), Index(observations.width() + 1));
  design.col(0).setOnes();
  design.rightCols(Index(observations.width())) = Eigen::Map<const Matrix>(
      observations.x().data(), Index(observations.size()), Index(observations.width()));
  return design;
}

// Of (X'X)^-1 (sum of r^2 x x') (X'X)^-1 the diagonal, where r is what a row would miss by if
// it had not been fitted, too.
Eigen::VectorXd Variances(const Matrix& design, const Eigen::VectorXd& residuals,
                          const Eigen::MatrixXd& inverse) {
  const Eigen::VectorXd leverage = (design * inverse).cwiseProduct(design).rowwise().sum();
  const Eigen::VectorXd left_out = residuals.array() / (1 - leverage.array()).max(kSuperfluous);
  const Matrix weighted = design.array().colwise() * left_out.array();
  const Eigen::MatrixXd between = weighted.transpose() * weighted;
  return (inverse * between * inverse).diagonal();
}

}  // namespace

double Line::At(absl::Span<const double> x) const {
  double y = intercept;
  for (size_t i = 0; i < slopes.size(); ++i) y += slopes[i] * x[i];
  return y;
}

Line Fit(const Observations& observations) {
  Line line;
  line.slopes.resize(observations.width());
  line.errors.resize(observations.width());
  if (observations.size() == 0) return line;
  const Eigen::Map<const Eigen::VectorXd> y(observations.y().data(), Index(observations.size()));
  line.intercept = y.mean();
  if (observations.size() <= observations.width() + 1) return line;
  const Matrix design = Design(observations);
  const Eigen::MatrixXd products = design.transpose() * design;
  Eigen::CompleteOrthogonalDecomposition<Eigen::MatrixXd> solver;
  solver.setThreshold(kSuperfluous);
  solver.compute(products);
  const Eigen::VectorXd found = solver.solve(design.transpose() * y);
  const Eigen::VectorXd variances = Variances(design, y - design * found, solver.pseudoInverse());
  line.intercept = found(0);
  for (size_t i = 0; i < observations.width(); ++i) {
    line.slopes[i] = found(Index(i + 1));
    line.errors[i] = std::sqrt(std::max(0.0, variances(Index(i + 1))));
  }
  return line;
}

}  // namespace peakend::calibration
