#include "processors/scenarios/scenario_event.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "boost/json/array.hpp"
#include "boost/json/serialize.hpp"
#include "processors/scenarios/compact_time.h"
#include "processors/scenarios/event_payload.h"

namespace peakend::scenarios {
namespace {

using boost::json::object;
using boost::json::value;

constexpr int64_t kSpacingMs = 20'000;

// Where a key stands in the full event; an empty object = at its top.
struct Field {
  std::string_view key;
  std::string_view object;
  std::string_view member;
  std::string_view prefix = {};
};
constexpr std::array<Field, 16> kFields = {{
    {"source", "", "source"},
    {"tenant", "", "tenant_id"},
    {"language", "", "language"},
    {"area", "", "area"},
    {"customer", "customer", "customer_id"},
    {"tier", "customer", "tier"},
    {"contact", "contact", "contact_id"},
    {"case", "contact", "case_id"},
    {"chain", "contact", "chain_id"},
    {"queue", "queue", "id"},
    {"agent", "agent", "id"},
    {"touchpoint", "touchpoint", "touchpoint_id"},
    {"intent", "touchpoint", "intent"},
    {"channel", "", "channel", "CHANNEL_"},
    {"direction", "", "direction", "DIRECTION_"},
    {"initiation", "", "initiation", "INITIATION_"},
}};

void MergeOver(const object& over, object* target) {
  for (const auto& [name, member] : over) {
    value* present = target->if_contains(name);
    if (present != nullptr && present->is_object() && member.is_object()) {
      MergeOver(member.get_object(), &present->get_object());
    } else {
      target->insert_or_assign(name, member);
    }
  }
}

object& Inner(object* full, std::string_view name) {
  if (name.empty()) return *full;
  value& inner = (*full)[name];
  if (!inner.is_object()) inner.emplace_object();
  return inner.get_object();
}

void AddKnown(const object& event, const Field& field, object* full) {
  const value* known = event.if_contains(field.key);
  if (known == nullptr) return;
  value& member = Inner(full, field.object)[field.member];
  if (field.prefix.empty()) {
    member = *known;
  } else {
    member = std::string(field.prefix).append(TextOf(event, field.key));
  }
}

void AddCustomer(const object& event, object* full) {
  if (const value* segments = event.if_contains("segments")) {
    Inner(full, "customer")["segments"] = *segments;
  }
  const value* identities = event.if_contains("identities");
  if (identities == nullptr) return;
  boost::json::array stated;
  for (const value& each : identities->as_array()) {
    const boost::json::string& text = each.as_string();
    const std::string_view named(text.data(), text.size());
    const size_t colon = std::min(named.find(':'), named.size());
    stated.push_back({{"type", named.substr(0, colon)},
                      {"value", named.substr(std::min(colon + 1, named.size()))},
                      {"verified", true}});
  }
  Inner(full, "customer")["identities"] = std::move(stated);
}

object Unmerge(const object& event) {
  object full = {{"source", "peakend"},
                 {"customer", {{"customer_id", TextOf(event, "customer")}}},
                 {"control", {{"identity", {{"unmerge", object()}}}}}};
  if (const value* tenant = event.if_contains("tenant")) full["tenant_id"] = *tenant;
  return full;
}

object FullEvent(const object& event, std::string_view id, int64_t at_ms, int64_t index) {
  const value* unmerge = event.if_contains("unmerge");
  if (unmerge != nullptr && unmerge->is_bool() && unmerge->get_bool()) return Unmerge(event);
  object full = {{"event_id", id}, {"occurred_at_ms", at_ms}};
  if (event.contains("notice")) {
    if (const value* tenant = event.if_contains("tenant")) full["tenant_id"] = *tenant;
    MergeOver(NoticePayload(event), &full);
  } else if (event.contains("baseline")) {
    MergeOver(BaselinePayload(event), &full);
  } else {
    for (const Field& field : kFields) AddKnown(event, field, &full);
    AddCustomer(event, &full);
    MergeOver(Payload(event, index), &full);
  }
  if (const value* set = event.if_contains("set")) MergeOver(set->as_object(), &full);
  return full;
}

int64_t NextTime(const object& event, int64_t index, int64_t before_ms) {
  const std::string_view at = index == 0 ? TextOf(event, "at") : std::string_view();
  if (at.empty()) return before_ms + kSpacingMs;
  if (at[0] == '+') return before_ms + CompactDurationMs(at.substr(1)).value_or(0);
  return kStartMs + CompactDurationMs(at).value_or(0);
}

}  // namespace

object WithDefaults(const object& defaults, const object& event) {
  object whole = {{"customer", "p1"}, {"contact", "c1"}, {"channel", "CHAT"}};
  for (const object* over : {&defaults, &event}) {
    for (const auto& [name, member] : *over) {
      whole.insert_or_assign(name, member);
    }
  }
  object kept;
  for (const auto& [name, member] : whole) {
    if (!member.is_null()) kept.insert_or_assign(name, member);
  }
  return kept;
}

int64_t Repeats(const object& event) {
  const value* repeat = event.if_contains("repeat");
  return repeat != nullptr && repeat->is_int64() ? repeat->get_int64() : 1;
}

std::vector<InputLine> ExpandEvents(const Scenario& scenario) {
  std::vector<InputLine> lines;
  int64_t at_ms = kStartMs - kSpacingMs;
  for (const object& compact : scenario.events) {
    const object event = WithDefaults(scenario.defaults, compact);
    for (int64_t index = 0; index < Repeats(event); ++index) {
      at_ms = NextTime(event, index, at_ms);
      if (event.contains("line")) {
        lines.push_back({at_ms, std::string(TextOf(event, "line"))});
        continue;
      }
      const std::string id = event.contains("id") ? std::string(TextOf(event, "id"))
                                                  : absl::StrCat("e", lines.size() + 1);
      const object full = FullEvent(event, id, at_ms, index);
      InputLine& line = lines.emplace_back(InputLine{at_ms, boost::json::serialize(full)});
      if (event.contains("action")) {
        line.acts_on = TextOf(event, "rule");
        line.customer = TextOf(event, "customer");
      }
    }
  }
  return lines;
}

}  // namespace peakend::scenarios
