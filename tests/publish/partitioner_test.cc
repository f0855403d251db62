#include "processors/publish/partitioner.h"

#include <gtest/gtest.h>

#include <string>

namespace peakend::publish {
namespace {

// From the tests of Kafka's Java client.
TEST(Murmur2, EqualsTheJavaClient) {
  EXPECT_EQ(Murmur2("21"), -973932308);
  EXPECT_EQ(Murmur2("foobar"), -790332482);
  EXPECT_EQ(Murmur2("a-little-bit-long-string"), -985981536);
  EXPECT_EQ(Murmur2("a-little-bit-longer-string"), -1486304829);
  EXPECT_EQ(Murmur2("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8"), -58897971);
  EXPECT_EQ(Murmur2("abc"), 479470107);
}

TEST(Murmur2, TakesBytesAsUnsigned) {
  const std::string low("\x01\x02\x03", 3);
  const std::string high("\xff\xfe\xfd", 3);
  EXPECT_NE(Murmur2(low), Murmur2(high));
  EXPECT_EQ(Murmur2(std::string("\0", 1)), Murmur2(std::string("\0\0", 2).substr(1)));
}

TEST(PartitionFor, ClearsTheSignInsteadOfNegating) {
  // -973932308 & 0x7fffffff = 1173551340; its absolute value is another number.
  EXPECT_EQ(PartitionFor("21", 1'000'000), 551'340);
}

TEST(PartitionFor, StaysInRange) {
  for (int i = 0; i < 1000; ++i) {
    const int32_t partition = PartitionFor("tenant/customer-" + std::to_string(i), 7);
    EXPECT_GE(partition, 0);
    EXPECT_LT(partition, 7);
  }
  EXPECT_EQ(PartitionFor("", 1), 0);
}

}  // namespace
}  // namespace peakend::publish
