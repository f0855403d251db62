#include "processors/runtime/config/message_reader.h"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "processors/runtime/config/field_rules.h"
#include "processors/runtime/config/nearest_name.h"
#include "processors/runtime/config/value_text.h"

namespace peakend::runtime {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

class TreeReader {
 public:
  TreeReader(const std::string& file_name, LoadState& state)
      : file_name_(file_name), state_(state) {}

  void ReadMap(const YamlNode& node, const std::string& path, Message& message);

 private:
  Origin Place(const YamlNode& node) const {
    return {Origin::Kind::kFile, file_name_, node.line, node.col};
  }
  // Reports a node of another kind. Nothing (`key:`) counts as absent.
  bool Has(const YamlNode& node, YamlNode::Kind kind, const std::string& name);

  // How many entries of a list are read: as many as it may have. Reports further ones.
  size_t EntriesToRead(const YamlNode& node, const FieldDescriptor& field, const std::string& path);

  void ReadField(const YamlNode& node, const FieldDescriptor& field, const std::string& path,
                 Message& message);
  void ReadLeaf(const YamlNode& node, const FieldDescriptor& field, const std::string& path,
                Message& message);
  void ReadList(const YamlNode& node, const FieldDescriptor& field, const std::string& path,
                Message& message);
  void ReadTexts(const YamlNode& node, const FieldDescriptor& field, const std::string& path,
                 Message& message);
  // The text of an entry of `list`; false after a problem.
  bool ReadText(const YamlNode& node, const std::string& list, ResolvedValue& value);
  void ReadStringMap(const YamlNode& node, const FieldDescriptor& field, const std::string& path,
                     Message& message);
  // The text of a scalar behind its reference; false after a problem.
  bool Resolve(const YamlNode& node, ResolvedValue& value);

  const std::string& file_name_;
  LoadState& state_;
};

bool TreeReader::Has(const YamlNode& node, YamlNode::Kind kind, const std::string& name) {
  if (node.kind == kind) return true;
  if (node.kind != YamlNode::Kind::kNull) {
    state_.problems.Error(Place(node),
                          {"PE0010", absl::StrCat(Quoted(name), " must be ", DescribeKind(kind),
                                                  ", found ", DescribeKind(node.kind))});
  }
  return false;
}

void TreeReader::ReadMap(const YamlNode& node, const std::string& path, Message& message) {
  state_.origins[path] = Place(node);
  const google::protobuf::Descriptor& descriptor = *message.GetDescriptor();
  if (!Has(node, YamlNode::Kind::kMap, path.empty() ? "the file" : path)) return;
  for (size_t i = 0; i < node.keys.size(); ++i) {
    const std::string& key = node.keys[i].text;
    const FieldDescriptor* field = FindWrittenField(descriptor, key);
    if (field == nullptr) {
      const std::string nearest = NearestName(key, FieldNames(descriptor));
      state_.problems.Error(
          Place(node.keys[i]),
          {"PE0012", absl::StrCat("unknown field ", Quoted(key)),
           nearest.empty()
               ? absl::StrCat("known here: ", absl::StrJoin(FieldNames(descriptor), ", "))
               : absl::StrCat("did you mean `", nearest, "`?")});
      continue;
    }
    ReadField(node.values[i], *field, JoinPath(path, key), message);
  }
}

void TreeReader::ReadField(const YamlNode& node, const FieldDescriptor& field,
                           const std::string& path, Message& message) {
  if (node.kind == YamlNode::Kind::kNull) return;
  switch (KindOf(field)) {
    case FieldKind::kMessage: {
      Message& child = *message.GetReflection()->MutableMessage(&message, &field);
      if (HasShortForm(field) && node.kind == YamlNode::Kind::kScalar) {
        const FieldDescriptor& first = *child.GetDescriptor()->field(0);
        ReadLeaf(node, first, JoinPath(path, first.name()), child);
      } else {
        ReadMap(node, path, child);
      }
      return;
    }
    case FieldKind::kList:
      return ReadList(node, field, path, message);
    case FieldKind::kTexts:
      return ReadTexts(node, field, path, message);
    case FieldKind::kMap:
      return ReadStringMap(node, field, path, message);
    default:
      return ReadLeaf(node, field, path, message);
  }
}

bool TreeReader::Resolve(const YamlNode& node, ResolvedValue& value) {
  std::variant<ResolvedValue, Problem> resolved = ResolveReference(node.text, state_.scope);
  if (Problem* problem = std::get_if<Problem>(&resolved)) {
    state_.problems.Error(Place(node), std::move(*problem));
    return false;
  }
  value = std::get<ResolvedValue>(std::move(resolved));
  return true;
}

void TreeReader::ReadLeaf(const YamlNode& node, const FieldDescriptor& field,
                          const std::string& path, Message& message) {
  state_.refused.insert(path);
  if (!IsLeaf(field) || node.kind != YamlNode::Kind::kScalar) {
    state_.problems.Error(
        Place(node),
        {"PE0010", absl::StrCat(Quoted(field.name()), " must be ", DescribeForm(KindOf(field)),
                                ", found ", DescribeKind(node.kind))});
    return;
  }
  ResolvedValue value = {node.text, false};
  if (KindOf(field) == FieldKind::kString && !Resolve(node, value)) return;
  std::optional<Problem> problem = SetLeaf(field, value.text, message);
  if (problem) {
    if (value.secret) problem->message = absl::StrCat("`", field.name(), "` has no allowed value");
    state_.problems.Error(Place(node), *std::move(problem));
    return;
  }
  state_.refused.erase(path);
  Origin& origin = state_.origins[path];
  origin = Place(node);
  origin.secret = value.secret;
}

size_t TreeReader::EntriesToRead(const YamlNode& node, const FieldDescriptor& field,
                                 const std::string& path) {
  const std::optional<uint64_t> most = ParseUint(RuleOf(field).max());
  if (!most || node.values.size() <= *most) return node.values.size();
  state_.refused.insert(path);
  state_.problems.Error(Place(node),
                        {"PE0025", absl::StrCat("`", field.name(), "` has at most ", *most,
                                                " entries, found ", node.values.size())});
  return *most;
}

void TreeReader::ReadList(const YamlNode& node, const FieldDescriptor& field,
                          const std::string& path, Message& message) {
  if (!Has(node, YamlNode::Kind::kList, field.name())) return;
  state_.origins[path] = Place(node);
  const size_t count = EntriesToRead(node, field, path);
  for (size_t i = 0; i < count; ++i) {
    const std::string item_path = absl::StrCat(path, "[", i, "]");
    Message& item = *message.GetReflection()->AddMessage(&message, &field);
    ReadMap(node.values[i], item_path, item);
  }
}

bool TreeReader::ReadText(const YamlNode& node, const std::string& list, ResolvedValue& value) {
  const bool nothing = node.kind == YamlNode::Kind::kNull ||
                       (node.kind == YamlNode::Kind::kScalar && node.text.empty());
  if (!nothing) return Has(node, YamlNode::Kind::kScalar, list) && Resolve(node, value);
  state_.problems.Error(Place(node),
                        {"PE0010", absl::StrCat("an entry of ", Quoted(list), " has no value")});
  return false;
}

void TreeReader::ReadTexts(const YamlNode& node, const FieldDescriptor& field,
                           const std::string& path, Message& message) {
  if (!Has(node, YamlNode::Kind::kList, field.name())) {
    state_.refused.insert(path);
    return;
  }
  state_.origins[path] = Place(node);
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  const size_t count = EntriesToRead(node, field, path);
  for (size_t i = 0; i < count; ++i) {
    const YamlNode& item = node.values[i];
    ResolvedValue value;
    if (!ReadText(item, field.name(), value)) {
      state_.refused.insert(path);
      continue;
    }
    Origin& origin =
        state_.origins[absl::StrCat(path, "[", reflection.FieldSize(message, &field), "]")];
    origin = Place(item);
    origin.secret = value.secret;
    reflection.AddString(&message, &field, value.text);
  }
}

void TreeReader::ReadStringMap(const YamlNode& node, const FieldDescriptor& field,
                               const std::string& path, Message& message) {
  if (!Has(node, YamlNode::Kind::kMap, field.name())) return;
  state_.origins[path] = Place(node);
  for (size_t i = 0; i < node.keys.size(); ++i) {
    const YamlNode& item = node.values[i];
    const std::string& key = node.keys[i].text;
    ResolvedValue value;
    if (item.kind == YamlNode::Kind::kNull) {
      state_.problems.Error(
          Place(node.keys[i]),
          {"PE0010", absl::StrCat(Quoted(key), " has no value"), "write \"\" for an empty one"});
      continue;
    }
    if (!Has(item, YamlNode::Kind::kScalar, key) || !Resolve(item, value)) continue;
    SetMapEntry(field, key, value.text, message);
    Origin& origin = state_.origins[JoinPath(path, key)];
    origin = Place(item);
    origin.secret = value.secret;
  }
}

// Where to point at for a field that is not there: its map in the file.
Origin MissingPlace(const std::string& path, const LoadState& state) {
  const auto found = state.origins.find(path);
  return found == state.origins.end() ? Origin{} : found->second;
}

void DefaultLeaf(const FieldDescriptor& field, const std::string& default_value,
                 const std::string& parent, Message& message, LoadState& state) {
  const std::string path = JoinPath(parent, field.name());
  const bool set = state.origins.contains(path);
  const bool empty = KindOf(field) == FieldKind::kString && LeafText(field, message).empty();
  const v1::FieldRule& rule = RuleOf(field);
  if (rule.required() && (!set || empty) && !state.refused.contains(path)) {
    const auto& allowed = rule.one_of();
    state.problems.Error(
        set ? state.origins[path] : MissingPlace(parent, state),
        {"PE0016", absl::StrCat("`", field.name(), "` is missing"),
         allowed.empty() ? "" : absl::StrCat("allowed: ", absl::StrJoin(allowed, ", "))});
  }
  if (set && (!empty || default_value.empty())) return;
  if (!default_value.empty()) SetLeaf(field, default_value, message);
  state.origins[path] = Origin{};
}

void DefaultMessage(const std::string& path, const std::string& first_default, Message& message,
                    LoadState& state) {
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  for (const FieldDescriptor* each : WrittenFields(*message.GetDescriptor())) {
    const FieldDescriptor& field = *each;
    const std::string field_path = JoinPath(path, field.name());
    const std::string& own = RuleOf(field).default_value();
    if (IsLeaf(field)) {
      const bool first = field.index() == 0;
      DefaultLeaf(field, own.empty() && first ? first_default : own, path, message, state);
    } else if (KindOf(field) == FieldKind::kMessage) {
      DefaultMessage(field_path, own, *reflection.MutableMessage(&message, &field), state);
    } else if (KindOf(field) == FieldKind::kList) {
      for (int k = 0; k < reflection.FieldSize(message, &field); ++k) {
        DefaultMessage(absl::StrCat(field_path, "[", k, "]"), "",
                       *reflection.MutableRepeatedMessage(&message, &field, k), state);
      }
    }
  }
}

}  // namespace

void ReadMessage(const std::string& file_name, const YamlNode& root, Message& message,
                 LoadState& state) {
  TreeReader(file_name, state).ReadMap(root, "", message);
}

void ApplyDefaults(Message& message, LoadState& state) { DefaultMessage("", "", message, state); }

}  // namespace peakend::runtime
