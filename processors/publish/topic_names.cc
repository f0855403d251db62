#include "processors/publish/topic_names.h"

#include "processors/publish/rows/row_kind.h"

namespace peakend::publish {

std::string InputTopicName(const v1::TopicsConfig& topics) {
  const std::string& name = topics.interaction_events().name();
  return name.empty() ? "interaction-events" : name;
}

std::string TopicName(const v1::TopicsConfig& topics, Topic topic) {
  const std::string& name = TopicSettings(topics, topic).name();
  return name.empty() ? std::string(kDefaultTopicNames[static_cast<size_t>(topic)]) : name;
}

std::vector<Topic> TopicsOf(const v1::Config& config) {
  std::vector<Topic> topics;
  for (size_t i = 0; i < kTopicCount; ++i) {
    const auto topic = static_cast<Topic>(i);
    const bool written =
        !IsRowTopic(topic) || RowsConfigOf(config.bi(), RowKindOf(topic)).enabled();
    if (written) topics.push_back(topic);
  }
  return topics;
}

const v1::TopicConfig& TopicSettings(const v1::TopicsConfig& topics, Topic topic) {
  switch (topic) {
    case Topic::kAlerts:
      return topics.moment_alerts();
    case Topic::kMoments:
      return topics.moments();
    case Topic::kJourneys:
      return topics.journeys();
    case Topic::kRejected:
      return topics.rejected_records();
    case Topic::kLate:
      return topics.late_events();
    case Topic::kState:
      return topics.customer_state();
    case Topic::kInput:
      return topics.interaction_events();
    case Topic::kCards:
      return topics.opening_cards();
    case Topic::kStatistics:
      return topics.touchpoint_statistics();
    case Topic::kTouchpointRows:
      return topics.bi_touchpoint();
    case Topic::kMomentRows:
      return topics.bi_moment();
    case Topic::kContactRows:
      return topics.bi_contact();
    case Topic::kJourneyRows:
      return topics.bi_journey();
    case Topic::kAlertRows:
      return topics.bi_alert();
    case Topic::kPromiseRows:
      return topics.bi_promise();
    case Topic::kSurveyRows:
      return topics.bi_survey();
  }
  return v1::TopicConfig::default_instance();
}

}  // namespace peakend::publish
