// Which identities link, by a policy.
#include "processors/publish/policy_identities.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "processors/journey/identity_key.h"

namespace peakend::publish {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

v1::Policy TwoTypes() {
  v1::Policy policy;
  policy.mutable_windows()->mutable_memory()->set_seconds(int64_t{180} * 86'400);
  policy.add_identities()->set_type("customer");
  v1::IdentityPolicy& phone = *policy.add_identities();
  phone.set_type("phone");
  phone.set_verified(true);
  phone.set_max_customers(3);
  return policy;
}

Identities CompiledIdentities(const v1::Policy& policy) {
  const auto identities = CompileIdentities(policy);
  EXPECT_TRUE(identities.ok()) << identities.status();
  return identities.ok() && *identities ? **identities : Identities{};
}

std::vector<std::string> HomesNamedBy(const ingest::IdentityView& identity) {
  ingest::IdentitiesView named;
  named.Add(identity);
  return HomesOf(named, CompiledIdentities(TwoTypes()));
}

TEST(PolicyIdentities, NoSectionNoLinks) {
  const auto identities = CompileIdentities(v1::Policy());
  ASSERT_TRUE(identities.ok());
  EXPECT_FALSE(identities->has_value());
}

TEST(PolicyIdentities, KnownCustomersStayUnlessThePolicyMovesThem) {
  v1::Policy policy = TwoTypes();
  EXPECT_FALSE(CompiledIdentities(policy).rules.known_customers_move);
  policy.set_known_customers("move");
  EXPECT_TRUE(CompiledIdentities(policy).rules.known_customers_move);
}

TEST(PolicyIdentities, AnIdentityIsSaidAgainAfterAQuarterOfTheMemory) {
  EXPECT_EQ(CompiledIdentities(TwoTypes()).rules.repeat_after_minutes, 45 * 24 * 60);
  v1::Policy policy = TwoTypes();
  policy.mutable_windows()->mutable_memory()->set_seconds(1);
  EXPECT_EQ(CompiledIdentities(policy).rules.repeat_after_minutes, 1);
}

TEST(PolicyIdentities, OnlyListedAndVerifiedIdentitiesLink) {
  EXPECT_THAT(HomesNamedBy({"phone", "1", "", true}),
              ElementsAre(journey::HomeOfIdentity("phone", "1")));
  EXPECT_THAT(HomesNamedBy({"phone", "1", "", false}), IsEmpty());
  EXPECT_THAT(HomesNamedBy({"household", "1", "", true}), IsEmpty());
}

TEST(PolicyIdentities, APreviousValueIsOneMoreIdentity) {
  EXPECT_THAT(
      HomesNamedBy({"phone", "1", "0", true}),
      ElementsAre(journey::HomeOfIdentity("phone", "1"), journey::HomeOfIdentity("phone", "0")));
  EXPECT_THAT(HomesNamedBy({"phone", "1", "1", true}),
              ElementsAre(journey::HomeOfIdentity("phone", "1")));
}

TEST(PolicyIdentities, ACustomerIsNamedByTheirId) {
  EXPECT_THAT(HomesNamedBy({"customer", "c1", "", false}), ElementsAre("/c/c1"));
  EXPECT_THAT(HomesNamedBy({"customer", "/i/x", "", false}), IsEmpty())
      << "no customer is called so";
}

TEST(PolicyIdentities, AHomeKnowsItsTypeByItsKey) {
  const Identities identities = CompiledIdentities(TwoTypes());
  EXPECT_EQ(MostCustomersOf(journey::HomeOfIdentity("phone", "1"), identities), 3U);
  EXPECT_EQ(MostCustomersOf(journey::HomeOfIdentity("device", "1"), identities), 64U)
      << "a type that the policy has no more";
}

}  // namespace
}  // namespace peakend::publish
