#include "processors/publish/rows/row_words.h"

#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "google/protobuf/generated_enum_reflection.h"
#include "peakend/v1/interaction_event.pb.h"

namespace peakend::publish {
namespace {

// The known ones, by number, in small letters and without `prefix`, which all names of the enum
// begin with. Numbers that the enum leaves out have nothing.
template <typename Enum>
std::vector<std::string> KnownWords(absl::string_view prefix) {
  const google::protobuf::EnumDescriptor& names = *google::protobuf::GetEnumDescriptor<Enum>();
  std::vector<std::string> words;
  for (int i = 0; i < names.value_count(); ++i) {
    const google::protobuf::EnumValueDescriptor& value = *names.value(i);
    const auto number = static_cast<size_t>(value.number());
    if (number >= words.size()) words.resize(number + 1);
    words[number] = absl::AsciiStrToLower(absl::StripPrefix(value.name(), prefix));
  }
  return words;
}

template <typename Enum>
std::string Word(int value, absl::string_view enum_name, absl::string_view prefix = "") {
  if (value == 0) return "";
  static const auto* const known = new std::vector<std::string>(KnownWords<Enum>(prefix));
  const auto number = static_cast<size_t>(value);
  if (number < known->size() && !(*known)[number].empty()) return (*known)[number];
  return absl::StrCat(enum_name, "_", value);
}

}  // namespace

std::string MomentKindWord(v1::MomentKind kind) { return Word<v1::MomentKind>(kind, "kind"); }

std::string ScopeWord(v1::Moment::Scope scope) { return Word<v1::Moment::Scope>(scope, "scope"); }

std::string EndGradeWord(v1::EndGrade grade) {
  switch (grade) {
    case v1::CONTACT_END:
      return "contact";
    case v1::JOURNEY_END_PROVISIONAL:
      return "provisional";
    case v1::JOURNEY_END_FINAL:
      return "final";
    default:
      return "";
  }
}

std::string AlertStateWord(v1::Alert::State state) {
  return Word<v1::Alert::State>(state, "state");
}

std::string SeverityWord(v1::Alert::Severity severity) {
  return Word<v1::Alert::Severity>(severity, "severity");
}

std::string UrgencyWord(v1::Alert::Urgency urgency) {
  return Word<v1::Alert::Urgency>(urgency, "urgency");
}

std::string EndedByWord(int ended_by) {
  return Word<v1::Lifecycle::EndedBy>(ended_by, "ended_by", "ENDED_BY_");
}

std::string DirectionWord(int direction) {
  return Word<v1::Direction>(direction, "direction", "DIRECTION_");
}

std::string PromiseKindWord(int kind) { return Word<v1::Promise::Kind>(kind, "kind"); }

std::string SurveyKindWord(int kind) { return Word<v1::Survey::Kind>(kind, "kind"); }

std::string SurveyStatusWord(int status) { return Word<v1::Survey::Status>(status, "status"); }

}  // namespace peakend::publish
