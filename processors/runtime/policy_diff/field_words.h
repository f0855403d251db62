// What the fields of a policy are called in Chinese.
//
// Thread-safety: constants.
#ifndef PEAKEND_PROCESSORS_RUNTIME_POLICY_DIFF_FIELD_WORDS_H_
#define PEAKEND_PROCESSORS_RUNTIME_POLICY_DIFF_FIELD_WORDS_H_

#include <string_view>

namespace peakend::runtime {

// "触发阈值" of "enter". Every field that people write in a policy has one; empty for others.
std::string_view ChineseFieldName(std::string_view field);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_POLICY_DIFF_FIELD_WORDS_H_
