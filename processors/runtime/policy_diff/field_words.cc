#include "processors/runtime/policy_diff/field_words.h"

#include <algorithm>
#include <array>

namespace peakend::runtime {
namespace {

struct FieldWord {
  std::string_view field;
  std::string_view chinese;
};

constexpr auto kFieldWords = std::to_array<FieldWord>({
    {"name", "名称"},
    {"version", "版本"},
    {"windows", "时间窗口"},
    {"moments", "时刻"},
    {"score", "评分"},
    {"rules", "规则"},
    {"impressions", "印象"},
    {"memory", "记忆"},
    {"alert_budget", "预警限额"},
    {"openings", "开场提示"},
    {"phrases", "用语"},
    {"touchpoints", "触点"},
    {"expectations", "期望"},
    {"identities", "身份关联"},
    {"known_customers", "已知客户"},
    {"calendars", "营业时间"},
    {"contact_gap", "联络静默时长"},
    {"contact_gap_email", "邮件静默时长"},
    {"journey_gap", "旅程间隔"},
    {"journey_max", "旅程最长时长"},
    {"max_out_of_orderness", "乱序容许"},
    {"allowed_lateness", "迟到容许"},
    {"short_abandon", "短时放弃"},
    {"max_contacts", "联络数上限"},
    {"max_event_ids", "事件编号上限"},
    {"amend_window", "修订期"},
    {"repeat_window", "重复联络期"},
    {"notice_window", "公告有效期"},
    {"statistics_window", "统计时段"},
    {"resolution_grace", "解决后宽限"},
    {"peak_floor", "峰值下限"},
    {"opening_turns", "开端话轮数"},
    {"tail_max", "结尾印象数"},
    {"abandoned_valence", "放弃等待的效价"},
    {"resolved_valence", "得到解决的效价"},
    {"hung_up_on_hold_valence", "保持中挂断的效价"},
    {"left_unanswered_valence", "未作回答的效价"},
    {"promise_slack", "承诺容忍度"},
    {"follow_up_within", "回访时限"},
    {"own_waits", "自身等待次数"},
    {"baseline_waits", "同类等待次数"},
    {"formula", "公式"},
    {"worst_weight", "最差时刻权重"},
    {"tail_weight", "结尾权重"},
    {"worst_half_life", "最差时刻半衰期"},
    {"best_half_life", "最好时刻半衰期"},
    {"end_half_life", "结尾半衰期"},
    {"interrupts_per_100_contacts", "每百次联络立即提醒数"},
    {"contacts", "计算周期联络数"},
    {"on", "触发条件"},
    {"enter", "触发阈值"},
    {"exit", "恢复阈值"},
    {"severity", "严重程度"},
    {"urgency", "处理方式"},
    {"cooldown", "冷却时间"},
    {"min_impressions", "最少印象数"},
    {"message_en", "英文提示"},
    {"message_zh", "中文提示"},
    {"after", "等待时长"},
    {"share_left", "剩余时间比例"},
    {"negatives", "负面话轮数"},
    {"turns", "考察话轮数"},
    {"repeats", "重复次数"},
    {"stale_after", "过时界限"},
    {"unrecovered_only", "仅限未弥补"},
    {"only", "适用范围"},
    {"cause", "原因"},
    {"first", "首次差距"},
    {"step", "每次追加"},
    {"kano", "KANO 类别"},
    {"confidence", "置信度"},
    {"most_delight", "好感上限"},
    {"when", "条件"},
    {"level", "界限"},
    {"say_en", "英文开场白"},
    {"say_zh", "中文开场白"},
    {"class", "类别"},
    {"says", "词句"},
    {"id", "编号"},
    {"stage", "阶段"},
    {"queue", "队列"},
    {"channel", "渠道"},
    {"tier", "服务等级"},
    {"touchpoint", "触点"},
    {"desired", "理想值"},
    {"adequate", "可接受值"},
    {"desired_score", "理想分"},
    {"adequate_score", "可接受分"},
    {"type", "类型"},
    {"verified", "仅限已验证"},
    {"max_customers", "客户数上限"},
    {"time_zone", "时区"},
    {"hours", "每周时间"},
    {"holidays", "休息日"},
    {"workdays", "调休工作日"},
    {"queues", "队列"},
});

}  // namespace

std::string_view ChineseFieldName(std::string_view field) {
  const auto row = std::find_if(kFieldWords.begin(), kFieldWords.end(),
                                [&](const FieldWord& each) { return each.field == field; });
  return row == kFieldWords.end() ? std::string_view() : row->chinese;
}

}  // namespace peakend::runtime
