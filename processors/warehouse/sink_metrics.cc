#include "processors/warehouse/sink_metrics.h"

#include <prometheus/text_serializer.h>

#include <array>
#include <map>

#include "processors/runtime/metric_catalogue.h"
#include "processors/warehouse/row_fault.h"

namespace peakend::warehouse {
namespace {

using runtime::MetricCatalogue;

prometheus::Histogram::BucketBoundaries SinkBatchBuckets() {
  return {5e-3, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60};
}

// The series of one table.
struct TableSeries {
  prometheus::Counter* records = nullptr;
  prometheus::Counter* written = nullptr;
  prometheus::Counter* old = nullptr;
  prometheus::Counter* erased = nullptr;
  std::array<prometheus::Counter*, kRowFaults> dead = {};
  prometheus::Counter* batches = nullptr;
  prometheus::Counter* fenced = nullptr;
  prometheus::Histogram* seconds = nullptr;
  prometheus::Gauge* lag = nullptr;
  prometheus::Gauge* last = nullptr;
};

void Count(prometheus::Counter* counter, int64_t amount) {
  if (amount > 0) counter->Increment(static_cast<double>(amount));
}

}  // namespace

struct SinkMetrics::Families {
  explicit Families(const std::vector<RowKind>& kinds)
      : catalogue(registry),
        records(
            catalogue.CounterFamily("peakend_sink_records_total", "Records taken from topics.")),
        rows(catalogue.CounterFamily(
            "peakend_sink_rows_total",
            "Rows by outcome: written, old (not newer than what was there), erased.")),
        dead(catalogue.CounterFamily("peakend_sink_dead_letters_total",
                                     "Records in dead_letter, by reason.")),
        batches(catalogue.CounterFamily("peakend_sink_batches_total", "Transactions committed.")),
        fenced(catalogue.CounterFamily(
            "peakend_sink_fenced_total",
            "Batches dropped because another instance had moved the offsets on.")),
        seconds(catalogue.HistogramFamily("peakend_sink_batch_seconds",
                                          "From a full batch to its commit, retries included.")),
        lag(catalogue.GaugeFamily("peakend_sink_lag_records",
                                  "Records of the topic that were not taken yet.")),
        last(catalogue.GaugeFamily("peakend_sink_last_commit_timestamp_seconds",
                                   "Last commit, since the epoch; 0 = none yet.")),
        retries(catalogue.Counter("peakend_sink_retries_total",
                                  "Tries that PostgreSQL did not answer or took back.")),
        connected(catalogue.Gauge("peakend_sink_postgres_up", "1 while PostgreSQL answers.")) {
    for (const RowKind kind : kinds) tables[kind] = Make(kind);
  }

  TableSeries Make(RowKind kind) {
    const std::string table(kRowTables[static_cast<size_t>(kind)]);
    TableSeries series;
    series.records = &records.Add({{"table", table}});
    series.written = &rows.Add({{"table", table}, {"outcome", "written"}});
    series.old = &rows.Add({{"table", table}, {"outcome", "old"}});
    series.erased = &rows.Add({{"table", table}, {"outcome", "erased"}});
    for (size_t i = 1; i < kRowFaults; ++i) {
      const std::string reason(FaultName(static_cast<RowFault>(i)));
      series.dead[i] = &dead.Add({{"table", table}, {"reason", reason}});
    }
    series.batches = &batches.Add({{"table", table}});
    series.fenced = &fenced.Add({{"table", table}});
    series.seconds = &seconds.Add({{"table", table}}, SinkBatchBuckets());
    series.lag = &lag.Add({{"table", table}});
    series.last = &last.Add({{"table", table}});
    return series;
  }

  prometheus::Registry registry;
  MetricCatalogue catalogue;
  MetricCatalogue::Counters& records;
  MetricCatalogue::Counters& rows;
  MetricCatalogue::Counters& dead;
  MetricCatalogue::Counters& batches;
  MetricCatalogue::Counters& fenced;
  MetricCatalogue::Histograms& seconds;
  MetricCatalogue::Gauges& lag;
  MetricCatalogue::Gauges& last;
  prometheus::Counter& retries;
  prometheus::Gauge& connected;
  std::map<RowKind, TableSeries> tables;
};

SinkMetrics::SinkMetrics(const std::vector<RowKind>& tables)
    : families_(std::make_unique<Families>(tables)) {}

SinkMetrics::~SinkMetrics() = default;

void SinkMetrics::AddBatch(RowKind table, const WriteReport& report, size_t records,
                           absl::Duration took, absl::Time at) {
  const TableSeries& series = families_->tables.at(table);
  Count(series.records, static_cast<int64_t>(records));
  Count(series.written, report.written);
  Count(series.old, report.old);
  Count(series.erased, report.erased);
  for (size_t i = 1; i < kRowFaults; ++i) Count(series.dead[i], report.dead[i]);
  Count(series.batches, 1);
  series.seconds->Observe(absl::ToDoubleSeconds(took));
  series.last->Set(absl::ToDoubleSeconds(at - absl::UnixEpoch()));
}

void SinkMetrics::SetLag(RowKind table, int64_t records) {
  families_->tables.at(table).lag->Set(static_cast<double>(records));
}

void SinkMetrics::AddRetry() { Count(&families_->retries, 1); }

void SinkMetrics::AddFenced(RowKind table) { Count(families_->tables.at(table).fenced, 1); }

void SinkMetrics::SetConnected(bool connected) { families_->connected.Set(connected ? 1 : 0); }

std::string SinkMetrics::Expose() const {
  return prometheus::TextSerializer().Serialize(families_->registry.Collect());
}

}  // namespace peakend::warehouse
