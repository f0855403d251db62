#include "processors/publish/clock_tick.h"

#include "absl/strings/str_cat.h"
#include "peakend/v1/interaction_event.pb.h"
#include "processors/publish/revision.h"

namespace peakend::publish {

void AppendClockTick(int32_t partition, int64_t due_ms, OutputBatch& outputs) {
  v1::InteractionEvent event;
  event.set_source("peakend");
  event.set_event_id(absl::StrCat("tick/", partition, "/", due_ms));
  event.set_occurred_at_ms(due_ms);
  event.mutable_control()->mutable_clock_tick();
  AppendBytes(event, &outputs.OpenInput(partition, partition, {}));
}

}  // namespace peakend::publish
