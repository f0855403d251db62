// What the topics are called: the configured name, or the field's own name with
// dashes where none is configured.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_PUBLISH_TOPIC_NAMES_H_
#define PEAKEND_PROCESSORS_PUBLISH_TOPIC_NAMES_H_

#include <string>
#include <vector>

#include "peakend/v1/config.pb.h"
#include "processors/publish/output.h"

namespace peakend::publish {

std::string InputTopicName(const v1::TopicsConfig& topics);
std::string TopicName(const v1::TopicsConfig& topics, Topic topic);

// The topics that a worker writes to, its input included, in the order of Topic: of rows for
// warehouses those that the configuration has enabled.
std::vector<Topic> TopicsOf(const v1::Config& config);

// The settings of an output topic.
const v1::TopicConfig& TopicSettings(const v1::TopicsConfig& topics, Topic topic);

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_TOPIC_NAMES_H_
