// How many alerts may interrupt somebody: what is wanted beyond the budget is listed
// instead.
//
// Counted in steps of so many contacts that began. What was wanted in one step decides which
// share of each severity may interrupt in the next, critical ones first; what was granted
// beyond the allowance is owed. Within a step the shares stand still, and which alert falls
// into a share follows from its id. So a decision depends on the share of its step alone,
// and a replay that begins anywhere needs the shares, not the counts.
//
// Thread-safety: values.
#ifndef PEAKEND_PROCESSORS_ALERTS_BUDGET_H_
#define PEAKEND_PROCESSORS_ALERTS_BUDGET_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>

#include "peakend/v1/alert.pb.h"
#include "peakend/v1/progress_record.pb.h"
#include "processors/journey/identifier.h"

namespace peakend::alerts {

// By v1::Alert::Severity.
inline constexpr size_t kSeverities = 4;

struct BudgetModel {
  int64_t interrupts_per_1000_contacts = 50;  // 0 = no limit
  int64_t contacts = 20;                      // of a step; positive
  // Most that is owed, in allowances of a step or in interrupts, whichever is more: until
  // that is worked off, nothing may interrupt at all.
  static constexpr int64_t kMostOwed = 10;
};

// Shares of one step.
class Bar {
 public:
  static constexpr uint32_t kAll = 1'000'000;

  // Everything passes.
  Bar() { shares_.fill(kAll); }
  // In millionths, each at most kAll.
  explicit Bar(const std::array<uint32_t, kSeverities>& shares) : shares_(shares) {}

  bool Admits(v1::Alert::Severity severity, const journey::Identifier& alert_id) const {
    return alert_id.low % kAll < shares_[static_cast<size_t>(severity)];
  }
  const std::array<uint32_t, kSeverities>& shares() const { return shares_; }
  friend bool operator==(const Bar&, const Bar&) = default;

 private:
  std::array<uint32_t, kSeverities> shares_ = {};
};

// What happened, to be added up.
struct BudgetCounts {
  int64_t contacts = 0;                          // that began
  std::array<int64_t, kSeverities> wanted = {};  // alerts that would interrupt
  int64_t granted = 0;                           // alerts that did
};

class Budget {
 public:
  Budget() = default;
  // What Save wrote. Numbers out of range are cut.
  explicit Budget(const v1::ProgressRecord::AlertBudget& record);

  // The bar for what the record at `offset` causes. REQUIRES: no later bar than that of
  // `offset` was forgotten.
  const Bar& At(int64_t offset) const;
  // The bar from now on.
  const Bar& newest() const { return bars_.back().bar; }

  // Adds what the record at `offset` caused; the records behind it may get another bar.
  void Add(const BudgetCounts& counts, int64_t offset, const BudgetModel& model);

  // Forgets bars that no record from `low_water_mark` on needs.
  void Forget(int64_t low_water_mark);
  // REQUIRES: `record` is empty.
  void Save(v1::ProgressRecord::AlertBudget* record) const;

 private:
  struct Step {
    int64_t from = 0;  // offset
    Bar bar;
  };
  void NextStep(int64_t offset, const BudgetModel& model);

  BudgetCounts counts_;               // of the present step
  int64_t owed_milli_ = 0;            // interrupts, in thousandths
  std::deque<Step> bars_ = {Step{}};  // by offset; never empty
};

}  // namespace peakend::alerts

#endif  // PEAKEND_PROCESSORS_ALERTS_BUDGET_H_
