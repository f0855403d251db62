// Tells a torn protobuf message from a whole one that a stricter reader refused.
#ifndef PEAKEND_PROCESSORS_INGEST_WIRE_FORMAT_H_
#define PEAKEND_PROCESSORS_INGEST_WIRE_FORMAT_H_

#include <string_view>

namespace peakend::ingest {

// True when `bytes` is a sequence of complete protobuf fields on its top level
// and in the sub-messages of InteractionEvent. Only called after a parse failed:
// the generated parser does not say why it refused.
bool IsWellFormed(std::string_view bytes);

}  // namespace peakend::ingest

#endif  // PEAKEND_PROCESSORS_INGEST_WIRE_FORMAT_H_
