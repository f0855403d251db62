#include "benchmarks/peers/peakend/job_records.h"

#include <array>
#include <bit>
#include <cstring>
#include <initializer_list>
#include <type_traits>

#include "absl/strings/str_cat.h"
#include "processors/ingest/wire_cursor.h"

namespace peakend::peer_job {
namespace {

using ingest::DelimitedTag;
using ingest::VarintTag;

constexpr char kFormat = 1;
constexpr std::string_view kRule = "score";

// Our own records are fields as they stand in memory.
static_assert(std::endian::native == std::endian::little);

// The fields of a protobuf message in order; those that are 0 or empty are left out.
// REQUIRES: field numbers below 16.
class MessageWriter {
 public:
  explicit MessageWriter(std::string& out) : out_(out) {}

  void Number(int field, uint64_t value) {
    if (value != 0) Varint(VarintTag(field), value);
  }
  void Signed(int field, int32_t value) {
    Number(field, (static_cast<uint32_t>(value) << 1) ^ static_cast<uint32_t>(value >> 31));
  }
  void Text(int field, std::initializer_list<std::string_view> parts) {
    size_t size = 0;
    for (const std::string_view part : parts) size += part.size();
    if (size == 0) return;
    Varint(DelimitedTag(field), size);
    for (const std::string_view part : parts) out_.append(part);
  }

 private:
  void Varint(uint32_t tag, uint64_t value) {
    std::array<char, 11> bytes;
    size_t size = 0;
    bytes[size++] = static_cast<char>(tag);
    for (; value >= 0x80; value >>= 7) bytes[size++] = static_cast<char>(value | 0x80);
    bytes[size++] = static_cast<char>(value);
    out_.append(bytes.data(), size);
  }

  std::string& out_;
};

template <typename Field>
void Put(const Field& field, std::string& value) {
  static_assert(std::is_arithmetic_v<Field>);
  value.append(reinterpret_cast<const char*>(&field), sizeof(field));
}

template <typename Field>
bool Get(std::string_view& value, Field& field) {
  if (value.size() < sizeof(field)) return false;
  std::memcpy(&field, value.data(), sizeof(field));
  value.remove_prefix(sizeof(field));
  return true;
}

bool GetFormat(std::string_view& value) {
  char format = 0;
  return Get(value, format) && format == kFormat;
}

}  // namespace

void AppendAlert(const JobEvent& cause, const Journey& journey, std::string& value) {
  using peers::Alert;
  const std::string start = absl::StrCat(journey.start_ms);
  MessageWriter out(value);
  out.Text(Alert::kIdFieldNumber, {cause.customer, "/", start, "/", kRule});
  out.Text(Alert::kCustomerFieldNumber, {cause.customer});
  out.Number(Alert::kAtMsFieldNumber, static_cast<uint64_t>(cause.occurred_ms));
  out.Signed(Alert::kScoreMilliFieldNumber, Milli(Score(journey)));
  out.Signed(Alert::kWorstMilliFieldNumber, journey.worst_milli);
  out.Signed(Alert::kTailMilliFieldNumber, Milli(journey.tail));
  out.Text(Alert::kRuleFieldNumber, {kRule});
  out.Text(Alert::kCauseEventFieldNumber, {cause.id});
}

void AppendJourney(std::string_view customer, const Journey& journey, std::string& value) {
  using Fields = peers::Journey;
  MessageWriter out(value);
  out.Text(Fields::kCustomerFieldNumber, {customer});
  out.Number(Fields::kStartMsFieldNumber, static_cast<uint64_t>(journey.start_ms));
  out.Number(Fields::kEndMsFieldNumber, static_cast<uint64_t>(journey.last_ms));
  out.Number(Fields::kCountFieldNumber, journey.count);
  out.Signed(Fields::kSumMilliFieldNumber, journey.sum_milli);
  out.Signed(Fields::kWorstMilliFieldNumber, journey.worst_milli);
  out.Signed(Fields::kBestMilliFieldNumber, journey.best_milli);
  out.Signed(Fields::kTailMilliFieldNumber, Milli(journey.tail));
  out.Signed(Fields::kScoreMilliFieldNumber, Milli(Score(journey)));
}

void AppendCustomer(const CustomerRecord& record, std::string& value) {
  const Journey& journey = record.journey;
  Put(kFormat, value);
  Put(record.applied, value);
  Put(journey.start_ms, value);
  Put(journey.last_ms, value);
  Put(journey.tail, value);
  Put(journey.count, value);
  Put(journey.sum_milli, value);
  Put(journey.worst_milli, value);
  Put(journey.best_milli, value);
  Put(journey.alerted, value);
}

std::optional<CustomerRecord> ReadCustomer(std::string_view value) {
  CustomerRecord record;
  Journey& journey = record.journey;
  const bool whole = GetFormat(value) && Get(value, record.applied) &&
                     Get(value, journey.start_ms) && Get(value, journey.last_ms) &&
                     Get(value, journey.tail) && Get(value, journey.count) &&
                     Get(value, journey.sum_milli) && Get(value, journey.worst_milli) &&
                     Get(value, journey.best_milli) && Get(value, journey.alerted);
  if (!whole || !value.empty()) return std::nullopt;
  return record;
}

void AppendProgress(const ProgressRecord& record, std::string& value) {
  Put(kFormat, value);
  Put(record.committed, value);
  Put(record.low_water_mark, value);
}

std::optional<ProgressRecord> ReadProgress(std::string_view value) {
  ProgressRecord record;
  const bool whole =
      GetFormat(value) && Get(value, record.committed) && Get(value, record.low_water_mark);
  if (!whole || !value.empty()) return std::nullopt;
  return record;
}

}  // namespace peakend::peer_job
