#include "processors/ingest/decoder.h"

#include <google/protobuf/stubs/common.h>

#include "processors/ingest/event_scanner.h"
#include "processors/ingest/validate.h"
#include "processors/ingest/wire_format.h"

namespace peakend::ingest {
namespace {

bool HoldsNothingOfOurs(const EventView& event) {
  return event.event_id.empty() && event.source.empty() && event.occurred_at_ms == 0 &&
         !event.has_customer && event.payload == v1::InteractionEvent::PAYLOAD_NOT_SET;
}

// True when `key` is tenant_id + "/" + customer_id.
bool KeyMatches(std::string_view key, std::string_view tenant, std::string_view customer) {
  return key.size() == tenant.size() + 1 + customer.size() &&
         key.substr(0, tenant.size()) == tenant && key[tenant.size()] == '/' &&
         key.substr(tenant.size() + 1) == customer;
}

std::optional<Reject> CheckSize(std::string_view value, const Limits& limits) {
  if (value.empty()) return Reject{v1::EMPTY_VALUE};
  if (value.size() > limits.max_record_bytes + kIdentityRoomBytes) return Reject{v1::TOO_LARGE};
  return std::nullopt;
}

std::optional<Reject> CheckKey(const RawRecord& record, EventView& event) {
  // The other control records are for a whole partition.
  if (event.payload == v1::InteractionEvent::kControl && !event.identity) return std::nullopt;
  if (!record.has_key || record.key.empty()) return Reject{v1::NO_KEY, "key"};
  const std::string_view tenant = event.tenant_id;
  const bool unnamed = event.customer_id.empty();
  if (unnamed) {
    if (record.key.size() <= tenant.size() + 1) return Reject{v1::NO_KEY, "customer.customer_id"};
    event.customer_id = record.key.substr(tenant.size() + 1);
  }
  // Else one key could name customers of two tenants.
  if (tenant.find('/') != std::string_view::npos) return Reject{v1::KEY_MISMATCH, "tenant_id"};
  if (!KeyMatches(record.key, tenant, event.customer_id)) return Reject{v1::KEY_MISMATCH, "key"};
  // Keys are bytes; an id that is not text would make outputs that nobody can parse.
  if (unnamed && !google::protobuf::internal::IsStructurallyValidUTF8(
                     event.customer_id.data(), static_cast<int>(event.customer_id.size()))) {
    return Reject{v1::INVALID_UTF8, "key"};
  }
  if (IsReserved(event.customer_id) && !event.identity) {
    return Reject{v1::KEY_MISMATCH, "customer.customer_id"};
  }
  return std::nullopt;
}

std::optional<Reject> CheckTime(const RawRecord& record, int64_t max_ahead_ms,
                                const EventView& event) {
  // The other control records count where they stand.
  if (event.payload == v1::InteractionEvent::kControl && !event.notice) {
    return std::nullopt;
  }
  if (event.occurred_at_ms <= 0) return Reject{v1::NO_TIME, "occurred_at_ms"};
  // The year 9999: keeps every sum of a time and a window inside 64 bits.
  constexpr int64_t kLastMs = 253'402'300'799'999;
  const bool ahead = record.broker_ms > 0 && event.occurred_at_ms - record.broker_ms > max_ahead_ms;
  if (ahead || event.occurred_at_ms > kLastMs) {
    return Reject{v1::TIME_TOO_FAR_AHEAD, "occurred_at_ms"};
  }
  return std::nullopt;
}

}  // namespace

bool Decoder::Parse(std::string_view value) {
  if (event_.has_turn()) spare_turn_.reset(event_.release_turn());
  event_.Clear();
  if (spare_turn_ == nullptr) spare_turn_ = std::make_unique<v1::Turn>();
  spare_turn_->Clear();
  event_.set_allocated_turn(spare_turn_.release());
  // MergeFromString would copy the bytes first.
  const google::protobuf::StringPiece bytes(value.data(), value.size());
  if (!event_.ParseFrom<google::protobuf::MessageLite::kMerge>(bytes)) return false;
  // An empty turn says no more than no payload, so the spare one may stand for it.
  if (event_.has_turn() && event_.turn().ByteSizeLong() == 0) {
    spare_turn_.reset(event_.release_turn());
  }
  return true;
}

Decoder::Result Decoder::Check(const RawRecord& record) {
  if (IsTooLarge(record) && !view_.identity) return {nullptr, {v1::TOO_LARGE}};
  if (HoldsNothingOfOurs(view_)) return {nullptr, {v1::UNKNOWN_SCHEMA}};
  if (const auto reject = CheckKey(record, view_)) return {nullptr, *reject};
  if (const auto reject = CheckTime(record, limits_.max_ahead_ms, view_)) return {nullptr, *reject};
  if (const auto reject = Validate(view_)) return {nullptr, *reject};
  return {&view_, {}};
}

Decoder::Result Decoder::DecodeInFull(const RawRecord& record) {
  if (const auto reject = CheckSize(record.value, limits_)) return {nullptr, *reject};
  if (!Parse(record.value)) {
    if (IsTooLarge(record)) return {nullptr, {v1::TOO_LARGE}};
    return {nullptr, {IsWellFormed(record.value) ? v1::INVALID_UTF8 : v1::TRUNCATED}};
  }
  view_ = ViewOf(event_);
  return Check(record);
}

Decoder::Result Decoder::Decode(const RawRecord& record) {
  if (const auto reject = CheckSize(record.value, limits_)) return {nullptr, *reject};
  return ScanEvent(record.value, &view_) ? Check(record) : DecodeInFull(record);
}

}  // namespace peakend::ingest
