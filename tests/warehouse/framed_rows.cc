// Writes rows in every framing for other programs to read, and reads theirs.
//
//   framed_rows write URL PREFIX      asks the registry at URL for the ids of all schemas, whose
//                                     topics are PREFIX-KIND, then prints a line for each kind of
//                                     row, framing and filling: kind, framing, topic, schema id,
//                                     "full" or "empty", base64
//   framed_rows read KIND FORMAT ID   reads one value from stdin, prints the row as JSON
//
// Every field of a full row follows from its number and name; registry_test.py does the same
// again. Exit code 1 and the error's message on stderr if it fails.
#include <array>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "processors/publish/json.h"
#include "processors/publish/rows/framing.h"
#include "processors/publish/rows/row_kind.h"
#include "processors/runtime/schema_ids.h"

namespace peakend {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using publish::RowFraming;
using publish::RowKind;

constexpr std::array<const char*, 4> kFormats = {"protobuf", "protobuf_confluent", "json",
                                                 "connect_json"};

void FillField(const FieldDescriptor& field, Message* row) {
  const auto& reflection = *row->GetReflection();
  const int number = field.number();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return reflection.SetInt32(row, &field, -number);
    case FieldDescriptor::CPPTYPE_INT64:
      return reflection.SetInt64(row, &field, (int64_t{1} << 53) + number);
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return reflection.SetDouble(row, &field, number / 7.0);
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection.SetBool(row, &field, true);
    default:
      return reflection.SetString(row, &field, absl::StrCat(field.name(), " \"关\\\n", number));
  }
}

std::unique_ptr<Message> RowOf(RowKind kind, bool full) {
  std::unique_ptr<Message> row(publish::RowPrototype(kind).New());
  for (int i = 0; full && i < row->GetDescriptor()->field_count(); ++i) {
    FillField(*row->GetDescriptor()->field(i), row.get());
  }
  return row;
}

v1::Config ConfigFor(const std::string& url, const std::string& prefix) {
  v1::Config config;
  config.mutable_bi()->mutable_registry()->set_url(url);
  config.mutable_bi()->mutable_registry()->mutable_timeout()->set_seconds(10);
  for (const RowKind kind : publish::kRowKinds) {
    const std::string name(publish::RowKindName(kind));
    const auto* rows_field = v1::BiConfig::descriptor()->FindFieldByName(name);
    auto* rows = static_cast<v1::RowsConfig*>(
        config.bi().GetReflection()->MutableMessage(config.mutable_bi(), rows_field));
    rows->set_enabled(true);
    rows->set_format("protobuf_confluent");
    const auto* topic_field = v1::TopicsConfig::descriptor()->FindFieldByName("bi_" + name);
    auto* topic = static_cast<v1::TopicConfig*>(
        config.topics().GetReflection()->MutableMessage(config.mutable_topics(), topic_field));
    topic->set_name(absl::StrCat(prefix, "-", name));
  }
  return config;
}

absl::Status Write(const std::string& url, const std::string& prefix) {
  v1::Config config = ConfigFor(url, prefix);
  absl::Status status = runtime::ResolveSchemaIds(&config);
  if (!status.ok()) return status;
  for (const RowKind kind : publish::kRowKinds) {
    const uint32_t id = publish::RowsConfigOf(config.bi(), kind).schema_id();
    for (const char* format : kFormats) {
      const RowFraming framing(*publish::FramingNamed(format), id,
                               *publish::RowPrototype(kind).GetDescriptor());
      for (const bool full : {true, false}) {
        std::string value;
        framing.Append(*RowOf(kind, full), &value);
        const std::string_view name = publish::RowKindName(kind);
        std::cout << name << '\t' << format << '\t' << prefix << '-' << name << '\t' << id << '\t'
                  << (full ? "full" : "empty") << '\t' << absl::Base64Escape(value) << '\n';
      }
    }
  }
  return absl::OkStatus();
}

absl::Status Read(const std::string& name, const std::string& format, const std::string& id_text) {
  const std::string value(std::istreambuf_iterator<char>(std::cin), {});
  const auto framing = publish::FramingNamed(format);
  uint32_t id = 0;
  if (!framing || !absl::SimpleAtoi(id_text, &id)) return absl::InvalidArgumentError("usage");
  for (const RowKind kind : publish::kRowKinds) {
    if (publish::RowKindName(kind) != name) continue;
    const std::unique_ptr<Message> row = RowOf(kind, false);
    absl::Status status = RowFraming(*framing, id, *row->GetDescriptor()).Read(value, row.get());
    if (!status.ok()) return status;
    std::string json;
    publish::AppendJson(*row, &json);
    std::cout << json << '\n';
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError("no such kind of rows");
}

absl::Status Run(const std::vector<std::string>& arguments) {
  if (arguments.size() == 3 && arguments[0] == "write") return Write(arguments[1], arguments[2]);
  if (arguments.size() == 4 && arguments[0] == "read") {
    return Read(arguments[1], arguments[2], arguments[3]);
  }
  return absl::InvalidArgumentError("framed_rows write URL PREFIX | read KIND FORMAT ID");
}

}  // namespace
}  // namespace peakend

int main(int argc, char** argv) {
  const absl::Status status = peakend::Run({argv + 1, argv + argc});
  if (status.ok()) return 0;
  std::cerr << status.message() << '\n';
  return 1;
}
