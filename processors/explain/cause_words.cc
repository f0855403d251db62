#include "processors/explain/cause_words.h"

#include "absl/types/span.h"

namespace peakend::explain {
namespace {

struct Named {
  std::string_view name;
  Wording words;
};

constexpr Named kCauses[] = {
    {"turn", {"said by the customer", "客户的话"}},
    {"queue_wait", {"waited in the queue", "排队等待"}},
    {"announced_wait_exceeded", {"waited longer than was announced", "等待时间超过告知的时间"}},
    {"hold", {"was put on hold", "通话被保持"}},
    {"transferred", {"was transferred again", "再次被转接"}},
    {"authenticated_again", {"had to say again who they are", "被要求再次核实身份"}},
    {"wrong_skill", {"met somebody who could not help", "接待人员无法处理"}},
    {"not_understood", {"was not understood by the bot", "机器人没有听懂"}},
    {"human_refused", {"asked for a human, and none answered", "要求转人工，但没有人工应答"}},
    {"interrupted", {"was interrupted by the agent", "被坐席打断"}},
    {"talked_over", {"both spoke at once", "双方同时说话"}},
    {"silence", {"silence in the conversation", "对话中出现沉默"}},
    {"dropped", {"the line broke", "线路中断"}},
    {"page_error", {"a page failed", "页面出错"}},
    {"poor_audio", {"poor audio", "通话音质差"}},
    {"low_review", {"gave a low public rating", "公开给出低分评价"}},
    {"outside_complaint", {"complained to an outside body", "向外部机构投诉"}},
    {"abandoned", {"gave up in the queue", "排队中放弃"}},
    {"hung_up_on_hold", {"hung up while on hold", "保持中挂断"}},
    {"resolved", {"the matter was resolved", "问题得到解决"}},
    {"promise_kept", {"a promise was kept", "承诺已兑现"}},
    {"promise_broken", {"a promise was not kept", "承诺未兑现"}},
    {"promise_at_risk", {"a promise is about to be broken", "承诺即将逾期"}},
    {"first_response", {"waited for the first answer", "等待首次回复"}},
    {"next_response", {"waited for a later answer", "等待后续回复"}},
    {"unanswered", {"a message was never answered", "消息始终没有人回复"}},
    {"left_unanswered", {"fell silent after a question", "被提问后客户不再回复"}},
    {"repeat_contact", {"had to come back for the same need", "因同一问题再次联系"}},
    {"followed_up", {"was called back by us", "我方主动回访"}},
    {"recovered", {"resolved after something had hurt", "不愉快之后问题得到解决"}},
    {"returned", {"came back with a bad moment in mind", "带着此前的不愉快再次联系"}},
    {"notice_broken", {"what was announced to many is overdue", "对外公告的时间已过但未兑现"}},
    {"order_returned", {"sent something back", "退货"}},
    {"order_cancelled", {"called an order off", "取消订单"}},
    {"left_service", {"gave the service up", "停用服务"}},
    {"renewed", {"stayed with the service", "续用服务"}},
};

constexpr Named kDimensions[] = {
    {"reliability", {"reliability", "可靠性"}}, {"responsiveness", {"responsiveness", "响应性"}},
    {"assurance", {"assurance", "保证性"}},     {"empathy", {"empathy", "移情性"}},
    {"tangibles", {"tangibles", "有形性"}},
};

constexpr Named kKano[] = {
    {"basic", {"basic need", "基本型需求"}},
    {"performance", {"performance need", "期望型需求"}},
    {"excitement", {"excitement need", "兴奋型需求"}},
};

constexpr Named kBases[] = {
    {"promise", {"what was promised to this customer", "对该客户的承诺"}},
    {"notice", {"what was announced to many", "对外公告"}},
    {"sla", {"what is contracted to the customer's tier", "客户等级的服务约定"}},
    {"history", {"what this customer is used to", "该客户以往的经历"}},
    {"baseline", {"what others get in this queue at this hour", "该队列同一时段其他客户的情况"}},
    {"policy", {"the policy", "策略规定"}},
};

constexpr Named kChannels[] = {
    {"voice", {"voice", "语音"}},         {"chat", {"chat", "在线聊天"}},
    {"message", {"message", "消息"}},     {"email", {"email", "邮件"}},
    {"task", {"task", "工单"}},           {"video", {"video", "视频"}},
    {"social", {"social", "社交媒体"}},   {"web", {"web", "网页"}},
    {"in_person", {"in person", "当面"}}, {"unspecified", {"unknown channel", "未知渠道"}},
};

constexpr Named kParts[] = {
    {"worst", {"worst", "最差"}}, {"tail", {"tail", "尾部"}}, {"peak", {"peak", "峰值"}},
    {"end", {"end", "结尾"}},     {"last", {"last", "最后"}}, {"mean", {"mean", "均值"}},
};

std::string WordsOf(absl::Span<const Named> all, std::string_view name, Language language) {
  for (const Named& each : all) {
    if (each.name == name) return each.words.In(language);
  }
  return std::string(name);
}

}  // namespace

std::string CauseWords(std::string_view cause, Language language) {
  return WordsOf(kCauses, cause, language);
}

std::string DimensionWords(std::string_view servqual, Language language) {
  return WordsOf(kDimensions, servqual, language);
}

std::string KanoWords(std::string_view kano, Language language) {
  return WordsOf(kKano, kano, language);
}

std::string BasisWords(std::string_view basis, Language language) {
  return WordsOf(kBases, basis, language);
}

std::string ChannelWords(std::string_view channel, Language language) {
  return WordsOf(kChannels, channel, language);
}

std::string PartWords(std::string_view part, Language language) {
  return WordsOf(kParts, part, language);
}

}  // namespace peakend::explain
