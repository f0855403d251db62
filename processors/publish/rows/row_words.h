// Values of closed vocabularies in rows: the names of enums in small letters, "" for the
// unspecified one, and a number behind the enum's name for one that this program does not know.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_PUBLISH_ROWS_ROW_WORDS_H_
#define PEAKEND_PROCESSORS_PUBLISH_ROWS_ROW_WORDS_H_

#include <string>

#include "peakend/v1/alert.pb.h"
#include "peakend/v1/experience.pb.h"
#include "peakend/v1/moment.pb.h"

namespace peakend::publish {

std::string MomentKindWord(v1::MomentKind kind);
std::string ScopeWord(v1::Moment::Scope scope);
std::string EndGradeWord(v1::EndGrade grade);  // "contact", "provisional", "final"
std::string AlertStateWord(v1::Alert::State state);
std::string SeverityWord(v1::Alert::Severity severity);
std::string UrgencyWord(v1::Alert::Urgency urgency);
// Of v1::Lifecycle::EndedBy, v1::Direction, v1::Promise::Kind, v1::Survey::Kind and ::Status.
std::string EndedByWord(int ended_by);
std::string DirectionWord(int direction);
std::string PromiseKindWord(int kind);
std::string SurveyKindWord(int kind);
std::string SurveyStatusWord(int status);

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_ROWS_ROW_WORDS_H_
