#include "processors/warehouse/row_topics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace peakend::warehouse {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(RowTopicsTest, OnlyWhatIsTurnedOnIsRead) {
  v1::BiConfig bi;
  EXPECT_THAT(EnabledRows(bi), IsEmpty());
  bi.mutable_survey()->set_enabled(true);
  bi.mutable_contact()->set_enabled(true);
  EXPECT_THAT(EnabledRows(bi), ElementsAre(RowKind::kContact, RowKind::kSurvey));
}

TEST(RowTopicsTest, ATopicHasItsConfiguredNameOrItsOwn) {
  v1::TopicsConfig topics;
  topics.mutable_bi_alert()->set_name("mine");
  EXPECT_EQ(RowTopicName(topics, RowKind::kAlert), "mine");
  EXPECT_EQ(RowTopicName(topics, RowKind::kTouchpoint), "peakend.bi.touchpoint.v1");
  EXPECT_EQ(RowTopicName(topics, RowKind::kSurvey), "peakend.bi.survey.v1");
}

}  // namespace
}  // namespace peakend::warehouse
