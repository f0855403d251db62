#include "processors/runtime/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_split.h"

namespace peakend::runtime {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);
constexpr int64_t kNowMs = 1'700'000'000'000;

MetricsOptions Options() {
  MetricsOptions options;
  options.input_topic = "in";
  options.rules = {{"negative_peak", "impression", "critical"},
                   {"low_score", "score", "warning"},
                   {"lower_score", "score", "critical"}};
  options.build = {{"version", "0.1.0"}, {"librdkafka", "2.0.2"}};
  return options;
}

std::vector<std::string> Lines(Metrics& metrics) {
  return absl::StrSplit(metrics.Expose(kNow), '\n', absl::SkipEmpty());
}

// What is wrong with an exposition by the text format's rules and the naming
// conventions; empty = nothing.
class Linter {
 public:
  std::vector<std::string> Check(const std::vector<std::string>& lines) {
    for (const std::string& line : lines) CheckLine(line);
    for (const auto& [family, type] : types_) CheckName(family, type);
    return complaints_;
  }

 private:
  void CheckLine(const std::string& line) {
    static const std::regex help("# HELP ([a-z_][a-z0-9_]*) (.+)");
    static const std::regex type("# TYPE ([a-z_][a-z0-9_]*) (counter|gauge|histogram)");
    static const std::regex sample(
        R"re(([a-z_][a-z0-9_]*)(\{[a-z_]+="([^"\\\n]|\\["\\n])*"(,[a-z_]+="([^"\\\n]|\\["\\n])*")*\})? (-?[0-9.]+(e[+-]?[0-9]+)?))re");
    std::smatch match;
    if (std::regex_match(line, match, help)) {
      Expect(helps_.insert(match[1]).second, "second HELP: " + line);
      Expect(line.ends_with('.'), "help is not a sentence: " + line);
      family_.clear();
    } else if (std::regex_match(line, match, type)) {
      family_ = match[1];
      Expect(helps_.contains(family_), "TYPE before HELP: " + line);
      Expect(types_.try_emplace(family_, match[2]).second, "second TYPE: " + line);
    } else if (std::regex_match(line, match, sample)) {
      CheckSample(line, match[1], match[2]);
    } else {
      Expect(false, "not a line of the format: " + line);
    }
  }

  void CheckSample(const std::string& line, const std::string& name, const std::string& labels) {
    std::set<std::string> allowed = {family_};
    if (types_[family_] == "histogram") {
      allowed = {family_ + "_bucket", family_ + "_sum", family_ + "_count"};
    }
    Expect(!family_.empty() && allowed.contains(name), "sample outside of its family: " + line);
    Expect(samples_.insert(name + labels).second, "sample twice: " + line);
    // The topic of rows about contacts is nobody's.
    const std::string of_people =
        std::regex_replace(labels, std::regex("topic=\"[^\"]*\""), std::string());
    for (const char* personal :
         {"customer=", "customer_id=", "agent", "journey=", "journey_id=", "contact"}) {
      Expect(of_people.find(personal) == std::string::npos, "personal label: " + line);
    }
  }

  void CheckName(const std::string& family, const std::string& type) {
    static const std::regex scaled(".*_(ms|milliseconds|us|minutes|kb|mb|kib)(_total)?");
    Expect((type == "counter") == family.ends_with("_total"),
           "counters alone end in _total: " + family);
    Expect(!std::regex_match(family, scaled), "not a base unit: " + family);
    Expect(family.starts_with("peakend_") || family.starts_with("process_"), "prefix: " + family);
    Expect(type != "histogram" || family.ends_with("_seconds"),
           "histogram without unit: " + family);
  }

  void Expect(bool good, const std::string& complaint) {
    if (!good) complaints_.push_back(complaint);
  }

  std::set<std::string> helps_;
  std::map<std::string, std::string> types_;
  std::set<std::string> samples_;
  std::string family_;
  std::vector<std::string> complaints_;
};

TEST(MetricsLinter, SeesWhatIsWrong) {
  const auto complaints = [](std::vector<std::string> lines) {
    return Linter().Check(lines).size();
  };
  EXPECT_EQ(complaints({"# HELP peakend_a_total A.", "# TYPE peakend_a_total counter",
                        "peakend_a_total{x=\"a\\\"b\"} 3", "peakend_a_total{x=\"c\"} 1e-05"}),
            0U);
  EXPECT_EQ(complaints({"# TYPE peakend_a gauge"}), 1U);
  EXPECT_EQ(complaints({"# HELP peakend_a A.", "# TYPE peakend_a counter"}), 1U);
  EXPECT_EQ(complaints({"# HELP peakend_a_ms A.", "# TYPE peakend_a_ms gauge"}), 1U);
  EXPECT_EQ(complaints({"# HELP peakend_a A.", "# TYPE peakend_a gauge", "peakend_b 1"}), 1U);
  EXPECT_EQ(
      complaints({"# HELP peakend_a A.", "# TYPE peakend_a gauge", "peakend_a 1", "peakend_a 2"}),
      1U);
  EXPECT_EQ(complaints({"# HELP peakend_a A.", "# TYPE peakend_a gauge",
                        "peakend_a{customer_id=\"7\"} 1"}),
            1U);
  EXPECT_EQ(complaints({"peakend a 1"}), 1U);
}

TEST(Metrics, ExpositionIsCorrectAtTheStartAndInUse) {
  Metrics metrics(Options());
  EXPECT_THAT(Linter().Check(Lines(metrics)), IsEmpty());
  EngineStats stats;
  stats.clocks[3] = {kNowMs, kNowMs};
  metrics.Update(stats);
  metrics.SetConsumerLag(3, 5);
  metrics.ObserveCommit(absl::Milliseconds(3));
  EXPECT_THAT(Linter().Check(Lines(metrics)), IsEmpty());
}

TEST(Metrics, APartitionShowsThePolicyThatCounts) {
  Metrics metrics(Options());
  EngineStats stats;
  stats.clocks[3] = {kNowMs, kNowMs, 0, "shop@1+00000000"};
  metrics.Update(stats);
  EXPECT_THAT(Lines(metrics),
              Contains("peakend_policy_info{partition=\"3\",policy=\"shop@1+00000000\"} 1"));
  stats.clocks[3].policy = "shop@2+00000000";
  metrics.Update(stats);
  EXPECT_THAT(Lines(metrics),
              Contains("peakend_policy_info{partition=\"3\",policy=\"shop@2+00000000\"} 1"));
  EXPECT_THAT(metrics.Expose(kNow), Not(HasSubstr("shop@1")));
}

TEST(Metrics, RulesOfAnotherPolicyGetTheirSeries) {
  Metrics metrics(Options());
  metrics.AddRules({{"negative_peak", "score", "info"}, {"new", "delight", "info"}});
  const auto lines = Lines(metrics);
  EXPECT_THAT(lines,
              Contains("peakend_alerts_total{rule=\"new\",severity=\"info\",state=\"open\"} 0"));
  EXPECT_THAT(
      lines,
      Contains(
          "peakend_alerts_total{rule=\"negative_peak\",severity=\"critical\",state=\"open\"} 0"));
  EXPECT_THAT(metrics.Expose(kNow), Not(HasSubstr("rule=\"negative_peak\",severity=\"info\"")));
}

TEST(Metrics, AReloadThatFailsKeepsTheTimeOfTheLastThatDidNot) {
  Metrics metrics(Options());
  metrics.SetReload(true, absl::FromUnixSeconds(100));
  metrics.SetReload(false, absl::FromUnixSeconds(200));
  EXPECT_THAT(Lines(metrics), Contains("peakend_config_reload_success 0"));
  EXPECT_THAT(Lines(metrics), Contains("peakend_config_reload_success_timestamp_seconds 100"));
}

TEST(Metrics, EverySeriesIsThereFromTheStart) {
  Metrics metrics(Options());
  const auto lines = Lines(metrics);
  for (const char* outcome : {"ok", "late", "duplicate", "invalid", "unknown_schema"}) {
    EXPECT_THAT(lines, Contains("peakend_events_total{outcome=\"" + std::string(outcome) +
                                "\",topic=\"in\"} 0"));
  }
  for (const char* reason :
       {"empty_value", "too_large", "truncated", "invalid_utf8", "unknown_schema", "no_event_id",
        "no_key", "key_mismatch", "no_time", "time_too_far_ahead", "not_a_number", "out_of_range",
        "field_too_long", "invalid_json", "invalid_policy"}) {
    EXPECT_THAT(lines, Contains("peakend_rejected_records_total{reason=\"" + std::string(reason) +
                                "\"} 0"));
  }
  for (const char* kind : {"opening", "peak_positive", "peak_negative", "end"}) {
    EXPECT_THAT(lines, Contains("peakend_moments_total{kind=\"" + std::string(kind) + "\"} 0"));
  }
  EXPECT_THAT(lines,
              Contains(AllOf(HasSubstr("peakend_alerts_total{"), HasSubstr("rule=\"low_score\""),
                             HasSubstr("severity=\"warning\""), HasSubstr("state=\"follow_up\""))));
  for (const char* name :
       {"peakend_journeys_open", "peakend_journeys_closed_total", "peakend_state_bytes",
        "peakend_customers", "peakend_rebalances_total", "peakend_commit_failures_total",
        "peakend_assigned_partitions", "peakend_replay_records_left", "peakend_input_bytes_total",
        "peakend_batch_processing_seconds_count", "peakend_commit_seconds_count",
        "peakend_journey_revisions_total"}) {
    EXPECT_THAT(lines, Contains(std::string(name) + " 0"));
  }
  EXPECT_THAT(lines, Contains("peakend_alert_latency_seconds_count{kind=\"score\"} 0"));
  EXPECT_THAT(lines,
              Contains(AllOf(HasSubstr("peakend_build_info{"), HasSubstr("librdkafka=\"2.0.2\""),
                             HasSubstr("version=\"0.1.0\""))));
}

TEST(Metrics, CountersFollowTheEngineTotals) {
  Metrics metrics(Options());
  EngineStats stats;
  stats.events_ok = 10;
  stats.rejected[1] = 2;   // empty value
  stats.rejected[5] = 3;   // unknown schema
  stats.rejected[14] = 4;  // invalid JSON
  stats.moments[4] = 5;
  stats.identity_records = 8;
  stats.identities = {21, 22, 23, 24, 25, 26};
  stats.alerts["low_score"][1] = 6;
  stats.journeys_open = 7;
  metrics.Update(stats);
  metrics.Update(stats);
  stats.events_ok = 12;
  stats.journeys_open = 1;
  metrics.Update(stats);
  const auto lines = Lines(metrics);
  EXPECT_THAT(lines, Contains("peakend_events_total{outcome=\"ok\",topic=\"in\"} 12"));
  EXPECT_THAT(lines, Contains("peakend_events_total{outcome=\"invalid\",topic=\"in\"} 6"));
  EXPECT_THAT(lines, Contains("peakend_events_total{outcome=\"unknown_schema\",topic=\"in\"} 3"));
  EXPECT_THAT(lines, Contains("peakend_rejected_records_total{reason=\"invalid_json\"} 4"));
  EXPECT_THAT(lines, Contains("peakend_moments_total{kind=\"end\"} 5"));
  EXPECT_THAT(lines, Contains("peakend_journeys_open 1"));
  EXPECT_THAT(lines, Contains("peakend_events_total{outcome=\"identity\",topic=\"in\"} 8"));
  EXPECT_THAT(lines, Contains("peakend_customers_merged_total 21"));
  EXPECT_THAT(lines, Contains("peakend_customers_split_total 22"));
  EXPECT_THAT(lines, Contains("peakend_identities_shared_total 23"));
  EXPECT_THAT(lines, Contains("peakend_guests_absorbed_total 24"));
  EXPECT_THAT(lines, Contains("peakend_events_bounced_total 25"));
  EXPECT_THAT(lines, Contains("peakend_identity_late_parts_total 26"));
  EXPECT_THAT(lines, Contains(AllOf(HasSubstr("rule=\"low_score\""), HasSubstr("state=\"open\""),
                                    ::testing::EndsWith("} 6"))));
}

TEST(Metrics, PartitionsComeAndGo) {
  Metrics metrics(Options());
  EngineStats stats;
  stats.clocks[0] = {kNowMs - 90'000, kNowMs - 95'000};
  stats.clocks[1] = {kNowMs - 90'000, kNowMs - 95'000};
  metrics.Update(stats);
  metrics.SetConsumerLag(1, 0);
  metrics.SetConsumerLag(9, 4);
  auto lines = Lines(metrics);
  EXPECT_THAT(lines, Contains("peakend_event_time_lag_seconds{partition=\"0\"} 90"));
  EXPECT_THAT(lines, Contains("peakend_event_time_lag_seconds{partition=\"1\"} 0"));
  EXPECT_THAT(lines, Contains("peakend_consumer_lag_records{partition=\"1\"} 0"));
  EXPECT_THAT(lines, Contains("peakend_watermark_timestamp_seconds{partition=\"0\"} 1699999905"));
  EXPECT_THAT(metrics.Expose(kNow), Not(HasSubstr("partition=\"9\"")));

  stats.clocks.erase(1);
  metrics.Update(stats);
  EXPECT_THAT(metrics.Expose(kNow), Not(HasSubstr("partition=\"1\"")));
  EXPECT_THAT(metrics.Expose(kNow), HasSubstr("partition=\"0\""));
}

TEST(Metrics, PartitionWithoutAnEventHasNoAge) {
  Metrics metrics(Options());
  EngineStats stats;
  stats.clocks[0] = {0, -5'000};
  metrics.Update(stats);
  const auto lines = Lines(metrics);
  EXPECT_THAT(lines, Contains("peakend_event_time_lag_seconds{partition=\"0\"} 0"));
  EXPECT_THAT(lines, Contains("peakend_watermark_timestamp_seconds{partition=\"0\"} 0"));
}

TEST(Metrics, TheShellsOwnCallsAreShown) {
  Metrics metrics(Options());
  metrics.ObserveBatch(170, absl::Milliseconds(2));
  metrics.ObserveBatch(30, absl::Milliseconds(2));
  metrics.ObserveAlertLatency("low_score", absl::Seconds(2));
  metrics.ObserveAlertLatency("lower_score", absl::Seconds(-1));
  metrics.ObserveAlertLatency("unknown", absl::Seconds(1));
  metrics.ObserveCommit(absl::Seconds(100));
  metrics.AddCommitFailure();
  metrics.AddRebalance();
  metrics.SetAssignedPartitions(4);
  metrics.SetReplayLeft(11);
  metrics.AddOutputs(publish::Topic::kMoments, 3);
  metrics.AddUndeliverable(publish::Topic::kRejected);
  const auto lines = Lines(metrics);
  EXPECT_THAT(lines, Contains("peakend_input_bytes_total 200"));
  EXPECT_THAT(lines, Contains("peakend_batch_processing_seconds_count 2"));
  EXPECT_THAT(lines, Contains("peakend_alert_latency_seconds_count{kind=\"score\"} 2"));
  EXPECT_THAT(lines, Contains("peakend_alert_latency_seconds_sum{kind=\"score\"} 2"));
  EXPECT_THAT(lines, Contains("peakend_commit_seconds_bucket{le=\"30\"} 0"));
  EXPECT_THAT(lines, Contains("peakend_commit_seconds_bucket{le=\"+Inf\"} 1"));
  EXPECT_THAT(lines, Contains("peakend_commit_failures_total 1"));
  EXPECT_THAT(lines, Contains("peakend_rebalances_total 1"));
  EXPECT_THAT(lines, Contains("peakend_assigned_partitions 4"));
  EXPECT_THAT(lines, Contains("peakend_replay_records_left 11"));
  EXPECT_THAT(lines, Contains("peakend_output_records_total{topic=\"moments\"} 3"));
  EXPECT_THAT(lines, Contains(AllOf(HasSubstr("peakend_undeliverable_records_total{topic=\"rej"),
                                    ::testing::EndsWith("} 1"))));
}

TEST(Metrics, ProcessNumbersAreReal) {
  Metrics metrics(Options());
  std::map<std::string, double> values;
  for (const std::string& line : Lines(metrics)) {
    if (!line.starts_with("process_")) continue;
    const size_t blank = line.find(' ');
    values[line.substr(0, blank)] = std::stod(line.substr(blank + 1));
  }
  EXPECT_GT(values["process_resident_memory_bytes"], 1e6);
  EXPECT_GT(values["process_virtual_memory_bytes"], values["process_resident_memory_bytes"]);
  EXPECT_GT(values["process_start_time_seconds"], 1.6e9);
  EXPECT_GE(values["process_open_fds"], 3);
  EXPECT_GE(values["process_max_fds"], values["process_open_fds"]);
  EXPECT_GE(values["process_threads"], 1);
  EXPECT_EQ(values.count("process_cpu_seconds_total"), 1U);
}

}  // namespace
}  // namespace peakend::runtime
