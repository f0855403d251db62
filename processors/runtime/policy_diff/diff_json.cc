#include "absl/strings/str_cat.h"
#include "processors/publish/json.h"
#include "processors/runtime/policy_diff/diff_text.h"

namespace peakend::runtime {
namespace {

void AddMember(std::string_view name, std::string_view value, std::string* out) {
  if (out->back() != '{') *out += ", ";
  publish::AppendJsonString(name, out);
  *out += ": ";
  publish::AppendJsonString(value, out);
}

std::string ChangeJson(const Change& change, Language language) {
  std::string out = "{";
  AddMember("kind", ChangeKindName(change.kind), &out);
  AddMember("section", change.section, &out);
  AddMember("subject", change.subject, &out);
  AddMember("field", change.field, &out);
  AddMember("before", change.before, &out);
  AddMember("after", change.after, &out);
  AddMember("effect", EffectName(change.effect), &out);
  AddMember("meaning", EffectWords(change.effect, language), &out);
  return out + "}";
}

}  // namespace

std::string DiffJson(const ComparedPolicies& policies, const std::vector<Change>& changes,
                     Language language) {
  std::string out = "{";
  AddMember("before", policies.before, &out);
  AddMember("after", policies.after, &out);
  out += ", \"changes\": [";
  for (size_t i = 0; i < changes.size(); ++i) {
    absl::StrAppend(&out, i == 0 ? "\n  " : ",\n  ", ChangeJson(changes[i], language));
  }
  return out + (changes.empty() ? "]}\n" : "\n]}\n");
}

}  // namespace peakend::runtime
