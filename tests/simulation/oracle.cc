#include "tests/simulation/oracle.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "processors/runtime/partition.h"
#include "tests/simulation/copy_worker.h"
#include "tests/simulation/exchange_oracle.h"
#include "tests/simulation/identity_oracle.h"
#include "tests/simulation/random_policy.h"

namespace peakend::simulation {
namespace {

using publish::Header;
using publish::Output;
using publish::Topic;
using runtime::InputRecord;

constexpr std::array<Topic, 7> kOutputTopics = {
    Topic::kAlerts, Topic::kMoments, Topic::kJourneys,  Topic::kRejected,
    Topic::kLate,   Topic::kCards,   Topic::kStatistics};

InputRecord InputOf(const TopicLog::Record& record, int32_t partition) {
  const Payload& payload = *record.payload;
  return {partition,     record.offset,   record.timestamp_ms, payload.key,
          payload.value, payload.has_key, payload.has_value};
}

bool SameHeaders(const std::vector<Header>& a, const std::vector<Header>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Header& x, const Header& y) {
    return x.name == y.name && x.value == y.value;
  });
}

bool Same(const Payload& written, const Output& expected) {
  static const std::vector<Header> kNone;
  return written.key == expected.key && written.value == expected.value &&
         written.has_key == expected.has_key && written.has_value == expected.has_value &&
         SameHeaders(written.headers, expected.headers != nullptr ? *expected.headers : kNone);
}

// One partition: its input, what should have come of it, and what did.
class PartitionOracle {
 public:
  // Without `identities` customers are not linked.
  PartitionOracle(SimBroker& broker, int32_t partition, ExchangeOracle& exchange,
                  IdentityOracle* identities)
      : broker_(broker), partition_(partition), exchange_(exchange), identities_(identities) {}

  void Check(Pipeline pipeline, const publish::Policy& policy, const ingest::Limits& limits) {
    if (pipeline == Pipeline::kCopy) {
      CopyAll();
    } else {
      RunEngine(policy, limits);
    }
    for (const Topic topic : kOutputTopics) Compare(topic);
    for (size_t i = 0; i < expected_.size(); ++i) {
      if (expected_[i].topic == Topic::kInput) exchange_.Send(expected_[i]);
    }
    CheckProgress();
  }

  OracleCounts counts;
  std::vector<std::string> violations;

 private:
  template <typename... Parts>
  void Complain(const Parts&... parts) {
    violations.push_back(absl::StrCat("partition ", partition_, ": ", parts...));
  }

  template <typename Take>
  void ReadInput(const Take& take) {
    const TopicLog& log = broker_.log(Topic::kInput, partition_);
    int64_t position = 0;
    while (const TopicLog::Record* record = log.NextCommitted(&position)) {
      ++counts.records;
      Note(*record);
      last_ = record->offset + 1;
      take(*record);
    }
  }

  // Nobody but workers writes to the input in transactions: ticks, which are for no key, and
  // what customers have to say each other.
  void Note(const TopicLog::Record& record) {
    const Payload& payload = *record.payload;
    if (record.producer == kNoProducer) {
      if (identities_ != nullptr) identities_->TakeFact(InputOf(record, partition_));
    } else if (payload.key.empty()) {
      ++counts.ticks;
      if (identities_ != nullptr) identities_->TakeTick(InputOf(record, partition_));
    } else {
      exchange_.Receive(partition_, payload.key, payload.value);
    }
  }

  void CopyAll() {
    ReadInput([&](const TopicLog::Record& record) {
      CopyWorker::Copy(InputOf(record, partition_), expected_);
    });
  }

  void RunEngine(const publish::Policy& policy, const ingest::Limits& limits) {
    // Where its state is asked for, it has to keep book of it.
    const bool asked = identities_ != nullptr;
    runtime::Partition engine(
        partition_, "input", policy,
        asked ? runtime::Durability::kChangelog : runtime::Durability::kNone, broker_.partitions(),
        [&](const v1::PolicyRecord& record) { return CompileVaried(policy, record); });
    ingest::Decoder decoder(limits);
    runtime::EngineStats stats;
    ReadInput([&](const TopicLog::Record& record) {
      const runtime::Outcome outcome =
          engine.Process(InputOf(record, partition_), decoder, expected_, stats);
      if (runtime::KeepsOriginal(outcome)) {
        expected_.PrependHeaders(expected_.size() - 1, record.payload->headers);
      }
      if (asked) identities_->TakeClock(partition_, engine.now_ms());
    });
    if (engine.now_ms() > broker_.now_ms()) Complain("an event from the future moved the clock");
    if (engine.open_journeys() > 0) Complain(engine.open_journeys(), " journeys were never closed");
    if (!asked) return;
    for (size_t i = 0; i < expected_.size(); ++i) identities_->TakeOutput(expected_[i]);
    identities_->TakeState(engine, last_);
  }

  void Compare(Topic topic) {
    const TopicLog& log = broker_.log(topic, partition_);
    const std::string name(publish::kDefaultTopicNames[static_cast<size_t>(topic)]);
    int64_t position = 0;
    int64_t place = 0;
    size_t before = 0;  // the record of this topic before this one
    for (size_t i = 0; i < expected_.size(); ++i) {
      const Output expected = expected_[i];
      if (expected.topic != topic) continue;
      const TopicLog::Record* written = log.NextCommitted(&position);
      if (written == nullptr) return Complain(name, " record ", place, " is missing");
      if (!Same(*written->payload, expected)) {
        const bool again = place > 0 && Same(*written->payload, expected_[before]);
        return Complain(name, " record ", place, again ? " is the one before again" : " differs");
      }
      before = i;
      ++place;
    }
    counts.outputs += place;
    if (log.NextCommitted(&position) != nullptr) Complain(name, " has more than ", place);
    if (log.LastStable() != log.end()) Complain(name, " has an open transaction");
  }

  void CheckProgress() {
    int64_t committed = 0;
    if (broker_.group().Committed(partition_, &committed) != BrokerError::kNone) {
      return Complain("its committed position is held back by an open transaction");
    }
    if (std::max<int64_t>(committed, 0) != last_) {
      Complain("committed up to ", committed, ", the log ends at ", last_);
    }
  }

  SimBroker& broker_;
  const int32_t partition_;
  ExchangeOracle& exchange_;
  IdentityOracle* const identities_;
  int64_t last_ = 0;  // behind the last record
  publish::OutputBatch expected_;
};

}  // namespace

std::vector<std::string> Judge(SimBroker& broker, Pipeline pipeline, const publish::Policy& policy,
                               const ingest::Limits& limits, OracleCounts* counts) {
  std::vector<std::string> violations = broker.group().violations();
  const auto add = [&](const std::vector<std::string>& more) {
    violations.insert(violations.end(), more.begin(), more.end());
  };
  ExchangeOracle exchange(broker.partitions());
  std::optional<IdentityOracle> identities;
  if (policy.identities) identities.emplace(policy, limits);
  for (int32_t partition = 0; partition < broker.partitions(); ++partition) {
    PartitionOracle oracle(broker, partition, exchange, identities ? &*identities : nullptr);
    oracle.Check(pipeline, policy, limits);
    counts->records += oracle.counts.records;
    counts->ticks += oracle.counts.ticks;
    counts->outputs += oracle.counts.outputs;
    add(oracle.violations);
  }
  add(exchange.Judge());
  if (identities) add(identities->Judge(broker.now_ms() - broker.options().start_ms));
  counts->exchanged.Add(exchange.counts());
  if (broker.transactions().Unfinished() > 0)
    violations.emplace_back("a transaction was left open");
  return violations;
}

}  // namespace peakend::simulation
