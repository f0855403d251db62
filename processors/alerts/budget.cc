#include "processors/alerts/budget.h"

#include <algorithm>
#include <iterator>

namespace peakend::alerts {

const Bar& Budget::At(int64_t offset) const {
  const auto later = std::upper_bound(bars_.begin() + 1, bars_.end(), offset,
                                      [](int64_t at, const Step& step) { return at < step.from; });
  return std::prev(later)->bar;
}

void Budget::Add(const BudgetCounts& counts, int64_t offset, const BudgetModel& model) {
  if (model.interrupts_per_1000_contacts == 0) return;
  counts_.contacts += counts.contacts;
  for (size_t s = 0; s < kSeverities; ++s) counts_.wanted[s] += counts.wanted[s];
  counts_.granted += counts.granted;
  if (counts_.contacts >= model.contacts) NextStep(offset, model);
}

void Budget::NextStep(int64_t offset, const BudgetModel& model) {
  const int64_t allowance = model.interrupts_per_1000_contacts * counts_.contacts;
  owed_milli_ = std::clamp<int64_t>(owed_milli_ + counts_.granted * 1000 - allowance, 0,
                                    BudgetModel::kMostOwed * std::max<int64_t>(1000, allowance));
  int64_t left = std::max<int64_t>(0, allowance - owed_milli_);
  std::array<uint32_t, kSeverities> shares = {};
  for (size_t s = kSeverities; s-- > 0;) {
    const int64_t wanted = counts_.wanted[s] * 1000;
    if (wanted < left) {
      shares[s] = Bar::kAll;
    } else if (wanted > 0) {
      shares[s] = static_cast<uint32_t>(left * Bar::kAll / wanted);
    }
    left = std::max<int64_t>(0, left - wanted);
  }
  counts_ = {};
  const Bar bar(shares);
  if (bar != newest()) bars_.push_back({offset + 1, bar});
}

void Budget::Forget(int64_t low_water_mark) {
  while (bars_.size() > 1 && bars_[1].from <= low_water_mark) bars_.pop_front();
}

Budget::Budget(const v1::ProgressRecord::AlertBudget& record) {
  // So large that no record of ours exceeds it, so small that no sum leaves its range.
  constexpr int64_t kMostContacts = 1'000'000;
  constexpr int64_t kMostAlerts = 1'000'000'000'000;
  counts_.contacts = std::clamp<int64_t>(record.contacts(), 0, kMostContacts);
  for (size_t s = 0; s < kSeverities && s < static_cast<size_t>(record.wanted_size()); ++s) {
    counts_.wanted[s] = std::clamp<int64_t>(record.wanted(static_cast<int>(s)), 0, kMostAlerts);
  }
  counts_.granted = std::clamp<int64_t>(record.granted(), 0, kMostAlerts);
  owed_milli_ = std::clamp<int64_t>(record.owed_milli(), 0, 1000 * kMostAlerts);
  for (const v1::ProgressRecord::Bar& saved : record.bars()) {
    std::array<uint32_t, kSeverities> shares = {};
    for (size_t s = 0; s < kSeverities && s < static_cast<size_t>(saved.shares_size()); ++s) {
      shares[s] = std::min(saved.shares(static_cast<int>(s)), Bar::kAll);
    }
    bars_.push_back({saved.from_offset(), Bar(shares)});
  }
  // The first one was written, too.
  if (bars_.size() > 1) bars_.pop_front();
}

void Budget::Save(v1::ProgressRecord::AlertBudget* record) const {
  record->set_contacts(counts_.contacts);
  for (const int64_t wanted : counts_.wanted) record->add_wanted(wanted);
  record->set_granted(counts_.granted);
  record->set_owed_milli(owed_milli_);
  for (const Step& step : bars_) {
    v1::ProgressRecord::Bar& saved = *record->add_bars();
    saved.set_from_offset(step.from);
    for (const uint32_t share : step.bar.shares()) saved.add_shares(share);
  }
}

}  // namespace peakend::alerts
