// Why a record cannot be an event: a reason and the name of the field concerned,
// never its content.
#ifndef PEAKEND_PROCESSORS_INGEST_REJECT_H_
#define PEAKEND_PROCESSORS_INGEST_REJECT_H_

#include <string_view>

#include "peakend/v1/rejected_record.pb.h"

namespace peakend::ingest {

struct Reject {
  v1::RejectReason reason = v1::REJECT_REASON_UNSPECIFIED;
  std::string_view field = {};  // a literal; empty = the whole record
};

}  // namespace peakend::ingest

#endif  // PEAKEND_PROCESSORS_INGEST_REJECT_H_
