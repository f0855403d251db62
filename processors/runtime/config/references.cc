#include "processors/runtime/config/references.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "processors/runtime/config/source_text.h"

namespace peakend::runtime {
namespace {

constexpr std::string_view kFile = "${file:";
constexpr std::string_view kEnvironment = "${env:";

bool StartsWith(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

// What stands between `prefix` and the closing brace; empty = not a reference.
std::string Inside(std::string_view text, std::string_view prefix) {
  if (!StartsWith(text, prefix) || text.back() != '}') return "";
  text.remove_prefix(prefix.size());
  text.remove_suffix(1);
  return text.find('}') == std::string_view::npos ? std::string(text) : "";
}

std::variant<ResolvedValue, Problem> FromFile(const std::string& path, const FileReader& read) {
  absl::StatusOr<std::string> content = read(path);
  if (!content.ok()) {
    return Problem{"PE0017", absl::StrCat("cannot read ", Quoted(path), ": ",
                                          std::string(content.status().message()))};
  }
  while (!content->empty() && (content->back() == '\n' || content->back() == '\r')) {
    content->pop_back();
  }
  if (SourceText("", *content).FirstBadByte()) {
    return Problem{"PE0017", absl::StrCat("the content of ", Quoted(path), " is not UTF-8 text")};
  }
  return ResolvedValue{*std::move(content), true};
}

std::variant<ResolvedValue, Problem> FromEnvironment(
    const std::string& name, const std::map<std::string, std::string>& environment) {
  const auto found = environment.find(name);
  if (found == environment.end()) {
    return Problem{"PE0017", absl::StrCat("environment variable ", Quoted(name), " is not set")};
  }
  return ResolvedValue{found->second, true};
}

}  // namespace

std::variant<ResolvedValue, Problem> ResolveReference(std::string_view text,
                                                      const ReferenceScope& scope) {
  if (scope.read_file == nullptr || scope.environment == nullptr) {
    return ResolvedValue{std::string(text), false};
  }
  const std::string path = Inside(text, kFile);
  if (!path.empty()) return FromFile(path, *scope.read_file);
  const std::string name = Inside(text, kEnvironment);
  if (!name.empty()) return FromEnvironment(name, *scope.environment);
  if (text.find(kFile) != std::string_view::npos ||
      text.find(kEnvironment) != std::string_view::npos) {
    return Problem{"PE0017", "a reference must be the whole value",
                   "write `${file:/path}` or `${env:NAME}` and nothing else"};
  }
  return ResolvedValue{std::string(text), false};
}

}  // namespace peakend::runtime
