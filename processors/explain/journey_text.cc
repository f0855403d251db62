// Who, when and where; and what stands beside the score.
#include <vector>

#include "absl/strings/str_join.h"
#include "processors/explain/cause_words.h"
#include "processors/explain/quantity.h"
#include "processors/explain/sections.h"

namespace peakend::explain {
namespace {

Wording GradeWords(v1::EndGrade grade) {
  switch (grade) {
    case v1::JOURNEY_END_FINAL:
      return {"over, for good", "已结束（最终）"};
    case v1::JOURNEY_END_PROVISIONAL:
      return {"over, unless the customer comes back for the same need",
              "暂告结束（客户仍可能因同一问题再来）"};
    default:
      return {"still going on", "仍在进行"};
  }
}

void AddContacts(const v1::Explanation& told, TextLines& lines) {
  int number = 0;
  for (const v1::ContactStory& contact : told.contacts()) {
    std::string line = absl::StrCat("#", ++number, " ", Name(contact.contact_id()), "  ",
                                    ChannelWords(contact.channel(), lines.language()));
    const auto add = [&](const Wording& what, const std::string& id) {
      if (!id.empty()) absl::StrAppend(&line, lines.Say(what, Name(id)));
    };
    add({", queue $0", "，队列 $0"}, contact.queue_id());
    add({", touchpoint $0", "，触点 $0"}, contact.touchpoint_id());
    add({", tier $0", "，客户等级 $0"}, contact.tier());
    absl::StrAppend(
        &line,
        lines.Say({", from $0 for $1, $2 events", "，$0 起，历时 $1，$2 个事件"},
                  TimeOn(contact.started_at_ms(), told.journey().started_at_ms()),
                  Duration(contact.ended_at_ms() - contact.started_at_ms(), lines.language()),
                  contact.event_count()));
    lines.Add(number == 1 ? Wording{"contacts", "联络"} : Wording{"", ""}, line);
  }
}

void AddProvenance(const v1::Explanation& told, TextLines& lines) {
  const v1::Journey& journey = told.journey();
  lines.Add({"policy", "策略"}, Name(journey.policy_version()));
  if (!told.published_policy_version().empty() &&
      told.published_policy_version() != journey.policy_version()) {
    lines.Add({"", ""}, lines.Say({"the published row was made with another one: $0",
                                   "已发布的记录使用的是另一版策略：$0"},
                                  Name(told.published_policy_version())));
  }
  if (!journey.truncated().empty()) {
    lines.Add({"bounds", "已达上限"},
              lines.Say({"reached, so something was left out: $0", "因此部分内容未计入：$0"},
                        absl::StrJoin(journey.truncated(), ", ")));
  }
  if (told.has_input_begins_at_offset()) {
    lines.Add({"input", "输入"},
              lines.Say({"nothing before offset $0 was read (deleted by retention, or before "
                         "--since): what came "
                         "earlier is not in here",
                         "位点 $0 之前的数据未读取（已被清理，或早于 --since），更早的事件未计入"},
                        told.input_begins_at_offset()));
  }
}

void AddGaps(const v1::Journey& journey, TextLines& lines) {
  std::vector<std::string> gaps;
  const auto add = [&](bool has, std::string_view dimension, double gap) {
    if (!has) return;
    gaps.push_back(absl::StrCat(DimensionWords(dimension, lines.language()), " ", Exact(gap)));
  };
  add(journey.has_gap_reliability(), "reliability", journey.gap_reliability());
  add(journey.has_gap_responsiveness(), "responsiveness", journey.gap_responsiveness());
  add(journey.has_gap_assurance(), "assurance", journey.gap_assurance());
  add(journey.has_gap_empathy(), "empathy", journey.gap_empathy());
  add(journey.has_gap_tangibles(), "tangibles", journey.gap_tangibles());
  if (gaps.empty()) return;
  lines.Add({"mean gap", "平均差距"},
            absl::StrJoin(gaps, Wording{", ", "，"}.In(lines.language())));
}

void AddPromises(const v1::Journey& journey, TextLines& lines) {
  if (journey.promises_made() == 0) return;
  lines.Add({"promises", "承诺"}, lines.Say({"$0 made: $1 kept, $2 broken, $3 open",
                                             "共 $0 项：兑现 $1，未兑现 $2，未到期 $3"},
                                            journey.promises_made(), journey.promises_kept(),
                                            journey.promises_broken(), journey.promises_open()));
}

void AddMemory(const v1::Explanation& told, TextLines& lines) {
  if (!told.has_memory()) {
    lines.Add({"memory", "此前记忆"},
              lines.Say({"nothing is remembered of journeys before", "没有此前旅程的记忆"}));
    return;
  }
  const v1::Memory& memory = told.memory();
  std::vector<std::string> parts;
  const auto add = [&](bool has, const Wording& what, double level, int64_t at_ms) {
    if (has) parts.push_back(lines.Say(what, Level(level), DateTime(at_ms)));
  };
  add(memory.has_worst(), {"worst $0 ($1)", "最差 $0（$1）"}, memory.worst(), memory.worst_at_ms());
  add(memory.has_best(), {"best $0 ($1)", "最好 $0（$1）"}, memory.best(), memory.best_at_ms());
  add(memory.has_end(), {"end $0 ($1)", "结尾 $0（$1）"}, memory.end(), memory.end_at_ms());
  if (memory.unrecovered()) {
    parts.push_back(lines.Say({"the worst was never made good", "最差的一次未得到弥补"}));
  }
  if (memory.has_usual()) {
    parts.push_back(lines.Say({"usual score $0 over $1 journeys", "通常评分 $0（$1 次旅程）"},
                              Level(memory.usual()), memory.usual_journeys()));
  }
  const std::string comma = Wording{", ", "，"}.In(lines.language());
  lines.Add({"memory", "此前记忆"},
            lines.Say({"when it began, faded to then: $0", "旅程开始时（已随时间淡化）：$0"},
                      absl::StrJoin(parts, comma)));
}

void AddPeakClock(const v1::Journey& journey, TextLines& lines) {
  const Language language = lines.language();
  if (journey.has_peak_to_response_ms()) {
    lines.Add({"answered", "峰值后应答"},
              lines.Say({"by a human $0 after the negative peak", "负面峰值后 $0有人工应答"},
                        Duration(journey.peak_to_response_ms(), language)));
  }
  if (journey.has_peak_to_recovery_ms()) {
    lines.Add({"made good", "峰值后弥补"},
              lines.Say({"$0 after the negative peak", "负面峰值后 $0得到弥补"},
                        Duration(journey.peak_to_recovery_ms(), language)));
  }
}

}  // namespace

void AddJourney(const v1::Explanation& told, TextLines& lines) {
  const v1::Journey& journey = told.journey();
  lines.Heading({"Journey", "服务旅程"});
  lines.Add({"journey", "旅程"}, journey.journey_id());
  if (!told.asked_journey_id().empty()) {
    const std::string from = Name(told.merged_from_customer_id());
    lines.Add({"asked for", "所查旅程"},
              told.merged_from_customer_id().empty()
                  ? lines.Say({"$0, which was withdrawn: its contacts are in this one now",
                               "$0，已撤回：其中的联络现归入本旅程"},
                              told.asked_journey_id())
                  : lines.Say({"$0, which was withdrawn: customer $1 is looked at together with "
                               "others now, in this one",
                               "$0，已撤回：客户 $1 现与其他客户合并，归入本旅程"},
                              told.asked_journey_id(), from));
  }
  lines.Add({"customer", "客户"},
            journey.tenant_id().empty()
                ? Name(journey.customer_id())
                : lines.Say({"$0, tenant $1", "$0，租户 $1"}, Name(journey.customer_id()),
                            Name(journey.tenant_id())));
  lines.Add({"time (UTC)", "时间（UTC）"},
            lines.Say({"$0 to $1, $2", "$0 至 $1，$2"}, DateTime(journey.started_at_ms()),
                      TimeOn(journey.ended_at_ms(), journey.started_at_ms()),
                      Duration(journey.duration_ms(), lines.language())));
  lines.Add({"state", "状态"}, GradeWords(journey.end_grade()).In(lines.language()));
  AddContacts(told, lines);
  AddProvenance(told, lines);
}

void AddBeside(const v1::Explanation& told, TextLines& lines) {
  lines.Heading({"Beside the score", "其他"});
  const v1::Journey& journey = told.journey();
  AddGaps(journey, lines);
  AddPromises(journey, lines);
  AddPeakClock(journey, lines);
  AddMemory(told, lines);
  if (journey.has_survey_score()) {
    lines.Add({"survey", "调查"},
              lines.Say({"$0 of 1 ($1), the outcome that the score is compared with",
                         "$0（满分 1，$1），是与评分对照的结果"},
                        Share(journey.survey_score()), journey.survey_kind()));
  }
}

}  // namespace peakend::explain
