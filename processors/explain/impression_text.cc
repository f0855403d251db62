// The impressions one by one: when, what happened, what was expected and what came.
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "processors/explain/cause_words.h"
#include "processors/explain/quantity.h"
#include "processors/explain/sections.h"

namespace peakend::explain {
namespace {

// A value of what is measured: a time, or a mean opinion score.
std::string Measured(const v1::Evidence& evidence, double value, Language language) {
  if (evidence.cause() == "poor_audio") return absl::StrFormat("%.2f MOS", value);
  return Duration(static_cast<int64_t>(value), language);
}

std::string Roles(const v1::ImpressionStory& story, Language language) {
  std::vector<std::string> roles;
  const auto add = [&](bool has, const Wording& role) {
    if (has) roles.emplace_back(role.In(language));
  };
  add(story.opening(), {"opening", "开场"});
  add(story.peak_positive(), {"positive peak", "正面峰值"});
  add(story.peak_negative(), {"negative peak", "负面峰值"});
  add(story.worst(), {"worst", "最差"});
  add(story.last(), {"last", "最后"});
  if (roles.empty()) return "";
  return absl::StrCat("  [", absl::StrJoin(roles, Wording{", ", "、"}.In(language)), "]");
}

void AddExpectation(const v1::Evidence& evidence, TextLines& lines) {
  const Language language = lines.language();
  const auto measured = [&](double value) { return Measured(evidence, value, language); };
  const std::string hours =
      evidence.has_calendar()
          ? lines.Say({", counted in the open hours of calendar $0", "，按日历 $0 的营业时间计"},
                      Name(evidence.calendar()))
          : "";

  lines.Add(lines.Say({"      desired $0, still adequate $1, by $2; came $3$4",
                       "      期望 $0，尚可接受 $1，依据：$2；实际 $3$4"},
                      measured(evidence.desired()), measured(evidence.adequate()),
                      BasisWords(evidence.basis(), language), measured(evidence.actual()), hours));
}

// How the KANO class makes a valence of the gap, in numbers.
std::string KanoRule(const v1::Evidence& evidence, Language language) {
  const std::string need = KanoWords(evidence.kano(), language);
  if (evidence.kano() == "basic") {
    return absl::StrCat(need, Wording{", counts twice", "，按两倍计"}.In(language));
  }
  if (evidence.kano() == "excitement") {
    return absl::StrCat(need,
                        Wording{", counts one and a half times", "，按一倍半计"}.In(language));
  }
  return need.empty() ? Wording{"no need of a class", "不分需求类型"}.In(language) : need;
}

void AddService(const v1::Evidence& evidence, TextLines& lines) {
  const Language language = lines.language();
  if (evidence.has_basis()) AddExpectation(evidence, lines);
  const std::string many =
      evidence.count() > 1 ? lines.Say({", $0 times", "，共 $0 次"}, evidence.count()) : "";
  const std::string dimension = evidence.servqual().empty()
                                    ? std::string("-")
                                    : DimensionWords(evidence.servqual(), language);
  lines.Add(
      lines.Say({"      gap $0$1; SERVQUAL $2; KANO $3", "      差距 $0$1；SERVQUAL：$2；KANO：$3"},
                Exact(evidence.gap()), many, dimension, KanoRule(evidence, language)));
}

void AddImpression(int number, const v1::ImpressionStory& story, int64_t day_ms, TextLines& lines) {
  const Language language = lines.language();
  const v1::Evidence& evidence = story.evidence();
  lines.Add(absl::StrCat("  ", PadLeft(absl::StrCat(number), 2), "  ",
                         TimeOn(evidence.at_ms(), day_ms), "  #", story.contact() + 1, "  ",
                         PadLeft(Level(evidence.valence()), 5), "  ",
                         CauseWords(evidence.cause(), language), Roles(story, language)));
  const std::string confidence =
      evidence.has_confidence() ? Share(evidence.confidence())
                                : Wording{"1.00 (none was given)", "1.00（未给出）"}.In(language);
  lines.Add(lines.Say(
      {"      intensity $0, confidence $1; event $2", "      强度 $0，置信度 $1；事件 $2"},
      Share(std::abs(evidence.valence())), confidence, Name(evidence.event_id())));
  if (evidence.has_gap()) AddService(evidence, lines);
}

}  // namespace

void AddImpressions(const v1::Explanation& told, TextLines& lines) {
  lines.Heading({"Impressions", "逐项体验"});
  if (told.impressions().empty()) {
    lines.Add(lines.Say({"  none: nothing is known of how this felt, which is not neutral",
                         "  没有体验记录：客户感受未知，未知不等于中性"}));
  }
  int number = 0;
  for (const v1::ImpressionStory& story : told.impressions()) {
    AddImpression(++number, story, told.journey().started_at_ms(), lines);
  }
  if (told.turns_left_out() > 0) {
    lines.Add(lines.Say({"  and $0 turns in the middle of long contacts, which count in the mean "
                         "but are not kept one by one",
                         "  另有较长联络中段的 $0 句话，计入均值，但不逐条保留"},
                        told.turns_left_out()));
  }
}

}  // namespace peakend::explain
