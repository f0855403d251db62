// What each key of a compact event becomes in the full one.
#include "processors/scenarios/scenario_event.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "peakend/v1/interaction_event.pb.h"
#include "processors/adapters/json_document.h"
#include "processors/adapters/json_reader.h"
#include "processors/scenarios/arrival_orders.h"
#include "processors/scenarios/compact_keys.h"
#include "processors/scenarios/compact_time.h"
#include "processors/scenarios/scenario_file.h"

namespace peakend::scenarios {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<InputLine> Lines(const std::string& events, const std::string& defaults = "{}") {
  const ScenarioFile file = ReadScenarioFile(
      "s.yaml", absl::StrCat("- {name: n, why: w, expect: {}, defaults: ", defaults,
                             ", events: ", events, "}"));
  EXPECT_THAT(file.diagnostics, IsEmpty()) << events;
  return file.scenarios.empty() ? std::vector<InputLine>() : ExpandEvents(file.scenarios[0]);
}

std::vector<int64_t> Seconds(const std::vector<InputLine>& lines) {
  std::vector<int64_t> seconds;
  for (const InputLine& line : lines) seconds.push_back((line.at_ms - kStartMs) / 1000);
  return seconds;
}

struct Key {
  std::string compact;  // of an event that names customer, contact and channel null
  std::string full;     // without event_id and occurred_at_ms
};

class KeyTest : public ::testing::TestWithParam<Key> {};

TEST_P(KeyTest, BecomesAMember) {
  const std::vector<InputLine> lines = Lines(absl::StrCat("[", GetParam().compact, "]"),
                                             "{customer: null, contact: null, channel: null}");
  ASSERT_EQ(lines.size(), 1U);
  auto got = adapters::ParseJson(lines[0].text);
  const auto want = adapters::ParseJson(GetParam().full);
  ASSERT_TRUE(got.ok() && want.ok()) << lines[0].text;
  got->as_object().erase("event_id");
  got->as_object().erase("occurred_at_ms");
  EXPECT_EQ(*got, *want) << lines[0].text;
  v1::InteractionEvent event;
  EXPECT_TRUE(adapters::JsonReader().Read(lines[0].text, &event).ok()) << lines[0].text;
}

INSTANTIATE_TEST_SUITE_P(
    Contact, KeyTest,
    ::testing::Values(
        Key{"{customer: c}", R"({"customer": {"customer_id": "c"}})"},
        Key{"{tier: gold}", R"({"customer": {"tier": "gold"}})"},
        Key{"{segments: [a, b]}", R"({"customer": {"segments": ["a", "b"]}})"},
        Key{"{identities: ['phone:+49 30']}",
            R"({"customer": {"identities": [{"type": "phone", "value": "+49 30", "verified": true}]}})"},
        Key{"{contact: 7}", R"({"contact": {"contact_id": "7"}})"},
        Key{"{case: k, chain: h}", R"({"contact": {"case_id": "k", "chain_id": "h"}})"},
        Key{"{channel: IN_PERSON}", R"({"channel": "CHANNEL_IN_PERSON"})"},
        Key{"{direction: INBOUND}", R"({"direction": "DIRECTION_INBOUND"})"},
        Key{"{initiation: CALLBACK}", R"({"initiation": "INITIATION_CALLBACK"})"},
        Key{"{tenant: t, source: s, language: zh, area: north}",
            R"({"tenant_id": "t", "source": "s", "language": "zh", "area": "north"})"},
        Key{"{queue: q, agent: a}", R"({"queue": {"id": "q"}, "agent": {"id": "a"}})"},
        Key{"{touchpoint: pay, intent: refund}",
            R"({"touchpoint": {"touchpoint_id": "pay", "intent": "refund"}})"},
        Key{"{agent: a, set: {agent: {kind: KIND_BOT}, channel: 77}}",
            R"({"agent": {"id": "a", "kind": "KIND_BOT"}, "channel": 77})"}));

INSTANTIATE_TEST_SUITE_P(
    Payload, KeyTest,
    ::testing::Values(
        Key{"{turn: customer, valence: -0.5, confidence: 0.9, label: NEGATIVE, text: 好}",
            R"({"turn": {"role": "CUSTOMER", "text": "好", "sentiment":
                {"score": -0.5, "confidence": 0.9, "label": "NEGATIVE"}}})"},
        Key{"{turn: Agent, final: false, speaker: s}",
            R"({"turn": {"role": "AGENT", "text": "", "is_final": false, "customer_id": "s"}})"},
        Key{"{turn: customer, raw: 2, scale: [1, 5]}",
            R"({"turn": {"role": "CUSTOMER", "text": "", "sentiment":
                {"raw": 2, "raw_min": 1, "raw_max": 5}}})"},
        Key{"{lifecycle: QUEUED, wait: 1m, announced: 30s, lasted: 1h}",
            R"({"lifecycle": {"state": "QUEUED", "wait_ms": 60000, "announced_wait_ms": 30000,
                "duration_ms": 3600000}})"},
        Key{"{signal: SILENCE, value: 9, unit: s, by: agent, begin_ms: 1, end_ms: 2}",
            R"({"signal": {"kind": "SILENCE", "value": 9, "unit": "s", "by_role": "AGENT",
                "begin_ms": 1, "end_ms": 2}})"},
        Key{"{activity: REVIEW, rating: 1, scale: [1, 5]}",
            R"({"activity": {"kind": "REVIEW", "rating": 1, "rating_min": 1, "rating_max": 5}})"},
        Key{"{promise: VISIT, promise_id: v, due: 1d, made: 0s, kept: 2h, within: 1h, broken: "
            "true}",
            R"({"promise": {"kind": "VISIT", "promise_id": "v", "due_at_ms": 1736240400000,
                "promised_at_ms": 1736154000000, "fulfilled_at_ms": 1736161200000,
                "max_duration_ms": 3600000, "broken": true}})"},
        Key{"{survey: 9, scale: [0, 10], kind: NPS, for_contact: c, lower_is_better: true}",
            R"({"survey": {"kind": "NPS", "status": "ANSWERED", "polarity": "LOWER_IS_BETTER",
                "raw": 9, "raw_min": 0, "raw_max": 10, "for_contact_id": "c"}})"},
        Key{"{action: SNOOZE, rule: hurt, until: 2h}",
            R"({"alert_action": {"alert_id": "{alert}", "kind": "SNOOZE",
                "until_at_ms": 1736161200000}})"},
        Key{"{action: ACK, rule: hurt}",
            R"({"alert_action": {"alert_id": "{alert}", "kind": "ACK"}})"},
        Key{"{notice: n, tenant: t, areas: [x], segments: [y], touchpoint: z, due: 1s, starts: 0s, "
            "fulfilled: 2s, withdrawn: true}",
            R"({"tenant_id": "t", "control": {"notice": {"notice_id": "n", "areas": ["x"],
                "segments": ["y"], "touchpoint_id": "z", "due_at_ms": 1736154001000,
                "starts_at_ms": 1736154000000, "fulfilled_at_ms": 1736154002000,
                "withdrawn": true}}})"},
        Key{"{baseline: v1, cells: [{queue: q, channel: VOICE, hour: 9, wait: 1m, waits: 30}]}",
            R"({"control": {"baseline": {"version": "v1", "cells": [{"queue_id": "q",
                "tenant_id": "", "wait_ms": 60000, "channel": 1, "hour": 9, "waits": 30}]}}})"},
        Key{"{unmerge: true, customer: c, tenant: t}",
            R"({"source": "peakend", "tenant_id": "t", "customer": {"customer_id": "c"},
                "control": {"identity": {"unmerge": {}}}})"}));

TEST(ScenarioEventTest, EveryKeyIsTried) {
  std::string tried = " at id repeat line set ";  // below
  for (const auto* suite :
       {"customer tier segments identities contact case chain channel direction "
        "initiation tenant source language area queue agent touchpoint intent",
        "turn valence confidence label text final speaker raw scale lifecycle "
        "wait announced lasted signal value unit by begin_ms end_ms activity "
        "rating promise promise_id due made kept within broken survey kind "
        "for_contact lower_is_better action rule until notice areas starts fulfilled withdrawn "
        "baseline cells unmerge"}) {
    absl::StrAppend(&tried, suite, " ");
  }
  for (const std::string& name : KeyNames(CompactKeys())) {
    EXPECT_NE(tried.find(absl::StrCat(" ", name, " ")), std::string::npos) << name;
  }
}

TEST(ScenarioEventTest, TimeGoesOnByItself) {
  EXPECT_THAT(Seconds(Lines("[{turn: agent}, {turn: agent}, {at: +5s, turn: agent}, "
                            "{at: 1d2h, turn: agent}, {at: 10s, turn: agent}]")),
              ElementsAre(0, 20, 25, 93'600, 10));
}

TEST(ScenarioEventTest, RepeatsGoThroughTheValences) {
  const std::vector<InputLine> lines =
      Lines("[{turn: customer, valence: [0.1, 0.2], repeat: 3, at: 5s}]");
  EXPECT_THAT(Seconds(lines), ElementsAre(5, 25, 45));
  std::vector<double> scores;
  std::vector<std::string> ids;
  for (const InputLine& line : lines) {
    v1::InteractionEvent event;
    ASSERT_TRUE(adapters::JsonReader().Read(line.text, &event).ok());
    scores.push_back(event.turn().sentiment().score());
    ids.push_back(event.event_id());
    EXPECT_EQ(event.occurred_at_ms(), line.at_ms);
  }
  EXPECT_THAT(scores, ElementsAre(0.1, 0.2, 0.1));
  EXPECT_THAT(ids, ElementsAre("e1", "e2", "e3"));
}

TEST(ScenarioEventTest, DefaultsAreThoseOfTheScenarioThenOurs) {
  const std::vector<InputLine> lines = Lines("[{id: x, turn: agent}]", "{contact: c9}");
  v1::InteractionEvent event;
  ASSERT_TRUE(adapters::JsonReader().Read(lines[0].text, &event).ok());
  EXPECT_EQ(event.event_id(), "x");
  EXPECT_EQ(event.customer().customer_id(), "p1");
  EXPECT_EQ(event.contact().contact_id(), "c9");
  EXPECT_EQ(event.channel(), v1::CHANNEL_CHAT);
}

TEST(ScenarioEventTest, ALineStandsAsItIs) {
  EXPECT_EQ(Lines(R"([{line: '{"event_id": "half'}])")[0].text, R"({"event_id": "half)");
}

TEST(CompactTimeTest, AddsItsParts) {
  EXPECT_EQ(CompactDurationMs("1d2h3m4s"), 93'784'000);
  EXPECT_EQ(CompactDurationMs("0s"), 0);
  EXPECT_EQ(CompactDurationMs("36525d"), int64_t{36'525} * 86'400'000);
  for (const std::string wrong :
       {"", "s", "5", "5 s", "-5s", "5ms", "1.5h", "36526d", "36525d1s", "99999999999999999999s"}) {
    EXPECT_EQ(CompactDurationMs(wrong), std::nullopt) << wrong;
  }
}

// "e1 e3 e2"
std::string Order(const std::vector<InputLine>& lines) {
  std::string order;
  for (const InputLine& line : lines) absl::StrAppend(&order, order.empty() ? "" : " ", line.text);
  return order;
}

TEST(ArrivalOrdersTest, KeepsToTheLateness) {
  const std::vector<InputLine> lines = {
      {0, "a"}, {1000, "b"}, {kReorderMs, "c"}, {kReorderMs + 1, "d"}, {kReorderMs + 2, "e"}};
  const std::vector<Arrival> arrivals = OtherArrivals(lines);
  ASSERT_EQ(arrivals.size(), 4U);
  EXPECT_EQ(arrivals[0].what, "reversed within the lateness");
  EXPECT_EQ(Order(arrivals[0].lines), "c b a e d");
  EXPECT_THAT(Order(arrivals[1].lines).substr(0, 5), ::testing::Not("a b c"));
  EXPECT_EQ(Order(arrivals[2].lines), "a a b b c c d d e e");
  EXPECT_EQ(arrivals[3].lines.size(), 10U);
  EXPECT_EQ(Order(arrivals[1].lines), Order(OtherArrivals(lines)[1].lines));
}

}  // namespace
}  // namespace peakend::scenarios
