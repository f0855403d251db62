// `peakend explain` on the topics of a job that ran on a real broker: it says the same as on a
// file of the same events.
#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "peakend/v1/alert.pb.h"
#include "peakend/v1/explanation.pb.h"
#include "tests/kafka/job_process.h"
#include "tests/kafka/kafka_command_call.h"

namespace peakend::runtime {
namespace {

using cli::ExitCode;
using testing::HasSubstr;

class KafkaExplainTest : public KafkaCommandCall {
 protected:
  // Puts a story in and lets a job make its rows, the final one of the journey included.
  void RunStory(const std::string& file) {
    std::ostringstream events;
    events << std::ifstream(file).rdbuf();
    // Two months later, so that the story is over for good.
    events << R"({"event_id":"later","tenant_id":"acme","occurred_at_ms":1741338000000,)"
              R"("customer":{"customer_id":"p1"},"contact":{"contact_id":"c2"},)"
              R"("channel":"CHANNEL_CHAT","lifecycle":{"state":"CONNECTED"}})"
              "\n";
    const CommandResult produced = Call({"produce", "-"}, events.str());
    ASSERT_EQ(produced.code, ExitCode::kOk) << produced.err;
    JobProcess job(config_);
    ASSERT_TRUE(Eventually([&] {
      for (const StoredRecord& record : Stored(config_.topics().journeys().name())) {
        v1::Journey row;
        if (!record.value || !row.ParseFromString(*record.value)) continue;
        if (row.end_grade() == v1::JOURNEY_END_FINAL) return true;
      }
      return false;
    })) << job.log();
    job.Stop();
  }

  v1::Alert FirstAlert() {
    v1::Alert alert;
    for (const StoredRecord& record : Stored(config_.topics().moment_alerts().name())) {
      if (record.value && alert.ParseFromString(*record.value)) return alert;
    }
    return alert;
  }

  v1::Explanation Told(const std::vector<std::string>& args) {
    const CommandResult result = Call(args);
    EXPECT_EQ(result.code, ExitCode::kOk) << result.err;
    v1::Explanation told;
    EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(result.out, &told).ok());
    return told;
  }
};

TEST_F(KafkaExplainTest, SaysTheSameAsOnAFile) {
  const std::string file = std::string(PEAKEND_EXPLAIN_STORIES) + "/slides.ndjson";
  RunStory(file);
  const v1::Alert alert = FirstAlert();
  const v1::Explanation told = Told({"explain", alert.alert_id(), "--format", "json"});
  const v1::Explanation on_file =
      Told({"explain", alert.alert_id(), "--input", file, "--format", "json"});
  EXPECT_EQ(told.alert().alert().alert_id(), alert.alert_id());
  EXPECT_TRUE(told.has_published_score());
  EXPECT_NEAR(told.score().sum(), told.published_score(), 1e-6);
  EXPECT_EQ(told.score().sum(), on_file.score().sum());
  EXPECT_EQ(told.journey().end_grade(), v1::JOURNEY_END_FINAL);
  EXPECT_EQ(told.published_row_version(), on_file.published_row_version());
  EXPECT_EQ(told.impressions_size(), on_file.impressions_size());
  EXPECT_EQ(told.alert().value(), on_file.alert().value());
  EXPECT_FALSE(told.has_input_begins_at_offset());

  const v1::Explanation latest = Told({"explain", "acme/p1", "--format", "json"});
  EXPECT_EQ(latest.journey().journey_id(), alert.journey_id());

  const CommandResult late = Call({"explain", "acme/p1", "--since", "2099-01-01T00:00:00Z"});
  EXPECT_EQ(late.code, ExitCode::kChecksFailed);
  EXPECT_THAT(late.err, HasSubstr("was read"));

  const CommandResult missing = Call({"explain", "acme/nobody"});
  EXPECT_EQ(missing.code, ExitCode::kChecksFailed);
  EXPECT_THAT(missing.err, HasSubstr("no journey or alert of this customer"));
}

}  // namespace
}  // namespace peakend::runtime
