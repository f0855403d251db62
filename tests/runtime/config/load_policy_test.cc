#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "processors/alerts/rule.h"
#include "processors/runtime/config/default_policy.h"
#include "processors/runtime/config/json_schema.h"
#include "processors/runtime/config/load.h"
#include "processors/runtime/config/policy_version.h"
#include "processors/runtime/config/show.h"

namespace peakend::runtime {
namespace {

std::string Errors(std::string_view yaml) {
  return RenderDiagnostics(LoadPolicy("rules.yaml", yaml).diagnostics(), false);
}

TEST(LoadPolicy, ShippedPolicyIsValidAndWatchesEverything) {
  const auto result = LoadPolicy("default.yaml", DefaultPolicyYaml());
  ASSERT_TRUE(result.ok()) << RenderDiagnostics(result.diagnostics(), false);
  const v1::Policy& policy = result.value();
  EXPECT_EQ(policy.name(), "default");
  std::set<std::string> watched;
  for (const v1::RulePolicy& rule : policy.rules()) watched.insert(rule.on());
  EXPECT_EQ(watched.size(), alerts::kTriggers);
  ASSERT_GE(policy.rules_size(), 3);
  EXPECT_EQ(policy.rules(0).name(), "negative_peak");
  EXPECT_EQ(policy.rules(0).on(), "impression");
  EXPECT_EQ(policy.rules(0).enter(), -0.75);
  EXPECT_EQ(policy.rules(0).exit(), 0.0);
  EXPECT_EQ(policy.rules(0).severity(), "critical");
  EXPECT_EQ(policy.rules(0).urgency(), "interrupt");
  EXPECT_EQ(policy.rules(1).name(), "score_low");
  EXPECT_EQ(policy.rules(1).enter(), -0.4);
  EXPECT_EQ(policy.rules(1).exit(), -0.2);
  EXPECT_EQ(policy.rules(2).name(), "abandoned");
  EXPECT_EQ(policy.rules(2).urgency(), "list");
  for (const v1::RulePolicy& rule : policy.rules()) {
    EXPECT_FALSE(rule.message_en().empty());
    EXPECT_FALSE(rule.message_zh().empty());
  }
}

TEST(LoadPolicy, AbsentFieldsHaveTheirDefaults) {
  const auto result = LoadPolicy("p.yaml", "name: x\nrules:\n  - {name: a, on: score}\n");
  ASSERT_TRUE(result.ok()) << RenderDiagnostics(result.diagnostics(), false);
  EXPECT_EQ(result.value().version(), "1");
  EXPECT_EQ(result.value().windows().journey_gap().seconds(), 3 * 86400);
  EXPECT_EQ(result.value().windows().max_event_ids(), 8192u);
  EXPECT_EQ(result.value().moments().abandoned_valence(), -0.8);
  EXPECT_EQ(result.value().score().formula(), "experience");
  EXPECT_EQ(result.value().rules(0).enter(), -0.4);
  EXPECT_EQ(result.value().rules(0).cooldown().seconds(), 300);
  EXPECT_EQ(result.value().rules(0).severity(), "warning");
  EXPECT_EQ(result.origins().at("rules[0].on").kind, Origin::Kind::kFile);
  EXPECT_EQ(result.origins().at("rules[0].on").line, 3);
  EXPECT_EQ(result.origins().at("rules[0].enter").kind, Origin::Kind::kDefault);
}

TEST(LoadPolicy, SaysAllThatIsWrong) {
  EXPECT_EQ(
      Errors("name: x\nwindows:\n  journey_gap: 1 day\n  jorney_max: 90d\nrules:\n"
             "  - name: a\n    on: scores\n"),
      R"(error[PE0013]: `journey_gap` must be a duration such as `250ms`, `30s`, `5m` or `3d`, found `1 day`
  --> rules.yaml:3:16
  |
3 |   journey_gap: 1 day
  |                ^

error[PE0012]: unknown field `jorney_max`
  --> rules.yaml:4:3
  |
4 |   jorney_max: 90d
  |   ^
help: did you mean `journey_max`?

error[PE0015]: `on` cannot be `scores`
  --> rules.yaml:7:9
  |
7 |     on: scores
  |         ^
help: did you mean `score`? allowed: impression, score, abandoned, delight, negative_turns, repeat_contact, waiting, promise_at_risk, promise_broken, message_unanswered, peak_unanswered, follow_up_overdue, returning, escalation
)");
}

TEST(PolicyVersion, IsNameVersionAndFirstDigitsOfTheDigest) {
  v1::Policy policy = LoadPolicy("p.yaml", "name: x\nversion: 7").value();
  const std::string digest = PolicyDigest(policy);
  EXPECT_EQ(digest.size(), 16u);
  EXPECT_EQ(PolicyVersionStamp(policy), "x@7+" + digest.substr(0, 8));
  policy.mutable_score()->set_worst_weight(0.2);
  EXPECT_NE(PolicyDigest(policy), digest);
}

TEST(PolicyVersion, IgnoresFormAndWrittenDefaults) {
  const auto a = LoadPolicy("a.yaml", "name: x\n");
  const auto b =
      LoadPolicy("b.yaml", "# note\nversion: '1'\nname: \"x\"\nwindows: {journey_gap: 72h}");
  EXPECT_EQ(PolicyDigest(a.value()), PolicyDigest(b.value()));
}

TEST(PolicyIdentities, NoneChangesNothing) {
  const auto without = LoadPolicy("p.yaml", "name: x\n");
  const auto empty = LoadPolicy("p.yaml", "name: x\nidentities: []\n");
  EXPECT_EQ(PolicyDigest(without.value()), PolicyDigest(empty.value()));
  EXPECT_EQ(without.value().known_customers(), "");
}

TEST(PolicyIdentities, AreReadShownAndInTheDigest) {
  const std::string yaml =
      "name: x\n"
      "identities:\n"
      "  - {type: customer}\n"
      "  - {type: phone, verified: true, max_customers: 3}\n"
      "  - {type: device, max_customers: 64}\n";
  const auto result = LoadPolicy("p.yaml", yaml);
  ASSERT_TRUE(result.ok()) << RenderDiagnostics(result.diagnostics(), false);
  const v1::Policy& policy = result.value();
  ASSERT_EQ(policy.identities_size(), 3);
  EXPECT_FALSE(policy.identities(0).has_max_customers());
  EXPECT_TRUE(policy.identities(1).verified());
  EXPECT_EQ(policy.identities(1).max_customers(), 3U);
  EXPECT_EQ(policy.identities(2).type(), "device");
  EXPECT_FALSE(policy.identities(2).verified());
  EXPECT_EQ(policy.known_customers(), "stay");
  const auto written = LoadPolicy("p.yaml", yaml + "known_customers: stay\n");
  EXPECT_EQ(PolicyDigest(written.value()), PolicyDigest(policy));
  const auto move = LoadPolicy("p.yaml", yaml + "known_customers: move\n");
  EXPECT_NE(PolicyDigest(move.value()), PolicyDigest(policy));
  const auto again =
      LoadPolicy("again.yaml", ShowMessage(policy, result.origins(), ShowOrigins::kYes));
  ASSERT_TRUE(again.ok()) << RenderDiagnostics(again.diagnostics(), false);
  EXPECT_EQ(PolicyDigest(again.value()), PolicyDigest(policy));
}

// How far Berlin is ahead of UTC at a time, in seconds, by what a loaded policy says.
int32_t OffsetAt(const v1::CalendarPolicy& calendar, int64_t at_ms) {
  int32_t offset_seconds = calendar.utc_offsets(0).offset_seconds();
  for (const auto& offset : calendar.utc_offsets()) {
    if (offset.from_ms() <= at_ms) offset_seconds = offset.offset_seconds();
  }
  return offset_seconds;
}

constexpr std::string_view kDesk =
    "name: x\ncalendars:\n"
    "  - name: desk\n"
    "    time_zone: Europe/Berlin\n"
    "    hours: [Mon-Fri 09:00-18:00, \"Sat 10:00-14:00\"]\n"
    "    holidays: [2026-10-01..2026-10-07]\n"
    "    workdays: [2026-10-10]\n"
    "    queues: [billing]\n";

TEST(PolicyCalendars, TimeZonesBecomeOffsets) {
  const auto result = LoadPolicy("p.yaml", kDesk);
  ASSERT_TRUE(result.ok()) << RenderDiagnostics(result.diagnostics(), false);
  const v1::CalendarPolicy& desk = result.value().calendars(0);
  EXPECT_EQ(desk.hours(1), "Sat 10:00-14:00");
  EXPECT_EQ(result.origins().at("calendars[0].hours[1]").line, 5);
  // Twice a year from 2000 until 2060.
  EXPECT_EQ(desk.utc_offsets_size(), 121);
  EXPECT_EQ(desk.utc_offsets(0).from_ms(), 946'684'800'000);
  EXPECT_EQ(OffsetAt(desk, 946'684'800'000), 3600);
  constexpr int64_t kSpring = 1'774'746'000'000;  // 2026-03-29 01:00 UTC
  EXPECT_EQ(OffsetAt(desk, kSpring - 1), 3600);
  EXPECT_EQ(OffsetAt(desk, kSpring), 7200);
  constexpr int64_t kAutumn = 1'792'890'000'000;  // 2026-10-25 01:00 UTC
  EXPECT_EQ(OffsetAt(desk, kAutumn - 1), 7200);
  EXPECT_EQ(OffsetAt(desk, kAutumn), 3600);
  EXPECT_EQ(OffsetAt(desk, 2'824'761'600'000), 7200);  // summer of 2059
}

TEST(PolicyCalendars, ZonesWithoutChangesHaveOneOffset) {
  for (const auto& [zone, ahead] : std::vector<std::pair<std::string, int32_t>>{
           {"UTC", 0}, {"Asia/Shanghai", 28'800}, {"Asia/Kathmandu", 20'700}}) {
    const auto result = LoadPolicy("p.yaml",
                                   "name: x\ncalendars:\n  - {name: a, hours: [Mon 09:00-18:00], "
                                   "time_zone: " +
                                       zone + "}\n");
    ASSERT_TRUE(result.ok()) << RenderDiagnostics(result.diagnostics(), false);
    ASSERT_EQ(result.value().calendars(0).utc_offsets_size(), 1) << zone;
    EXPECT_EQ(result.value().calendars(0).utc_offsets(0).offset_seconds(), ahead) << zone;
  }
}

TEST(PolicyCalendars, OffsetsAreInTheDigestAndShownNowhere) {
  const auto result = LoadPolicy("p.yaml", kDesk);
  ASSERT_TRUE(result.ok());
  v1::Policy other = result.value();
  other.mutable_calendars(0)->mutable_utc_offsets(7)->set_offset_seconds(3601);
  EXPECT_NE(PolicyDigest(other), PolicyDigest(result.value()));
  const std::string shown = ShowMessage(result.value(), result.origins(), ShowOrigins::kYes);
  EXPECT_EQ(shown.find("utc_offsets"), std::string::npos);
  EXPECT_EQ(JsonSchema(*v1::Policy::descriptor(), "policy", References::kNone).find("utc_offsets"),
            std::string::npos);
  const auto again = LoadPolicy("again.yaml", shown);
  ASSERT_TRUE(again.ok()) << RenderDiagnostics(again.diagnostics(), false);
  EXPECT_EQ(PolicyDigest(again.value()), PolicyDigest(result.value()));
}

TEST(PolicyCalendars, NoneChangesNothing) {
  const auto without = LoadPolicy("p.yaml", "name: x\n");
  const auto empty = LoadPolicy("p.yaml", "name: x\ncalendars: []\n");
  EXPECT_EQ(PolicyDigest(without.value()), PolicyDigest(empty.value()));
}

TEST(PolicyCalendars, OnlyNamesOfTimeZonesAreLookedUp) {
  for (const std::string zone : {"localtime", "/etc/passwd", "../zoneinfo/UTC", "Europe",
                                 "europe/berlin", "\"Fixed/UTC+01:00:00\"", "Mars/Olympus"}) {
    EXPECT_NE(Errors("name: x\ncalendars:\n  - {name: a, hours: [Mon 09:00-18:00], time_zone: " +
                     zone + "}\n")
                  .find("PE0039"),
              std::string::npos)
        << zone;
  }
}

}  // namespace
}  // namespace peakend::runtime
