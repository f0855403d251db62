#include "processors/runtime/config/overrides.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "processors/runtime/config/field_rules.h"
#include "processors/runtime/config/nearest_name.h"

namespace peakend::runtime {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr absl::string_view kPrefix = "PEAKEND_";

void CollectPaths(const Descriptor& descriptor, const std::string& prefix,
                  std::vector<std::string>& paths) {
  for (const FieldDescriptor* each : WrittenFields(descriptor)) {
    const FieldDescriptor& field = *each;
    const std::string path = JoinPath(prefix, field.name());
    if (IsLeaf(field) || HasShortForm(field)) paths.push_back(path);
    if (KindOf(field) == FieldKind::kMessage) CollectPaths(*field.message_type(), path, paths);
  }
}

enum class Found { kYes, kUnknown, kNotOneValue };

// Sets the field at `rest`, relative to `message`; `path` is what was walked.
Found SetAt(std::string_view rest, const std::string& path, const Origin& origin,
            const ResolvedValue& value, Message& message, LoadState& state) {
  const size_t dot = rest.find('.');
  const FieldDescriptor* field =
      FindWrittenField(*message.GetDescriptor(), std::string(rest.substr(0, dot)));
  if (field == nullptr) return Found::kUnknown;
  const std::string field_path = JoinPath(path, field->name());
  const bool more = dot != std::string_view::npos;
  const FieldKind kind = KindOf(*field);
  if (kind == FieldKind::kMap && more && dot + 1 < rest.size()) {
    const std::string key(rest.substr(dot + 1));
    SetMapEntry(*field, key, value.text, message);
    state.origins[JoinPath(field_path, key)] = origin;
    return Found::kYes;
  }
  if (kind == FieldKind::kMessage && (more || HasShortForm(*field))) {
    Message& child = *message.GetReflection()->MutableMessage(&message, field);
    const std::string_view below =
        more ? rest.substr(dot + 1) : std::string_view(child.GetDescriptor()->field(0)->name());
    return SetAt(below, field_path, origin, value, child, state);
  }
  if (!IsLeaf(*field)) return Found::kNotOneValue;
  if (more) return Found::kUnknown;
  if (std::optional<Problem> problem = SetLeaf(*field, value.text, message)) {
    if (value.secret) problem->message = absl::StrCat("`", field->name(), "` has no allowed value");
    state.problems.Error(origin, *std::move(problem));
  } else {
    state.origins[field_path] = origin;
  }
  return Found::kYes;
}

void SetPath(const std::string& path, const std::string& text, Origin origin, Message& message,
             LoadState& state) {
  if (SourceText("", text).FirstBadByte()) {
    state.problems.Error(origin, {"PE0003", "a control character or a byte that is not UTF-8"});
    return;
  }
  std::variant<ResolvedValue, Problem> resolved = ResolveReference(text, state.scope);
  if (Problem* problem = std::get_if<Problem>(&resolved)) {
    state.problems.Error(origin, std::move(*problem));
    return;
  }
  const ResolvedValue& value = std::get<ResolvedValue>(resolved);
  origin.secret = value.secret;
  const Found found = SetAt(path, "", origin, value, message, state);
  if (found == Found::kYes) return;
  if (found == Found::kNotOneValue) {
    state.problems.Error(origin,
                         {"PE0010", absl::StrCat(Quoted(path), " is not a single value"),
                          absl::StrCat("set one of its fields, e.g. -X ", path, ".NAME=VALUE")});
    return;
  }
  const std::string nearest = NearestName(path, SettablePaths(*message.GetDescriptor()));
  state.problems.Error(origin, {"PE0012", absl::StrCat("unknown field ", Quoted(path)),
                                nearest.empty() ? "see `peakend config example`"
                                                : absl::StrCat("did you mean `", nearest, "`?")});
}

}  // namespace

std::string EnvironmentName(std::string_view path) {
  return absl::StrCat(kPrefix, absl::AsciiStrToUpper(absl::StrReplaceAll(
                                   absl::string_view(path.data(), path.size()), {{".", "_"}})));
}

std::vector<std::string> SettablePaths(const Descriptor& descriptor) {
  std::vector<std::string> paths;
  CollectPaths(descriptor, "", paths);
  return paths;
}

void ApplyEnvironment(const std::map<std::string, std::string>& environment, Message& message,
                      LoadState& state) {
  std::map<std::string, std::string> path_of;
  std::vector<std::string> names;
  for (const std::string& path : SettablePaths(*message.GetDescriptor())) {
    names.push_back(EnvironmentName(path));
    path_of.emplace(names.back(), path);
  }
  for (const auto& [name, text] : environment) {
    if (text.empty() || !absl::StartsWith(name, kPrefix)) continue;
    const Origin origin = {Origin::Kind::kEnvironment, Printable(name.substr(0, 80))};
    const auto known = path_of.find(name);
    if (known != path_of.end()) {
      SetPath(known->second, text, origin, message, state);
      continue;
    }
    const std::string nearest = NearestName(name, names);
    if (nearest.empty() || EditDistance(name, nearest) > 2) continue;
    state.problems.Warning(origin, {"PE0018", absl::StrCat(Quoted(name), " sets no field"),
                                    absl::StrCat("did you mean `", nearest, "`?")});
  }
}

void ApplyFlags(const std::vector<std::string>& flags, Message& message, LoadState& state) {
  for (const std::string& flag : flags) {
    const size_t equals = flag.find('=');
    const std::string path = flag.substr(0, equals);
    const Origin origin = {Origin::Kind::kFlag, Printable(path.substr(0, 80))};
    if (equals == std::string::npos || equals == 0) {
      state.problems.Error(origin, {"PE0019", "a flag must have the form `-X key=value`"});
      continue;
    }
    SetPath(path, flag.substr(equals + 1), origin, message, state);
  }
}

}  // namespace peakend::runtime
