// The score as its formula with the numbers put in.
#include <cmath>
#include <vector>

#include "absl/strings/str_join.h"
#include "processors/explain/cause_words.h"
#include "processors/explain/quantity.h"
#include "processors/explain/sections.h"

namespace peakend::explain {
namespace {

// How far two ways to the same score may be apart: steps of 1e-9 are rounded at each part.
constexpr double kTolerance = 1e-6;

bool UsesTail(const v1::ScoreStory& score) {
  for (const v1::ScoreStory::Term& term : score.terms()) {
    if (term.part() == "tail") return true;
  }
  return false;
}

void AddFormula(const v1::Explanation& told, TextLines& lines) {
  std::vector<std::string> words;
  std::vector<std::string> numbers;
  for (const v1::ScoreStory::Term& term : told.score().terms()) {
    words.push_back(
        absl::StrCat(Weight(term.weight()), " x ", PartWords(term.part(), lines.language())));
    numbers.push_back(absl::StrCat(Weight(term.weight()), " x (", Exact(term.value()), ")"));
  }
  lines.Add({"score", "评分"}, lines.Say({"= $0    (formula `$1`)", "= $0    （公式 `$1`）"},
                                         absl::StrJoin(words, " + "), told.score().formula()));
  lines.Add({"", ""}, absl::StrCat("= ", absl::StrJoin(numbers, " + ")));
  lines.Add({"", ""}, absl::StrCat("= ", Exact(told.journey().score())));
}

void AddPublished(const v1::Explanation& told, TextLines& lines) {
  if (!told.has_published_row_version()) {
    lines.Add({"published", "已发布"},
              lines.Say({"not yet: the journey is not over", "尚未发布：旅程还没有结束"}));
    return;
  }
  if (!told.has_published_score()) {
    lines.Add({"published", "已发布"},
              lines.Say({"row version $0, without a score", "第 $0 版，没有评分"},
                        told.published_row_version()));
    return;
  }
  const double apart = told.journey().score() - told.published_score();
  const std::string verdict =
      std::abs(apart) <= kTolerance
          ? Wording{"the same", "一致"}.In(lines.language())
          : Wording{"NOT the same: other events or another policy made the row",
                    "不一致：该记录由其他事件或另一版策略算出"}
                .In(lines.language());
  lines.Add({"published", "已发布"},
            lines.Say({"$0 in row version $1: $2", "$0，第 $1 版：$2"},
                      Exact(told.published_score()), told.published_row_version(), verdict));
}

void AddTail(const v1::Explanation& told, TextLines& lines) {
  lines.Add({"tail", "尾部"},
            lines.Say({"= sum of weight x valence / sum of weights; weight = 0.75^k x confidence, "
                       "k = 0 for the newest",
                       "= Σ（权重 x 情绪值）/ Σ 权重；权重 = 0.75^k x 置信度，最新一项 k = 0"}));
  for (int i = told.impressions_size() - 1; i >= 0; --i) {
    const v1::ImpressionStory& story = told.impressions(i);
    if (!story.has_tail_place()) continue;
    lines.Add({"", ""}, lines.Say({"  impression $0: $1 x ($2)", "  第 $0 项：$1 x ($2)"}, i + 1,
                                  Weight(story.tail_weight()), Exact(story.evidence().valence())));
  }
  lines.Add({"", ""},
            absl::StrCat("= ", Exact(told.score().tail_weighted()), " / ",
                         Weight(told.score().tail_weights()), " = ", Exact(told.journey().tail())));
}

}  // namespace

void AddScore(const v1::Explanation& told, TextLines& lines) {
  lines.Heading({"Score", "评分"});
  const v1::Journey& journey = told.journey();
  if (!told.has_score()) {
    lines.Add(lines.Say({"  none: there was no impression", "  没有评分：没有任何体验"}));
    return;
  }
  AddFormula(told, lines);
  AddPublished(told, lines);
  if (UsesTail(told.score())) AddTail(told, lines);
  lines.Add(
      {"beside it", "对照"},
      lines.Say({"mean of all $0: $1; remembered less mean $2; of turns alone $3",
                 "全部 $0 项均值 $1；记忆与均值之差 $2；仅按客户的话 $3"},
                journey.count(), Exact(journey.mean()), Exact(journey.remembered_minus_mean()),
                journey.has_score_affect() ? Exact(journey.score_affect()) : "-"));
  if (journey.has_trend()) {
    lines.Add({"trend", "走势"},
              lines.Say({"end - opening = $0 - ($1) = $2", "结尾 - 开场 = $0 - ($1) = $2"},
                        Exact(journey.end()), Exact(journey.opening()), Exact(journey.trend())));
  }
  if (journey.thin()) {
    lines.Add({"thin", "依据不足"}, lines.Say({"fewer than 3 impressions: do not read much into it",
                                               "不足 3 项体验，仅供参考"}));
  }
}

}  // namespace peakend::explain
