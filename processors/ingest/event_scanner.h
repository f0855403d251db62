// The fast path of decoding: reads an ordinary event straight from its bytes.
//
// Thread-safety: a pure function. Allocates nothing.
#ifndef PEAKEND_PROCESSORS_INGEST_EVENT_SCANNER_H_
#define PEAKEND_PROCESSORS_INGEST_EVENT_SCANNER_H_

#include <string_view>

#include "processors/ingest/event_view.h"

namespace peakend::ingest {

// True when `bytes` are an event that the scanner understands in full: a turn, a
// step of a contact's life, or no payload. Then the generated parser takes them
// too, and `view` is what ViewOf gives of its message; the texts point into
// `bytes`. False says nothing about `bytes`, and `view` means nothing.
bool ScanEvent(std::string_view bytes, EventView* view);

}  // namespace peakend::ingest

#endif  // PEAKEND_PROCESSORS_INGEST_EVENT_SCANNER_H_
