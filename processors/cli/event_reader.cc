#include "processors/cli/event_reader.h"

#include "absl/strings/str_cat.h"

namespace peakend::cli {
namespace {

constexpr uint64_t kMaxRecordBytes = uint64_t{16} << 20;

std::optional<std::string> KeyOf(const v1::InteractionEvent& event) {
  if (event.customer().customer_id().empty()) return std::nullopt;
  return event.tenant_id() + "/" + event.customer().customer_id();
}

bool IsForEverybody(const v1::InteractionEvent& event) {
  return event.control().has_notice() || event.control().has_baseline() ||
         event.control().has_policy();
}

// Nothing at the end of the stream; DataLoss inside a number.
absl::StatusOr<std::optional<uint64_t>> ReadVarint(std::istream& in) {
  uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    const int byte = in.get();
    if (byte == std::istream::traits_type::eof()) {
      if (shift == 0) return std::nullopt;
      break;
    }
    value |= static_cast<uint64_t>(byte & 127) << shift;
    if ((byte & 128) == 0) return value;
  }
  return absl::DataLossError("a record's length is cut off or longer than 10 bytes");
}

}  // namespace

EventReader::EventReader(std::istream& in, EventFormat format)
    : in_(in), format_(format), lines_(in, kMaxRecordBytes) {}

absl::StatusOr<std::optional<EventRecord>> EventReader::Next() {
  return format_ == EventFormat::kJson ? NextJson() : NextBinary();
}

absl::StatusOr<std::optional<EventRecord>> EventReader::NextJson() {
  while (true) {
    const absl::StatusOr<std::optional<std::string_view>> line = lines_.Next();
    number_ = lines_.number();
    if (!line.ok()) return line.status();
    if (!line->has_value()) return std::nullopt;
    const std::string_view text = **line;
    if (text.find_first_not_of(" \t") == std::string_view::npos) continue;
    EventRecord record;
    if (const absl::Status status = json_.Read(text, &event_); !status.ok()) {
      record.malformed = true;
      record.value = text;
      record.problem = std::string(status.message());
      return record;
    }
    record.key = KeyOf(event_);
    record.for_everybody = IsForEverybody(event_);
    bytes_.clear();
    event_.AppendToString(&bytes_);
    record.value = bytes_;
    return record;
  }
}

absl::StatusOr<std::optional<EventRecord>> EventReader::NextBinary() {
  const absl::StatusOr<std::optional<uint64_t>> size = ReadVarint(in_);
  if (!size.ok()) return size.status();
  if (!size->has_value()) return std::nullopt;
  ++number_;
  if (**size > kMaxRecordBytes) {
    return absl::ResourceExhaustedError(
        absl::StrCat("record ", number_, " claims ", **size, " bytes"));
  }
  bytes_.resize(**size);
  in_.read(bytes_.data(), static_cast<std::streamsize>(bytes_.size()));
  if (in_.gcount() != static_cast<std::streamsize>(bytes_.size())) {
    return absl::DataLossError(absl::StrCat("record ", number_, " is cut off"));
  }
  EventRecord record;
  // What cannot be parsed is the engine's to judge.
  if (event_.ParseFromString(bytes_)) {
    record.key = KeyOf(event_);
    record.for_everybody = IsForEverybody(event_);
  }
  record.value = bytes_;
  return record;
}

}  // namespace peakend::cli
