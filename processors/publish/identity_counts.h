// What happened to customers who are linked, counted.
//
// Thread-safety: a value.
#ifndef PEAKEND_PROCESSORS_PUBLISH_IDENTITY_COUNTS_H_
#define PEAKEND_PROCESSORS_PUBLISH_IDENTITY_COUNTS_H_

#include <cstdint>

namespace peakend::publish {

struct IdentityCounts {
  int64_t merged = 0;    // customers who left for a host
  int64_t split = 0;     // who came back from one
  int64_t shared = 0;    // identities found to be of too many
  int64_t absorbed = 0;  // guests whom a host can't give back
  int64_t bounced = 0;   // events sent back to who had left
  // Pieces with contacts that the host keeps no more: what they make may stand beside the
  // journey that they belong to.
  int64_t late_parts = 0;

  IdentityCounts& operator+=(const IdentityCounts& more) {
    merged += more.merged;
    split += more.split;
    shared += more.shared;
    absorbed += more.absorbed;
    bounced += more.bounced;
    late_parts += more.late_parts;
    return *this;
  }
};

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_IDENTITY_COUNTS_H_
