#include "processors/cli/load_expect.h"

#include <algorithm>
#include <ostream>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_format.h"
#include "benchmarks/load/event_feed.h"
#include "peakend/v1/journey.pb.h"
#include "peakend/v1/moment.pb.h"
#include "processors/cli/memory_pipeline.h"
#include "processors/publish/partitioner.h"
#include "processors/publish/topic_names.h"

namespace peakend::cli {
namespace {

// A file is read so long after its last record that none of it lies in the future.
constexpr int64_t kLaterMs = 24 * 3600 * 1000;
constexpr int64_t kRecordsBetweenLooks = 1024;

// What has been written, by id: the newest row of one says whether it is still there.
class Written {
 public:
  bool Take(publish::Topic topic, std::string_view key, const google::protobuf::Message& value) {
    if (topic == publish::Topic::kAlerts) {
      alerts_.emplace(std::string(key));
    } else if (topic == publish::Topic::kJourneys) {
      journeys_[std::string(key)] = !static_cast<const v1::Journey&>(value).is_deleted();
    } else if (topic == publish::Topic::kMoments) {
      moments_[std::string(key)] = !static_cast<const v1::Moment&>(value).is_deleted();
    }
    return true;
  }

  void Fill(v1::LoadExpected* expected) const {
    expected->set_alerts(static_cast<int64_t>(alerts_.size()));
    expected->set_journeys(There(journeys_));
    expected->set_moments(There(moments_));
  }

 private:
  using Rows = absl::flat_hash_map<std::string, bool>;
  static int64_t There(const Rows& rows) {
    return std::count_if(rows.begin(), rows.end(), [](const auto& row) { return row.second; });
  }

  absl::flat_hash_set<std::string> alerts_;
  Rows journeys_;
  Rows moments_;
};

TopicSet CountedTopics() {
  TopicSet topics;
  for (const auto topic :
       {publish::Topic::kAlerts, publish::Topic::kJourneys, publish::Topic::kMoments}) {
    topics.set(static_cast<size_t>(topic));
  }
  return topics;
}

int64_t BrokerMs(const LoadOptions& options, const LoadReading& reading, int64_t due_us) {
  if (!reading.begin) {
    return options.part.start_at_ms + options.part.length_us / 1000 + kLaterMs;
  }
  return absl::ToUnixMillis(*reading.begin +
                            absl::Microseconds(static_cast<double>(due_us) / options.speed));
}

}  // namespace

absl::StatusOr<v1::LoadExpected> ExpectOf(const LoadOptions& options, const LoadReading& reading,
                                          const std::function<bool()>& stop) {
  const RunSettings& settings = *options.expect;
  MemoryPipelineOptions pipeline_options;
  pipeline_options.input_topic = publish::InputTopicName(settings.config().topics());
  pipeline_options.partitions = reading.partitions;
  pipeline_options.now_ms = BrokerMs(options, reading, options.part.length_us);
  pipeline_options.limits = IngestLimits(settings.config());
  Written written;
  MemoryPipeline pipeline(
      pipeline_options, settings.policy, CountedTopics(),
      [&](publish::Topic topic, std::string_view key, const google::protobuf::Message& value) {
        return written.Take(topic, key, value);
      });
  load::EventFeed feed(options.profile, options.part);
  int64_t offset = 0;
  for (load::LoadRecord record; feed.Next(record);) {
    // Of a record that nobody can read comes nothing.
    if (record.bad) continue;
    if (++offset % kRecordsBetweenLooks == 0 && stop()) {
      return absl::CancelledError("stopped by a signal");
    }
    runtime::MemoryLog::Record stored;
    stored.offset = offset;
    stored.timestamp_ms = BrokerMs(options, reading, record.due_us);
    stored.key = std::string(record.key);
    stored.value = std::string(record.value);
    pipeline.Append(publish::PartitionFor(record.key, reading.partitions), std::move(stored));
    if (absl::Status status = pipeline.Advance(); !status.ok()) return status;
  }
  if (absl::Status status = pipeline.Finish(); !status.ok()) return status;
  v1::LoadExpected expected;
  expected.set_policy_version(settings.policy.stamp);
  expected.set_partitions(reading.partitions);
  written.Fill(&expected);
  return expected;
}

bool AddExpected(const LoadOptions& options, const LoadReading& reading,
                 const std::function<bool()>& stop, v1::LoadManifest* manifest, Invocation& call) {
  if (options.expect == nullptr) return true;
  if (!call.quiet) *call.err << "Working out what workers must make of it ...\n" << std::flush;
  absl::StatusOr<v1::LoadExpected> expected = ExpectOf(options, reading, stop);
  if (!expected.ok()) {
    *call.err << "error: what is expected is not known: " << expected.status().message() << "\n";
    return false;
  }
  if (!call.quiet) {
    *call.err << absl::StrFormat("expected: %d journeys, %d alerts, %d moments (policy %s)\n",
                                 expected->journeys(), expected->alerts(), expected->moments(),
                                 expected->policy_version());
  }
  *manifest->mutable_expected() = *std::move(expected);
  return true;
}

}  // namespace peakend::cli
