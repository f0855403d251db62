#include "benchmarks/load/event_feed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/numbers.h"
#include "benchmarks/load/embedded.h"
#include "google/protobuf/stubs/logging.h"
#include "processors/ingest/decoder.h"
#include "tests/load/test_profile.h"

namespace peakend::load {
namespace {

constexpr int64_t kStartMs = 1'767'225'600'000;

v1::LoadProfile PresetAt(const Preset& preset, double rate) {
  v1::LoadProfile profile = TestProfile(std::string(preset.yaml));
  profile.set_rate(rate);
  return profile;
}

LoadPart Part(int64_t seconds, uint32_t shard = 1, uint32_t shards = 1) {
  return {.seed = 1,
          .start_at_ms = kStartMs,
          .length_us = seconds * kSecondUs,
          .shard = shard,
          .shards = shards};
}

v1::LoadManifest RunOut(EventFeed& feed) {
  for (LoadRecord record; feed.Next(record);) {
  }
  v1::LoadManifest manifest;
  feed.tally().Fill(&manifest);
  return manifest;
}

uint64_t Digest(const v1::LoadManifest& manifest) {
  uint64_t digest = 0;
  EXPECT_TRUE(absl::SimpleHexAtoi(manifest.content().digest(), &digest));
  return digest;
}

TEST(EventFeedTest, RecordsAreInTheOrderOfWhenTheyAreDue) {
  const v1::LoadProfile profile = PresetAt(Presets().back(), 500);
  EventFeed feed(profile, Part(30));
  int64_t before = 0;
  int64_t records = 0;
  for (LoadRecord record; feed.Next(record); ++records) {
    EXPECT_GE(record.due_us, before);
    before = record.due_us;
  }
  EXPECT_LT(before, 30 * kSecondUs);
  EXPECT_EQ(records, feed.tally().records());
  LoadRecord record;
  EXPECT_FALSE(feed.Next(record));
}

TEST(EventFeedTest, ShardsTogetherAreTheWhole) {
  for (const Preset& preset : Presets()) {
    const v1::LoadProfile profile = PresetAt(preset, 300);
    EventFeed whole(profile, Part(20));
    const v1::LoadManifest expected = RunOut(whole);
    uint64_t digest = 0;
    int64_t records = 0;
    int64_t customers = 0;
    int64_t out_of_order = 0;
    for (uint32_t shard = 1; shard <= 4; ++shard) {
      EventFeed part(profile, Part(20, shard, 4));
      const v1::LoadManifest manifest = RunOut(part);
      digest += Digest(manifest);
      records += manifest.content().records();
      customers += manifest.content().customers();
      out_of_order += manifest.content().out_of_order();
    }
    EXPECT_EQ(digest, Digest(expected)) << preset.name;
    EXPECT_EQ(records, expected.content().records()) << preset.name;
    EXPECT_EQ(customers, expected.content().customers()) << preset.name;
    EXPECT_EQ(out_of_order, expected.content().out_of_order()) << preset.name;
  }
}

// The same by each compiler that builds this test, at each optimisation.
TEST(EventFeedTest, ASeedsContentIsWrittenDown) {
  const std::map<std::string, std::string> golden = {
      {"smb", "ce3f6b494731cdde"},         {"bank", "1d24e38815e48bb9"},
      {"telco-peak", "eb7253758c54cb35"},  {"retail-double11", "13db47609e09f754"},
      {"chat-zh", "7ad6cd8791e5ff1a"},     {"outage", "46906205a44cd0f7"},
      {"adversarial", "0d2d6f7c60d2decb"},
  };
  for (const Preset& preset : Presets()) {
    const v1::LoadProfile profile = PresetAt(preset, 300);
    EventFeed feed(profile, Part(20));
    EXPECT_EQ(RunOut(feed).content().digest(), golden.at(std::string(preset.name))) << preset.name;
  }
}

TEST(EventFeedTest, AnotherSeedIsAnotherLoad) {
  const v1::LoadProfile profile = TestProfile("rate: 200");
  LoadPart other = Part(10);
  other.seed = 2;
  EventFeed one(profile, Part(10));
  EventFeed two(profile, other);
  EXPECT_NE(Digest(RunOut(one)), Digest(RunOut(two)));
}

TEST(EventFeedTest, TheRateIsTheOneThatWasAskedFor) {
  for (const char* yaml : {"rate: 500", "{rate: 500, queues: {voice: 0, chat: 1}}",
                           "{rate: 500, voice: {partials: 4}}",
                           "{rate: 500, queues: {voice: 1, chat: 0, load: 0.7}}"}) {
    const v1::LoadProfile profile = TestProfile(yaml);
    EventFeed feed(profile, Part(60));
    EXPECT_NEAR(static_cast<double>(RunOut(feed).content().records()) / 60, 500, 45) << yaml;
  }
}

TEST(EventFeedTest, ValidRecordsAreEventsAndBadOnesAreNot) {
  const v1::LoadProfile profile =
      TestProfile("{rate: 500, text: {chinese: 0.5}, feed: {bad_records: 0.05, duplicates: 0.05}}");
  EventFeed feed(profile, Part(60));
  // Of a bad record protobuf tells the world.
  google::protobuf::LogSilencer silencer;
  int64_t bad = 0;
  int64_t twice = 0;
  std::set<std::string> ids;
  for (LoadRecord record; feed.Next(record);) {
    v1::InteractionEvent event;
    const bool valid = !record.key.empty() && event.ParseFromString(std::string(record.value)) &&
                       !event.event_id().empty();
    EXPECT_NE(valid, record.bad);
    if (record.bad) {
      ++bad;
      continue;
    }
    EXPECT_EQ(record.key, event.tenant_id() + "/" + event.customer().customer_id());
    if (!ids.insert(event.event_id()).second) {
      ++twice;
      continue;
    }
    EXPECT_EQ(DueOfEventId(event.event_id()), record.due_us);
    EXPECT_TRUE(CustomerOfId(event.customer().customer_id()));
    EXPECT_LE(event.occurred_at_ms(), kStartMs + record.due_us / 1000 + 500);
  }
  v1::LoadManifest manifest;
  feed.tally().Fill(&manifest);
  const v1::LoadContent& content = manifest.content();
  EXPECT_EQ(bad, content.bad_records());
  EXPECT_EQ(twice, content.duplicates());
  EXPECT_EQ(static_cast<int64_t>(ids.size()), content.events());
  EXPECT_NEAR(static_cast<double>(bad), 0.05 * static_cast<double>(content.events()), 300);
  // Many second ones are due after the end.
  EXPECT_NEAR(static_cast<double>(twice), 0.05 * static_cast<double>(content.events()), 600);
}

// Texts of records as they are, without protobuf's own check of them.
v1::RejectReason RejectOf(std::string_view key, std::string_view value) {
  ingest::Decoder decoder({});
  const ingest::Decoder::Result result = decoder.Decode({.key = key, .value = value});
  return result.event != nullptr ? v1::REJECT_REASON_UNSPECIFIED : result.reject.reason;
}

TEST(EventFeedTest, TextIsBrokenInFurtherRecordsAlone) {
  const v1::LoadProfile sound =
      TestProfile("{rate: 300, text: {chinese: 0.5}, feed: {bad_records: 0.05}}");
  v1::LoadProfile broken = sound;
  broken.mutable_feed()->set_broken_text(0.1);
  google::protobuf::LogSilencer silencer;
  EventFeed feed(broken, Part(60));
  int64_t invalid = 0;
  for (LoadRecord record; feed.Next(record);) {
    const v1::RejectReason reason = RejectOf(record.key, record.value);
    EXPECT_EQ(record.bad, reason != v1::REJECT_REASON_UNSPECIFIED);
    if (reason == v1::INVALID_UTF8) ++invalid;
  }
  v1::LoadManifest manifest;
  feed.tally().Fill(&manifest);
  const auto events = static_cast<double>(manifest.content().events());
  EXPECT_NEAR(static_cast<double>(invalid), 0.1 * events, 0.02 * events);
  EXPECT_NEAR(static_cast<double>(manifest.content().bad_records()), 0.15 * events, 0.03 * events);
}

TEST(EventFeedTest, AnUnknownChannelIsAnEventLikeAnyOther) {
  const v1::LoadProfile profile = TestProfile("{rate: 300, feed: {unknown_values: 0.2}}");
  EventFeed feed(profile, Part(60));
  double unknown = 0;
  double events = 0;
  for (LoadRecord record; feed.Next(record);) {
    if (record.bad) continue;
    v1::InteractionEvent event;
    ASSERT_TRUE(event.ParseFromString(std::string(record.value)));
    EXPECT_EQ(RejectOf(record.key, record.value), v1::REJECT_REASON_UNSPECIFIED);
    ++events;
    if (!v1::Channel_IsValid(event.channel())) ++unknown;
  }
  EXPECT_NEAR(unknown / events, 0.2, 0.02);
}

TEST(EventFeedTest, OneSourceOfSixteenHasAWrongClock) {
  const v1::LoadProfile right = TestProfile("{rate: 300, feed: {clock_skew: 0ms}}");
  v1::LoadProfile wrong = right;
  wrong.mutable_feed()->set_wrong_clock(-3600);
  EventFeed one(right, Part(60));
  EventFeed two(wrong, Part(60));
  std::map<std::string, std::set<int64_t>> off;  // by source: the differences
  LoadRecord first;
  for (LoadRecord second; two.Next(second);) {
    ASSERT_TRUE(one.Next(first));
    if (first.bad) continue;
    v1::InteractionEvent here;
    v1::InteractionEvent there;
    ASSERT_TRUE(here.ParseFromString(std::string(first.value)));
    ASSERT_TRUE(there.ParseFromString(std::string(second.value)));
    EXPECT_EQ(here.event_id(), there.event_id());
    off[here.source()].insert(there.occurred_at_ms() - here.occurred_at_ms());
  }
  EXPECT_EQ(off.size(), 16);
  for (const auto& [source, differences] : off) {
    const bool is_wrong = source == "load/custom/0";
    EXPECT_EQ(differences, std::set<int64_t>{is_wrong ? -3'600'000 : 0}) << source;
  }
}

TEST(EventFeedTest, IdsThatAreNotOfALoadAreTold) {
  EXPECT_EQ(CustomerOfId("c000000042"), 42);
  for (const char* id : {"", "c", "42", "c4x", "c-4", "d000000042"}) {
    EXPECT_EQ(CustomerOfId(id), std::nullopt) << id;
  }
  EXPECT_EQ(DueOfEventId("l1.1.z"), 35);
  for (const char* id : {"", "l", "l1.1.", "e1.1.z", "l1.1.Z!"}) {
    EXPECT_EQ(DueOfEventId(id), std::nullopt) << id;
  }
}

TEST(EventFeedTest, WhatIsLateOrOutOfOrderIsCounted) {
  const v1::LoadProfile orderly = TestProfile(
      "{rate: 300, feed: {state_delay: 0ms, transcript_delay: 0ms, message_delay: 0ms, "
      "stragglers: 0, lost_hours: 0, clock_skew: 0ms}}");
  EventFeed first(orderly, Part(30));
  EXPECT_EQ(RunOut(first).content().out_of_order(), 0);
  const v1::LoadProfile disorderly = TestProfile("{rate: 300, feed: {disorder: 0.3}}");
  EventFeed second(disorderly, Part(30));
  const v1::LoadManifest manifest = RunOut(second);
  EXPECT_GT(manifest.content().out_of_order(), manifest.content().events() / 30);
  EXPECT_GT(manifest.content().due_later(), 0);
}

TEST(EventFeedTest, FeelingsWithinAContactAreAsTheProfileSays) {
  const v1::LoadProfile profile = TestProfile(
      "{rate: 500, queues: {voice: 1, chat: 0, load: 0.3}, feeling: {shocks: 0, relief: 0, "
      "came_back: 0, waited_minute: 0, home: 0.1, spread: 0.3, between: 0.2}}");
  EventFeed feed(profile, Part(120));
  std::map<std::string, std::vector<double>> by_contact;
  for (LoadRecord record; feed.Next(record);) {
    v1::InteractionEvent event;
    if (!event.ParseFromString(std::string(record.value)) || !event.turn().has_sentiment())
      continue;
    by_contact[event.contact().contact_id()].push_back(event.turn().sentiment().score());
  }
  double sum = 0;
  double count = 0;
  double within = 0;
  double degrees = 0;
  for (const auto& [contact, scores] : by_contact) {
    double mean = 0;
    for (const double score : scores) mean += score / static_cast<double>(scores.size());
    for (const double score : scores) within += (score - mean) * (score - mean);
    degrees += static_cast<double>(scores.size()) - 1;
    for (const double score : scores) sum += score;
    count += static_cast<double>(scores.size());
  }
  EXPECT_NEAR(sum / count, 0.1, 0.03);
  // Values that follow each other are alike, so that contacts of few turns show less.
  EXPECT_NEAR(std::sqrt(within / degrees), 0.29, 0.03);
}

}  // namespace
}  // namespace peakend::load
