// The fields of a policy or configuration as a page to read, made from the same schema that
// checks them.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_RUNTIME_CONFIG_REFERENCE_H_
#define PEAKEND_PROCESSORS_RUNTIME_CONFIG_REFERENCE_H_

#include <string>
#include <string_view>

#include "google/protobuf/descriptor.h"

namespace peakend::runtime {

enum class ReferenceLanguage { kEnglish, kChinese };

// Markdown: a table for each section, in the order of the schema, with what a field is, its
// default, its bounds and what it means. A Chinese page says in English what has no Chinese
// words yet.
std::string Reference(const google::protobuf::Descriptor& descriptor, std::string_view title,
                      ReferenceLanguage language);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_CONFIG_REFERENCE_H_
