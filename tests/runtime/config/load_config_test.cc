#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

#include "processors/runtime/config/example.h"
#include "processors/runtime/config/load.h"
#include "processors/runtime/config/overrides.h"
#include "processors/runtime/config/show.h"

namespace peakend::runtime {
namespace {

ConfigInputs Inputs(std::string yaml) {
  ConfigInputs inputs;
  inputs.file_name = "peakend.yaml";
  inputs.yaml = std::move(yaml);
  inputs.read_file = [](const std::string& path) -> absl::StatusOr<std::string> {
    if (path == "/run/secret") return std::string("hunter2\n");
    return absl::NotFoundError("no such file");
  };
  return inputs;
}

std::string Text(const LoadResult<v1::Config>& result) {
  return RenderDiagnostics(result.diagnostics(), false);
}

TEST(LoadConfig, EmptyFileIsAllDefaults) {
  for (const char* yaml : {"", "\n\n", "# a comment\n", "---\n", "kafka:\n", "\xEF\xBB\xBF"}) {
    const auto result = LoadConfig(Inputs(yaml));
    ASSERT_TRUE(result.ok()) << yaml << Text(result);
    EXPECT_EQ(result.value().kafka().bootstrap_servers(), "localhost:9092");
    EXPECT_EQ(result.value().kafka().session_timeout().seconds(), 45);
    EXPECT_EQ(result.value().kafka().fetch_queue_bytes(), 64u << 20);
    EXPECT_EQ(result.value().kafka().linger().nanos(), 1'000'000);
    EXPECT_EQ(result.value().topics().rejected_records().name(), "rejected-records");
    EXPECT_EQ(result.value().topics().rejected_records().partitions(), 8u);
    EXPECT_TRUE(result.value().admin().enabled());
    EXPECT_EQ(result.value().admin().port(), 9464u);
  }
}

TEST(LoadConfig, NoFileIsAllDefaultsToo) {
  ConfigInputs inputs = Inputs("");
  inputs.yaml.reset();
  const auto result = LoadConfig(inputs);
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result.value().SerializeAsString(), LoadConfig(Inputs("")).value().SerializeAsString());
}

TEST(LoadConfig, FlagBeatsEnvironmentBeatsFileBeatsDefault) {
  ConfigInputs inputs = Inputs("kafka:\n  group_id: file\n  client_id: file\n  linger: 2ms\n");
  inputs.environment = {{"PEAKEND_KAFKA_GROUP_ID", "environment"},
                        {"PEAKEND_KAFKA_CLIENT_ID", "environment"},
                        {"PEAKEND_LOG_LEVEL", ""},
                        {"HOME", "/root"}};
  inputs.flags = {"kafka.group_id=first", "kafka.group_id=flag=2"};
  const auto result = LoadConfig(inputs);
  ASSERT_TRUE(result.ok()) << Text(result);
  EXPECT_EQ(result.value().kafka().group_id(), "flag=2");
  EXPECT_EQ(result.value().kafka().client_id(), "environment");
  EXPECT_EQ(result.value().kafka().linger().nanos(), 2'000'000);
  EXPECT_EQ(result.value().log().level(), "info");
  EXPECT_EQ(result.origins().at("kafka.group_id").kind, Origin::Kind::kFlag);
  EXPECT_EQ(result.origins().at("kafka.client_id").name, "PEAKEND_KAFKA_CLIENT_ID");
  EXPECT_EQ(result.origins().at("kafka.linger").line, 4);
  EXPECT_EQ(result.origins().at("log.level").kind, Origin::Kind::kDefault);
}

TEST(LoadConfig, EveryPathCanBeSetByItsVariable) {
  const auto defaults = LoadConfig(Inputs(""));
  for (const std::string& path : SettablePaths(*v1::Config::descriptor())) {
    ConfigInputs inputs = Inputs("");
    inputs.environment[EnvironmentName(path)] = "\x01";
    const auto result = LoadConfig(inputs);
    ASSERT_EQ(result.diagnostics().size(), 1u) << path;
    EXPECT_EQ(result.diagnostics()[0].file, "environment " + EnvironmentName(path));
  }
}

TEST(LoadConfig, TopicIsANameOrAMapAndAnEmptyNameIsTheDefault) {
  ConfigInputs inputs = Inputs(
      "topics:\n  moments: plain\n  journeys: {name: mapped, partitions: 3}\n"
      "  late_events: \"\"\n  moment_alerts: {partitions: 2}\n");
  inputs.flags = {"topics.rejected_records=flag"};
  inputs.environment = {{"PEAKEND_TOPICS_INTERACTION_EVENTS", "variable"}};
  const auto result = LoadConfig(inputs);
  ASSERT_TRUE(result.ok()) << Text(result);
  const v1::TopicsConfig& topics = result.value().topics();
  EXPECT_EQ(topics.moments().name(), "plain");
  EXPECT_EQ(topics.moments().partitions(), 8u);
  EXPECT_EQ(topics.journeys().name(), "mapped");
  EXPECT_EQ(topics.journeys().partitions(), 3u);
  EXPECT_EQ(topics.late_events().name(), "late-events");
  EXPECT_EQ(topics.moment_alerts().name(), "moment-alerts");
  EXPECT_EQ(topics.moment_alerts().partitions(), 2u);
  EXPECT_EQ(topics.rejected_records().name(), "flag");
  EXPECT_EQ(topics.interaction_events().name(), "variable");
}

TEST(LoadConfig, ReferencesAreResolvedAndNeverShown) {
  ConfigInputs inputs = Inputs(
      "kafka:\n  client_id: ${env:POD}\n  properties:\n"
      "    ssl.key.password: ${file:/run/secret}\n    debug: broker\n");
  inputs.environment = {{"POD", "pod-7"}};
  const auto result = LoadConfig(inputs);
  ASSERT_TRUE(result.ok()) << Text(result);
  EXPECT_EQ(result.value().kafka().client_id(), "pod-7");
  EXPECT_EQ(result.value().kafka().properties().at("ssl.key.password"), "hunter2");
  const std::string shown = ShowMessage(result.value(), result.origins(), ShowOrigins::kYes);
  EXPECT_EQ(shown.find("hunter2"), std::string::npos);
  EXPECT_EQ(shown.find("pod-7"), std::string::npos);
  EXPECT_NE(shown.find("ssl.key.password: \"***\""), std::string::npos);
  EXPECT_NE(shown.find("debug: broker"), std::string::npos);
}

TEST(LoadConfig, MessagesNeverHoldASecret) {
  for (const char* yaml : {"kafka:\n  properties:\n    sasl.password: hunter2\n",
                           "kafka:\n  properties: {sasl.password: hunter2\n",
                           "kafka:\n  properties:\n    \"ssl.key.password\": [hunter2]\n",
                           "log:\n  level: ${file:/run/secret}\n",
                           "kafka:\n  properties:\n    debug: x\n    sasl.password: hunter2\n    "
                           "sasl.password: hunter2\n"}) {
    const auto result = LoadConfig(Inputs(yaml));
    EXPECT_FALSE(result.ok()) << yaml;
    EXPECT_EQ(Text(result).find("hunter2"), std::string::npos) << Text(result);
  }
}

TEST(LoadConfig, FlagMayNotCarryASecret) {
  ConfigInputs inputs = Inputs("");
  inputs.flags = {"kafka.properties.sasl.password=hunter2"};
  const auto refused = LoadConfig(inputs);
  ASSERT_EQ(refused.diagnostics().size(), 1u);
  EXPECT_EQ(refused.diagnostics()[0].code, "PE0032");
  EXPECT_EQ(Text(refused).find("hunter2"), std::string::npos);
  inputs.flags = {"kafka.properties.sasl.password=${file:/run/secret}"};
  EXPECT_TRUE(LoadConfig(inputs).ok());
}

TEST(LoadConfig, BytesThatAreNotTextArePlaced) {
  const std::string nul("kafka:\n  group_id: a\0b\n", 23);
  for (const std::string& yaml : {std::string("kafka:\n  group_id: \xC3\x28\n"), nul,
                                  std::string("kafka:\n  group_id: \x1b[31m\n")}) {
    const auto result = LoadConfig(Inputs(yaml));
    ASSERT_EQ(result.diagnostics().size(), 1u);
    EXPECT_EQ(result.diagnostics()[0].code, "PE0003");
    EXPECT_EQ(result.diagnostics()[0].line, 2);
    EXPECT_EQ(Text(result).find('\x1b'), std::string::npos);
  }
}

TEST(LoadConfig, TooLargeFileIsRefused) {
  const auto result = LoadConfig(Inputs(std::string(5'000'001, '#')));
  ASSERT_EQ(result.diagnostics().size(), 1u);
  EXPECT_EQ(result.diagnostics()[0].code, "PE0002");
}

TEST(LoadConfig, ManyProblemsAreCounted) {
  std::string yaml = "kafka:\n";
  for (int i = 0; i < 500; ++i) yaml += "  colour" + std::to_string(i) + ": red\n";
  const auto result = LoadConfig(Inputs(yaml));
  ASSERT_EQ(result.diagnostics().size(), 101u);
  EXPECT_EQ(result.diagnostics().back().message, "and 400 more problems");
}

TEST(LoadConfig, WarnsOfATransactionThatOutlivesItsWorker) {
  const auto both = LoadConfig(Inputs("kafka: {session_timeout: 10s, transaction_timeout: 10s}\n"));
  ASSERT_TRUE(both.ok()) << Text(both);
  ASSERT_EQ(both.diagnostics().size(), 1u);
  EXPECT_EQ(both.diagnostics()[0].code, "PE0036");
  const auto at_least_once =
      LoadConfig(Inputs("delivery: at_least_once\nkafka: {session_timeout: 10s}\n"));
  ASSERT_TRUE(at_least_once.ok()) << Text(at_least_once);
  EXPECT_TRUE(at_least_once.diagnostics().empty());
}

TEST(ConfigExample, GivesTheDefaultsAndTurnsRowsOn) {
  const auto result = LoadConfig(Inputs(ConfigExample()));
  ASSERT_TRUE(result.ok()) << Text(result);
  v1::Config expected = LoadConfig(Inputs("")).value();
  v1::BiConfig& bi = *expected.mutable_bi();
  for (v1::RowsConfig* rows :
       {bi.mutable_touchpoint(), bi.mutable_moment(), bi.mutable_contact(), bi.mutable_journey(),
        bi.mutable_alert(), bi.mutable_promise(), bi.mutable_survey()}) {
    EXPECT_FALSE(rows->enabled());
    rows->set_enabled(true);
  }
  EXPECT_EQ(result.value().SerializeAsString(), expected.SerializeAsString());
}

TEST(ConfigExample, IsTheFileInDeploy) {
  std::ifstream file("deploy/peakend.example.yaml");
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_EQ(text.str(), ConfigExample()) << "write it again: peakend config example";
}

TEST(ShowMessage, ReadsBackAsTheSameConfiguration) {
  ConfigInputs inputs = Inputs(
      "kafka: {group_id: \"a: b # c\", client_id: '007', properties: {\"x y\": \"true\", z: "
      "\"\"}}\n"
      "ingest: {max_record_bytes: 65536, max_time_ahead: 1.5s}\npolicy: {file: 'C:\\policy\"'}\n");
  const auto first = LoadConfig(inputs);
  ASSERT_TRUE(first.ok()) << Text(first);
  const std::string shown = ShowMessage(first.value(), first.origins(), ShowOrigins::kNo);
  const auto second = LoadConfig(Inputs(shown));
  ASSERT_TRUE(second.ok()) << shown << Text(second);
  EXPECT_EQ(ShowMessage(second.value(), {}, ShowOrigins::kNo), shown);
  EXPECT_EQ(second.value().kafka().client_id(), "007");
  EXPECT_EQ(second.value().policy().file(), "C:\\policy\"");
}

}  // namespace
}  // namespace peakend::runtime
