// What a new value of a field means.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_RUNTIME_POLICY_DIFF_FIELD_EFFECTS_H_
#define PEAKEND_PROCESSORS_RUNTIME_POLICY_DIFF_FIELD_EFFECTS_H_

#include <string_view>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "processors/runtime/policy_diff/effect.h"

namespace peakend::runtime {

// Of `field`, a leaf, of two messages of one type in `section` of the policy, whose values
// differ; kNone where there is nothing to say. What the meaning hangs on (a rule's
// trigger) is taken from `after`.
Effect EffectOf(std::string_view section, const google::protobuf::FieldDescriptor& field,
                const google::protobuf::Message& before, const google::protobuf::Message& after);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_POLICY_DIFF_FIELD_EFFECTS_H_
