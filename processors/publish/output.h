// What leaves the engine: records for the output topics, as data.
//
// An OutputBatch is filled by the pure core and handed to the sink. It keeps its
// memory when cleared, so a batch in steady use allocates nothing.
//
// Thread-safety: none; one owner. Views stay valid until the batch is changed.
#ifndef PEAKEND_PROCESSORS_PUBLISH_OUTPUT_H_
#define PEAKEND_PROCESSORS_PUBLISH_OUTPUT_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace peakend::publish {

// The topics that a worker writes; their names are configuration (TopicsConfig).
// kState is the changelog of the customers; into the input goes what OpenInput wrote.
enum class Topic : uint8_t {
  kAlerts,
  kMoments,
  kJourneys,
  kRejected,
  kLate,
  kState,
  kInput,
  kCards,
  kStatistics,
  // Rows for warehouses, in the order of RowKind; written where the configuration says so.
  kTouchpointRows,
  kMomentRows,
  kContactRows,
  kJourneyRows,
  kAlertRows,
  kPromiseRows,
  kSurveyRows,
};
inline constexpr size_t kTopicCount = 16;
inline constexpr Topic kFirstRowTopic = Topic::kTouchpointRows;
inline constexpr bool IsRowTopic(Topic topic) { return topic >= kFirstRowTopic; }
inline constexpr std::array<std::string_view, kTopicCount> kDefaultTopicNames = {
    "moment-alerts",
    "moments",
    "journeys",
    "rejected-records",
    "late-events",
    "customer-state",
    "interaction-events",
    "opening-cards",
    "touchpoint-statistics",
    "peakend.bi.touchpoint.v1",
    "peakend.bi.moment.v1",
    "peakend.bi.contact.v1",
    "peakend.bi.journey.v1",
    "peakend.bi.alert.v1",
    "peakend.bi.promise.v1",
    "peakend.bi.survey.v1"};

struct Header {
  std::string name;
  std::string value;      // bytes
  bool has_value = true;  // null is not the same as empty
};

// A record to write, to the partition number of its input; one for the input itself may
// go to any.
struct Output {
  Topic topic = Topic::kAlerts;
  int32_t partition = 0;  // where it is written
  int32_t cause = 0;      // input partition whose record caused it, and whose owner writes it
  std::string_view key;
  std::string_view value;
  // False where the original record had none: null is not the same as empty.
  bool has_key = true;
  bool has_value = true;
  // Only rejected and late records have headers: first those of the original
  // record, untouched, then ours.
  const std::vector<Header>* headers = nullptr;
};

class OutputBatch {
 public:
  // Appends a record; key and value are copied.
  void Append(Topic topic, int32_t partition, std::string_view key, std::string_view value);
  // Appends an input record as it came, under `headers` of ours. Its partition is the cause.
  void AppendOriginal(const Output& original, std::vector<Header> headers);
  // Appends a record whose value the caller writes: returns the buffer to append
  // the value's bytes to; the record ends at the next call on this batch.
  std::string& Open(Topic topic, int32_t partition, std::string_view key);
  // The same for a record that partition `cause` writes into partition `to` of the input,
  // where whoever owns that one reads it. An empty key = it is for the partition.
  std::string& OpenInput(int32_t cause, int32_t to, std::string_view key);

  size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }
  // Bytes of all keys and values.
  size_t bytes() const { return buffer_.size(); }
  // The i-th record in the order of appending. REQUIRES: i < size().
  Output operator[](size_t i) const;
  // Appends a record without a value: under compaction it removes the key.
  void AppendTombstone(Topic topic, int32_t partition, std::string_view key);
  // Appends record i of `other`, headers included.
  void AppendFrom(const OutputBatch& other, size_t i);
  // The same for a record that stands anywhere but in this batch.
  void AppendCopy(const Output& output);
  // Keeps the first `size` records. REQUIRES: size <= size().
  void Truncate(size_t size);
  // Puts `headers` (of the original record) before those of record i.
  // REQUIRES: i < size() and record i has headers.
  void PrependHeaders(size_t i, const std::vector<Header>& headers);
  void Clear();

 private:
  struct Entry {
    Topic topic;
    int32_t partition;
    int32_t cause;
    uint32_t key_size;
    int32_t headers = -1;  // index into headers_, or none
    bool has_key = true;
    bool has_value = true;
    size_t begin = 0;  // key, then value up to the next entry's begin
  };
  std::string buffer_;
  std::vector<Entry> entries_;
  std::vector<std::vector<Header>> headers_;
};

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_OUTPUT_H_
