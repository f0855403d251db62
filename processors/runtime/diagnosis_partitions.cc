// What is wrong inside the partitions; one finding for all partitions that have the
// same trouble, with the numbers of the first.
#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "google/protobuf/util/time_util.h"
#include "processors/runtime/diagnosis.h"
#include "processors/runtime/shared_finding.h"

namespace peakend::runtime {
namespace {

using google::protobuf::util::TimeUtil;
using v1::Finding;
using v1::PartitionFacts;

// Brokers look for overdue transactions this often, unless told otherwise.
constexpr int64_t kAbortDelayMs = 10'000;
constexpr int64_t kSkewMs = 2'000;
// A changelog of this many records is read in a few seconds, whatever stands in it.
constexpr int64_t kSmallChangelog = 100'000;
constexpr int64_t kWornRatio = 10;

std::string Lasting(int64_t ms) { return absl::FormatDuration(absl::Milliseconds(ms)); }

// Null when the input's edges are unknown.
const v1::LogFacts* Input(const PartitionFacts& partition) {
  for (const v1::LogFacts& log : partition.logs()) {
    if (log.role() == v1::TopicFacts::INPUT) return &log;
  }
  return nullptr;
}

// Where a worker that takes the partition over starts to read, by what the group and
// the changelog say; the same rule as the worker's.
struct Position {
  bool fresh = false;  // nothing was ever committed
  int64_t committed = 0;
  int64_t start = 0;
};

Position PositionOf(const PartitionFacts& partition) {
  Position position;
  const bool written = partition.state().has_progress();
  position.fresh = !written && !partition.has_committed_offset();
  if (written) position.start = partition.state().progress().low_water_mark();
  position.committed = partition.has_committed_offset()
                           ? partition.committed_offset()
                           : partition.state().progress().committed_offset();
  return position;
}

void Positions(const v1::JobFacts& facts, bool exactly_once, std::vector<Finding>* findings) {
  SharedFinding differ, expired, stateless;
  for (const PartitionFacts& partition : facts.partitions()) {
    if (!partition.has_state()) continue;
    const bool written = partition.state().has_progress();
    const int64_t progress = partition.state().progress().committed_offset();
    const int64_t committed = partition.committed_offset();
    // Commits go on while we look.
    const int64_t later = std::max(committed, partition.committed_offset_later());
    if (written && !partition.has_committed_offset()) {
      expired.Add(partition.partition(),
                  absl::StrCat("the group has no offset any more, the changelog says ", progress,
                               ": the changelog counts"));
    } else if (written && (progress < committed || (exactly_once && progress > later))) {
      differ.Add(partition.partition(),
                 absl::StrCat("the group has committed offset ", committed,
                              ", the changelog's progress record says ", progress,
                              ": no worker takes it over before they agree"));
    } else if (!written && partition.has_committed_offset()) {
      stateless.Add(partition.partition(),
                    absl::StrCat("offset ", committed,
                                 " is committed, but the changelog has no progress record: a "
                                 "start processes the whole input again"));
    }
  }
  differ.Report(Finding::ERROR, "offsets-differ",
                "stop the workers and set the group's offsets to those of the progress records "
                "(kafka-consumer-groups.sh --reset-offsets --to-offset); `peakend inspect "
                "partition` shows them",
                findings);
  stateless.Report(Finding::WARNING, "state-missing",
                   "check topics.customer_state; if it is right, the next start is slow once",
                   findings);
  expired.Report(Finding::NOTE, "offset-expired", "", findings);
}

void Lost(const v1::JobFacts& facts, std::vector<Finding>* findings) {
  SharedFinding unread, needed;
  for (const PartitionFacts& partition : facts.partitions()) {
    const v1::LogFacts* input = Input(partition);
    const Position position = PositionOf(partition);
    if (input == nullptr || position.fresh) continue;
    const int64_t first = input->first_offset();
    if (position.committed < first) {
      unread.Add(partition.partition(),
                 absl::StrCat("records ", position.committed, " to ", first - 1,
                              " were removed before they were processed"));
    } else if (partition.has_state() && position.start < first &&
               position.start != position.committed) {
      needed.Add(partition.partition(),
                 absl::StrCat("state needs the records from ", position.start,
                              " on, but the log starts at ", first));
    }
  }
  const std::string remedy =
      "`peakend run --accept-loss` goes on without them; raise retention.ms of the input";
  unread.Report(Finding::ERROR, "records-lost", remedy, findings);
  needed.Report(Finding::ERROR, "replay-lost", remedy, findings);
}

void Lag(const v1::JobFacts& facts, std::vector<Finding>* findings) {
  SharedFinding behind, silent;
  int64_t waiting = 0;
  bool any = false;
  for (const PartitionFacts& partition : facts.partitions()) {
    const v1::LogFacts* input = Input(partition);
    if (input == nullptr) continue;
    any = any || input->high_watermark() > 0;
    const Position position = PositionOf(partition);
    const int64_t from = position.fresh ? 0 : position.committed;
    int64_t end = input->last_stable_offset();
    // The marks that end transactions take offsets, and nobody waits for them.
    if (partition.sample().has_end_offset()) {
      end = std::min(end, partition.sample().end_offset());
    }
    const int64_t lag = end - std::max(from, input->first_offset());
    if (lag > 0) behind.Add(partition.partition(), absl::StrCat("it is behind by ", lag));
    waiting += std::max<int64_t>(0, lag);
    if (input->high_watermark() == 0) {
      silent.Add(partition.partition(), "no record was ever written to it");
    }
  }
  behind.Report(Finding::NOTE, "lag",
                absl::StrCat("the lag is ", waiting,
                             " in all; if that grows, add workers up to one per partition"),
                findings);
  if (any) {
    silent.Report(Finding::NOTE, "idle-partitions",
                  "none if there are few customers; else check the producers' partitioner",
                  findings);
  }
}

void OpenTransactions(const v1::JobFacts& facts, int64_t timeout_ms,
                      std::vector<Finding>* findings) {
  std::map<std::string, SharedFinding> young, hanging;
  for (const PartitionFacts& partition : facts.partitions()) {
    for (const v1::LogFacts& log : partition.logs()) {
      const int64_t held = log.high_watermark() - log.last_stable_offset();
      if (held <= 0) continue;
      const int64_t age_ms =
          log.has_open_since_ms() ? std::max<int64_t>(0, facts.now_ms() - log.open_since_ms()) : 0;
      const bool overdue = age_ms > timeout_ms + kAbortDelayMs;
      (overdue ? hanging : young)[log.topic()].Add(
          partition.partition(),
          absl::StrCat("a transaction is open for ",
                       log.has_open_since_ms() ? Lasting(age_ms) : "an unknown time",
                       ": readers of committed records wait before offset ",
                       log.last_stable_offset(), ", ", held, " short of the end"));
    }
  }
  for (const auto& [topic, partitions] : hanging) {
    partitions.Report(Finding::ERROR, "transaction-hangs",
                      absl::StrCat("restart the worker that left it open (its start ends it), else "
                                   "kafka-transactions.sh find-hanging, and abort --topic ",
                                   topic, " --partition N --start-offset OFFSET"),
                      findings, topic);
  }
  for (const auto& [topic, partitions] : young) {
    partitions.Report(Finding::NOTE, "transaction-open",
                      "none: ordinary while workers commit; the broker ends one that is left "
                      "behind after kafka.transaction_timeout",
                      findings, topic);
  }
}

void Changelog(const v1::JobFacts& facts, std::vector<Finding>* findings) {
  SharedFinding damaged, worn, unread;
  for (const PartitionFacts& partition : facts.partitions()) {
    const bool there = std::any_of(
        partition.logs().begin(), partition.logs().end(),
        [](const v1::LogFacts& log) { return log.role() == v1::TopicFacts::CHANGELOG; });
    if (there && !partition.has_state()) {
      unread.Add(partition.partition(),
                 "a transaction stays open in the changelog, which can't "
                 "be read before it ends, and the partition not taken over");
    }
    const v1::PartitionInspection& state = partition.state();
    const int64_t live = state.open() + state.idle() + state.stubs();
    if (state.damaged() > 0) {
      damaged.Add(partition.partition(),
                  absl::StrCat(state.damaged(), " records of the changelog can't be read"));
    }
    if (state.records() > kSmallChangelog && state.records() > kWornRatio * live) {
      worn.Add(partition.partition(), absl::StrCat(state.records(), " records stand for ", live,
                                                   " customers: a restart reads them all"));
    }
  }
  damaged.Report(Finding::ERROR, "changelog-damaged",
                 "check that nobody else writes to the changelog", findings);
  unread.Report(Finding::WARNING, "changelog-held-back",
                "see the open transactions; try again, a busy job opens one after the other",
                findings);
  worn.Report(Finding::WARNING, "changelog-worn",
              "check the brokers' log cleaner, and min.cleanable.dirty.ratio and segment.bytes of "
              "the topic",
              findings);
}

void Samples(const v1::JobFacts& facts, const v1::Policy& policy, std::vector<Finding>* findings) {
  SharedFinding misplaced, keyless, anonymous;
  int64_t ahead_ms = std::numeric_limits<int64_t>::min();
  for (const PartitionFacts& partition : facts.partitions()) {
    const v1::Sample& sample = partition.sample();
    const std::string of = absl::StrCat(" of the newest ", sample.records(), " records ");
    if (sample.misplaced() > 0) {
      misplaced.Add(partition.partition(),
                    absl::StrCat(sample.misplaced(), of,
                                 "belong elsewhere by Kafka's own partitioner: a customer's "
                                 "events may be spread, and journeys cut"));
    }
    if (sample.without_key() > 0) {
      keyless.Add(partition.partition(),
                  absl::StrCat(sample.without_key(), of, "have no key and are rejected"));
    }
    // Where nobody is linked, the id decides nothing.
    if (!policy.identities().empty() && sample.anonymous_under_known_id() > 0) {
      anonymous.Add(partition.partition(),
                    absl::StrCat(sample.anonymous_under_known_id(), of,
                                 "say that their customer is anonymous, under an id that does not "
                                 "begin with `~`: it counts as known"));
    }
    // Only a stamp from the future proves anything: an old one may be just old.
    if (sample.has_newest_at_ms() && sample.stamped_by_broker()) {
      ahead_ms = std::max(ahead_ms, sample.newest_at_ms() - facts.now_ms());
    }
  }
  misplaced.Report(Finding::ERROR, "partitioner",
                   "producers must use murmur2 of the key: Java clients do, librdkafka with "
                   "partitioner=murmur2_random",
                   findings);
  keyless.Report(Finding::WARNING, "records-without-key",
                 "producers must set the key tenant/customer", findings);
  anonymous.Report(Finding::WARNING, "anonymous-under-known-id",
                   "the feed must write ids such as `~cookie:...` for whom it does not know",
                   findings);
  if (ahead_ms > kSkewMs) {
    Finding& finding = findings->emplace_back();
    finding.set_severity(Finding::WARNING);
    finding.set_code("clock-skew");
    finding.set_subject("clock");
    finding.set_meaning(
        absl::StrCat("the broker's clock is at least ", Lasting(ahead_ms),
                     " ahead of this machine's: a worker here asks too late for what is due"));
    finding.set_remedy("synchronise the clocks of brokers and workers (NTP)");
  }
}

}  // namespace

void DiagnosePartitions(const v1::JobFacts& facts, const v1::Config& config,
                        const v1::Policy& policy, std::vector<Finding>* findings) {
  Positions(facts, config.delivery() != "at_least_once", findings);
  Lost(facts, findings);
  Changelog(facts, findings);
  OpenTransactions(facts, TimeUtil::DurationToMilliseconds(config.kafka().transaction_timeout()),
                   findings);
  Samples(facts, policy, findings);
  Lag(facts, findings);
}

}  // namespace peakend::runtime
