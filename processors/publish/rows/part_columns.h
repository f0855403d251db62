// The columns that rows of contacts and journeys have of an experience: levels, counts, gaps.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_PUBLISH_ROWS_PART_COLUMNS_H_
#define PEAKEND_PROCESSORS_PUBLISH_ROWS_PART_COLUMNS_H_

#include <optional>
#include <string>

#include "processors/publish/evidence.h"

namespace peakend::publish {

template <typename Row>
void FillPartColumns(const moments::Parts& parts, const std::string& formula, Row* row) {
  FillLevels(parts, row);
  row->set_impression_count(parts.count);
  row->set_turn_count(parts.count_affect);
  row->set_is_thin(parts.thin());
  row->set_formula(formula);
  const auto set = [&](journey::Dimension dimension, void (Row::*setter)(double)) {
    const std::optional<affect::Nano>& gap = parts.servqual[static_cast<size_t>(dimension)];
    if (gap) (row->*setter)(affect::ToDouble(*gap));
  };
  set(journey::Dimension::kReliability, &Row::set_gap_reliability);
  set(journey::Dimension::kResponsiveness, &Row::set_gap_responsiveness);
  set(journey::Dimension::kAssurance, &Row::set_gap_assurance);
  set(journey::Dimension::kEmpathy, &Row::set_gap_empathy);
  set(journey::Dimension::kTangibles, &Row::set_gap_tangibles);
}

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_ROWS_PART_COLUMNS_H_
