#include "processors/cli/demo_day.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "boost/json/object.hpp"
#include "boost/json/value.hpp"
#include "peakend/v1/interaction_event.pb.h"
#include "processors/adapters/conversations.h"
#include "processors/adapters/json_document.h"

namespace peakend::cli {
namespace {

namespace json = boost::json;

constexpr int64_t kMidnightMs = 1'736'121'600'000;  // 2025-01-06T00:00:00Z
constexpr int64_t kMinuteMs = 60'000;
constexpr int64_t kGreetingMs = 10'000;  // from the answer to the first turn
constexpr int64_t kGoodbyeMs = 15'000;   // from the last turn to the end
constexpr std::string_view kSource = "demo";
// What a line says beyond the conversation itself.
struct Visit {
  std::string conversation;
  std::string customer;
  std::string language;
  v1::Channel channel = v1::CHANNEL_UNSPECIFIED;
  int64_t came_at_ms = 0;
  int64_t waited_ms = 0;
  std::string queue;
  std::string agent;
  v1::Lifecycle::State ended = v1::Lifecycle::STATE_UNSPECIFIED;
};

std::string Text(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains({name.data(), name.size()});
  const json::string* text = value == nullptr ? nullptr : value->if_string();
  return text == nullptr ? std::string() : std::string(text->data(), text->size());
}

absl::Status Bad(absl::string_view field) {
  return absl::InvalidArgumentError(absl::StrCat(field, ": missing or not as it should be"));
}

// "09:02" -> ms since the epoch on the demo's day.
std::optional<int64_t> TimeOfDay(const std::string& text) {
  const std::vector<std::string> parts = absl::StrSplit(text, ':');
  int hours = 0;
  int minutes = 0;
  if (parts.size() != 2 || !absl::SimpleAtoi(parts[0], &hours) ||
      !absl::SimpleAtoi(parts[1], &minutes)) {
    return std::nullopt;
  }
  return kMidnightMs + (hours * 60 + minutes) * kMinuteMs;
}

absl::StatusOr<Visit> ReadVisit(std::string_view line) {
  const absl::StatusOr<json::value> document = adapters::ParseJson(line);
  if (!document.ok()) return document.status();
  const json::object* object = document->if_object();
  if (object == nullptr) return Bad("conversation");
  Visit visit;
  visit.conversation = Text(*object, "conversation_id");
  visit.customer = Text(*object, "customer_id");
  visit.language = Text(*object, "language");
  visit.queue = Text(*object, "queue");
  visit.agent = Text(*object, "agent");
  if (!v1::Channel_Parse("CHANNEL_" + Text(*object, "channel"), &visit.channel)) {
    return Bad("channel");
  }
  if (!v1::Lifecycle::State_Parse(Text(*object, "ended"), &visit.ended)) return Bad("ended");
  const std::optional<int64_t> at = TimeOfDay(Text(*object, "at"));
  if (!at) return Bad("at");
  visit.came_at_ms = *at;
  const json::value* waited = object->if_contains("waited_s");
  if (waited == nullptr || !waited->is_int64()) return Bad("waited_s");
  visit.waited_ms = waited->get_int64() * 1000;
  return visit;
}

// Collects the events of one visit.
class VisitEvents {
 public:
  explicit VisitEvents(const Visit& visit) : visit_(visit) {}

  void Add(v1::InteractionEvent event) {
    event.set_tenant_id(std::string(kDemoTenant));
    event.mutable_queue()->set_id(visit_.queue);
    if (!visit_.agent.empty() && event.occurred_at_ms() > visit_.came_at_ms) {
      event.mutable_agent()->set_id(visit_.agent);
      event.mutable_agent()->set_kind(v1::Agent::KIND_HUMAN);
    }
    events_.push_back(std::move(event));
  }

  v1::Lifecycle& AddLifecycle(v1::Lifecycle::State state, int64_t at_ms) {
    v1::InteractionEvent event;
    event.set_event_id(absl::StrCat(visit_.conversation, "/", v1::Lifecycle::State_Name(state)));
    event.set_source(std::string(kSource));
    event.set_occurred_at_ms(at_ms);
    event.mutable_customer()->set_customer_id(visit_.customer);
    event.mutable_contact()->set_contact_id(visit_.conversation);
    event.set_channel(visit_.channel);
    event.set_language(visit_.language);
    event.mutable_lifecycle()->set_state(state);
    Add(std::move(event));
    return *events_.back().mutable_lifecycle();
  }

  std::vector<v1::InteractionEvent> Take() { return std::move(events_); }

 private:
  const Visit& visit_;
  std::vector<v1::InteractionEvent> events_;
};

absl::StatusOr<std::vector<v1::InteractionEvent>> EventsOf(std::string_view line) {
  const absl::StatusOr<Visit> visit = ReadVisit(line);
  if (!visit.ok()) return visit.status();
  VisitEvents events(*visit);
  events.AddLifecycle(v1::Lifecycle::QUEUED, visit->came_at_ms);
  const int64_t answered_at_ms = visit->came_at_ms + visit->waited_ms;
  if (visit->ended == v1::Lifecycle::ABANDONED) {
    events.AddLifecycle(visit->ended, answered_at_ms).set_wait_ms(visit->waited_ms);
    return events.Take();
  }
  events.AddLifecycle(v1::Lifecycle::CONNECTED, answered_at_ms).set_wait_ms(visit->waited_ms);
  absl::StatusOr<std::vector<v1::InteractionEvent>> turns =
      adapters::ReadConversation(line, kSource, answered_at_ms + kGreetingMs);
  if (!turns.ok()) return turns.status();
  if (turns->empty()) return Bad("turns");
  const int64_t ended_at_ms = turns->back().occurred_at_ms() + kGoodbyeMs;
  for (v1::InteractionEvent& turn : *turns) events.Add(std::move(turn));
  events.AddLifecycle(visit->ended, ended_at_ms);
  return events.Take();
}

DemoRecord RecordOf(const v1::InteractionEvent& event, int64_t arrives_at_ms) {
  return {arrives_at_ms, absl::StrCat(event.tenant_id(), "/", event.customer().customer_id()),
          event.SerializeAsString()};
}

// What a real feed does too: say a thing twice, late, or not to its end.
void AddBadInput(const std::vector<v1::InteractionEvent>& events, DemoDay& day) {
  const v1::InteractionEvent& twice = events[events.size() / 3];
  day.records.push_back(RecordOf(twice, twice.occurred_at_ms() + kMinuteMs));

  const int64_t closing_ms = events.back().occurred_at_ms();
  v1::InteractionEvent late = events.back();
  late.set_event_id("found-in-the-spool");
  // Of a contact that nobody knows and a time before the customer's journey: of a known
  // one it would amend.
  late.mutable_contact()->set_contact_id("found-in-the-spool");
  late.set_occurred_at_ms(events.front().occurred_at_ms());
  day.records.push_back(RecordOf(late, closing_ms + kMinuteMs));

  DemoRecord cut_off = RecordOf(events.back(), closing_ms + 2 * kMinuteMs);
  cut_off.value.resize(cut_off.value.size() / 2);
  day.records.push_back(std::move(cut_off));
}

}  // namespace

absl::StatusOr<DemoDay> MakeDemoDay(std::string_view conversations) {
  DemoDay day;
  std::vector<v1::InteractionEvent> events;
  for (const absl::string_view line :
       absl::StrSplit(absl::string_view(conversations.data(), conversations.size()), '\n',
                      absl::SkipWhitespace())) {
    ++day.conversations;
    absl::StatusOr<std::vector<v1::InteractionEvent>> of_line =
        EventsOf({line.data(), line.size()});
    if (!of_line.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("line ", day.conversations, ": ", of_line.status().message()));
    }
    for (v1::InteractionEvent& event : *of_line) events.push_back(std::move(event));
  }
  if (events.empty()) return Bad("conversations");
  std::stable_sort(events.begin(), events.end(), [](const auto& a, const auto& b) {
    return a.occurred_at_ms() < b.occurred_at_ms();
  });
  for (const v1::InteractionEvent& event : events) {
    day.records.push_back(RecordOf(event, event.occurred_at_ms()));
  }
  AddBadInput(events, day);
  std::stable_sort(
      day.records.begin(), day.records.end(),
      [](const DemoRecord& a, const DemoRecord& b) { return a.arrives_at_ms < b.arrives_at_ms; });
  return day;
}

DemoRecord DemoClockTick(int64_t at_ms, int32_t partition) {
  v1::InteractionEvent event;
  event.set_event_id(absl::StrCat("tick/", partition, "/", at_ms));
  event.set_source(std::string(kSource));
  event.set_tenant_id(std::string(kDemoTenant));
  event.set_occurred_at_ms(at_ms);
  event.mutable_control()->mutable_clock_tick();
  return {at_ms, std::string(kDemoTenant) + "/", event.SerializeAsString()};
}

}  // namespace peakend::cli
