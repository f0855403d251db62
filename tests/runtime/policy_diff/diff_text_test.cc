// How differences read, in both languages and as JSON.
#include "processors/runtime/policy_diff/diff_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"
#include "peakend/v1/policy.pb.h"
#include "processors/runtime/config/field_rules.h"
#include "processors/runtime/policy_diff/field_words.h"

namespace peakend::runtime {
namespace {

const ComparedPolicies kPolicies = {"shop@1+00000000", "shop@2+11111111"};
const std::vector<Change> kChanges = {
    {ChangeKind::kChanged, "windows", "", "journey_gap", "3d", "7d", Effect::kLongerJourneys},
    {ChangeKind::kRemoved, "rules", "thanks", "", "on delight, enter 0.85", ""},
    {ChangeKind::kRenamed, "rules", "hurt", "", "negative_peak", "hurt"},
    {ChangeKind::kChanged, "rules", "hurt", "urgency", "list", "interrupt", Effect::kInterrupts},
    {ChangeKind::kChanged, "rules", "hurt", "message_zh", "", "很差"},
    {ChangeKind::kAdded, "rules", "queue", "", "", "on waiting"},
    {ChangeKind::kMoved, "openings", "bad_end", "", "", "again", Effect::kAhead},
    {ChangeKind::kAdded, "phrases", "apology", "", "", "抱歉, 对不起"},
    {ChangeKind::kChanged, "known_customers", "", "", "stay", "move"}};

TEST(DiffText, ReadsInEnglish) {
  EXPECT_EQ(DiffText(kPolicies, kChanges, Language::kEnglish),
            R"(shop@1+00000000 -> shop@2+11111111

windows
  changed  journey_gap 3d -> 7d (contacts that lie further apart make one journey)
rules
  removed  thanks: on delight, enter 0.85
  renamed  negative_peak, now hurt
  changed  hurt: urgency list -> interrupt (interrupts instead of being listed)
  changed  hurt: message_zh (absent) -> 很差
  added    queue: on waiting
openings
  moved    bad_end: now before again
phrases
  added    apology: 抱歉, 对不起
known_customers
  changed  known_customers stay -> move

2 added, 1 removed, 1 renamed, 1 moved, 4 changed
)");
}

TEST(DiffText, ReadsInChinese) {
  EXPECT_EQ(DiffText(kPolicies, kChanges, Language::kChinese),
            R"(shop@1+00000000 -> shop@2+11111111

时间窗口（windows）
  修改  旅程间隔（journey_gap） 3d -> 7d（相隔更久的联络也归为同一旅程）
规则（rules）
  删除  thanks：on delight, enter 0.85
  改名  negative_peak，现为 hurt
  修改  hurt：处理方式（urgency） list -> interrupt（由列入清单改为立即提醒主管）
  修改  hurt：中文提示（message_zh） （未设置） -> 很差
  新增  queue：on waiting
开场提示（openings）
  移动  bad_end：移到 again 之前
用语（phrases）
  新增  apology：抱歉, 对不起
已知客户（known_customers）
  修改  已知客户（known_customers） stay -> move

新增 2 项，删除 1 项，改名 1 项，移动 1 项，修改 4 项
)");
}

TEST(DiffText, NoneIsOneSentence) {
  EXPECT_EQ(DiffText(kPolicies, {}, Language::kEnglish), "the policies are the same\n");
  EXPECT_EQ(DiffText(kPolicies, {}, Language::kChinese), "两份策略的内容相同\n");
}

TEST(DiffText, LongValuesAreShortenedBetweenCharacters) {
  std::string says;
  for (int i = 0; i < 100; ++i) says += "歉";
  const std::string text = DiffText(
      kPolicies, {{ChangeKind::kAdded, "phrases", "apology", "", "", says}}, Language::kEnglish);
  EXPECT_THAT(text, testing::HasSubstr(says.substr(0, 78) + "...\n"));
  EXPECT_THAT(text, testing::Not(testing::HasSubstr(says.substr(0, 81))));
}

TEST(DiffText, ControlCharactersDoNotReachTheTerminal) {
  const std::string text = DiffText(
      kPolicies, {{ChangeKind::kAdded, "rules", "a\x1b[2J", "", "", "b\nc"}}, Language::kEnglish);
  EXPECT_THAT(text, testing::Not(testing::HasSubstr("\x1b")));
  EXPECT_THAT(text, testing::Not(testing::HasSubstr("b\nc")));
}

TEST(DiffJson, HoldsAllOfEachChange) {
  google::protobuf::Struct json;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(
                  DiffJson(kPolicies, kChanges, Language::kChinese), &json)
                  .ok());
  EXPECT_EQ(json.fields().at("before").string_value(), "shop@1+00000000");
  const auto& changes = json.fields().at("changes").list_value().values();
  ASSERT_EQ(changes.size(), 9);
  const auto& urgency = changes[3].struct_value().fields();
  EXPECT_EQ(urgency.at("kind").string_value(), "changed");
  EXPECT_EQ(urgency.at("section").string_value(), "rules");
  EXPECT_EQ(urgency.at("subject").string_value(), "hurt");
  EXPECT_EQ(urgency.at("field").string_value(), "urgency");
  EXPECT_EQ(urgency.at("before").string_value(), "list");
  EXPECT_EQ(urgency.at("after").string_value(), "interrupt");
  EXPECT_EQ(urgency.at("effect").string_value(), "interrupts");
  EXPECT_EQ(urgency.at("meaning").string_value(), "由列入清单改为立即提醒主管");
}

TEST(DiffJson, NoneIsAnEmptyList) {
  EXPECT_EQ(DiffJson(kPolicies, {}, Language::kEnglish),
            "{\"before\": \"shop@1+00000000\", \"after\": \"shop@2+11111111\", \"changes\": []}\n");
}

TEST(Effects, HaveANameAndWordsOfTheirOwn) {
  std::set<std::string_view> names;
  std::set<std::string_view> english;
  std::set<std::string_view> chinese;
  for (size_t i = 1; i < kEffects; ++i) {
    const auto effect = static_cast<Effect>(i);
    names.insert(EffectName(effect));
    english.insert(EffectWords(effect, Language::kEnglish));
    chinese.insert(EffectWords(effect, Language::kChinese));
  }
  EXPECT_EQ(names.size(), kEffects - 1);
  EXPECT_EQ(english.size(), kEffects - 1);
  EXPECT_EQ(chinese.size(), kEffects - 1);
  EXPECT_FALSE(names.contains(""));
}

void ExpectWords(const google::protobuf::Descriptor& descriptor) {
  for (const auto* field : WrittenFields(descriptor)) {
    EXPECT_NE(ChineseFieldName(field->name()), "") << field->full_name();
    const FieldKind kind = KindOf(*field);
    if (kind == FieldKind::kMessage || kind == FieldKind::kList) {
      ExpectWords(*field->message_type());
    }
  }
}

TEST(FieldWords, EveryFieldOfAPolicyHasThem) { ExpectWords(*v1::Policy::descriptor()); }

}  // namespace
}  // namespace peakend::runtime
