#include "processors/adapters/json_reader.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "boost/json/basic_parser_impl.hpp"
#include "google/protobuf/descriptor.h"
#include "processors/adapters/field_names.h"
#include "processors/adapters/json_field.h"

namespace peakend::adapters {
namespace {

using boost::json::error_code;
using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::OneofDescriptor;
using google::protobuf::Reflection;

constexpr size_t kDeepest = 100;
constexpr size_t kLongestName = 64;

absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

// Fills the message as Boost's parser comes upon its parts: the on_... functions, whose
// names are that parser's. Each returns false, with an error, to stop it.
class Filler {
 public:
  static constexpr size_t max_object_size = std::numeric_limits<size_t>::max();
  static constexpr size_t max_array_size = max_object_size;
  static constexpr size_t max_key_size = max_object_size;
  static constexpr size_t max_string_size = max_object_size;
  using Text = boost::json::string_view;

  void Begin(Message* message) {
    root_ = message;
    levels_.clear();
    named_.clear();
    map_keys_.clear();
    maps_ = 0;
    text_.clear();
    problem_.clear();
  }

  // Why the parser was stopped; empty when it was not.
  const std::string& problem() const { return problem_; }

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }

  bool on_object_begin(error_code& error) {
    if (levels_.empty()) return Enter(root_);
    const Level& level = levels_.back();
    const Shape shape = ShapeOf(level);
    if (shape != Shape::kMessage && shape != Shape::kMap) return Misfit(shape, error);
    if (!IsFree(level, error)) return false;
    if (shape == Shape::kMap) {
      levels_.push_back({Level::Kind::kMap, nullptr, nullptr, nullptr, nullptr, ++maps_});
      return true;
    }
    return Enter(MessageAt(level));
  }

  bool on_object_end(size_t, error_code&) {
    if (levels_.back().kind == Level::Kind::kMessage) named_.resize(levels_.back().mark);
    levels_.pop_back();
    return true;
  }

  bool on_array_begin(error_code& error) {
    if (levels_.empty()) return NoObject(error);
    const Level level = levels_.back();
    if (ShapeOf(level) != Shape::kArray) return Misfit(ShapeOf(level), error);
    levels_.push_back(
        {Level::Kind::kList, level.message, level.reflection, nullptr, level.field, 0});
    return true;
  }

  bool on_array_end(size_t, error_code&) {
    levels_.pop_back();
    return true;
  }

  bool on_key_part(Text part, size_t, error_code&) { return Append(part); }
  bool on_key(Text rest, size_t, error_code& error) {
    Append(rest);
    const bool in_map = levels_.back().kind == Level::Kind::kMap;
    const bool good = in_map ? MapKey(error) : Name(error);
    text_.clear();
    return good;
  }

  bool on_string_part(Text part, size_t, error_code&) { return Append(part); }
  bool on_string(Text rest, size_t, error_code& error) {
    return Value(JsonScalar::Kind::kString, rest, error);
  }

  bool on_number_part(Text part, error_code&) { return Append(part); }
  bool on_int64(int64_t, Text rest, error_code& error) {
    return Value(JsonScalar::Kind::kNumber, rest, error);
  }
  bool on_uint64(uint64_t, Text rest, error_code& error) {
    return Value(JsonScalar::Kind::kNumber, rest, error);
  }
  // Not the parser's own double, which can be off in its last bits.
  bool on_double(double, Text rest, error_code& error) {
    return Value(JsonScalar::Kind::kNumber, rest, error);
  }

  bool on_bool(bool value, error_code& error) {
    return Value(value ? JsonScalar::Kind::kTrue : JsonScalar::Kind::kFalse, {}, error);
  }

  bool on_null(error_code& error) {
    if (levels_.empty()) return NoObject(error);
    if (levels_.back().kind == Level::Kind::kMessage) return true;
    return Wrong("null is no value here", error);
  }

  bool on_comment_part(Text, error_code&) { return true; }
  bool on_comment(Text, error_code&) { return true; }

 private:
  // An object or array that is being read, and the field that its next value is for.
  struct Level {
    enum class Kind { kMessage, kList, kMap };
    Kind kind;
    Message* message;  // of a map: the entry
    const Reflection* reflection;
    const FieldNames::OfType* names;  // only of a message
    const FieldDescriptor* field;
    size_t mark;  // of a message: where its fields begin in named_; of a map: its number
  };
  enum class Shape { kScalar, kMessage, kArray, kMap };

  static Shape ShapeOf(const Level& level) {
    const FieldDescriptor& field = *level.field;
    if (level.kind == Level::Kind::kMessage && field.is_map()) return Shape::kMap;
    if (level.kind == Level::Kind::kMessage && field.is_repeated()) return Shape::kArray;
    return field.message_type() != nullptr ? Shape::kMessage : Shape::kScalar;
  }

  static Message* MessageAt(const Level& level) {
    return level.field->is_repeated()
               ? level.reflection->AddMessage(level.message, level.field)
               : level.reflection->MutableMessage(level.message, level.field);
  }

  bool Enter(Message* message) {
    const Descriptor& type = *message->GetDescriptor();
    levels_.push_back({Level::Kind::kMessage, message, message->GetReflection(), &names_.Of(type),
                       nullptr, named_.size()});
    named_.resize(named_.size() + static_cast<size_t>(type.field_count()));
    return true;
  }

  bool Append(Text part) {
    text_.append(part.data(), part.size());
    return true;
  }

  bool Name(error_code& error) {
    Level& level = levels_.back();
    const auto found = level.names->find(text_);
    if (found == level.names->end()) return Unknown(error);
    level.field = found->second;
    auto named = named_[level.mark + static_cast<size_t>(level.field->index())];
    if (named) return Wrong("is there twice", error);
    named = true;
    return true;
  }

  bool MapKey(error_code& error) {
    const Level& above = *(levels_.end() - 2);
    Level& level = levels_.back();
    if (!map_keys_.emplace(level.mark, text_).second) return Wrong("a key is there twice", error);
    level.message = above.reflection->AddMessage(above.message, above.field);
    level.reflection = level.message->GetReflection();
    const Descriptor& entry = *level.message->GetDescriptor();
    level.field = entry.map_value();
    JsonScalar key{JsonScalar::Kind::kString, text_};
    if (entry.map_key()->type() == FieldDescriptor::TYPE_BOOL) {
      if (text_ == "true") key.kind = JsonScalar::Kind::kTrue;
      if (text_ == "false") key.kind = JsonScalar::Kind::kFalse;
    }
    const std::string_view wrong =
        SetField(key, *entry.map_key(), *level.reflection, level.message);
    return wrong.empty() || Wrong(absl::StrCat("a key is ", View(wrong)), error);
  }

  bool Value(JsonScalar::Kind kind, Text rest, error_code& error) {
    if (levels_.empty()) return NoObject(error);
    const Level& level = levels_.back();
    const Shape shape = ShapeOf(level);
    const bool is_duration =
        shape == Shape::kMessage && kind == JsonScalar::Kind::kString && IsDuration(*level.field);
    if (shape != Shape::kScalar && !is_duration) return Misfit(shape, error);
    if (!IsFree(level, error)) return false;
    std::string_view text(rest.data(), rest.size());
    if (!text_.empty()) text = text_.append(text);
    const std::string_view wrong =
        is_duration ? SetDuration(text, MessageAt(level))
                    : SetField({kind, text}, *level.field, *level.reflection, level.message);
    text_.clear();
    return wrong.empty() || Wrong(View(wrong), error);
  }

  // No other field of its oneof is set.
  bool IsFree(const Level& level, error_code& error) {
    const OneofDescriptor* const oneof = level.field->real_containing_oneof();
    if (oneof == nullptr || !level.reflection->HasOneof(*level.message, oneof)) {
      return true;
    }
    return Wrong(absl::StrCat("another field of `", oneof->name(), "` is there"), error);
  }

  bool Misfit(Shape shape, error_code& error) {
    if (shape == Shape::kArray) return Wrong("not an array", error);
    if (shape == Shape::kScalar) return Wrong(View(WrongKind(*levels_.back().field)), error);
    return Wrong("not an object", error);
  }

  bool NoObject(error_code& error) { return Stop("not a JSON object", error); }

  bool Unknown(error_code& error) {
    const absl::string_view name = absl::string_view(text_).substr(0, kLongestName);
    return Stop(
        absl::StrCat("unknown field `", Path(levels_.size() - 1), absl::Utf8SafeCEscape(name),
                     name.size() < text_.size() ? "...`" : "`"),
        error);
  }

  bool Wrong(absl::string_view what, error_code& error) {
    std::string path = Path(levels_.size());
    path.pop_back();
    return Stop(absl::StrCat(path, ": ", what), error);
  }

  bool Stop(std::string problem, error_code& error) {
    problem_ = std::move(problem);
    error = boost::json::error::syntax;
    return false;
  }

  // Of the first `levels`, each name with a dot behind it.
  std::string Path(size_t levels) const {
    std::string path;
    for (size_t i = 0; i < levels; ++i) {
      if (levels_[i].kind == Level::Kind::kMessage) {
        absl::StrAppend(&path, levels_[i].field->name(), ".");
      }
    }
    return path;
  }

  FieldNames names_;
  Message* root_ = nullptr;
  std::vector<Level> levels_;
  std::vector<bool> named_;  // by level and field: it stands in the text
  // By the map's number in the text: maps of many entries need more than a look back.
  absl::flat_hash_set<std::pair<size_t, std::string>> map_keys_;
  size_t maps_ = 0;
  std::string text_;  // a key, or what came so far of a text in parts
  std::string problem_;
};

boost::json::parse_options Options() {
  boost::json::parse_options options;
  options.max_depth = kDeepest;
  return options;
}

}  // namespace

class JsonReader::Parser : public boost::json::basic_parser<Filler> {
 public:
  Parser() : basic_parser(Options()) {}
};

JsonReader::JsonReader() : parser_(std::make_unique<Parser>()) {}
JsonReader::~JsonReader() = default;

absl::Status JsonReader::Read(std::string_view json, Message* message) {
  message->Clear();
  parser_->reset();
  Filler& filler = parser_->handler();
  filler.Begin(message);
  error_code error;
  size_t read = parser_->write_some(false, json.data(), json.size(), error);
  if (!filler.problem().empty()) return absl::InvalidArgumentError(filler.problem());
  if (error == boost::json::error::too_deep) {
    return absl::InvalidArgumentError(absl::StrCat("more than ", kDeepest, " levels deep"));
  }
  if (!error) read = json.find_first_not_of(" \t\r\n", read);
  if (!error && read == std::string_view::npos) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("not JSON from byte ", read + 1, " on"));
}

}  // namespace peakend::adapters
