// The names in output messages as words for people, in both languages.
//
// A name that is not known (of a newer version) stays as it is.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_EXPLAIN_CAUSE_WORDS_H_
#define PEAKEND_PROCESSORS_EXPLAIN_CAUSE_WORDS_H_

#include <string>
#include <string_view>

#include "processors/explain/language.h"

namespace peakend::explain {

// Evidence.cause, .servqual, .kano and .basis.
std::string CauseWords(std::string_view cause, Language language);
std::string DimensionWords(std::string_view servqual, Language language);
std::string KanoWords(std::string_view kano, Language language);
std::string BasisWords(std::string_view basis, Language language);
// "voice", "chat", ...
std::string ChannelWords(std::string_view channel, Language language);
// Parts of a score: "worst", "tail", ...
std::string PartWords(std::string_view part, Language language);

}  // namespace peakend::explain

#endif  // PEAKEND_PROCESSORS_EXPLAIN_CAUSE_WORDS_H_
