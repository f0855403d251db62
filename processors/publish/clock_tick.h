// The Control record that makes time pass on a quiet partition.
#ifndef PEAKEND_PROCESSORS_PUBLISH_CLOCK_TICK_H_
#define PEAKEND_PROCESSORS_PUBLISH_CLOCK_TICK_H_

#include <cstdint>

#include "processors/publish/output.h"

namespace peakend::publish {

// Appends a clock tick for the input's `partition`. `due_ms` is what it is written
// for and stands in the record for people to read; time advances to the broker's
// timestamp of the record.
void AppendClockTick(int32_t partition, int64_t due_ms, OutputBatch& outputs);

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_CLOCK_TICK_H_
