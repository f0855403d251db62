// What a customer is used to waiting, by channel.
#include "processors/journey/usual_wait.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>

#include "peakend/v1/interaction_event.pb.h"

namespace peakend::journey {
namespace {

constexpr int kVoice = v1::CHANNEL_VOICE;
constexpr int kChat = v1::CHANNEL_CHAT;
constexpr int kEmail = v1::CHANNEL_EMAIL;

TEST(UsualWaitTest, TheMeanOfTheFirstEight) {
  UsualWaits waits;
  for (int64_t i = 1; i <= 8; ++i) waits.Add(kVoice, i * 1000);
  EXPECT_EQ(waits.Of(kVoice, 8), 4500);
  EXPECT_EQ(waits.Of(kVoice, 9), std::nullopt);
}

TEST(UsualWaitTest, LaterOnesPushTheEarlierOnesOut) {
  UsualWaits waits;
  for (int i = 0; i < 8; ++i) waits.Add(kVoice, 80'000);
  waits.Add(kVoice, 0);
  EXPECT_EQ(waits.Of(kVoice, 9), 70'000);
}

TEST(UsualWaitTest, NothingIsUsualWithoutEnoughWaits) {
  UsualWaits waits;
  EXPECT_EQ(waits.Of(kVoice, 1), std::nullopt);
  waits.Add(kVoice, 5);
  EXPECT_EQ(waits.Of(kVoice, 1), 5);
  EXPECT_EQ(waits.Of(kVoice, 2), std::nullopt);
  EXPECT_EQ(waits.Of(kVoice, 0), std::nullopt);
}

TEST(UsualWaitTest, ChannelsAreNotCompared) {
  UsualWaits waits;
  waits.Add(kVoice, 10);
  waits.Add(kEmail, 1000);
  EXPECT_EQ(waits.Of(kVoice, 1), 10);
  EXPECT_EQ(waits.Of(kEmail, 1), 1000);
  EXPECT_EQ(waits.Of(kChat, 1), std::nullopt);
}

TEST(UsualWaitTest, AThirdChannelTakesThePlaceOfTheOneUsedBefore) {
  UsualWaits waits;
  waits.Add(kVoice, 10);
  waits.Add(kEmail, 1000);
  waits.Add(kVoice, 10);
  waits.Add(kChat, 100);
  EXPECT_EQ(waits.Of(kVoice, 2), 10);
  EXPECT_EQ(waits.Of(kChat, 1), 100);
  EXPECT_EQ(waits.Of(kEmail, 1), std::nullopt);
}

TEST(UsualWaitTest, LongWaitsAndManyOfThemStayInRange) {
  UsualWaits waits;
  for (int i = 0; i < 300; ++i) waits.Add(kVoice, INT64_MAX);
  EXPECT_EQ(waits.Of(kVoice, 255), int64_t{UINT32_MAX});
}

TEST(UsualWaitTest, ComesBackFromItsParts) {
  UsualWaits waits;
  waits.Add(kVoice, 10);
  waits.Add(999, 1000);
  UsualWaits restored;
  for (const UsualWait& wait : waits.all()) restored.Restore(wait);
  EXPECT_EQ(restored, waits);
  EXPECT_EQ(restored.Of(999, 1), 1000);
}

}  // namespace
}  // namespace peakend::journey
