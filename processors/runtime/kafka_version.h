// Which librdkafka this process really runs with.
#ifndef PEAKEND_PROCESSORS_RUNTIME_KAFKA_VERSION_H_
#define PEAKEND_PROCESSORS_RUNTIME_KAFKA_VERSION_H_

#include <string>

namespace peakend::runtime {

// E.g. "2.0.2": of the loaded library, not of the headers.
std::string KafkaLibraryVersion();

// E.g. 0x020002ff; compares in the order of releases.
int KafkaLibraryVersionNumber();

// Comma separated, e.g. "gzip,snappy,ssl,sasl_scram". Empty when the library
// doesn't say.
std::string KafkaBuiltinFeatures();

// From 2.2.0 a full fetch queue pauses for fetch.queue.backoff.ms; before, for a
// whole second.
bool KafkaHasFetchQueueBackoff();

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_KAFKA_VERSION_H_
