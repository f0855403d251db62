#include "tests/runtime/engine/stream.h"

#include <gtest/gtest.h>

#include "processors/publish/partitioner.h"
#include "processors/runtime/worker.h"

namespace peakend::runtime {
namespace {

template <typename Message>
std::vector<Message> Parse(const std::vector<MemoryLog::Written>& outputs, publish::Topic topic) {
  std::vector<Message> messages;
  for (const MemoryLog::Written& written : outputs) {
    if (written.topic != topic) continue;
    EXPECT_TRUE(messages.emplace_back().ParseFromString(written.value));
  }
  return messages;
}

// Newest revisions by `id`; checks that versions rise by one.
template <typename Message, typename Id>
std::map<std::string, std::string> Final(const std::vector<Message>& rows, Id id) {
  std::map<std::string, Message> newest;
  for (const Message& row : rows) {
    Message& held = newest[id(row)];
    EXPECT_EQ(row.row_version(), held.row_version() + 1) << id(row);
    held = row;
  }
  std::map<std::string, std::string> final;
  for (auto& [key, row] : newest) {
    if (row.is_deleted()) continue;
    row.clear_row_version();
    row.clear_source();
    final[key] = row.SerializeAsString();
  }
  return final;
}

RunResult RunLog(MemoryLog& log, const publish::Policy& policy, const RunOptions& options) {
  MemoryReader reader(log);
  WorkerOptions worker_options;
  worker_options.input_partitions = log.partitions();
  worker_options.batch_records = options.batch_records;
  worker_options.commit_records = options.batch_records;
  Worker worker(worker_options, policy, {reader, log, log}, [] { return absl::UnixEpoch(); }, {});
  reader.Listen(worker);
  while (true) {
    const absl::StatusOr<size_t> records = worker.RunOnce();
    EXPECT_TRUE(records.ok()) << records.status();
    if (!records.ok() || *records == 0) break;
  }
  if (options.finish) {
    EXPECT_TRUE(worker.Finish().ok());
  }
  return {log.TakeOutputs(), worker.stats()};
}

}  // namespace

v1::InteractionEvent Event(const std::string& id, const std::string& customer,
                           const std::string& contact, int64_t at_ms) {
  v1::InteractionEvent event;
  event.set_event_id(id);
  event.set_source("test");
  event.set_tenant_id("acme");
  event.set_occurred_at_ms(kEpoch + at_ms);
  event.mutable_customer()->set_customer_id(customer);
  if (!contact.empty()) event.mutable_contact()->set_contact_id(contact);
  event.set_channel(v1::CHANNEL_CHAT);
  return event;
}

v1::InteractionEvent CustomerTurn(const std::string& id, const std::string& customer,
                                  const std::string& contact, int64_t at_ms, double valence) {
  v1::InteractionEvent event = Event(id, customer, contact, at_ms);
  event.mutable_turn()->set_role(v1::Turn::CUSTOMER);
  event.mutable_turn()->mutable_sentiment()->set_score(valence);
  return event;
}

v1::InteractionEvent AgentTurn(const std::string& id, const std::string& customer,
                               const std::string& contact, int64_t at_ms) {
  v1::InteractionEvent event = Event(id, customer, contact, at_ms);
  event.mutable_turn()->set_role(v1::Turn::AGENT);
  return event;
}

v1::InteractionEvent Lifecycle(const std::string& id, const std::string& customer,
                               const std::string& contact, int64_t at_ms,
                               v1::Lifecycle::State state) {
  v1::InteractionEvent event = Event(id, customer, contact, at_ms);
  event.mutable_lifecycle()->set_state(state);
  return event;
}

publish::Policy DefaultPolicy() {
  publish::Policy policy;
  policy.stamp = "test@1+00000000";
  policy.formula = "experience";
  alerts::Rule negative_peak;
  negative_peak.name = "negative_peak";
  negative_peak.trigger = alerts::Trigger::kImpression;
  negative_peak.enter = -750'000'000;
  negative_peak.exit = 0;
  alerts::Rule score_low;
  score_low.name = "score_low";
  alerts::Rule abandoned;
  abandoned.name = "abandoned";
  abandoned.trigger = alerts::Trigger::kAbandoned;
  policy.rules = {negative_peak, score_low, abandoned};
  return policy;
}

std::vector<v1::Alert> RunResult::Alerts() const {
  return Parse<v1::Alert>(outputs, publish::Topic::kAlerts);
}
std::vector<v1::Moment> RunResult::Moments() const {
  return Parse<v1::Moment>(outputs, publish::Topic::kMoments);
}
std::vector<v1::Journey> RunResult::Journeys() const {
  return Parse<v1::Journey>(outputs, publish::Topic::kJourneys);
}

std::map<std::string, std::string> RunResult::FinalJourneys() const {
  return Final(Journeys(), [](const v1::Journey& row) { return row.journey_id(); });
}
std::map<std::string, std::string> RunResult::FinalMoments() const {
  return Final(Moments(), [](const v1::Moment& row) { return row.moment_id(); });
}

size_t RunResult::Count(publish::Topic topic) const {
  size_t count = 0;
  for (const MemoryLog::Written& written : outputs) count += written.topic == topic ? 1 : 0;
  return count;
}

RunResult RunStream(const std::vector<v1::InteractionEvent>& events, const publish::Policy& policy,
                    const RunOptions& options) {
  MemoryLog log(options.partitions);
  for (const v1::InteractionEvent& event : events) {
    MemoryLog::Record record;
    record.offset = -1;
    record.key = event.tenant_id() + "/" + event.customer().customer_id();
    record.value = event.SerializeAsString();
    if (!event.control().has_notice() && !event.control().has_baseline()) {
      const int32_t partition = publish::PartitionFor(*record.key, options.partitions);
      log.Append(partition, std::move(record));
      continue;
    }
    for (int32_t partition = 0; partition < options.partitions; ++partition) {
      log.Append(partition, record);
    }
  }
  return RunLog(log, policy, options);
}

RunResult RunRecords(const std::vector<MemoryLog::Record>& records, const publish::Policy& policy) {
  MemoryLog log(1);
  for (const MemoryLog::Record& record : records) log.Append(0, record);
  return RunLog(log, policy, {});
}

}  // namespace peakend::runtime
