#include "processors/warehouse/row_topics.h"

#include "absl/strings/str_cat.h"

namespace peakend::warehouse {
namespace {

struct RowTopic {
  const char* kind;
  const v1::TopicConfig& (v1::TopicsConfig::*topic)() const;
  const v1::RowsConfig& (v1::BiConfig::*rows)() const;
};
// By RowKind.
constexpr RowTopic kTopics[kRowKinds] = {
    {"touchpoint", &v1::TopicsConfig::bi_touchpoint, &v1::BiConfig::touchpoint},
    {"moment", &v1::TopicsConfig::bi_moment, &v1::BiConfig::moment},
    {"contact", &v1::TopicsConfig::bi_contact, &v1::BiConfig::contact},
    {"journey", &v1::TopicsConfig::bi_journey, &v1::BiConfig::journey},
    {"alert", &v1::TopicsConfig::bi_alert, &v1::BiConfig::alert},
    {"promise", &v1::TopicsConfig::bi_promise, &v1::BiConfig::promise},
    {"survey", &v1::TopicsConfig::bi_survey, &v1::BiConfig::survey},
};

const RowTopic& TopicOf(RowKind kind) { return kTopics[static_cast<size_t>(kind)]; }

}  // namespace

std::string RowTopicName(const v1::TopicsConfig& topics, RowKind kind) {
  const RowTopic& topic = TopicOf(kind);
  const std::string& name = (topics.*topic.topic)().name();
  return name.empty() ? absl::StrCat("peakend.bi.", topic.kind, ".v1") : name;
}

const v1::RowsConfig& RowSettings(const v1::BiConfig& bi, RowKind kind) {
  return (bi.*TopicOf(kind).rows)();
}

std::vector<RowKind> EnabledRows(const v1::BiConfig& bi) {
  std::vector<RowKind> enabled;
  for (size_t i = 0; i < kRowKinds; ++i) {
    const auto kind = static_cast<RowKind>(i);
    if (RowSettings(bi, kind).enabled()) enabled.push_back(kind);
  }
  return enabled;
}

}  // namespace peakend::warehouse
