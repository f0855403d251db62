// Policies as records of the input: what a loaded one becomes, and what is refused.
#include "processors/runtime/config/policy_record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <limits>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "peakend/v1/interaction_event.pb.h"
#include "processors/runtime/config/default_policy.h"
#include "processors/runtime/config/load.h"
#include "processors/runtime/config/policy_version.h"

namespace peakend::runtime {
namespace {

using testing::HasSubstr;

v1::Policy Default() { return LoadPolicy("default", DefaultPolicyYaml()).value(); }

v1::PolicyRecord RecordOf(const v1::Policy& policy) {
  v1::PolicyRecord record;
  record.set_stamp(PolicyVersionStamp(policy));
  *record.mutable_policy() = policy;
  return record;
}

TEST(PolicyRecord, EachShippedPolicySurvivesIt) {
  int policies = 0;
  for (const auto& entry : std::filesystem::directory_iterator("deploy/policies")) {
    if (entry.path().extension() != ".yaml") continue;
    std::stringstream yaml;
    yaml << std::ifstream(entry.path()).rdbuf();
    const auto loaded = LoadPolicy(entry.path().string(), yaml.str());
    ASSERT_TRUE(loaded.ok()) << entry.path();
    const auto value = PolicyRecordValue(loaded.value());
    ASSERT_TRUE(value.ok()) << value.status();
    v1::InteractionEvent event;
    ASSERT_TRUE(event.ParseFromString(*value));
    const auto compiled = CompileRecordedPolicy(event.control().policy());
    ASSERT_TRUE(compiled.ok()) << entry.path() << ": " << compiled.status();
    EXPECT_EQ(compiled->stamp, PolicyVersionStamp(loaded.value()));
    EXPECT_EQ(compiled->rules.size(), static_cast<size_t>(loaded.value().rules_size()));
    ++policies;
  }
  EXPECT_GE(policies, 9);
}

TEST(PolicyRecord, AStampOfOtherContentIsRefused) {
  v1::PolicyRecord record = RecordOf(Default());
  record.mutable_policy()->mutable_rules(0)->set_enter(-0.123);
  EXPECT_THAT(CompileRecordedPolicy(record).status().message(), HasSubstr("stamp"));
}

TEST(PolicyRecord, OneThatIsTooLargeIsRefused) {
  v1::Policy policy = Default();
  policy.set_name(std::string(300'000, 'x'));
  EXPECT_THAT(PolicyRecordValue(policy).status().message(), HasSubstr("bytes"));
}

struct Wild {
  const char* name;
  std::function<void(v1::Policy&)> change;
};

// Whoever can write to the input can write such a record, with the stamp that it needs.
std::vector<Wild> WildPolicies() {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  return {
      {"nan", [](auto& p) { p.mutable_rules(0)->set_enter(kNan); }},
      {"threshold", [](auto& p) { p.mutable_rules(0)->set_enter(-7); }},
      {"negative window", [](auto& p) { p.mutable_windows()->mutable_memory()->set_seconds(-1); }},
      {"endless window",
       [](auto& p) {
         p.mutable_windows()->mutable_memory()->set_seconds(std::numeric_limits<int64_t>::max());
       }},
      {"trigger", [](auto& p) { p.mutable_rules(0)->set_on("nothing"); }},
      {"same rule twice", [](auto& p) { *p.add_rules() = p.rules(0); }},
      {"nameless rule", [](auto& p) { p.mutable_rules(0)->clear_name(); }},
      {"long name", [](auto& p) { p.mutable_rules(0)->set_name(std::string(5000, 'x')); }},
      {"circle of recipients",
       [](auto& p) {
         for (const auto& [name, next] : {std::pair("a", "b"), std::pair("b", "a")}) {
           v1::RecipientPolicy& recipient = *p.add_recipients();
           recipient.set_name(name);
           recipient.set_escalate_to(next);
           recipient.mutable_after()->set_seconds(60);
         }
         p.mutable_rules(0)->add_recipients("a");
       }},
      {"weights", [](auto& p) { p.mutable_score()->set_worst_weight(0.9); }},
      {"too many rules",
       [](auto& p) {
         for (int i = 0; i < 20'000; ++i) {
           v1::RulePolicy& rule = *p.add_rules();
           rule = p.rules(0);
           rule.set_name("r" + std::to_string(i));
         }
       }},
  };
}

TEST(PolicyRecord, WhatCheckWouldRefuseIsRefused) {
  for (const Wild& wild : WildPolicies()) {
    v1::Policy policy = Default();
    wild.change(policy);
    const auto compiled = CompileRecordedPolicy(RecordOf(policy));
    EXPECT_TRUE(absl::IsInvalidArgument(compiled.status())) << wild.name;
  }
}

TEST(PolicyRecord, WhatAnOlderProgramDidNotKnowHasItsDefault) {
  v1::Policy policy = Default();
  const auto usual = CompileRecordedPolicy(RecordOf(policy));
  ASSERT_TRUE(usual.ok()) << usual.status();
  policy.mutable_windows()->clear_notice_window();
  policy.mutable_windows()->clear_max_contacts();
  const auto compiled = CompileRecordedPolicy(RecordOf(policy));
  ASSERT_TRUE(compiled.ok()) << compiled.status();
  EXPECT_EQ(compiled->windows.notice_window_ms, usual->windows.notice_window_ms);
  EXPECT_EQ(compiled->windows.max_contacts, usual->windows.max_contacts);
}

TEST(PolicyRecord, WhatFollowsLinksCustomersAlike) {
  publish::Policy nobody;
  publish::Policy by_phone;
  by_phone.identities.emplace();
  by_phone.identities->types = {{"phone", true, 3}};
  publish::Policy slower = by_phone;
  slower.identities->rules.repeat_after_minutes *= 2;
  publish::Policy by_email = by_phone;
  by_email.identities->types[0].name = "email";
  EXPECT_TRUE(CheckMayFollow(nobody, nobody).ok());
  EXPECT_TRUE(CheckMayFollow(by_phone, slower).ok());
  EXPECT_TRUE(absl::IsInvalidArgument(CheckMayFollow(nobody, by_phone)));
  EXPECT_TRUE(absl::IsInvalidArgument(CheckMayFollow(by_phone, nobody)));
  EXPECT_TRUE(absl::IsInvalidArgument(CheckMayFollow(by_phone, by_email)));
}

TEST(PolicyRecord, WhatFollowsDoesNotTurnTimeBack) {
  publish::Policy usual;
  publish::Policy patient;
  ++patient.windows.max_out_of_orderness_ms;
  EXPECT_TRUE(CheckMayFollow(patient, usual).ok());
  EXPECT_TRUE(absl::IsInvalidArgument(CheckMayFollow(usual, patient)));
  publish::Policy lenient;
  ++lenient.windows.allowed_lateness_ms;
  EXPECT_TRUE(CheckMayFollow(lenient, usual).ok());
  EXPECT_TRUE(absl::IsInvalidArgument(CheckMayFollow(usual, lenient)));
}

}  // namespace
}  // namespace peakend::runtime
