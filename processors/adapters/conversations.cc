#include "processors/adapters/conversations.h"

#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "boost/json/array.hpp"
#include "boost/json/object.hpp"
#include "boost/json/value.hpp"
#include "processors/adapters/json_document.h"

namespace peakend::adapters {
namespace {

namespace json = boost::json;

absl::Status Bad(absl::string_view field, absl::string_view problem) {
  return absl::InvalidArgumentError(absl::StrCat(field, ": ", problem));
}

// What a file gives for a feeling: numbers on one scale.
struct Scale {
  double min = 0;
  double max = 0;
  std::string id;  // e.g. "likert-1-5"
};

// The member, or null where it is absent or JSON null.
const json::value* Find(const json::object& object, absl::string_view name) {
  const json::value* value = object.if_contains({name.data(), name.size()});
  return value != nullptr && value->is_null() ? nullptr : value;
}

std::optional<double> Number(const json::value& value) {
  if (!value.is_number()) return std::nullopt;
  json::error_code error;
  const double number = value.to_number<double>(error);
  if (error || !std::isfinite(number)) return std::nullopt;
  return number;
}

// Text of an optional member; empty when it is absent.
absl::StatusOr<std::string> Text(const json::object& object, absl::string_view name) {
  const json::value* value = Find(object, name);
  if (value == nullptr) return std::string();
  const json::string* text = value->if_string();
  if (text == nullptr) return Bad(name, "not a string");
  return std::string(text->data(), text->size());
}

absl::StatusOr<std::string> RequiredText(const json::object& object, absl::string_view name) {
  absl::StatusOr<std::string> text = Text(object, name);
  if (text.ok() && text->empty()) return Bad(name, "missing");
  return text;
}

absl::StatusOr<v1::Channel> ReadChannel(const json::object& conversation) {
  const absl::StatusOr<std::string> name = Text(conversation, "channel");
  if (!name.ok()) return name.status();
  v1::Channel channel = v1::CHANNEL_UNSPECIFIED;
  if (!name->empty() &&
      !v1::Channel_Parse(absl::StrCat("CHANNEL_", absl::AsciiStrToUpper(*name)), &channel)) {
    return Bad("channel", "unknown channel");
  }
  return channel;
}

absl::StatusOr<std::optional<Scale>> ReadScale(const json::object& conversation) {
  const json::value* value = Find(conversation, "turn_scale");
  if (value == nullptr) return std::nullopt;
  const json::array* bounds = value->if_array();
  if (bounds == nullptr || bounds->size() != 2) return Bad("turn_scale", "not [min, max]");
  const std::optional<double> min = Number((*bounds)[0]);
  const std::optional<double> max = Number((*bounds)[1]);
  if (!min || !max || !(*min < *max)) return Bad("turn_scale", "not [min, max] with min < max");
  return Scale{*min, *max, absl::StrCat("likert-", *min, "-", *max)};
}

absl::StatusOr<std::optional<double>> MeanOfRatings(const json::object& turn) {
  const json::value* value = Find(turn, "ratings");
  if (value == nullptr) return std::nullopt;
  const json::array* ratings = value->if_array();
  if (ratings == nullptr) return Bad("ratings", "not an array");
  if (ratings->empty()) return std::nullopt;
  double sum = 0;
  for (const json::value& rating : *ratings) {
    const std::optional<double> number = Number(rating);
    if (!number) return Bad("ratings", "not a number");
    sum += *number;
  }
  return sum / static_cast<double>(ratings->size());
}

absl::Status ReadSentiment(const json::object& turn, const std::optional<Scale>& scale,
                           v1::Turn& out) {
  absl::string_view field = "ratings";
  absl::StatusOr<std::optional<double>> raw = MeanOfRatings(turn);
  if (!raw.ok()) return raw.status();
  if (const json::value* sentiment = Find(turn, "sentiment"); !raw->has_value() && sentiment) {
    field = "sentiment";
    raw = Number(*sentiment);
    if (!raw->has_value()) return Bad(field, "not a number");
  }
  if (!raw->has_value()) return absl::OkStatus();
  if (!scale) return Bad(field, "turn_scale is missing");
  if (**raw < scale->min || **raw > scale->max) return Bad(field, "outside turn_scale");
  v1::Sentiment& measured = *out.mutable_sentiment();
  measured.set_raw(**raw);
  measured.set_raw_min(scale->min);
  measured.set_raw_max(scale->max);
  measured.set_scale_id(scale->id);
  measured.set_level(v1::Sentiment::TURN);
  measured.set_producer("human-rating");
  return absl::OkStatus();
}

absl::StatusOr<v1::Turn::Role> ReadRole(const json::object& turn) {
  const absl::StatusOr<std::string> name = RequiredText(turn, "role");
  if (!name.ok()) return name.status();
  v1::Turn::Role role = v1::Turn::ROLE_UNSPECIFIED;
  if (!v1::Turn::Role_Parse(absl::AsciiStrToUpper(*name), &role))
    return Bad("role", "unknown role");
  return role;
}

// A conversation on its way to events.
struct Reading {
  v1::InteractionEvent envelope;  // what all turns share
  std::optional<Scale> scale;
  int64_t last_seq = 0;
};

absl::StatusOr<v1::InteractionEvent> ReadTurn(const json::value& value, Reading& reading) {
  const json::object* turn = value.if_object();
  if (turn == nullptr) return absl::InvalidArgumentError("not an object");
  const json::value* seq = Find(*turn, "seq");
  if (seq == nullptr || !seq->is_int64()) return Bad("seq", "not a whole number");
  if (seq->get_int64() <= reading.last_seq) return Bad("seq", "not above the one before");
  reading.last_seq = seq->get_int64();
  const absl::StatusOr<v1::Turn::Role> role = ReadRole(*turn);
  if (!role.ok()) return role.status();
  absl::StatusOr<std::string> text = Text(*turn, "text");
  if (!text.ok()) return text.status();

  v1::InteractionEvent event = reading.envelope;
  event.set_event_id(absl::StrCat(event.contact().contact_id(), "/", reading.last_seq));
  v1::Turn& said = *event.mutable_turn();
  said.set_role(*role);
  said.set_item_id(absl::StrCat(reading.last_seq));
  said.set_is_final(true);
  said.set_text(*std::move(text));
  if (absl::Status status = ReadSentiment(*turn, reading.scale, said); !status.ok()) return status;
  return event;
}

absl::StatusOr<Reading> ReadEnvelope(const json::object& conversation, std::string_view source) {
  const absl::StatusOr<std::string> conversation_id = RequiredText(conversation, "conversation_id");
  if (!conversation_id.ok()) return conversation_id.status();
  const absl::StatusOr<std::string> customer_id = RequiredText(conversation, "customer_id");
  if (!customer_id.ok()) return customer_id.status();
  const absl::StatusOr<std::string> language = Text(conversation, "language");
  if (!language.ok()) return language.status();
  const absl::StatusOr<v1::Channel> channel = ReadChannel(conversation);
  if (!channel.ok()) return channel.status();
  const absl::StatusOr<std::optional<Scale>> scale = ReadScale(conversation);
  if (!scale.ok()) return scale.status();

  Reading reading;
  reading.envelope.set_source(source.data(), source.size());
  reading.envelope.mutable_customer()->set_customer_id(*customer_id);
  reading.envelope.mutable_contact()->set_contact_id(*conversation_id);
  reading.envelope.set_channel(*channel);
  // The file has no times; ours keep the order.
  reading.envelope.set_time_quality(v1::TIME_QUALITY_ORDER_ONLY);
  reading.envelope.set_language(*language);
  reading.scale = *scale;
  return reading;
}

}  // namespace

absl::StatusOr<std::vector<v1::InteractionEvent>> ReadConversation(std::string_view line,
                                                                   std::string_view source,
                                                                   int64_t start_ms) {
  const absl::StatusOr<json::value> document = ParseJson(line);
  if (!document.ok()) return document.status();
  const json::object* conversation = document->if_object();
  if (conversation == nullptr) return absl::InvalidArgumentError("not a JSON object");
  absl::StatusOr<Reading> reading = ReadEnvelope(*conversation, source);
  if (!reading.ok()) return reading.status();
  const json::value* turns = Find(*conversation, "turns");
  if (turns == nullptr || !turns->is_array()) return Bad("turns", "not an array");

  std::vector<v1::InteractionEvent> events;
  events.reserve(turns->get_array().size());
  for (const json::value& turn : turns->get_array()) {
    absl::StatusOr<v1::InteractionEvent> event = ReadTurn(turn, *reading);
    if (!event.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("turns[", events.size(), "].", event.status().message()));
    }
    event->set_occurred_at_ms(start_ms + static_cast<int64_t>(events.size()) * kTurnSpacingMs);
    events.push_back(*std::move(event));
  }
  return events;
}

}  // namespace peakend::adapters
