// Any bytes as a stream of records through decoder and partition: nothing crashes,
// each record is counted once, what is set aside is set aside byte for byte, a
// second run writes the same, and the generated parser alone comes to the same
// verdict and view as the decoder with its scanner.
//
// A record is one byte of choices, two bytes of size (little-endian) and a value.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "google/protobuf/stubs/logging.h"
#include "processors/runtime/partition.h"

namespace peakend::runtime {
namespace {

constexpr int64_t kDayMs = 86'400'000;
constexpr int64_t kEpoch = 1'767'225'600'000;  // 2026-01-01

void Require(bool holds) {
  if (!holds) std::abort();
}

struct Piece {
  uint8_t choices = 0;
  std::string_view value;
};

std::vector<Piece> Split(std::string_view bytes) {
  std::vector<Piece> pieces;
  while (bytes.size() >= 3) {
    const size_t low = static_cast<uint8_t>(bytes[1]);
    const size_t high = static_cast<uint8_t>(bytes[2]);
    const size_t size = std::min(bytes.size() - 3, low + 256 * high);
    pieces.push_back({static_cast<uint8_t>(bytes[0]), bytes.substr(3, size)});
    bytes.remove_prefix(3 + size);
  }
  return pieces;
}

// Small bounds, so that short inputs reach them.
publish::Policy SmallPolicy() {
  publish::Policy policy;
  policy.stamp = "fuzz@1+00000000";
  policy.formula = "experience";
  policy.windows.max_contacts = 4;
  policy.windows.max_event_ids = 8;
  std::vector<alerts::Rule> rules;
  for (size_t i = 0; i < alerts::kTriggers; ++i) {
    alerts::Rule& rule = rules.emplace_back();
    rule.trigger = static_cast<alerts::Trigger>(i);
    rule.name = alerts::TriggerName(rule.trigger);
    rule.cooldown_ms = 0;
  }
  policy.rules = alerts::Rules(std::move(rules));
  return policy;
}

// The key that belongs to the value, unless the choices want another one.
std::string KeyOf(const Piece& piece) {
  v1::InteractionEvent event;
  if ((piece.choices & 2) != 0 ||
      !event.ParseFromArray(piece.value.data(), static_cast<int>(piece.value.size()))) {
    return "t/c";
  }
  const std::string& customer = event.customer().customer_id();
  return event.tenant_id() + "/" + (customer.empty() ? "c" : customer);
}

int64_t Counted(const EngineStats& stats) {
  return std::accumulate(
      stats.rejected.begin(), stats.rejected.end(),
      stats.events_ok + stats.events_duplicate + stats.events_late + stats.identity_records);
}

void RequireOneVerdict(const InputRecord& record) {
  ingest::Decoder quick{ingest::Limits{}};
  ingest::Decoder full{ingest::Limits{}};
  const ingest::RawRecord raw{record.key, record.value, record.has_key, record.timestamp_ms};
  const ingest::Decoder::Result a = quick.Decode(raw);
  const ingest::Decoder::Result b = full.DecodeInFull(raw);
  Require(a.reject.reason == b.reject.reason && a.reject.field == b.reject.field);
  Require((a.event == nullptr) == (b.event == nullptr));
  Require(a.event == nullptr || *a.event == *b.event);
}

// Feeds one piece.
void Feed(const Piece& piece, int64_t offset, Partition& partition, ingest::Decoder& decoder,
          publish::OutputBatch& outputs, EngineStats& stats) {
  const std::string key = KeyOf(piece);
  InputRecord record{0, offset, 0, key, piece.value, (piece.choices & 1) == 0, true};
  if (!record.has_key) record.key = {};
  if ((piece.choices & 4) != 0) record.timestamp_ms = kEpoch + (piece.choices >> 3) * 4 * kDayMs;
  RequireOneVerdict(record);
  const int64_t before = Counted(stats);
  const Outcome outcome = partition.Process(record, decoder, outputs, stats);
  Require(Counted(stats) == before + 1);
  if (!KeepsOriginal(outcome)) return;
  const publish::Output kept = outputs[outputs.size() - 1];
  Require(kept.topic == publish::Topic::kRejected || kept.topic == publish::Topic::kLate);
  Require(kept.value == record.value && kept.key == record.key && kept.has_key == record.has_key);
}

std::string Run(std::string_view bytes, const publish::Policy& policy) {
  Partition partition(0, "fuzz", policy);
  ingest::Decoder decoder{ingest::Limits{}};
  publish::OutputBatch outputs;
  EngineStats stats;
  int64_t offset = 0;
  for (const Piece& piece : Split(bytes)) {
    Feed(piece, offset++, partition, decoder, outputs, stats);
  }
  partition.Finish(outputs, stats);
  Require(partition.open_journeys() == 0);
  std::string all;
  for (size_t i = 0; i < outputs.size(); ++i) all.append(outputs[i].key).append(outputs[i].value);
  return all;
}

}  // namespace
}  // namespace peakend::runtime

// A line about each string that is not UTF-8 would take most of the time.
extern "C" int LLVMFuzzerInitialize(int* /*argc*/, char*** /*argv*/) {
  google::protobuf::SetLogHandler(nullptr);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const peakend::publish::Policy policy = peakend::runtime::SmallPolicy();
  peakend::runtime::Require(peakend::runtime::Run(bytes, policy) ==
                            peakend::runtime::Run(bytes, policy));
  return 0;
}
