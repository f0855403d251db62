// The columns that rows of contacts and journeys have of an experience: levels, counts, gaps.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_PUBLISH_ROWS_PART_COLUMNS_H_
#define PEAKEND_PROCESSORS_PUBLISH_ROWS_PART_COLUMNS_H_

#include <optional>
#include <string_view>

#include "processors/affect/level.h"
#include "processors/journey/record_bytes.h"
#include "processors/moments/parts.h"

namespace peakend::publish {

// Row is the message of the row.
template <typename Row>
void FillLevelColumns(const moments::Parts& parts, journey::RecordBytes& row) {
  const auto set = [&row](int field, const auto& part) {
    if (part) row.PresentDouble(field, affect::ToDouble(*part));
  };
  set(Row::kArrivalFieldNumber, parts.arrival);
  set(Row::kOpeningFieldNumber, parts.opening);
  set(Row::kPeakPositiveFieldNumber, parts.peak_positive);
  set(Row::kPeakNegativeFieldNumber, parts.peak_negative);
  set(Row::kWorstFieldNumber, parts.worst);
  set(Row::kLastFieldNumber, parts.last);
  set(Row::kTailFieldNumber, parts.tail);
  set(Row::kEndFieldNumber, parts.end);
  set(Row::kTrendFieldNumber, parts.trend);
  set(Row::kMeanFieldNumber, parts.mean);
  set(Row::kStrainFieldNumber, parts.strain);
  set(Row::kScoreFieldNumber, parts.score);
  set(Row::kScoreAffectFieldNumber, parts.score_affect);
  set(Row::kRememberedMinusMeanFieldNumber, parts.remembered_minus_mean);
}

// `producer` measured the feelings.
template <typename Row>
void FillPartColumns(const moments::Parts& parts, std::string_view formula,
                     std::string_view producer, journey::RecordBytes& row) {
  FillLevelColumns<Row>(parts, row);
  row.Int(Row::kImpressionCountFieldNumber, parts.count);
  row.Int(Row::kTurnCountFieldNumber, parts.count_affect);
  row.Int(Row::kIsThinFieldNumber, parts.thin());
  row.Bytes(Row::kFormulaFieldNumber, formula);
  row.Bytes(Row::kSentimentProducerFieldNumber, producer);
  const auto set = [&](int field, journey::Dimension dimension) {
    const std::optional<affect::Nano>& gap = parts.servqual[static_cast<size_t>(dimension)];
    if (gap) row.PresentDouble(field, affect::ToDouble(*gap));
  };
  set(Row::kGapReliabilityFieldNumber, journey::Dimension::kReliability);
  set(Row::kGapResponsivenessFieldNumber, journey::Dimension::kResponsiveness);
  set(Row::kGapAssuranceFieldNumber, journey::Dimension::kAssurance);
  set(Row::kGapEmpathyFieldNumber, journey::Dimension::kEmpathy);
  set(Row::kGapTangiblesFieldNumber, journey::Dimension::kTangibles);
}

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_ROWS_PART_COLUMNS_H_
