// Control records that customers and the homes of identities write each other through the
// input (docs/identity.md).
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_PUBLISH_IDENTITY_RECORDS_H_
#define PEAKEND_PROCESSORS_PUBLISH_IDENTITY_RECORDS_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "peakend/v1/identity_record.pb.h"
#include "processors/journey/identity_label.h"
#include "processors/publish/output.h"

namespace peakend::publish {

// Who writes, and where.
struct IdentitySender {
  int32_t cause = 0;       // the sender's partition
  int32_t partitions = 1;  // of the input
  std::string_view tenant_id;
  std::string_view from;  // a customer or home
};

// Appends `record`, signed by the sender, to the partition of customer or home `to`.
void AppendIdentity(const IdentitySender& sender, std::string_view to, v1::IdentityRecord record,
                    OutputBatch& outputs);
void AppendLabels(const IdentitySender& sender, const journey::LabelMessages& messages,
                  OutputBatch& outputs);
// An event as it came to its customer's own partition, where it was `late` or not.
void AppendForwarded(const IdentitySender& sender, std::string_view to, std::string_view event,
                     bool late, OutputBatch& outputs);

// What `record`, of `from`, says.
journey::LabelMessage ReadLabel(std::string_view from, const v1::Label& record);

// DataLoss when something in `part` contradicts itself; the message has nobody's data.
absl::Status CheckPart(const v1::Part& part);

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_IDENTITY_RECORDS_H_
