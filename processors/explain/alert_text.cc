// Why the alert came: the rule in words, what it saw, and what would not have raised it.
#include "absl/strings/str_join.h"
#include "processors/explain/alert_life.h"
#include "processors/explain/cause_words.h"
#include "processors/explain/quantity.h"
#include "processors/explain/sections.h"

namespace peakend::explain {
namespace {

Wording Expects() {
  return {"longer than was announced, else than is adequate",
          "超过告知的时间，未告知则超过尚可接受的时间"};
}

std::string AfterWords(const v1::RuleStory& rule, const Wording& otherwise, TextLines& lines) {
  if (!rule.has_after_ms()) return otherwise.In(lines.language());
  return lines.Say({"longer than $0", "超过 $0"}, Duration(rule.after_ms(), lines.language()));
}

// What raises a rule that judges events; empty for a condition.
std::string EventWords(const v1::RuleStory& rule, TextLines& lines) {
  const std::string enter = Level(rule.enter());
  const std::string_view on = rule.on();
  if (on == "impression") {
    return lines.Say({"valence x confidence of what just happened falls below $0",
                      "刚发生的体验的情绪值 × 置信度低于 $0"},
                     enter);
  }
  if (on == "score") {
    return lines.Say({"the journey's score falls below $0", "旅程评分低于 $0"}, enter);
  }
  if (on == "delight") {
    return lines.Say({"valence x confidence of what just happened rises above $0",
                      "刚发生的体验的情绪值 × 置信度高于 $0"},
                     enter);
  }
  if (on == "negative_turns") {
    return lines.Say({"$0 of the latest $1 turns of the customer are below $2",
                      "客户最近 $1 句话中有 $0 句低于 $2"},
                     rule.negatives(), rule.turns(), enter);
  }
  if (on == "abandoned") {
    return lines.Say({"the customer gives up in the queue", "客户在排队中放弃"});
  }
  if (on == "escalation") {
    return lines.Say({"a turn of the customer holds a phrase of class `escalation`",
                      "客户的话中出现 `escalation` 类用语"});
  }
  return "";
}

// What raises a rule about the time that passes, or about a promise.
std::string DeadlineWords(const v1::RuleStory& rule, TextLines& lines) {
  const std::string_view on = rule.on();
  if (on == "waiting") {
    return lines.Say({"the customer is in the queue $0", "客户排队$0"},
                     AfterWords(rule, Expects(), lines));
  }
  if (on == "message_unanswered") {
    return lines.Say(
        {"a message of the customer is not answered $0", "客户的消息未得到回复，$0"},
        AfterWords(rule, {"for longer than is adequate", "超过尚可接受的时间"}, lines));
  }
  if (on == "peak_unanswered") {
    return lines.Say(
        {"no human has spoken after an impression below $0 $1", "低于 $0 的体验之后无人工应答，$1"},
        Level(rule.enter()), AfterWords(rule, {"for 2 min", "超过 2 分钟"}, lines));
  }
  if (on == "promise_at_risk") {
    return lines.Say({"a share of $0 is left of the promised time", "承诺时间只剩 $0（按比例）"},
                     Share(rule.share_left()));
  }
  if (on == "promise_broken") {
    return lines.Say({"a promise is due and not kept, or withdrawn", "承诺到期未兑现，或被撤回"});
  }
  return "";
}

// What raises the rule, as the policy says.
std::string RaisesWhen(const v1::RuleStory& rule, TextLines& lines) {
  std::string words = EventWords(rule, lines);
  if (words.empty()) words = DeadlineWords(rule, lines);
  if (!words.empty()) return words;
  if (rule.on() == "follow_up_overdue") {
    return lines.Say(
        {"nobody has called back by the time that a follow-up was due", "跟进到期仍无人回访"});
  }
  if (rule.on() == "repeat_contact") {
    return lines.Say({"the customer is back for the same need after at least $0 earlier contact(s)",
                      "客户因同一问题再次联系，此前至少 $0 次"},
                     rule.repeats());
  }
  if (rule.on() != "returning") return rule.on();
  return rule.unrecovered_only()
             ? lines.Say(
                   {"the customer comes back remembering a peak below $0 that nobody made good",
                    "客户再次联系，仍记得低于 $0 且未得到弥补的峰值"},
                   Level(rule.enter()))
             : lines.Say({"the customer comes back remembering a peak below $0",
                          "客户再次联系，仍记得低于 $0 的峰值"},
                         Level(rule.enter()));
}

void AddRule(const v1::AlertStory& story, TextLines& lines) {
  if (!story.has_rule()) {
    lines.Add({"rule", "规则"}, lines.Say({"`$0`, which the policy used here does not have",
                                           "`$0`，当前使用的策略中没有这条规则"},
                                          Name(story.alert().rule())));
    return;
  }
  const v1::RuleStory& rule = story.rule();
  const std::string least =
      rule.min_impressions() > 1
          ? lines.Say({", from $0 impressions on", "，至少有 $0 项体验"}, rule.min_impressions())
          : "";
  lines.Add({"rule", "规则"}, lines.Say({"`$0` raises when $1$2", "`$0`，触发条件：$1$2"},
                                        Name(rule.name()), RaisesWhen(rule, lines), least));
  if (rule.on() == "impression" || rule.on() == "score" || rule.on() == "negative_turns") {
    lines.Add({"", ""}, lines.Say({"and is resolved by a value above $0", "数值高于 $0 时解除"},
                                  Level(rule.exit())));
  }
  if (!rule.only().empty()) {
    lines.Add({"only for", "适用范围"}, absl::StrJoin(rule.only(), "; "));
  }
}

// What would not have raised it.
void AddLevelMargin(const v1::AlertStory& story, TextLines& lines) {
  const v1::RuleStory& rule = story.rule();
  const std::string_view on = rule.on();
  if (on == "negative_turns") {
    lines.Add({"value", "数值"},
              lines.Say({"$0 such turns; with fewer than $1 it would not have come",
                         "符合的有 $0 句；少于 $1 句则不会触发"},
                        static_cast<int64_t>(story.value()), rule.negatives()));
  } else if (on == "repeat_contact") {
    lines.Add({"value", "数值"},
              lines.Say({"$0 earlier contact(s); with fewer than $1 it would not have come",
                         "此前联系 $0 次；少于 $1 次则不会触发"},
                        static_cast<int64_t>(story.value()), rule.repeats()));
  } else if (on == "delight") {
    lines.Add({"value", "数值"},
              lines.Say({"$0, over by $1; at $2 or less it would not have come",
                         "$0，超出 $1；不高于 $2 则不会触发"},
                        Exact(story.value()), Weight(story.over_by()), Level(rule.enter())));
  } else {
    lines.Add({"value", "数值"},
              lines.Say({"$0, under by $1; at $2 or more it would not have come",
                         "$0，低出 $1；不低于 $2 则不会触发"},
                        Exact(story.value()), Weight(story.over_by()), Level(rule.enter())));
  }
}

// What would have kept a condition from coming true.
Wording Cure(const std::string& on) {
  if (on == "promise_at_risk" || on == "promise_broken") {
    return {"kept by then, it would not have come", "此前兑现则不会触发"};
  }
  if (on == "peak_unanswered") {
    return {"with a human's answer by then it would not have come", "此前有人工应答则不会触发"};
  }
  return {"answered by then, it would not have come", "此前应答则不会触发"};
}

void AddTimeMargin(const v1::Explanation& told, TextLines& lines) {
  const v1::AlertStory& story = told.alert();
  const int64_t limit_ms = story.since_ms() + story.allowed_ms();
  const Language language = lines.language();
  lines.Add({"time", "时限"},
            lines.Say({"from $0 for $1, until $2: $3", "自 $0 起 $1，至 $2：$3"},
                      DateTime(story.since_ms()), Duration(story.allowed_ms(), language),
                      DateTime(limit_ms), Cure(story.rule().on()).In(language)));
  for (const v1::AlertRevision& revision : story.revisions()) {
    if (revision.reason() != "recovered") continue;
    lines.Add({"", ""}, lines.Say({"that came at $0, $1 over", "实际为 $0，超出 $1"},
                                  DateTime(revision.at_ms()),
                                  Duration(revision.at_ms() - limit_ms, language)));
  }
}

void AddSeen(const v1::Explanation& told, TextLines& lines) {
  const v1::AlertStory& story = told.alert();
  if (story.has_value()) AddLevelMargin(story, lines);
  if (story.has_since_ms()) AddTimeMargin(told, lines);
  const v1::Alert& alert = story.alert();
  if (alert.evidence().empty()) return;
  const std::string event = Name(alert.evidence(0).event_id());
  const std::string at = DateTime(alert.occurred_at_ms());
  // A condition is no deed: it holds from some time on, and counts from an event.
  lines.Add({"raised by", "触发"},
            alert.evidence(0).has_valence()
                ? lines.Say({"event $0 at $1: $2", "事件 $0，$1：$2"}, event, at,
                            CauseWords(alert.evidence(0).cause(), lines.language()))
                : lines.Say({"what holds since $1; it counts from event $0",
                             "自 $1 起条件成立，从事件 $0 起算"},
                            event, at));
}

void AddWhere(const v1::Alert& alert, TextLines& lines) {
  std::string where = lines.Say({"contact $0 ($1)", "联络 $0（$1）"}, Name(alert.contact_id()),
                                ChannelWords(alert.channel(), lines.language()));
  const auto add = [&](const Wording& what, const std::string& id) {
    if (!id.empty()) absl::StrAppend(&where, lines.Say(what, Name(id)));
  };
  add({", queue $0", "，队列 $0"}, alert.queue_id());
  add({", agent $0", "，坐席 $0"}, alert.agent_id());
  add({", touchpoint $0", "，触点 $0"}, alert.touchpoint_id());
  add({", tier $0", "，客户等级 $0"}, alert.tier());
  lines.Add({"where", "位置"}, where);
  const std::string who =
      absl::StrCat(alert.tenant_id(), alert.tenant_id().empty() ? "" : "/", alert.customer_id());
  lines.Add({"for", "对象"}, lines.Say({"customer $0", "客户 $0"}, Name(who)));
  if (alert.has_delta_to_usual()) {
    lines.Add({"usual", "与通常相比"},
              lines.Say({"the score is $0 from that of the customer's journeys before",
                         "评分与该客户此前旅程相差 $0"},
                        Level(alert.delta_to_usual())));
  }
}

}  // namespace

void AddAlert(const v1::Explanation& told, TextLines& lines) {
  if (!told.has_alert()) return;
  const v1::AlertStory& story = told.alert();
  lines.Heading({"Alert", "预警"});
  lines.Add({"alert", "预警"}, story.alert().alert_id());
  AddRule(story, lines);
  AddSeen(told, lines);
  AddWhere(story.alert(), lines);
  AddUrgency(story, lines);
  AddLife(story, lines);
}

}  // namespace peakend::explain
