// The bytes of what the job writes: alerts and journeys as proto/peer_job.proto has them,
// and its own records of customers and of progress.
//
// Thread-safety: pure functions. Values are appended.
#ifndef PEAKEND_BENCHMARKS_PEERS_PEAKEND_JOB_RECORDS_H_
#define PEAKEND_BENCHMARKS_PEERS_PEAKEND_JOB_RECORDS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "benchmarks/peers/peakend/job_event.h"
#include "benchmarks/peers/peakend/journey_rule.h"

namespace peakend::peer_job {

void AppendAlert(const JobEvent& cause, const Journey& journey, std::string& value);
void AppendJourney(std::string_view customer, const Journey& journey, std::string& value);

// A customer's journey as of input offset `applied`, the last that it contains.
struct CustomerRecord {
  int64_t applied = 0;
  Journey journey;
};
void AppendCustomer(const CustomerRecord& record, std::string& value);
// None = `value` is no such record.
std::optional<CustomerRecord> ReadCustomer(std::string_view value);

// How far a partition was, and where a replay must begin.
struct ProgressRecord {
  int64_t committed = 0;
  int64_t low_water_mark = 0;
};
// No text in UTF-8, so no customer's key.
inline constexpr std::string_view kProgressKey = "\xff";
void AppendProgress(const ProgressRecord& record, std::string& value);
std::optional<ProgressRecord> ReadProgress(std::string_view value);

}  // namespace peakend::peer_job

#endif  // PEAKEND_BENCHMARKS_PEERS_PEAKEND_JOB_RECORDS_H_
