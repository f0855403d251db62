// A log message as one line of text or JSON, without the line feed.
//
// Text:  2026-11-24T04:06:54.123Z WARN  broker is away broker=kafka:9092 tries=3
// JSON:  {"time":"...","level":"warning","message":"...","broker":"...","tries":3}
//
// Thread-safety: pure.
#ifndef PEAKEND_PROCESSORS_RUNTIME_LOG_LINE_H_
#define PEAKEND_PROCESSORS_RUNTIME_LOG_LINE_H_

#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "processors/runtime/log.h"

namespace peakend::runtime {

// Bytes that are not UTF-8 become U+FFFD, numbers that JSON lacks become null.
std::string LogLine(LogFormat format, absl::Time time, LogLevel level, std::string_view message,
                    absl::Span<const LogField> fields);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_LOG_LINE_H_
