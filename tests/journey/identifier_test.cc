#include "processors/journey/identifier.h"

#include <gtest/gtest.h>

#include "processors/journey/journey_id.h"
#include "tests/journey/facts.h"

namespace peakend::journey {
namespace {

TEST(IdentifierTest, HexKeepsEveryDigit) {
  EXPECT_EQ(ToHex({0, 0}), std::string(32, '0'));
  EXPECT_EQ(ToHex({0x0123456789abcdef, 0xfedcba9876543210}), "0123456789abcdeffedcba9876543210");
}

TEST(IdentifierTest, LengthsOfThePartsCount) {
  EXPECT_EQ(MakeIdentifier({"a", "bc"}), MakeIdentifier({"a", "bc"}));
  EXPECT_NE(MakeIdentifier({"a", "bc"}), MakeIdentifier({"ab", "c"}));
  EXPECT_NE(MakeIdentifier({"a", ""}), MakeIdentifier({"", "a"}));
  EXPECT_NE(MakeIdentifier({"a"}), MakeIdentifier({"a", ""}));
}

TEST(IdentifierTest, AnEventIsItsSourceAndItsId) {
  EXPECT_EQ(EventHash("s", "1"), EventHash("s", "1"));
  EXPECT_NE(EventHash("s", "1"), EventHash("s", "2"));
  EXPECT_NE(EventHash("s", "1"), EventHash("r", "1"));
  EXPECT_NE(EventHash("s1", ""), EventHash("s", "1"));
}

// Other programs join on these: they must not change with a version.
TEST(IdentifierTest, JourneyIdsAreForEver) {
  EXPECT_EQ(ToHex(JourneyId("acme", "c1", {1'767'225'600'000, 42})),
            "01e61aa2b5f875367fc7ced6f956c8a4");
}

// Short parts are hashed at once, long ones piece by piece. The ids are those of the version that
// knew one way only.
TEST(IdentifierTest, IdsOfShortAndLongPartsAreForEver) {
  EXPECT_EQ(ToHex(MakeIdentifier({"a", "", std::string(215, 'x')})),
            "e8ca88441cd4d24dcc4aae7439e69023");
  EXPECT_EQ(ToHex(MakeIdentifier({"a", "", std::string(216, 'x')})),
            "a9359418f03b910c3c63e93118cc455c");
  EXPECT_EQ(ToHex(MakeIdentifier({"a", std::string(1000, 'x'), "b"})),
            "d1576e69d27d16f55b62f96b4dee7cea");
}

TEST(IdentifierTest, AJourneyIsItsTenantCustomerAndFirstEvent) {
  const Identifier id = JourneyId("t", "c", {1000, 7});
  EXPECT_NE(id, JourneyId("u", "c", {1000, 7}));
  EXPECT_NE(id, JourneyId("t", "d", {1000, 7}));
  EXPECT_NE(id, JourneyId("t", "c", {1001, 7}));
  EXPECT_NE(id, JourneyId("t", "c", {1000, 8}));
  EXPECT_FALSE(id.empty());
}

TEST(IdentifierTest, TwoContactsOfOneNameDiffer) {
  FactMaker make;
  const Contact first(make.Turn("a", 1000, 0), std::pmr::get_default_resource());
  const Contact second(make.Turn("b", 2000, 0), std::pmr::get_default_resource());
  EXPECT_NE(ContactKey("t", "c", first), ContactKey("t", "c", second));
  EXPECT_NE(ContactKey("t", "c", first), JourneyId("t", "c", first.first()));
}

}  // namespace
}  // namespace peakend::journey
