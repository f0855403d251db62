// A little language for tests of the engine: events in, final records out.
#ifndef PEAKEND_TESTS_RUNTIME_ENGINE_STREAM_H_
#define PEAKEND_TESTS_RUNTIME_ENGINE_STREAM_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "peakend/v1/alert.pb.h"
#include "peakend/v1/interaction_event.pb.h"
#include "peakend/v1/journey.pb.h"
#include "peakend/v1/moment.pb.h"
#include "processors/publish/policy.h"
#include "processors/runtime/engine_stats.h"
#include "processors/runtime/memory_log.h"

namespace peakend::runtime {

// 2026-01-01T00:00:00Z; times in tests are milliseconds after it.
inline constexpr int64_t kEpoch = 1'767'225'600'000;

// An event of customer `customer` in contact `contact` ("" = unnamed).
v1::InteractionEvent Event(const std::string& id, const std::string& customer,
                           const std::string& contact, int64_t at_ms);
v1::InteractionEvent CustomerTurn(const std::string& id, const std::string& customer,
                                  const std::string& contact, int64_t at_ms, double valence);
v1::InteractionEvent AgentTurn(const std::string& id, const std::string& customer,
                               const std::string& contact, int64_t at_ms);
v1::InteractionEvent Lifecycle(const std::string& id, const std::string& customer,
                               const std::string& contact, int64_t at_ms,
                               v1::Lifecycle::State state);

// The default windows and model with the three default rules.
publish::Policy DefaultPolicy();

struct RunOptions {
  size_t batch_records = 1000;
  int32_t partitions = 1;
  bool finish = true;  // the input ends, time goes to infinity
};

struct RunResult {
  std::vector<MemoryLog::Written> outputs;
  EngineStats stats;

  std::vector<v1::Alert> Alerts() const;
  std::vector<v1::Moment> Moments() const;
  std::vector<v1::Journey> Journeys() const;
  // The newest revision of each journey that is not deleted, as bytes by id, without
  // row_version and source: what must not depend on the order of arrival.
  std::map<std::string, std::string> FinalJourneys() const;
  std::map<std::string, std::string> FinalMoments() const;
  size_t Count(publish::Topic topic) const;
};

// In words, the rows of either that are not the same in the other; empty when all are.
template <typename Row>
std::string Different(const std::map<std::string, std::string>& one,
                      const std::map<std::string, std::string>& other) {
  std::string different;
  const auto tell = [&](const auto& rows, const auto& those, const char* whose) {
    for (const auto& [id, bytes] : rows) {
      const auto found = those.find(id);
      if (found != those.end() && found->second == bytes) continue;
      Row row;
      row.ParseFromString(bytes);
      different += whose + row.DebugString();
    }
  };
  tell(one, other, "one has ");
  tell(other, one, "the other has ");
  return different;
}

// Runs the worker over `events` in this order; notices and baselines go to every partition.
// `broker_ms` 0 = event time counts.
RunResult RunStream(const std::vector<v1::InteractionEvent>& events, const publish::Policy& policy,
                    const RunOptions& options = {});

// Bytes as they are, for bad input.
RunResult RunRecords(const std::vector<MemoryLog::Record>& records, const publish::Policy& policy);

}  // namespace peakend::runtime

#endif  // PEAKEND_TESTS_RUNTIME_ENGINE_STREAM_H_
