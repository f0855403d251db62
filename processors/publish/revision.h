// One row in many versions: writes a message as the next revision of its row when
// it says something new.
#ifndef PEAKEND_PROCESSORS_PUBLISH_REVISION_H_
#define PEAKEND_PROCESSORS_PUBLISH_REVISION_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "google/protobuf/message_lite.h"
#include "processors/publish/customer_state.h"
#include "processors/publish/output.h"

namespace peakend::publish {

// Deterministic serialisation of `message`, appended to `bytes`.
void AppendBytes(const google::protobuf::MessageLite& message, std::string* bytes);

// Writes `message`, which has neither row_version nor source set, when its
// content differs from the version before; returns whether it did. `row` becomes
// the new version, which is `first_version` where none is known. Message is Moment
// or Journey; `head` is one to use.
template <typename Message>
bool WriteRevision(const Message& message, Message& head, std::string_view key, Topic topic,
                   const v1::SourceCoordinates& source, RowVersion& row, int64_t first_version,
                   std::string* scratch, OutputBatch& outputs) {
  scratch->clear();
  AppendBytes(message, scratch);
  const uint64_t digest = journey::Hash64(*scratch);
  if (row.version > 0 && row.digest == digest) return false;
  row = {row.version > 0 ? row.version + 1 : first_version, digest};
  head.Clear();
  head.set_row_version(row.version);
  *head.mutable_source() = source;
  // Serialised messages concatenate to their union.
  AppendBytes(head, scratch);
  outputs.Append(topic, source.partition(), key, *scratch);
  return true;
}

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_REVISION_H_
