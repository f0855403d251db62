// Which partitions an explanation reads, and how far.
#include "processors/cli/input_stretch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "processors/publish/partitioner.h"

namespace peakend::cli {
namespace {

using ::testing::ElementsAreArray;

constexpr int32_t kPartitions = 8;

struct Case {
  std::string name;
  std::optional<InputStretch> journey;  // where its row came from
  std::string alert_of;                 // customer of the newest row; empty = a journey is asked
  std::vector<InputStretch> alert;      // where its rows came from, the newest row last
  std::vector<InputStretch> expected;
};

ExplainSubject SubjectOf(const Case& each) {
  ExplainSubject subject;
  subject.customer_key = "acme/host";
  if (each.journey) {
    subject.journey.emplace().mutable_source()->set_partition(each.journey->partition);
    subject.journey->mutable_source()->set_offset(each.journey->last);
  }
  for (const InputStretch& row : each.alert) {
    subject.alert_sources[row.partition] = row.last;
    subject.alert.emplace().set_tenant_id("acme");
    subject.alert->set_customer_id(each.alert_of);
    subject.alert->mutable_source()->set_partition(row.partition);
    subject.alert->mutable_source()->set_offset(row.last);
  }
  return subject;
}

class StretchesForTest : public testing::TestWithParam<Case> {};

TEST_P(StretchesForTest, AsExpected) {
  EXPECT_THAT(StretchesFor(SubjectOf(GetParam()), kPartitions),
              ElementsAreArray(GetParam().expected));
}

const int32_t kHome = publish::PartitionFor("acme/host", kPartitions);

INSTANTIATE_TEST_SUITE_P(
    Subjects, StretchesForTest,
    testing::Values(
        Case{"AJourney", InputStretch{3, 70}, "", {}, {{3, 70}}},
        Case{"AnAlertOfAJourneyThatIsNotOver", {}, "host", {{3, 40}}, {{3, 40}}},
        Case{
            "AnAlertThatIsOverBeforeItsJourney", InputStretch{3, 70}, "host", {{3, 40}}, {{3, 70}}},
        Case{"AnAlertThatOutlivesTheRow", InputStretch{3, 70}, "host", {{3, 90}}, {{3, 90}}},
        Case{"AnAlertThatWentOnWithItsCustomer",
             InputStretch{3, 70},
             "host",
             {{1, 900}, {3, 90}},
             {{3, 90}, {1, 900}}},
        Case{"AnAlertThatEndedBeforeItsCustomerWentOn",
             InputStretch{3, 70},
             "guest",
             {{1, 900}},
             {{3, 70}, {1, 900}}},
        Case{"NoRowWhereTheCustomerIsNow",
             {},
             "guest",
             {{kHome + 1, 900}},
             {{kHome, InputStretch::kAll}, {kHome + 1, 900}}},
        Case{"NoRowAtAll", {}, "", {}, {{kHome, InputStretch::kAll}}}),
    [](const auto& each) { return each.param.name; });

}  // namespace
}  // namespace peakend::cli
