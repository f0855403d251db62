// One partition of a topic as a broker keeps it: records and transaction markers in
// one sequence of offsets.
//
// Invariants: a marker takes an offset; the last stable offset is the first offset of
// the oldest open transaction, else the end; a reader of committed records sees nothing
// at or after it and nothing that was aborted. A producer's epoch never falls and its
// batches are numbered, so that what is repeated is dropped.
//
// Thread-safety: none.
#ifndef PEAKEND_TESTS_SIMULATION_TOPIC_LOG_H_
#define PEAKEND_TESTS_SIMULATION_TOPIC_LOG_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "processors/publish/output.h"
#include "tests/simulation/broker_error.h"

namespace peakend::simulation {

// What a producer wants written.
struct Payload {
  std::string key;
  std::string value;
  bool has_key = true;
  bool has_value = true;
  std::vector<publish::Header> headers;
};
// Records that are sent twice, kept and compacted share their bytes, and a reader's views
// outlive whatever happens to the log.
using SharedPayload = std::shared_ptr<const Payload>;

class TopicLog {
 public:
  enum class Kind : uint8_t { kData, kMarker };
  struct Record {
    int64_t offset = 0;
    int64_t timestamp_ms = 0;
    int64_t producer = kNoProducer;
    Kind kind = Kind::kData;
    bool aborted = false;
    int64_t drop_at_ms = 0;  // of a tombstone that a compaction has seen; 0 = none has
    SharedPayload payload;   // none in a marker
  };

  // A record outside of any transaction. Returns its offset.
  int64_t Append(SharedPayload payload, int64_t now_ms);
  // A batch of a transaction; `sequence` counts the producer's batches of this epoch
  // here. A batch that is there already is confirmed again and not written again.
  BrokerError AppendBatch(const Producer& producer, int64_t sequence,
                          const std::vector<SharedPayload>& batch, int64_t now_ms);
  // Ends the producer's transaction here, if there is one. Older epochs are refused
  // from now on.
  void WriteMarker(const Producer& producer, bool commit, int64_t now_ms);

  int64_t end() const { return end_; }
  int64_t LastStable() const;
  // The first committed record at or after `*position`, which is moved behind it; at
  // the end nullptr, and `*position` is the last stable offset unless it was beyond.
  const Record* NextCommitted(int64_t* position) const;

  // Below the last stable offset keeps the newest committed record of each key and drops
  // what was aborted. A tombstone goes with a later compaction, `tombstones_ms` after the
  // first one that saw it: whoever has read what it deletes has that long to find it.
  void Compact(int64_t now_ms, int64_t tombstones_ms);

 private:
  struct Writer {
    int32_t epoch = -1;
    int64_t next_sequence = 0;
  };

  int64_t end_ = 0;
  std::vector<Record> records_;
  std::map<int64_t, Writer> writers_;  // by producer id
  std::map<int64_t, int64_t> open_;    // producer id -> first offset of its transaction
};

}  // namespace peakend::simulation

#endif  // PEAKEND_TESTS_SIMULATION_TOPIC_LOG_H_
