// A message with every kind of field, as our contracts hold only some.
#ifndef PEAKEND_TESTS_ADAPTERS_KINDS_H_
#define PEAKEND_TESTS_ADAPTERS_KINDS_H_

#include <memory>

#include "google/protobuf/message.h"

namespace peakend::adapters {

std::unique_ptr<google::protobuf::Message> NewKinds();

}  // namespace peakend::adapters

#endif  // PEAKEND_TESTS_ADAPTERS_KINDS_H_
