// What a person reads of a customer who is linked with others.
#include "processors/cli/inspection_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "google/protobuf/text_format.h"

namespace peakend::cli {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

std::string TextOf(const std::string& customer) {
  v1::CommittedCustomer found;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(customer, found.mutable_customer()));
  return InspectionText(found);
}

TEST(InspectionText, ShowsWhereACustomersContactsAreAndWhy) {
  const std::string text = TextOf(R"pb(
    customer_id: "~visit"
    identity {
      links { home: "/c/bob" label: "bob" }
      links { home: "/i/12345678/ff" shared: true }
      label: "bob"
      host_id: "bob"
      recalled: true
    })pb");
  EXPECT_THAT(text, ContainsRegex("identities +2\n"));
  EXPECT_THAT(text, ContainsRegex("identity +/c/bob, tells of bob\n"));
  EXPECT_THAT(text, ContainsRegex("identity +/i/12345678/ff, shared\n"));
  EXPECT_THAT(text, ContainsRegex("belongs to +bob\n"));
  EXPECT_THAT(text, ContainsRegex("contacts are at +bob, on their way back\n"));
}

TEST(InspectionText, ShowsGuestsAndWhatWasLost) {
  const std::string text = TextOf(R"pb(
    customer_id: "bob"
    identity { apart: true truncated: true }
    guests {
      customer_id: "~visit"
      contacts {}
    }
    guests { customer_id: "~gone" left: true }
    absorbed_guests: 3)pb");
  EXPECT_THAT(text, ContainsRegex("identities +0, apart, others were ignored\n"));
  EXPECT_THAT(text, ContainsRegex("guest +~visit, 1 contact\n"));
  EXPECT_THAT(text, ContainsRegex("guest who left +~gone, 0 contacts\n"));
  EXPECT_THAT(text, ContainsRegex("absorbed guests +3\n"));
}

TEST(InspectionText, ShowsTheHomeOfAnIdentity) {
  EXPECT_THAT(TextOf(R"pb(customer_id: "/c/bob"
                          identity { customers: 2 })pb"),
              ContainsRegex("said by +2 customers\n"));
  EXPECT_THAT(TextOf(R"pb(customer_id: "/i/1/2"
                          identity { shared: true })pb"),
              ContainsRegex("said by +too many customers\n"));
}

TEST(InspectionText, SaysNothingOfIdentitiesWhereThereAreNone) {
  EXPECT_THAT(TextOf(R"pb(customer_id: "bob")pb"), Not(HasSubstr("identit")));
}

}  // namespace
}  // namespace peakend::cli
