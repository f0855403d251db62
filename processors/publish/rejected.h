// A record that was set aside (rejected or late), as a message to show.
#ifndef PEAKEND_PROCESSORS_PUBLISH_REJECTED_H_
#define PEAKEND_PROCESSORS_PUBLISH_REJECTED_H_

#include <string_view>
#include <vector>

#include "peakend/v1/rejected_record.pb.h"
#include "processors/publish/output.h"

namespace peakend::publish {

// Reads the headers that the engine adds (peakend.error.*, peakend.source.*); the
// last one of a name counts. Headers that are missing leave their fields unset.
v1::RejectedRecord ReadRejected(std::string_view key, std::string_view value,
                                const std::vector<Header>& headers);

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_REJECTED_H_
