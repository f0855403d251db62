// Messages that nobody would send, for properties of rapidcheck.
#ifndef PEAKEND_TESTS_PUBLISH_RANDOM_MESSAGE_H_
#define PEAKEND_TESTS_PUBLISH_RANDOM_MESSAGE_H_

#include "google/protobuf/message.h"

namespace peakend::publish {

// Sets fields of any kind at random, maps excepted; strings are valid UTF-8, reals are
// finite, numbers of enums may be unknown. `deepest`: levels of messages below.
void FillAtRandom(google::protobuf::Message* message, int deepest = 8);

}  // namespace peakend::publish

#endif  // PEAKEND_TESTS_PUBLISH_RANDOM_MESSAGE_H_
