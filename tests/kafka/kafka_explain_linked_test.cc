// `peakend explain` on the topics of a job that linked customers of several partitions: word for
// word what it says on a file of the same events.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "peakend/v1/alert.pb.h"
#include "peakend/v1/journey.pb.h"
#include "processors/publish/partitioner.h"
#include "processors/runtime/kafka_group.h"
#include "tests/kafka/job_process.h"
#include "tests/kafka/kafka_command_call.h"

namespace peakend::runtime {
namespace {

using cli::ExitCode;
using testing::HasSubstr;
using testing::Not;

constexpr char kPolicy[] = PEAKEND_EXPLAIN_STORIES "/linked.yaml";
constexpr char kEvents[] = PEAKEND_EXPLAIN_STORIES "/linked.ndjson";

class KafkaExplainLinkedTest : public KafkaCommandCall {
 protected:
  // A blank line in the story stands for the time that customers need to tell each other what
  // they know: between two of them a job comes to rest.
  void RunStory() {
    std::ostringstream story;
    story << std::ifstream(kEvents).rdbuf();
    JobProcess job(config_, {absl::StrCat("policy.file=", kPolicy)});
    const std::vector<std::string> phases = absl::StrSplit(story.str(), "\n\n");
    for (const std::string& events : phases) {
      const CommandResult produced = Call({"produce", "-"}, events + "\n");
      ASSERT_EQ(produced.code, ExitCode::kOk) << produced.err;
      ASSERT_TRUE(Eventually([&] { return IsAtRest(); })) << job.log();
    }
    job.Stop();
    journeys_ = Rows<v1::Journey>(config_.topics().journeys().name());
    alerts_ = Rows<v1::Alert>(config_.topics().moment_alerts().name());
  }

  // All that stands in the input is committed. What came of it for the input became visible at the
  // same time, so that it stands there, too, and nothing more comes.
  bool IsAtRest() {
    auto group = KafkaGroup::Open(config_, nullptr, absl::Seconds(10));
    if (!group.ok()) return false;
    // Asked first: what is read afterwards holds all that came of what was committed then.
    const auto committed = (*group)->Committed(input());
    if (!committed.ok()) return false;
    const std::vector<StoredRecord> records = Stored(input());
    return std::all_of(records.begin(), records.end(), [&](const StoredRecord& record) {
      const auto found = committed->find(record.partition);
      return found != committed->end() && found->second > record.offset;
    });
  }

  template <typename Row>
  std::vector<Row> Rows(const std::string& topic) {
    std::vector<Row> rows;
    for (const StoredRecord& record : Stored(topic)) {
      Row row;
      if (record.value && row.ParseFromString(*record.value)) rows.push_back(row);
    }
    return rows;
  }

  // Rows of the customer's journey that were withdrawn when they went on with another.
  v1::Journey Withdrawn(const std::string& customer) const {
    const auto row = std::find_if(journeys_.begin(), journeys_.end(), [&](const auto& each) {
      return each.customer_id() == customer && !each.merged_into().empty();
    });
    return row != journeys_.end() ? *row : v1::Journey();
  }
  // The final row of the journey that holds the contact.
  v1::Journey Final(const std::string& contact) const {
    const auto row = std::find_if(journeys_.begin(), journeys_.end(), [&](const auto& each) {
      return each.end_grade() == v1::JOURNEY_END_FINAL && !each.is_deleted() &&
             std::find(each.contact_ids().begin(), each.contact_ids().end(), contact) !=
                 each.contact_ids().end();
    });
    return row != journeys_.end() ? *row : v1::Journey();
  }
  // The first revision of an alert of this rule in the contact that is the customer's.
  v1::Alert AlertOf(const std::string& rule, const std::string& contact,
                    const std::string& customer) const {
    const auto row = std::find_if(alerts_.begin(), alerts_.end(), [&](const auto& each) {
      return each.rule() == rule && each.contact_id() == contact && each.customer_id() == customer;
    });
    return row != alerts_.end() ? *row : v1::Alert();
  }

  // What is said of an id, from the topics; it is held against the file.
  std::string Told(const std::string& id, const std::string& language = "en") {
    std::vector<std::string> on_file = {"explain", id, "--policy", kPolicy, "--lang", language};
    const CommandResult topics = Call(on_file);
    on_file.insert(on_file.end(), {"--input", kEvents, "--partitions", "4"});
    const CommandResult file = Call(on_file);
    EXPECT_EQ(topics.code, ExitCode::kOk) << topics.err;
    EXPECT_EQ(file.code, ExitCode::kOk) << file.err;
    EXPECT_EQ(topics.out, file.out) << id;
    return topics.out;
  }

  static int32_t PlaceOf(const std::string& customer) {
    return publish::PartitionFor("acme/" + customer, kPartitions);
  }

  std::vector<v1::Journey> journeys_;
  std::vector<v1::Alert> alerts_;
};

TEST_F(KafkaExplainLinkedTest, SaysTheSameAsOnAFile) {
  RunStory();
  // A visit, a login and a call of one journey, and an alert that began with the visitor.
  const v1::Journey journey = Final("a-visit");
  ASSERT_NE(PlaceOf(journey.customer_id()), PlaceOf("~cookie:a"));
  EXPECT_EQ(journey.source().partition(), PlaceOf(journey.customer_id()));
  EXPECT_THAT(Told(journey.journey_id()), HasSubstr("#3 a-call"));
  Told(journey.journey_id(), "zh");
  Told("acme/" + journey.customer_id());
  const v1::Alert moved = AlertOf("negative_peak", "a-visit", "~cookie:a");
  const std::string life = Told(moved.alert_id());
  EXPECT_THAT(life, HasSubstr("open: raised"));
  EXPECT_THAT(life, HasSubstr("the customer was joined with another"));

  // A journey that was over, with its row, before anybody knew whose it was.
  const v1::Journey withdrawn = Withdrawn("~cookie:b");
  ASSERT_NE(PlaceOf(withdrawn.merged_into()), PlaceOf("~cookie:b"));
  const std::string by_old_id = Told(withdrawn.journey_id());
  EXPECT_THAT(by_old_id, HasSubstr("b-call"));
  EXPECT_THAT(by_old_id, HasSubstr("~cookie:b"));
  EXPECT_THAT(Told(AlertOf("negative_peak", "b-visit", "~cookie:b").alert_id()),
              HasSubstr("expired"));

  // Somebody who began to wait as a stranger: the alert came where the time was over.
  const v1::Journey waited = Final("c-chat");
  ASSERT_NE(PlaceOf(waited.customer_id()), PlaceOf("~cookie:c"));
  EXPECT_THAT(Told(AlertOf("waiting", "c-chat", waited.customer_id()).alert_id()),
              HasSubstr("2025-01-06 11:00:00"));
}

}  // namespace
}  // namespace peakend::runtime
