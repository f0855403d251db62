#include "processors/journey/memory.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>

namespace peakend::journey {
namespace {

constexpr int64_t kOne = 1'000'000'000;
constexpr int64_t kSteps = 64;

// 2^-(i / kSteps) in steps of 1e-9.
constexpr std::array<int64_t, kSteps + 1> MakePowers() {
  constexpr double kRoot = 0.98922801319397548412;  // 2^-(1/64)
  std::array<int64_t, kSteps + 1> powers{};
  double power = 1;
  for (int64_t& each : powers) {
    each = static_cast<int64_t>(power * static_cast<double>(kOne) + 0.5);
    power *= kRoot;
  }
  return powers;
}
constexpr std::array<int64_t, kSteps + 1> kPowers = MakePowers();

}  // namespace

RememberedLevel ToRemembered(affect::Nano level) {
  return static_cast<RememberedLevel>(affect::DivideRounded(level, kNanoPerRemembered));
}

uint32_t MinuteOf(int64_t at_ms) {
  return static_cast<uint32_t>(
      std::clamp<int64_t>(at_ms / 60'000, 1, std::numeric_limits<uint32_t>::max()));
}

RememberedLevel Faded(RememberedLevel level, int64_t minutes, int64_t half_life_ms) {
  if (minutes <= 0) return level;
  const int64_t elapsed_ms = minutes * 60'000;
  const int64_t halvings = elapsed_ms / half_life_ms;
  if (halvings > 15) return 0;
  // Linear between two powers of the table. A half-life of up to 1,000 days times what lies
  // between them stays within 64 bits.
  const int64_t scaled = elapsed_ms % half_life_ms * kSteps;
  const auto step = static_cast<size_t>(scaled / half_life_ms);
  const int64_t rest = scaled % half_life_ms;
  const int64_t drop = kPowers[step] - kPowers[step + 1];
  const int64_t factor = kPowers[step] - drop * rest / half_life_ms;
  return static_cast<RememberedLevel>(affect::DivideRounded(level * factor, kOne << halvings));
}

void Save(const Memory& memory, RecordBytes& record) {
  using Saved = v1::CustomerState::Memory;
  record.Signed(Saved::kWorstFieldNumber, memory.worst);
  record.Signed(Saved::kBestFieldNumber, memory.best);
  if (memory.has_end) record.PresentSigned(Saved::kEndFieldNumber, memory.end);
  record.Int(Saved::kWorstMinuteFieldNumber, memory.worst_minute);
  record.Int(Saved::kBestMinuteFieldNumber, memory.best_minute);
  record.Int(Saved::kEndMinuteFieldNumber, memory.end_minute);
  record.Int(Saved::kUnrecoveredFieldNumber, memory.unrecovered);
  record.Int(Saved::kResolvedFieldNumber, memory.resolved);
  record.Int(Saved::kChannelFieldNumber, memory.channel);
  record.Int(Saved::kLastMinuteFieldNumber, memory.last_minute);
  record.Fixed32(Saved::kCaseIdFieldNumber, memory.need.case_id);
  record.Fixed32(Saved::kIntentFieldNumber, memory.need.intent);
  record.Fixed32(Saved::kTouchpointFieldNumber, memory.need.touchpoint);
  record.Int(Saved::kNeedMinuteFieldNumber, memory.need_minute);
  record.Signed(Saved::kUsualFieldNumber, memory.usual);
  record.Int(Saved::kUsualJourneysFieldNumber, memory.usual_journeys);
  for (const UsualWait& wait : memory.usual_waits.all()) {
    if (wait.waits == 0) break;
    record.Message(Saved::kUsualWaitsFieldNumber, [&] {
      record.Int(v1::CustomerState::UsualWait::kMsFieldNumber, wait.ms);
      record.Int(v1::CustomerState::UsualWait::kChannelFieldNumber, wait.channel);
      record.Int(v1::CustomerState::UsualWait::kWaitsFieldNumber, wait.waits);
    });
  }
}

Memory FromRecord(const v1::CustomerState::Memory& record) {
  Memory memory;
  memory.worst = static_cast<RememberedLevel>(record.worst());
  memory.best = static_cast<RememberedLevel>(record.best());
  memory.end = static_cast<RememberedLevel>(record.end());
  memory.has_end = record.has_end();
  memory.worst_minute = record.worst_minute();
  memory.best_minute = record.best_minute();
  memory.end_minute = record.end_minute();
  memory.unrecovered = record.unrecovered();
  memory.resolved = record.resolved();
  memory.channel = static_cast<uint8_t>(record.channel());
  memory.last_minute = record.last_minute();
  memory.need = {record.case_id(), record.intent(), record.touchpoint()};
  memory.need_minute = record.need_minute();
  memory.usual = static_cast<RememberedLevel>(record.usual());
  memory.usual_journeys = static_cast<uint8_t>(record.usual_journeys());
  for (const v1::CustomerState::UsualWait& saved : record.usual_waits()) {
    memory.usual_waits.Restore(
        {saved.ms(), static_cast<uint8_t>(saved.channel()), static_cast<uint8_t>(saved.waits())});
  }
  return memory;
}

}  // namespace peakend::journey
