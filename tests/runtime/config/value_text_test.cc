#include "processors/runtime/config/value_text.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "processors/runtime/config/nearest_name.h"

namespace peakend::runtime {
namespace {

TEST(Duration, IsANumberWithAUnit) {
  EXPECT_EQ(ParseDurationNanos("250ms"), 250'000'000);
  EXPECT_EQ(ParseDurationNanos("30s"), 30'000'000'000);
  EXPECT_EQ(ParseDurationNanos("1.5h"), 5'400'000'000'000);
  EXPECT_EQ(ParseDurationNanos("0.001ms"), 1'000);
  EXPECT_EQ(ParseDurationNanos("400d"), int64_t{400} * 86'400 * 1'000'000'000);
  EXPECT_EQ(ParseDurationNanos("0"), 0);
}

TEST(Duration, AnythingElseIsRefused) {
  for (const char* text : {"", "s", "5", "-5s", "+5s", "5 s", "5S", "1h30m", "1.s", ".5s",
                           "1.2345s", "1e3s", "200000d", "18446744073709551616s", "1s\n"}) {
    EXPECT_EQ(ParseDurationNanos(text), std::nullopt) << text;
  }
}

RC_GTEST_PROP(Duration, ReadsBackWhatItWrites, ()) {
  const int64_t micros = *rc::gen::inRange<int64_t>(0, int64_t{1} << 52);
  RC_ASSERT(ParseDurationNanos(FormatDurationNanos(micros * 1000)) == micros * 1000);
}

TEST(Bytes, AreANumberWithABinaryUnit) {
  EXPECT_EQ(ParseBytes("65536"), 65536u);
  EXPECT_EQ(ParseBytes("64KiB"), 65536u);
  EXPECT_EQ(ParseBytes("2GiB"), 2'147'483'648u);
  for (const char* text : {"", "KiB", "64KB", "64 KiB", "-1", "1.5MiB", "99999999999GiB"}) {
    EXPECT_EQ(ParseBytes(text), std::nullopt) << text;
  }
}

RC_GTEST_PROP(Bytes, ReadsBackWhatItWrites, (uint64_t bytes)) {
  RC_ASSERT(ParseBytes(FormatBytes(bytes)) == bytes);
}

TEST(Double, IsFiniteAndDecimal) {
  EXPECT_EQ(ParseDouble("-0.75"), -0.75);
  EXPECT_EQ(ParseDouble("1e-3"), 0.001);
  EXPECT_EQ(ParseDouble(".5"), 0.5);
  for (const char* text :
       {"", "nan", "inf", "-inf", "1e999", "0x10", "1,5", "1.0.0", "--1", "+1"}) {
    EXPECT_EQ(ParseDouble(text), std::nullopt) << text;
  }
}

TEST(EditDistance, CountsSwapsAsOne) {
  EXPECT_EQ(EditDistance("", "abc"), 3u);
  EXPECT_EQ(EditDistance("rnu", "run"), 1u);
  EXPECT_EQ(EditDistance("treshold", "threshold"), 1u);
  EXPECT_EQ(EditDistance("kitten", "sitting"), 3u);
}

RC_GTEST_PROP(EditDistance, IsSymmetricAndZeroForTheSame,
              (const std::string& a, const std::string& b)) {
  RC_ASSERT(EditDistance(a, b) == EditDistance(b, a));
  RC_ASSERT(EditDistance(a, a) == 0u);
}

TEST(NearestName, IsOnlyANearOne) {
  EXPECT_EQ(NearestName("treshold", {"window", "threshold"}), "threshold");
  EXPECT_EQ(NearestName("colour", {"window", "threshold"}), "");
  EXPECT_EQ(NearestName("x", {}), "");
}

}  // namespace
}  // namespace peakend::runtime
