#include "benchmarks/peers/peakend/job_event.h"

#include "processors/ingest/wire_cursor.h"

namespace peakend::peer_job {
namespace {

using ingest::DelimitedTag;
using ingest::VarintTag;
using ingest::WireCursor;

int32_t Unzigzag(uint64_t varint) {
  const auto bits = static_cast<uint32_t>(varint);
  return static_cast<int32_t>((bits >> 1) ^ (~(bits & 1) + 1));
}

bool ReadSigned(WireCursor& in, int32_t* value) {
  uint64_t varint = 0;
  if (!in.ReadVarint(&varint)) return false;
  *value = Unzigzag(varint);
  return true;
}

// False also for an Event that is only unusual.
bool Scan(std::string_view bytes, JobEvent* event) {
  *event = {};
  WireCursor in(bytes);
  while (!in.AtEnd()) {
    bool read = false;
    switch (const uint32_t tag = in.ReadTag()) {
      case 0:
        return false;
      case DelimitedTag(peers::Event::kIdFieldNumber):
        read = in.ReadText(&event->id);
        break;
      case DelimitedTag(peers::Event::kCustomerFieldNumber):
        read = in.ReadText(&event->customer);
        break;
      case VarintTag(peers::Event::kOccurredMsFieldNumber):
        read = in.ReadTime(&event->occurred_ms);
        break;
      case VarintTag(peers::Event::kValenceMilliFieldNumber):
        read = ReadSigned(in, &event->valence_milli);
        break;
      default:
        read = in.Skip(tag);
    }
    if (!read) return false;
  }
  return true;
}

}  // namespace

bool JobEventReader::Read(std::string_view bytes, JobEvent* event) {
  if (Scan(bytes, event)) return true;
  peers::Event& parsed = parsed_.emplace_back();
  if (!parsed.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return false;
  *event = {parsed.id(), parsed.customer(), parsed.occurred_ms(), parsed.valence_milli()};
  return true;
}

}  // namespace peakend::peer_job
