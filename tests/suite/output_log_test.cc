#include "benchmarks/judge/output_log.h"

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

namespace peakend::benchmarks {
namespace {

using publish::Topic;

OutputLog LogOf(const std::vector<std::string_view>& values, int32_t partition = 0) {
  OutputLog log;
  for (const std::string_view value : values) log.Append(Topic::kAlerts, partition, "k", value);
  return log;
}

TEST(OutputLogTest, EqualLogsDifferInNothing) {
  const OutputDifference found = Compare(LogOf({"a", "b", "a"}), LogOf({"a", "b", "a"}));
  EXPECT_EQ(found.expected, 3);
  EXPECT_EQ(found.got, 3);
  EXPECT_EQ(found.lost + found.dup + found.unexpected + found.wrong_order, 0);
}

TEST(OutputLogTest, TellsWhatIsLostDoubledAndUnexpected) {
  const OutputDifference found = Compare(LogOf({"a", "b", "c"}), LogOf({"a", "a", "d", "c"}));
  EXPECT_EQ(found.lost, 1);
  EXPECT_EQ(found.dup, 1);
  EXPECT_EQ(found.unexpected, 1);
  EXPECT_EQ(found.got, found.expected - found.lost + found.dup + found.unexpected);
}

TEST(OutputLogTest, TellsOrderWhereNothingElseIsWrong) {
  EXPECT_EQ(Compare(LogOf({"a", "b", "c"}), LogOf({"a", "c", "b"})).wrong_order, 2);
  EXPECT_EQ(Compare(LogOf({"a", "b", "c"}), LogOf({"c", "b"})).wrong_order, 0);
}

TEST(OutputLogTest, ARecordInAnotherPartitionIsLostHereAndUnexpectedThere) {
  const OutputDifference found = Compare(LogOf({"a"}, 0), LogOf({"a"}, 1));
  EXPECT_EQ(found.lost, 1);
  EXPECT_EQ(found.unexpected, 1);
}

TEST(OutputLogTest, KeysAreNoPartOfValues) {
  OutputLog one;
  one.Append(Topic::kAlerts, 0, "ab", "c");
  OutputLog other;
  other.Append(Topic::kAlerts, 0, "a", "bc");
  EXPECT_EQ(Compare(one, other).lost, 1);
}

TEST(OutputLogTest, NothingAgainstNothing) { EXPECT_EQ(Compare({}, {}).expected, 0); }

}  // namespace
}  // namespace peakend::benchmarks
