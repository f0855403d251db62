#include "processors/runtime/policy_diff/effect.h"

#include <array>

namespace peakend::runtime {
namespace {

struct EffectRow {
  std::string_view name;
  std::string_view english;
  std::string_view chinese;
};

// In the order of Effect.
constexpr std::array<EffectRow, kEffects> kEffectRows = {{
    {"", "", ""},
    {"raises_sooner", "raises sooner", "更早预警"},
    {"raises_later", "raises later", "更晚预警"},
    {"recovers_sooner", "recovers sooner", "更早视为恢复"},
    {"recovers_later", "recovers later", "更晚视为恢复"},
    {"more_severe", "counts as more severe", "级别提高"},
    {"less_severe", "counts as less severe", "级别降低"},
    {"interrupts", "interrupts instead of being listed", "由列入清单改为立即提醒主管"},
    {"listed", "listed instead of interrupting", "由立即提醒主管改为列入清单"},
    {"quiet_longer", "stays quiet for longer after a recovery", "恢复后静默更久"},
    {"quiet_shorter", "stays quiet for less long after a recovery", "恢复后静默更短"},
    {"call_back_later", "more time to call back", "回访时限放宽"},
    {"call_back_sooner", "less time to call back", "回访时限收紧"},
    {"interrupts_late", "still interrupts when found later", "较晚发现时仍立即提醒"},
    {"lists_late", "is listed already when found less late", "发现稍晚即只列入清单"},
    {"more_contacts", "raises in more contacts", "适用的联络更多"},
    {"fewer_contacts", "raises in fewer contacts", "适用的联络更少"},
    {"other_contacts", "raises in other contacts", "适用的联络不同"},
    {"watches_else", "watches something else", "监测的内容不同"},
    {"fixed_time", "waits a fixed time instead of what customers expect",
     "由客户期望的时长改为固定时长"},
    {"expected_time", "waits as long as customers expect instead of a fixed time",
     "由固定时长改为客户期望的时长"},
    {"unused", "has no effect on this trigger", "对该触发条件不起作用"},
    {"longer_contacts", "silent contacts stay open for longer", "静默的联络更晚结束"},
    {"shorter_contacts", "silent contacts end sooner", "静默的联络更早结束"},
    {"longer_journeys", "contacts that lie further apart make one journey",
     "相隔更久的联络也归为同一旅程"},
    {"shorter_journeys", "journeys are split sooner", "旅程更早拆分"},
    {"takes_later", "later events still count", "更晚到达的事件仍计入"},
    {"takes_fewer", "events are too late sooner", "事件更早被视为迟到"},
    {"fewer_abandons", "fewer abandons are scored", "计分的放弃更少"},
    {"more_abandons", "more abandons are scored", "计分的放弃更多"},
    {"remembered_longer", "is remembered for longer", "记忆保留更久"},
    {"forgotten_sooner", "is forgotten sooner", "记忆更快淡忘"},
    {"more_repeats", "more contacts count as repeats", "更多联络视为重复联络"},
    {"fewer_repeats", "fewer contacts count as repeats", "更少联络视为重复联络"},
    {"counts_longer", "counts for longer", "生效更久"},
    {"counts_shorter", "counts for less long", "生效更短"},
    {"more_peaks", "more moments are peaks", "更多时刻算作峰值"},
    {"fewer_peaks", "fewer moments are peaks", "更少时刻算作峰值"},
    {"better", "counts as better for the customer", "对客户体验的评价更好"},
    {"worse", "counts as worse for the customer", "对客户体验的评价更差"},
    {"weighs_more", "weighs more", "权重更大"},
    {"weighs_less", "weighs less", "权重更小"},
    {"pleases_more", "can please more", "可带来更多好感"},
    {"pleases_less", "can please less", "可带来的好感更少"},
    {"tolerates_more", "tolerates more", "容忍度放宽"},
    {"stricter", "tolerates less", "容忍度收紧"},
    {"more_follow_ups", "later calls count as follow-ups", "更晚的回访也算数"},
    {"fewer_follow_ups", "only sooner calls count as follow-ups", "只有更早的回访才算数"},
    {"more_interrupts", "more alerts may interrupt", "可立即提醒的预警更多"},
    {"fewer_interrupts", "fewer alerts may interrupt", "可立即提醒的预警更少"},
    {"no_limit", "any number of alerts may interrupt", "立即提醒不再限量"},
    {"limit", "alerts that may interrupt are limited", "立即提醒开始限量"},
    {"more_cards", "fits more customers", "适用的客户更多"},
    {"fewer_cards", "fits fewer customers", "适用的客户更少"},
    {"links_more", "links more customers", "关联的客户更多"},
    {"links_fewer", "links fewer customers", "关联的客户更少"},
    {"escalates_later", "goes to the next later", "更晚转出"},
    {"escalates_sooner", "goes to the next sooner", "更早转出"},
    {"ahead", "is looked at before it", "先于其判断"},
    {"behind", "is looked at after it", "后于其判断"},
}};
static_assert(static_cast<size_t>(Effect::kBehind) + 1 == kEffects);

}  // namespace

std::string_view EffectName(Effect effect) { return kEffectRows[static_cast<size_t>(effect)].name; }

std::string_view EffectWords(Effect effect, Language language) {
  const EffectRow& row = kEffectRows[static_cast<size_t>(effect)];
  return language == Language::kChinese ? row.chinese : row.english;
}

}  // namespace peakend::runtime
