#include "processors/ingest/decoder.h"

#include "processors/ingest/validate.h"
#include "processors/ingest/wire_format.h"

namespace peakend::ingest {
namespace {

bool HoldsNothingOfOurs(const v1::InteractionEvent& event) {
  return event.event_id().empty() && event.source().empty() && event.occurred_at_ms() == 0 &&
         !event.has_customer() && event.payload_case() == v1::InteractionEvent::PAYLOAD_NOT_SET;
}

// True when `key` is tenant_id + "/" + customer_id.
bool KeyMatches(std::string_view key, const v1::InteractionEvent& event) {
  const std::string& tenant = event.tenant_id();
  const std::string& customer = event.customer().customer_id();
  return key.size() == tenant.size() + 1 + customer.size() &&
         key.substr(0, tenant.size()) == tenant && key[tenant.size()] == '/' &&
         key.substr(tenant.size() + 1) == customer;
}

std::optional<Reject> CheckKey(const RawRecord& record, v1::InteractionEvent& event) {
  if (event.payload_case() == v1::InteractionEvent::kControl) return std::nullopt;
  if (!record.has_key || record.key.empty()) return Reject{v1::NO_KEY, "key"};
  if (event.customer().customer_id().empty()) {
    const std::string& tenant = event.tenant_id();
    if (record.key.size() <= tenant.size() + 1) return Reject{v1::NO_KEY, "customer.customer_id"};
    event.mutable_customer()->set_customer_id(std::string(record.key.substr(tenant.size() + 1)));
  }
  if (!KeyMatches(record.key, event)) return Reject{v1::KEY_MISMATCH, "key"};
  return std::nullopt;
}

std::optional<Reject> CheckTime(const RawRecord& record, int64_t max_ahead_ms,
                                const v1::InteractionEvent& event) {
  if (event.payload_case() == v1::InteractionEvent::kControl) return std::nullopt;
  if (event.occurred_at_ms() <= 0) return Reject{v1::NO_TIME, "occurred_at_ms"};
  // The year 9999: keeps every sum of a time and a window inside 64 bits.
  constexpr int64_t kLastMs = 253'402'300'799'999;
  const bool ahead =
      record.broker_ms > 0 && event.occurred_at_ms() - record.broker_ms > max_ahead_ms;
  if (ahead || event.occurred_at_ms() > kLastMs) {
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

Decoder::Result Decoder::Decode(const RawRecord& record) {
  const auto refuse = [](v1::RejectReason reason, std::string_view field = {}) {
    return Result{nullptr, {reason, field}};
  };
  if (record.value.empty()) return refuse(v1::EMPTY_VALUE);
  if (record.value.size() > limits_.max_record_bytes) return refuse(v1::TOO_LARGE);
  if (!Parse(record.value)) {
    return refuse(IsWellFormed(record.value) ? v1::INVALID_UTF8 : v1::TRUNCATED);
  }
  if (HoldsNothingOfOurs(event_)) return refuse(v1::UNKNOWN_SCHEMA);
  if (const auto reject = CheckKey(record, event_)) return {nullptr, *reject};
  if (const auto reject = CheckTime(record, limits_.max_ahead_ms, event_))
    return {nullptr, *reject};
  if (const auto reject = Validate(event_)) return {nullptr, *reject};
  return {&event_, {}};
}

}  // namespace peakend::ingest
