// How rows of a policy's lists are told apart and shown.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_RUNTIME_POLICY_DIFF_ROW_TEXT_H_
#define PEAKEND_PROCESSORS_RUNTIME_POLICY_DIFF_ROW_TEXT_H_

#include <string>
#include <string_view>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace peakend::runtime {

// What names a row of list `section`: "score_low" of a rule, "queue_wait, tier gold" of an
// expectation. Fields at their default are left out.
std::string RowName(std::string_view section, const google::protobuf::Message& row);

// The names of all rows in order; of equal ones the second is "again #2", and so on.
std::vector<std::string> RowNames(std::string_view section, const google::protobuf::Message& policy,
                                  const google::protobuf::FieldDescriptor& list);

// What a row says beside its name and its defaults: "on score, enter -0.5".
std::string RowSummary(std::string_view section, const google::protobuf::Message& row);

// Whether `field` is part of the row's name.
bool NamesRow(std::string_view section, std::string_view field);

// The value as a user would write it; empty = absent.
std::string ValueText(const google::protobuf::FieldDescriptor& field,
                      const google::protobuf::Message& message);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_POLICY_DIFF_ROW_TEXT_H_
