#include "processors/cli/record_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "peakend/v1/alert.pb.h"
#include "peakend/v1/customer_state.pb.h"
#include "peakend/v1/progress_record.pb.h"

namespace peakend::cli {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

runtime::StoredRecord Record(const std::string& value) {
  runtime::StoredRecord record;
  record.key = "k";
  record.value = value;
  return record;
}

std::string Json(const std::string& topic, const runtime::StoredRecord& record) {
  std::string line;
  RecordLine(v1::Config(), topic).AppendJson(record, &line);
  return line;
}

std::string Text(const std::string& topic, const runtime::StoredRecord& record) {
  std::string line;
  RecordLine(v1::Config(), topic).AppendText(record, &line);
  return line;
}

TEST(RecordLine, ShowsAnAlertWithAllItsFields) {
  v1::Alert alert;
  alert.set_alert_id("a1");
  alert.set_occurred_at_ms(1736154240000);
  const std::string line = Json("moment-alerts", Record(alert.SerializeAsString()));
  EXPECT_THAT(line, StartsWith(R"({"topic":"moment-alerts","key":"k","value":{"alert_id":"a1")"));
  EXPECT_THAT(line, HasSubstr(R"("occurred_at_ms":1736154240000)"));
  EXPECT_THAT(line, HasSubstr(R"("row_version":0)"));
  EXPECT_EQ(line.back(), '\n');
}

TEST(RecordLine, SaysUntilWhenAnAlertIsSnoozed) {
  v1::Alert alert;
  alert.set_state(v1::Alert::SNOOZED);
  EXPECT_THAT(Text("moment-alerts", Record(alert.SerializeAsString())), Not(HasSubstr("until")));
  alert.set_snoozed_until_ms(1736154240000);
  EXPECT_THAT(Text("moment-alerts", Record(alert.SerializeAsString())),
              EndsWith("  until 2025-01-06T09:04:00.000Z\n"));
}

TEST(RecordLine, ShowsARejectedRecordFromItsHeaders) {
  runtime::StoredRecord record = Record("raw");
  record.headers = {
      {"original", "x"}, {"peakend.error.reason", "TRUNCATED"}, {"peakend.source.offset", "17"}};
  const std::string line = Json("rejected-records", record);
  EXPECT_THAT(line, HasSubstr(R"("reason":"TRUNCATED")"));
  EXPECT_THAT(line, HasSubstr(R"("offset":17)"));
  EXPECT_THAT(line, HasSubstr(R"("value":"cmF3")"));
}

TEST(RecordLine, ShowsWhatIsNoMessageAsText) {
  EXPECT_EQ(Json("moment-alerts", Record("\x0a")),
            "{\"topic\":\"moment-alerts\",\"key\":\"k\",\"value\":\"\\n\"}\n");
  EXPECT_EQ(Json("of-others", Record("hello")),
            "{\"topic\":\"of-others\",\"key\":\"k\",\"value\":\"hello\"}\n");
  runtime::StoredRecord tombstone = Record("");
  tombstone.value.reset();
  EXPECT_EQ(Json("journeys", tombstone), "{\"topic\":\"journeys\",\"key\":\"k\",\"value\":null}\n");
}

TEST(RecordLine, TellsPeopleTimeSeverityRuleAndScore) {
  v1::Alert alert;
  alert.set_occurred_at_ms(0);
  alert.set_severity(v1::Alert::CRITICAL);
  alert.set_state(v1::Alert::OPEN);
  alert.set_rule("negative-peak");
  alert.mutable_score()->set_score(-0.625);
  const std::string line = Text("moment-alerts", Record(alert.SerializeAsString()));
  EXPECT_THAT(line, StartsWith("1970-01-01T00:00:00.000Z  critical  open  negative-peak"));
  EXPECT_THAT(line, HasSubstr("score -0.62"));
  EXPECT_THAT(line, HasSubstr("peak+ -"));
}

TEST(RecordLine, ReadsTheChangelogForPeople) {
  v1::CustomerState customer;
  customer.set_format(1);
  customer.set_tenant_bytes(4);
  customer.set_applied(17);
  customer.set_digest(255);
  runtime::StoredRecord record = Record(customer.SerializeAsString());
  record.key = "acme/c1";
  EXPECT_THAT(Json("customer-state", record),
              StartsWith(R"({"topic":"customer-state","key":"acme/c1","value":{"tenant_id":"acme",)"
                         R"("customer_id":"c1","status":"idle","applied_offset":17,)"
                         R"("digest":"00000000000000ff")"));
  EXPECT_THAT(Text("customer-state", record), HasSubstr("acme/c1  idle  applied 17"));

  v1::ProgressRecord progress;
  progress.set_committed_offset(20);
  progress.set_low_water_mark(18);
  record = Record(progress.SerializeAsString());
  record.key = "progress";
  EXPECT_THAT(Json("customer-state", record), HasSubstr(R"("committed_offset":20)"));
  EXPECT_THAT(Text("customer-state", record),
              HasSubstr("progress  committed 20  replay from 18  clock -"));
}

TEST(FindTopic, KnowsShortNamesAndConfiguredOnes) {
  v1::TopicsConfig topics;
  topics.mutable_moment_alerts()->set_name("eu.alerts");
  EXPECT_EQ(FindTopic(topics, "alerts"), "eu.alerts");
  EXPECT_EQ(FindTopic(topics, "late"), "late-events");
  EXPECT_EQ(FindTopic(topics, "cards"), "opening-cards");
  EXPECT_EQ(FindTopic(topics, "state"), "customer-state");
  EXPECT_EQ(FindTopic(topics, "events"), "interaction-events");
  EXPECT_EQ(FindTopic(topics, "anything"), "anything");
}

}  // namespace
}  // namespace peakend::cli
