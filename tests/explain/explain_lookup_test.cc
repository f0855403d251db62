// From an id to the journey that stands: rows as a run or the topics hand them over.
#include "processors/cli/explain_lookup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace peakend::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

v1::Journey Row(const std::string& id, const std::string& customer, int64_t version,
                const std::string& contact = "c1") {
  v1::Journey row;
  row.set_journey_id(id);
  row.set_tenant_id("acme");
  row.set_customer_id(customer);
  row.set_row_version(version);
  row.set_started_at_ms(version);
  if (!contact.empty()) row.add_contact_ids(contact);
  return row;
}

v1::Journey Withdrawn(const std::string& id, const std::string& customer, int64_t version) {
  v1::Journey row = Row(id, customer, version, "");
  row.set_is_deleted(true);
  return row;
}

ReadRows Rows(std::vector<v1::Journey> journeys, std::vector<v1::Alert> alerts = {}) {
  return [=](RowLookup& lookup) {
    for (const v1::Journey& row : journeys) lookup.Take(publish::Topic::kJourneys, row);
    for (const v1::Alert& row : alerts) lookup.Take(publish::Topic::kAlerts, row);
    return absl::OkStatus();
  };
}

TEST(FindSubjectTest, AJourneyByItsIdInItsNewestVersion) {
  const auto found =
      FindSubject("aaaa", Rows({Row("aaaa", "p1", 2), Row("aaaa", "p1", 1), Row("bbbb", "p2", 1)}));
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->customer_key, "acme/p1");
  EXPECT_EQ(found->journey_id, "aaaa");
  EXPECT_EQ(found->journey->row_version(), 2);
  EXPECT_EQ(found->asked_journey_id, "");
}

TEST(FindSubjectTest, ACustomersLatestJourneyThatStands) {
  const auto found =
      FindSubject("acme/p1", Rows({Row("aaaa", "p1", 1), Row("bbbb", "p1", 5), Row("cccc", "p1", 8),
                                   Withdrawn("cccc", "p1", 9)}));
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->journey_id, "bbbb");
}

TEST(FindSubjectTest, AnAlertLeadsToItsJourney) {
  v1::Alert alert;
  alert.set_alert_id("eeee");
  alert.set_tenant_id("acme");
  alert.set_customer_id("p1");
  alert.set_journey_id("aaaa");
  alert.set_row_version(1);
  const auto found =
      FindSubject("eeee", Rows({Row("aaaa", "p1", 1), Row("bbbb", "p1", 5)}, {alert}));
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->alert_id, "eeee");
  EXPECT_EQ(found->journey_id, "aaaa");
  EXPECT_TRUE(found->journey.has_value());
}

TEST(FindSubjectTest, AnAlertOfAJourneyThatIsNotOver) {
  v1::Alert alert;
  alert.set_alert_id("eeee");
  alert.set_customer_id("p1");
  alert.set_journey_id("aaaa");
  const auto found = FindSubject("eeee", Rows({}, {alert}));
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->customer_key, "/p1");
  EXPECT_EQ(found->journey_id, "aaaa");
  EXPECT_FALSE(found->journey.has_value());
}

v1::Alert Revision(int64_t version, const std::string& customer, int32_t partition,
                   int64_t offset) {
  v1::Alert alert;
  alert.set_alert_id("eeee");
  alert.set_tenant_id("acme");
  alert.set_customer_id(customer);
  alert.set_journey_id(customer == "p1" ? "aaaa" : "dddd");
  alert.set_row_version(version);
  alert.mutable_source()->set_partition(partition);
  alert.mutable_source()->set_offset(offset);
  return alert;
}

TEST(FindSubjectTest, AnAlertThatWentOnWithItsCustomerIsOfBothPartitions) {
  // Topics are read by partition: the newest row need not be the last.
  const auto found = FindSubject(
      "eeee", Rows({Row("dddd", "host", 1)},
                   {Revision(3, "host", 5, 40), Revision(1, "p1", 2, 7), Revision(2, "p1", 2, 9)}));
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->customer_key, "acme/host");
  EXPECT_EQ(found->journey_id, "dddd");
  EXPECT_THAT(found->alert_sources, ElementsAre(Pair(2, 9), Pair(5, 40)));
}

TEST(FindSubjectTest, FollowsWhatSupersedesAWithdrawnJourney) {
  v1::Journey first = Withdrawn("aaaa", "p1", 3);
  first.set_superseded_by("bbbb");
  v1::Journey second = Withdrawn("bbbb", "p1", 3);
  second.set_superseded_by("cccc");
  const auto found = FindSubject("aaaa", Rows({first, second, Row("cccc", "p1", 1)}));
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->journey_id, "cccc");
  EXPECT_EQ(found->asked_journey_id, "aaaa");
}

TEST(FindSubjectTest, FollowsACustomerWhoWasMergedToTheJourneyThatHoldsTheirContact) {
  v1::Journey withdrawn = Withdrawn("aaaa", "p1", 3);
  withdrawn.set_merged_into("host");
  const auto found = FindSubject(
      "aaaa", Rows({Row("aaaa", "p1", 1, "web-1"), withdrawn, Row("dddd", "host", 1, "web-1"),
                    Row("eeee", "host", 9, "call-7")}));
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->customer_key, "acme/host");
  EXPECT_EQ(found->journey_id, "dddd");
  EXPECT_EQ(found->merged_from_customer_id, "p1");
}

TEST(FindSubjectTest, RowsThatSupersedeEachOtherEndTheSearch) {
  v1::Journey first = Withdrawn("aaaa", "p1", 3);
  first.set_superseded_by("bbbb");
  v1::Journey second = Withdrawn("bbbb", "p1", 3);
  second.set_superseded_by("aaaa");
  EXPECT_TRUE(FindSubject("aaaa", Rows({first, second})).ok());
}

TEST(FindSubjectTest, SaysWhatWasSearchedAndWhatIsNear) {
  const auto missing = FindSubject("abcdefgi", Rows({Row("abcdefgh", "p1", 1)}));
  EXPECT_TRUE(absl::IsNotFound(missing.status()));
  EXPECT_THAT(std::string(missing.status().message()), HasSubstr("among 1 rows of journeys"));
  EXPECT_THAT(std::string(missing.status().message()), HasSubstr("did you mean `abcdefgh`?"));
}

TEST(FindSubjectTest, NamesNoCustomerWhoIsNotThere) {
  const auto missing = FindSubject("acme/secret-person", Rows({Row("abcdefgh", "p1", 1)}));
  EXPECT_TRUE(absl::IsNotFound(missing.status()));
  EXPECT_THAT(std::string(missing.status().message()), Not(HasSubstr("secret-person")));
}

}  // namespace
}  // namespace peakend::cli
