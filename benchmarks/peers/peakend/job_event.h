// What the job reads of an event, as views into its bytes.
#ifndef PEAKEND_BENCHMARKS_PEERS_PEAKEND_JOB_EVENT_H_
#define PEAKEND_BENCHMARKS_PEERS_PEAKEND_JOB_EVENT_H_

#include <cstdint>
#include <deque>
#include <string_view>

#include "peer_job.pb.h"

namespace peakend::peer_job {

struct JobEvent {
  std::string_view id;
  std::string_view customer;
  int64_t occurred_ms = 0;
  int32_t valence_milli = 0;
};

// Reads events as processors/ingest does: a scanner takes what is ordinary, and the
// generated parser decides about everything else.
//
// Thread-safety: none.
class JobEventReader {
 public:
  // False = `bytes` are no Event. The views live as long as `bytes`, and until Clear.
  bool Read(std::string_view bytes, JobEvent* event);
  void Clear() { parsed_.clear(); }

 private:
  std::deque<peers::Event> parsed_;  // that views point into
};

}  // namespace peakend::peer_job

#endif  // PEAKEND_BENCHMARKS_PEERS_PEAKEND_JOB_EVENT_H_
