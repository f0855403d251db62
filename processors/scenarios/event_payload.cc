#include "processors/scenarios/event_payload.h"

#include <array>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "boost/json/array.hpp"
#include "peakend/v1/interaction_event.pb.h"
#include "processors/scenarios/compact_time.h"

namespace peakend::scenarios {
namespace {

using boost::json::object;
using boost::json::value;

struct Renamed {
  std::string_view key;
  std::string_view field;
};

void Copy(const object& event, std::string_view key, std::string_view field, object* to) {
  if (const value* found = event.if_contains(key)) to->insert_or_assign(field, *found);
}

template <size_t N>
void CopyDurations(const object& event, const std::array<Renamed, N>& names, int64_t from_ms,
                   object* to) {
  for (const Renamed& name : names) {
    if (!event.contains(name.key)) continue;
    const int64_t ms = from_ms + CompactDurationMs(TextOf(event, name.key)).value_or(0);
    to->insert_or_assign(name.field, ms);
  }
}

void CopyScale(const object& event, std::string_view rated, object* to) {
  const value* scale = event.if_contains("scale");
  const value* given = event.if_contains(rated == "survey" ? "survey" : rated);
  if (scale == nullptr || given == nullptr) return;
  const std::string field = rated == "survey" ? "raw" : std::string(rated);
  to->insert_or_assign(field, *given);
  to->insert_or_assign(absl::StrCat(field, "_min"), scale->as_array()[0]);
  to->insert_or_assign(absl::StrCat(field, "_max"), scale->as_array()[1]);
}

object Sentiment(const object& event, int64_t index) {
  object felt;
  if (const value* valence = event.if_contains("valence")) {
    const boost::json::array* several = valence->if_array();
    felt["score"] =
        several == nullptr ? *valence : (*several)[static_cast<size_t>(index) % several->size()];
  }
  CopyScale(event, "raw", &felt);
  Copy(event, "confidence", "confidence", &felt);
  Copy(event, "label", "label", &felt);
  return felt;
}

object TurnPayload(const object& event, int64_t index) {
  object turn = {{"role", event.at("turn")}, {"text", TextOf(event, "text")}};
  Copy(event, "final", "is_final", &turn);
  Copy(event, "speaker", "customer_id", &turn);
  if (object felt = Sentiment(event, index); !felt.empty()) turn["sentiment"] = std::move(felt);
  return turn;
}

object LifecyclePayload(const object& event) {
  static constexpr std::array<Renamed, 3> kTimes = {
      {{"wait", "wait_ms"}, {"announced", "announced_wait_ms"}, {"lasted", "duration_ms"}}};
  object lifecycle = {{"state", event.at("lifecycle")}};
  CopyDurations(event, kTimes, 0, &lifecycle);
  return lifecycle;
}

object SignalPayload(const object& event) {
  object signal = {{"kind", event.at("signal")}};
  Copy(event, "by", "by_role", &signal);
  for (const std::string_view name : {"value", "unit", "begin_ms", "end_ms"}) {
    Copy(event, name, name, &signal);
  }
  return signal;
}

object PromisePayload(const object& event) {
  static constexpr std::array<Renamed, 3> kTimes = {
      {{"due", "due_at_ms"}, {"made", "promised_at_ms"}, {"kept", "fulfilled_at_ms"}}};
  static constexpr std::array<Renamed, 1> kDurations = {{{"within", "max_duration_ms"}}};
  object promise = {{"kind", event.at("promise")}, {"promise_id", "p"}};
  Copy(event, "promise_id", "promise_id", &promise);
  Copy(event, "broken", "broken", &promise);
  CopyDurations(event, kTimes, kStartMs, &promise);
  CopyDurations(event, kDurations, 0, &promise);
  return promise;
}

object ActionPayload(const object& event) {
  static constexpr std::array<Renamed, 1> kTimes = {{{"until", "until_at_ms"}}};
  object action = {{"alert_id", kAlertToName}, {"kind", event.at("action")}};
  CopyDurations(event, kTimes, kStartMs, &action);
  return action;
}

object SurveyPayload(const object& event) {
  const value* lower = event.if_contains("lower_is_better");
  const bool lower_is_better = lower != nullptr && lower->is_bool() && lower->get_bool();
  object survey = {{"kind", "CSAT"},
                   {"status", "ANSWERED"},
                   {"polarity", lower_is_better ? "LOWER_IS_BETTER" : "HIGHER_IS_BETTER"}};
  CopyScale(event, "survey", &survey);
  Copy(event, "kind", "kind", &survey);
  Copy(event, "for_contact", "for_contact_id", &survey);
  return survey;
}

}  // namespace

std::string_view TextOf(const object& event, std::string_view key) {
  const value* found = event.if_contains(key);
  const boost::json::string* text = found == nullptr ? nullptr : found->if_string();
  return text == nullptr ? std::string_view() : std::string_view(text->data(), text->size());
}

object Payload(const object& event, int64_t index) {
  if (event.contains("turn")) return {{"turn", TurnPayload(event, index)}};
  if (event.contains("lifecycle")) return {{"lifecycle", LifecyclePayload(event)}};
  if (event.contains("signal")) return {{"signal", SignalPayload(event)}};
  if (event.contains("activity")) {
    object activity = {{"kind", event.at("activity")}};
    CopyScale(event, "rating", &activity);
    return {{"activity", std::move(activity)}};
  }
  if (event.contains("promise")) return {{"promise", PromisePayload(event)}};
  if (event.contains("survey")) return {{"survey", SurveyPayload(event)}};
  if (event.contains("action")) {
    return {{"alert_action", ActionPayload(event)}};
  }
  return {};
}

object NoticePayload(const object& event) {
  static constexpr std::array<Renamed, 3> kTimes = {
      {{"due", "due_at_ms"}, {"starts", "starts_at_ms"}, {"fulfilled", "fulfilled_at_ms"}}};
  object notice = {{"notice_id", event.at("notice")}};
  Copy(event, "withdrawn", "withdrawn", &notice);
  Copy(event, "areas", "areas", &notice);
  Copy(event, "segments", "segments", &notice);
  Copy(event, "touchpoint", "touchpoint_id", &notice);
  CopyDurations(event, kTimes, kStartMs, &notice);
  return {{"control", {{"notice", std::move(notice)}}}};
}

object BaselinePayload(const object& event) {
  boost::json::array cells;
  for (const value& each : event.at("cells").as_array()) {
    const object& cell = each.as_object();
    v1::Channel channel = v1::CHANNEL_UNSPECIFIED;
    v1::Channel_Parse("CHANNEL_" + std::string(TextOf(cell, "channel")), &channel);
    object stated = {{"queue_id", TextOf(cell, "queue")},
                     {"tenant_id", TextOf(cell, "tenant")},
                     {"wait_ms", CompactDurationMs(TextOf(cell, "wait")).value_or(0)},
                     // A number in this message.
                     {"channel", static_cast<int64_t>(channel)}};
    Copy(cell, "hour", "hour", &stated);
    Copy(cell, "waits", "waits", &stated);
    cells.push_back(std::move(stated));
  }
  object baseline = {{"version", event.at("baseline")}, {"cells", std::move(cells)}};
  return {{"control", {{"baseline", std::move(baseline)}}}};
}

}  // namespace peakend::scenarios
