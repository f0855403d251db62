#include "processors/warehouse/sink_metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace peakend::warehouse {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(SinkMetricsTest, EverySeriesIsThereFromTheStart) {
  const SinkMetrics metrics({RowKind::kJourney});
  EXPECT_THAT(
      metrics.Expose(),
      AllOf(HasSubstr("peakend_sink_rows_total{outcome=\"written\",table=\"journeys\"} 0"),
            HasSubstr("peakend_sink_dead_letters_total{reason=\"refused\",table=\"journeys\"} 0"),
            HasSubstr("peakend_sink_lag_records{table=\"journeys\"} 0"),
            HasSubstr("peakend_sink_retries_total 0"), Not(HasSubstr("moments"))));
}

TEST(SinkMetricsTest, BatchesAddUp) {
  SinkMetrics metrics({RowKind::kJourney, RowKind::kMoment});
  WriteReport report;
  report.written = 5;
  report.old = 2;
  report.erased = 1;
  report.dead[static_cast<size_t>(RowFault::kNulByte)] = 1;
  for (int i = 0; i < 2; ++i) {
    metrics.AddBatch(RowKind::kJourney, report, 8, absl::Seconds(1), absl::FromUnixSeconds(100));
  }
  metrics.SetLag(RowKind::kMoment, 7);
  metrics.AddRetry();
  metrics.AddFenced(RowKind::kJourney);
  metrics.SetConnected(true);
  EXPECT_THAT(
      metrics.Expose(),
      AllOf(HasSubstr("peakend_sink_records_total{table=\"journeys\"} 16"),
            HasSubstr("peakend_sink_rows_total{outcome=\"written\",table=\"journeys\"} 10"),
            HasSubstr("peakend_sink_rows_total{outcome=\"old\",table=\"journeys\"} 4"),
            HasSubstr("peakend_sink_rows_total{outcome=\"erased\",table=\"journeys\"} 2"),
            HasSubstr("peakend_sink_dead_letters_total{reason=\"nul_byte\",table=\"journeys\"} 2"),
            HasSubstr("peakend_sink_batches_total{table=\"journeys\"} 2"),
            HasSubstr("peakend_sink_batch_seconds_sum{table=\"journeys\"} 2"),
            HasSubstr("peakend_sink_last_commit_timestamp_seconds{table=\"journeys\"} 100")));
  EXPECT_THAT(metrics.Expose(), AllOf(HasSubstr("peakend_sink_lag_records{table=\"moments\"} 7"),
                                      HasSubstr("peakend_sink_retries_total 1"),
                                      HasSubstr("peakend_sink_fenced_total{table=\"journeys\"} 1"),
                                      HasSubstr("peakend_sink_postgres_up 1")));
}

}  // namespace
}  // namespace peakend::warehouse
