#include "processors/scenarios/file_problems.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "processors/runtime/config/nearest_name.h"

namespace peakend::scenarios {
namespace {

using runtime::Quoted;
using runtime::YamlNode;

std::string Help(const std::string& typed, const std::vector<std::string>& known) {
  constexpr size_t kMostListed = 8;
  const std::string nearest = runtime::NearestName(typed, known);
  if (!nearest.empty()) return absl::StrCat("did you mean `", nearest, "`?");
  if (known.size() > kMostListed) return "";
  return absl::StrCat("one of ", absl::StrJoin(known, ", "));
}

}  // namespace

FileProblems::FileProblems(const runtime::SourceText& source)
    : source_(source), problems_(&source) {}

void FileProblems::Error(const YamlNode& at, runtime::Problem problem) {
  problems_.Error({runtime::Origin::Kind::kFile, source_.name(), at.line, at.col},
                  std::move(problem));
}

void FileProblems::UnknownKey(const YamlNode& key, const std::vector<std::string>& known) {
  Error(key, {"PE0012", absl::StrCat("unknown key ", Quoted(key.text)), Help(key.text, known)});
}

void FileProblems::UnknownWord(const std::string& name, const YamlNode& value,
                               const std::vector<std::string>& known) {
  Error(value, {"PE0015", absl::StrCat("`", name, "` cannot be ", Quoted(value.text)),
                Help(value.text, known)});
}

void FileProblems::WrongForm(const std::string& name, const std::string& form,
                             const YamlNode& found) {
  const std::string what = found.kind == YamlNode::Kind::kScalar
                               ? Quoted(found.text)
                               : runtime::DescribeKind(found.kind);
  Error(found, {"PE0013", absl::StrCat("`", name, "` must be ", form, ", found ", what)});
}

bool FileProblems::Is(YamlNode::Kind kind, const std::string& name, const YamlNode& node) {
  if (node.kind == kind) return true;
  WrongForm(name, runtime::DescribeKind(kind), node);
  return false;
}

}  // namespace peakend::scenarios
