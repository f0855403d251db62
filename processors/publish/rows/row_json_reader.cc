#include "processors/publish/rows/row_json_reader.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "boost/json/basic_parser_impl.hpp"
#include "processors/adapters/json_field.h"

namespace peakend::publish {
namespace {

using adapters::JsonScalar;
using boost::json::error_code;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr size_t kDeepest = 32;
constexpr absl::string_view kPayload = "payload";

// Fills the row as Boost's parser comes upon its parts: the on_... functions, whose names are
// that parser's. Each returns false, with an error, to stop it.
class RowFiller {
 public:
  static constexpr size_t max_object_size = std::numeric_limits<size_t>::max();
  static constexpr size_t max_array_size = max_object_size;
  static constexpr size_t max_key_size = max_object_size;
  static constexpr size_t max_string_size = max_object_size;
  using Text = boost::json::string_view;

  void Begin(const RowJsonReader::Fields& fields, RowJsonReader::Shape shape, Message* row) {
    fields_ = &fields;
    row_level_ = shape == RowJsonReader::Shape::kRow ? 1 : 2;
    row_ = row;
    reflection_ = row->GetReflection();
    seen_.assign(static_cast<size_t>(row->GetDescriptor()->field_count()), false);
  }

  // Why the parser was stopped; empty when it was not.
  const std::string& problem() const { return problem_; }
  // The object of the row was there.
  bool found() const { return found_; }

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }

  bool on_object_begin(error_code& error) {
    const bool is_root = level_ == 0;
    if (is_root ? row_level_ == 1 : at_payload_) {
      if (found_) return Stop("`payload` is there twice", error);
      found_ = true;
      in_row_ = true;
      at_payload_ = false;
    } else if (!is_root && !Passes(error)) {
      return false;
    }
    ++level_;
    return true;
  }
  bool on_object_end(size_t, error_code&) {
    if (level_ == row_level_) in_row_ = false;
    return Leave();
  }
  bool on_array_begin(error_code& error) {
    if (!Passes(error)) return false;
    ++level_;
    return true;
  }
  bool on_array_end(size_t, error_code&) { return Leave(); }

  bool on_key_part(Text part, size_t, error_code&) { return Append(part); }
  bool on_key(Text rest, size_t, error_code& error) {
    Append(rest);
    const bool good = Name(error);
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
    field_ = nullptr;
    return Passes(error);
  }
  bool on_comment_part(Text, error_code&) { return true; }
  bool on_comment(Text, error_code&) { return true; }

 private:
  bool AtRow() const { return in_row_ && level_ == row_level_; }

  // Whether the value that begins may be passed over.
  bool Passes(error_code& error) {
    if (level_ == 0) return Stop("not a JSON object", error);
    if (at_payload_) return Stop("`payload` is not an object", error);
    if (!AtRow() || field_ == nullptr) return true;
    return Wrong(View(adapters::WrongKind(*field_)), error);
  }

  bool Leave() {
    --level_;
    return true;
  }

  bool Append(Text part) {
    text_.append(part.data(), part.size());
    return true;
  }

  bool Name(error_code& error) {
    if (!AtRow()) {
      at_payload_ = level_ + 1 == row_level_ && text_ == kPayload;
      return true;
    }
    const auto found = fields_->find(text_);
    field_ = found == fields_->end() ? nullptr : found->second;
    if (field_ == nullptr) return true;
    auto seen = seen_[static_cast<size_t>(field_->index())];
    if (seen) return Wrong("is there twice", error);
    seen = true;
    return true;
  }

  bool Value(JsonScalar::Kind kind, Text rest, error_code& error) {
    std::string_view text(rest.data(), rest.size());
    if (!text_.empty()) text = text_.append(text);
    std::string_view wrong;
    if (AtRow() && field_ != nullptr) {
      wrong = adapters::SetField({kind, text}, *field_, *reflection_, row_);
    } else if (!Passes(error)) {
      return false;
    }
    text_.clear();
    return wrong.empty() || Wrong(View(wrong), error);
  }

  bool Wrong(absl::string_view what, error_code& error) {
    return Stop(absl::StrCat(field_->name(), ": ", what), error);
  }

  bool Stop(std::string problem, error_code& error) {
    problem_ = std::move(problem);
    error = boost::json::error::syntax;
    return false;
  }

  static absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

  const RowJsonReader::Fields* fields_ = nullptr;
  Message* row_ = nullptr;
  const Reflection* reflection_ = nullptr;
  const FieldDescriptor* field_ = nullptr;  // of the row: what the next value is for
  int row_level_ = 1;                       // of the row's own names
  int level_ = 0;                           // objects and arrays that are open
  bool at_payload_ = false;                 // the next value is the row
  bool in_row_ = false;
  bool found_ = false;
  std::vector<bool> seen_;  // by index of the field
  std::string text_;        // a name, or what came so far of a text in parts
  std::string problem_;
};

class RowParser : public boost::json::basic_parser<RowFiller> {
 public:
  RowParser() : basic_parser(RowOptions()) {}

 private:
  static boost::json::parse_options RowOptions() {
    boost::json::parse_options options;
    options.max_depth = kDeepest;
    return options;
  }
};

}  // namespace

RowJsonReader::RowJsonReader(const google::protobuf::Descriptor& row) {
  for (int i = 0; i < row.field_count(); ++i) fields_.emplace(row.field(i)->name(), row.field(i));
}

absl::Status RowJsonReader::Read(std::string_view json, Shape shape, Message* row) const {
  row->Clear();
  RowParser parser;
  RowFiller& filler = parser.handler();
  filler.Begin(fields_, shape, row);
  error_code error;
  size_t read = parser.write_some(false, json.data(), json.size(), error);
  if (!filler.problem().empty()) return absl::InvalidArgumentError(filler.problem());
  if (error == boost::json::error::too_deep) {
    return absl::InvalidArgumentError(absl::StrCat("more than ", kDeepest, " levels deep"));
  }
  if (!error) read = json.find_first_not_of(" \t\r\n", read);
  if (error || read != std::string_view::npos) {
    return absl::InvalidArgumentError(absl::StrCat("not JSON from byte ", read + 1, " on"));
  }
  if (!filler.found()) return absl::InvalidArgumentError("an object without `payload`");
  return absl::OkStatus();
}

}  // namespace peakend::publish
