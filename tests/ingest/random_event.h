// Events and bytes that nobody would send, the same for each seed.
#ifndef PEAKEND_TESTS_INGEST_RANDOM_EVENT_H_
#define PEAKEND_TESTS_INGEST_RANDOM_EVENT_H_

#include <random>
#include <string>

#include "peakend/v1/interaction_event.pb.h"

namespace peakend::ingest {

using Random = std::mt19937_64;

// The envelope is one that ingest accepts under the key "acme/c1"; then fields of
// any kind are set at random to values from ordinary to absurd, texts that are not
// UTF-8 included.
v1::InteractionEvent RandomEvent(Random& random);

// Changes `bytes` in a place or two: flips, cuts, repeats, swaps fields of two
// events, unknown fields of each wire type.
void Mutate(Random& random, std::string* bytes);

}  // namespace peakend::ingest

#endif  // PEAKEND_TESTS_INGEST_RANDOM_EVENT_H_
