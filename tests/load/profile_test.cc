#include "benchmarks/load/profile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "benchmarks/load/embedded.h"

namespace peakend::load {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(ProfileTest, PresetsAreProfilesOfTheirName) {
  std::set<std::string> digests;
  for (const Preset& preset : Presets()) {
    const auto profile = ReadProfile("preset.yaml", preset.yaml);
    ASSERT_TRUE(profile.ok()) << preset.name;
    EXPECT_THAT(profile.diagnostics(), IsEmpty()) << preset.name;
    EXPECT_EQ(profile.value().name(), preset.name);
    EXPECT_TRUE(digests.insert(ProfileDigest(profile.value())).second);
  }
}

TEST(ProfileTest, AnEmptyFileIsAllDefaults) {
  const auto profile = ReadProfile("empty.yaml", "");
  ASSERT_TRUE(profile.ok());
  EXPECT_EQ(profile.value().rate(), 1000);
  EXPECT_EQ(profile.value().voice().talk().seconds(), 220);
}

TEST(ProfileTest, WhatIsWrongIsSaidWithItsPlace) {
  const struct {
    const char* yaml;
    const char* problem;
    int line;
  } cases[] = {
      {"rate: 10\nqueues: {voice: 0.9, chat: 0.2}\n", "shares of one whole", 2},
      {"feed:\n  disorder: 0.9\n  stragglers: 0.2\n", "shares of one whole", 2},
      {"tenant: a/b\n", "ends the tenant", 1},
      {"rate: -1\n", "rate", 1},
      {"voise: {}\n", "voice", 1},
      {"arrivals: {shape: saw}\n", "shape", 1},
      {"voice: {talk: 0s}\n", "talk", 1},
  };
  for (const auto& wrong : cases) {
    const auto profile = ReadProfile("p.yaml", wrong.yaml);
    EXPECT_FALSE(profile.ok()) << wrong.yaml;
    ASSERT_FALSE(profile.diagnostics().empty()) << wrong.yaml;
    const runtime::Diagnostic& first = profile.diagnostics()[0];
    EXPECT_THAT(first.message + first.help, HasSubstr(wrong.problem)) << wrong.yaml;
    EXPECT_EQ(first.line, wrong.line) << wrong.yaml;
  }
}

TEST(ProfileTest, TheDigestIsOfWhatCountsNotOfHowItIsWritten) {
  const auto digest = [](const char* yaml) {
    return ProfileDigest(ReadProfile("p.yaml", yaml).value());
  };
  EXPECT_EQ(digest("rate: 1000\n"), digest("{}"));
  EXPECT_EQ(digest("voice: {talk: 220s}"), digest("{}"));
  EXPECT_NE(digest("rate: 1001\n"), digest("{}"));
  EXPECT_EQ(digest("feed: {broken_text: 0, unknown_values: 0, wrong_clock: 0}"), digest("{}"));
  EXPECT_NE(digest("feed: {wrong_clock: -60}"), digest("{}"));
}

}  // namespace
}  // namespace peakend::load
