#include "tests/kafka/bad_records.h"

#include <google/protobuf/unknown_field_set.h>

#include <cmath>
#include <functional>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "tests/kafka/contact_center.h"

namespace peakend::runtime {
namespace {

std::string Spoil(v1::InteractionEvent event,
                  const std::function<void(v1::InteractionEvent&)>& spoil) {
  spoil(event);
  return event.SerializeAsString();
}

// A string field that is not UTF-8; protobuf itself would not write it.
std::string InvalidUtf8(const v1::InteractionEvent& good) {
  std::string value = Spoil(good, [](auto& event) { event.mutable_turn()->set_text("said"); });
  value.replace(value.find("said"), 4, "\xff\xc0\x80\xfe");
  return value;
}

// Complete protobuf, of fields that InteractionEvent does not have.
std::string OfAnotherSchema() {
  google::protobuf::UnknownFieldSet fields;
  fields.AddVarint(1001, 7);
  fields.AddLengthDelimited(1002, "an order");
  std::string value;
  fields.SerializeToString(&value);
  return value;
}

}  // namespace

std::vector<BadRecord> BadRecords(const v1::InteractionEvent& good) {
  const std::string key = KeyOf(good);
  const std::string whole = good.SerializeAsString();
  const auto spoilt = [&good](const std::function<void(v1::InteractionEvent&)>& spoil) {
    return Spoil(good, spoil);
  };
  const int64_t ten_years_ahead = absl::ToUnixMillis(absl::Now() + absl::Hours(24 * 3652));
  return {
      {"truncated", key, whole.substr(0, whole.size() - 3), v1::TRUNCATED, ""},
      {"json", key, R"({"event_id":"e1","occurred_at_ms":1})", v1::TRUNCATED, ""},
      {"empty value", key, "", v1::EMPTY_VALUE, ""},
      {"null value", key, std::nullopt, v1::EMPTY_VALUE, ""},
      {"null key and value", std::nullopt, std::nullopt, v1::EMPTY_VALUE, ""},
      {"2 MB", key, spoilt([](auto& event) { event.set_raw(std::string(2'000'000, 'x')); }),
       v1::TOO_LARGE, ""},
      {"null key", std::nullopt, whole, v1::NO_KEY, "key"},
      {"empty key", "", whole, v1::NO_KEY, "key"},
      {"key of another customer", key + "0", whole, v1::KEY_MISMATCH, "key"},
      {"time zero", key, spoilt([](auto& event) { event.set_occurred_at_ms(0); }), v1::NO_TIME,
       "occurred_at_ms"},
      {"ten years ahead", key,
       spoilt([ten_years_ahead](auto& event) { event.set_occurred_at_ms(ten_years_ahead); }),
       v1::TIME_TOO_FAR_AHEAD, "occurred_at_ms"},
      {"not a number", key, spoilt([](auto& event) {
         event.mutable_turn()->mutable_sentiment()->set_score(std::nan(""));
       }),
       v1::NOT_A_NUMBER, "sentiment.score"},
      {"invalid UTF-8", key, InvalidUtf8(good), v1::INVALID_UTF8, ""},
      {"another schema", key, OfAnotherSchema(), v1::UNKNOWN_SCHEMA, ""},
  };
}

}  // namespace peakend::runtime
