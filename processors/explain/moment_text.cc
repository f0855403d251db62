// The moments of the peak-end rule, each with the impressions that made it.
#include <vector>

#include "absl/strings/str_join.h"
#include "processors/explain/cause_words.h"
#include "processors/explain/quantity.h"
#include "processors/explain/sections.h"

namespace peakend::explain {
namespace {

Wording KindWords(v1::MomentKind kind) {
  switch (kind) {
    case v1::OPENING:
      return {"opening", "开场"};
    case v1::PEAK_POSITIVE:
      return {"positive peak", "正面峰值"};
    case v1::PEAK_NEGATIVE:
      return {"negative peak", "负面峰值"};
    default:
      return {"end", "结尾"};
  }
}

// "1, 3": the numbers of the impressions that make the moment.
std::string NumbersOf(const v1::Moment& moment, const v1::Explanation& told) {
  std::vector<std::string> numbers;
  for (int i = 0; i < told.impressions_size(); ++i) {
    const v1::Evidence& known = told.impressions(i).evidence();
    for (const v1::Evidence& evidence : moment.evidence()) {
      if (evidence.event_id() == known.event_id() && evidence.cause() == known.cause() &&
          evidence.at_ms() == known.at_ms()) {
        numbers.push_back(absl::StrCat(i + 1));
        break;
      }
    }
  }
  return absl::StrJoin(numbers, ", ");
}

std::string EndWords(const v1::Explanation& told, const std::string& numbers, TextLines& lines) {
  if (!told.ended_by().has_evidence()) {
    return lines.Say(
        {"the tail, of which impression $0 is the newest", "即尾部，最新一项为第 $0 项"}, numbers);
  }
  const v1::EndStory& ended = told.ended_by();
  return lines.Say(
      {"the tail with what ended it as its newest: $0, valence $1, confidence $2, event $3",
       "尾部并以结束方式为最新一项：$0，情绪值 $1，置信度 $2，事件 $3"},
      CauseWords(ended.evidence().cause(), lines.language()), Level(ended.valence()),
      Share(ended.confidence()), Name(ended.evidence().event_id()));
}

std::string MadeBy(const v1::Moment& moment, const v1::Explanation& told, TextLines& lines) {
  const std::string numbers = NumbersOf(moment, told);
  switch (moment.kind()) {
    case v1::OPENING:
      return lines.Say({"mean of impressions $0", "第 $0 项的均值"}, numbers);
    case v1::END:
      return EndWords(told, numbers, lines);
    default:
      return lines.Say({"impression $0, the strongest of its sign by intensity x confidence",
                        "第 $0 项，同方向中强度 × 置信度最大"},
                       numbers);
  }
}

Wording ActWords(std::string_view act) {
  if (act == "greeting") return {"greeting", "问候"};
  if (act == "need_restated") return {"need restated", "复述需求"};
  if (act == "apology") return {"apology", "致歉"};
  if (act == "next_step") return {"next step", "说明下一步"};
  return {"thanks", "致谢"};
}

}  // namespace

void AddMoments(const v1::Explanation& told, TextLines& lines) {
  if (told.moments().empty()) return;
  lines.Heading({"Moments", "关键时刻"});
  for (const v1::Moment& moment : told.moments()) {
    std::string acts;
    for (const std::string& act : moment.agent_acts()) {
      absl::StrAppend(&acts,
                      acts.empty()
                          ? Wording{"; the agent said: ", "；坐席做到："}.In(lines.language())
                          : Wording{", ", "、"}.In(lines.language()),
                      ActWords(act).In(lines.language()));
    }
    lines.Add(KindWords(moment.kind()),
              absl::StrCat(Exact(moment.valence()), "  ", MadeBy(moment, told, lines), acts));
  }
}

}  // namespace peakend::explain
