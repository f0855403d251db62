// A random day with every kind of evidence, as tests/verify/random_events.py draws it:
// duplicates, late events, notices, baselines, events that are refused, customers who say
// who they are.
//
// Thread-safety: pure functions; they start a Python of their own.
#ifndef PEAKEND_TESTS_KAFKA_RANDOM_DAY_H_
#define PEAKEND_TESTS_KAFKA_RANDOM_DAY_H_

#include <vector>

#include "peakend/v1/interaction_event.pb.h"

namespace peakend::runtime {

// The events of the day in order of arrival, without lines that are no event or have
// neither a customer nor a control record. The same arguments give the same events.
std::vector<v1::InteractionEvent> RandomDay(int seed, int count);
// The same customers under ids and with identities that link some of them.
std::vector<v1::InteractionEvent> RandomLinkedDay(int seed, int count);

}  // namespace peakend::runtime

#endif  // PEAKEND_TESTS_KAFKA_RANDOM_DAY_H_
