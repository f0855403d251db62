#include "processors/explain/alert_life.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "processors/explain/quantity.h"

namespace peakend::explain {
namespace {

Wording SeverityWords(v1::Alert::Severity severity) {
  switch (severity) {
    case v1::Alert::CRITICAL:
      return {"critical", "严重"};
    case v1::Alert::WARNING:
      return {"warning", "警告"};
    default:
      return {"info", "提示"};
  }
}

std::string StateWords(const std::string& state, Language language) {
  if (state == "open") return Wording{"open", "待处理"}.In(language);
  if (state == "acked") return Wording{"taken", "已受理"}.In(language);
  if (state == "snoozed") return Wording{"snoozed", "稍后提醒"}.In(language);
  if (state == "follow_up") return Wording{"follow-up owed", "待跟进"}.In(language);
  if (state == "resolved") return Wording{"resolved", "已解除"}.In(language);
  if (state == "expired") return Wording{"expired", "已过期"}.In(language);
  return state;
}

std::string ReasonWords(const std::string& reason, Language language) {
  if (reason == "raised") return Wording{"raised", "触发"}.In(language);
  if (reason == "recovered") return Wording{"made good", "情况好转"}.In(language);
  if (reason == "contact_ended") return Wording{"the contact ended", "联络结束"}.In(language);
  if (reason == "journey_ended") return Wording{"the journey ended", "旅程结束"}.In(language);
  if (reason == "followed_up") {
    return Wording{"somebody reached the customer", "已联系上客户"}.In(language);
  }
  if (reason == "escalated") {
    return std::string(Wording{"nobody took it in time", "逾时无人受理"}.In(language));
  }
  if (reason == "acknowledged") {
    return Wording{"somebody has taken it", "已有人受理"}.In(language);
  }
  if (reason == "snoozed") return Wording{"somebody put it off", "有人暂不处理"}.In(language);
  if (reason == "snooze_ended") {
    return std::string(Wording{"the snooze is over", "提醒时间已到"}.In(language));
  }
  if (reason == "resolved") return Wording{"said to be done", "人工解除"}.In(language);
  if (reason == "merged") {
    return std::string(
        Wording{"the customer was joined with another", "客户与其他客户合并"}.In(language));
  }
  if (reason == "split") {
    return std::string(
        Wording{"the customer was taken apart from others", "客户与其他客户拆分"}.In(language));
  }
  if (reason == "rule_removed") {
    return std::string(
        Wording{"the policy no longer has the rule", "策略中已没有这条规则"}.In(language));
  }
  return reason;
}

}  // namespace

void AddUrgency(const v1::AlertStory& story, TextLines& lines) {
  const v1::Alert& alert = story.alert();
  const bool interrupts = alert.urgency() == v1::Alert::INTERRUPT;
  lines.Add({"urgency", "紧急程度"},
            absl::StrCat(SeverityWords(alert.severity()).In(lines.language()),
                         Wording{", ", "，"}.In(lines.language()),
                         (interrupts ? Wording{"interrupts a supervisor", "立即提醒主管"}
                                     : Wording{"listed", "列入清单"})
                             .In(lines.language())));
  if (alert.over_budget()) {
    lines.Add({"", ""},
              lines.Say({"the rule interrupts, but the budget of $0 per 100 contacts was used up",
                         "规则要求立即提醒，但每百次联络 $0 次的提醒预算已用完"},
                        absl::StrFormat("%g", story.rule().budget_per_100_contacts())));
  }
  if (alert.stale()) {
    lines.Add({"", ""}, lines.Say({"it was found more than $0 late, when it was no news any more",
                                   "发现时已晚了 $0以上，不再立即提醒"},
                                  Duration(story.rule().stale_after_ms(), lines.language())));
  }
}

void AddLife(const v1::AlertStory& story, TextLines& lines) {
  bool first = true;
  for (const v1::AlertRevision& revision : story.revisions()) {
    std::string line = absl::StrCat(revision.row_version(), "  ", DateTime(revision.at_ms()), "  ",
                                    StateWords(revision.state(), lines.language()),
                                    Wording{": ", "："}.In(lines.language()),
                                    ReasonWords(revision.reason(), lines.language()));
    if (!revision.recipients().empty()) {
      const std::string comma(Wording{", ", "、"}.In(lines.language()));
      const auto name = [](std::string* out, const std::string& each) { *out += Name(each); };
      absl::StrAppend(&line, lines.Say({", it goes to $0", "，转给 $0"},
                                       absl::StrJoin(revision.recipients(), comma, name)));
    }
    if (revision.has_snoozed_until_ms()) {
      absl::StrAppend(
          &line, lines.Say({", until $0", "，$0 再提醒"}, DateTime(revision.snoozed_until_ms())));
    }
    if (revision.has_score()) {
      absl::StrAppend(&line, lines.Say({"; score $0", "；评分 $0"}, Level(revision.score())));
    }
    if (revision.state() == "follow_up" && story.has_rule()) {
      absl::StrAppend(&line,
                      lines.Say({"; somebody should call within $0", "；应在 $0内回访"},
                                Duration(story.rule().follow_up_within_ms(), lines.language())));
    }
    lines.Add(first ? Wording{"life", "经过"} : Wording{"", ""}, line);
    first = false;
  }
}

}  // namespace peakend::explain
