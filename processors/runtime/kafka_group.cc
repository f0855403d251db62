#include "processors/runtime/kafka_group.h"

#include <array>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace peakend::runtime {
namespace {

constexpr absl::Duration kUntilCoordinatorMoved = absl::Milliseconds(100);

}  // namespace

absl::StatusOr<std::unique_ptr<KafkaGroup>> KafkaGroup::Open(const v1::Config& config, KafkaLog log,
                                                             absl::Duration limit) {
  std::unique_ptr<KafkaGroup> group(new KafkaGroup(config.kafka().group_id(), limit));
  group->callbacks_.log = std::move(log);
  absl::StatusOr<KafkaHandle> kafka = OpenKafka(KafkaRole::kGroup, config, &group->callbacks_);
  if (!kafka.ok()) return kafka.status();
  group->kafka_ = std::move(*kafka);
  return group;
}

KafkaAdminOptions KafkaGroup::Options(rd_kafka_admin_op_t operation) const {
  KafkaAdminOptions options(rd_kafka_AdminOptions_new(kafka_.get(), operation));
  std::array<char, 128> error{};
  rd_kafka_AdminOptions_set_request_timeout(options.get(), KafkaMilliseconds(limit_), error.data(),
                                            error.size());
  return options;
}

absl::StatusOr<KafkaEvent> KafkaGroup::Answer(rd_kafka_queue_t* queue,
                                              const std::string& what) const {
  KafkaEvent event(rd_kafka_queue_poll(queue, KafkaMilliseconds(limit_)));
  if (event == nullptr) return absl::UnavailableError(absl::StrCat(what, ": no answer"));
  absl::Status status = KafkaStatus(rd_kafka_event_error(event.get()), what);
  if (!status.ok()) return status;
  return event;
}

absl::StatusOr<GroupDescription> KafkaGroup::Describe() {
  const std::string what = absl::StrCat("cannot describe the group ", group_id_);
  const KafkaQueue queue(rd_kafka_queue_new(kafka_.get()));
  const KafkaAdminOptions options = Options(RD_KAFKA_ADMIN_OP_DESCRIBECONSUMERGROUPS);
  const char* name = group_id_.c_str();
  rd_kafka_DescribeConsumerGroups(kafka_.get(), &name, 1, options.get(), queue.get());
  const absl::StatusOr<KafkaEvent> event = Answer(queue.get(), what);
  if (!event.ok()) return event.status();
  size_t count = 0;
  const rd_kafka_ConsumerGroupDescription_t** groups =
      rd_kafka_DescribeConsumerGroups_result_groups(
          rd_kafka_event_DescribeConsumerGroups_result(event->get()), &count);
  if (count == 0) return absl::UnavailableError(absl::StrCat(what, ": no answer"));
  if (const rd_kafka_error_t* error = rd_kafka_ConsumerGroupDescription_error(groups[0])) {
    absl::Status status = KafkaStatus(rd_kafka_error_code(error), what);
    if (!status.ok()) return status;
  }
  GroupDescription group;
  group.state =
      rd_kafka_consumer_group_state_name(rd_kafka_ConsumerGroupDescription_state(groups[0]));
  group.members = static_cast<int32_t>(rd_kafka_ConsumerGroupDescription_member_count(groups[0]));
  return group;
}

absl::StatusOr<std::map<int32_t, int64_t>> KafkaGroup::Committed(const std::string& topic) {
  return AskUntilAnswered(topic, nullptr);
}

absl::StatusOr<std::map<int32_t, int64_t>> KafkaGroup::Settled(const std::string& topic,
                                                               int32_t partitions) {
  const KafkaPartitions list(rd_kafka_topic_partition_list_new(partitions));
  rd_kafka_topic_partition_list_add_range(list.get(), topic.c_str(), 0, partitions - 1);
  return AskUntilAnswered(topic, list.get());
}

absl::StatusOr<std::map<int32_t, int64_t>> KafkaGroup::AskUntilAnswered(
    const std::string& topic, const rd_kafka_topic_partition_list_t* partitions) {
  const absl::Time deadline = absl::Now() + limit_;
  while (true) {
    absl::StatusOr<std::map<int32_t, int64_t>> committed = Ask(topic, partitions);
    if (!absl::IsUnavailable(committed.status()) || absl::Now() >= deadline) return committed;
    absl::SleepFor(kUntilCoordinatorMoved);
  }
}

absl::StatusOr<std::map<int32_t, int64_t>> KafkaGroup::Ask(
    const std::string& topic, const rd_kafka_topic_partition_list_t* partitions) {
  const std::string what = absl::StrCat("cannot read the offsets of the group ", group_id_);
  const KafkaQueue queue(rd_kafka_queue_new(kafka_.get()));
  const KafkaAdminOptions options = Options(RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS);
  // One that is being committed is told of partitions that were asked for by name only.
  if (partitions != nullptr) {
    const KafkaError error(rd_kafka_AdminOptions_set_require_stable_offsets(options.get(), 1));
    if (error != nullptr) return KafkaStatus(rd_kafka_error_code(error.get()), what);
  }
  const KafkaGroupOffsetsRequest request(
      rd_kafka_ListConsumerGroupOffsets_new(group_id_.c_str(), partitions));
  rd_kafka_ListConsumerGroupOffsets_t* requests[] = {request.get()};
  rd_kafka_ListConsumerGroupOffsets(kafka_.get(), requests, 1, options.get(), queue.get());
  const absl::StatusOr<KafkaEvent> event = Answer(queue.get(), what);
  if (!event.ok()) return event.status();
  size_t count = 0;
  const rd_kafka_group_result_t** groups = rd_kafka_ListConsumerGroupOffsets_result_groups(
      rd_kafka_event_ListConsumerGroupOffsets_result(event->get()), &count);
  std::map<int32_t, int64_t> committed;
  for (size_t i = 0; i < count; ++i) {
    if (const rd_kafka_error_t* error = rd_kafka_group_result_error(groups[i])) {
      return KafkaStatus(rd_kafka_error_code(error), what);
    }
    const rd_kafka_topic_partition_list_t* list = rd_kafka_group_result_partitions(groups[i]);
    for (int k = 0; list != nullptr && k < list->cnt; ++k) {
      const rd_kafka_topic_partition_t& entry = list->elems[k];
      if (topic != entry.topic) continue;
      if (entry.err != RD_KAFKA_RESP_ERR_NO_ERROR) return KafkaStatus(entry.err, what);
      if (entry.offset >= 0) committed[entry.partition] = entry.offset;
    }
  }
  return committed;
}

}  // namespace peakend::runtime
