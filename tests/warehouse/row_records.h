// Records of row topics for tests: messages in, records that a batch takes out.
#ifndef PEAKEND_TESTS_WAREHOUSE_ROW_RECORDS_H_
#define PEAKEND_TESTS_WAREHOUSE_ROW_RECORDS_H_

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "peakend/bi/v1/journey_row.pb.h"
#include "processors/runtime/source.h"
#include "processors/warehouse/row_batch.h"

namespace peakend::warehouse {

inline bi::v1::JourneyRow Journey(std::string_view id, int64_t version,
                                  std::string_view date = "2026-01-31") {
  bi::v1::JourneyRow row;
  row.set_journey_id(std::string(id));
  row.set_row_version(version);
  row.set_amend_reason("new");
  row.set_customer_key("customer-" + std::string(id));
  row.set_business_date(std::string(date));
  row.set_detected_at_ms(1'700'000'000'000 + version);
  row.set_source_topic("input");
  row.set_contact_count(3);
  row.set_score(0.25);
  row.set_tier("gold");
  return row;
}

// A partition of a row topic, from offset 0 on. Records stay valid as long as it lives.
class RecordLog {
 public:
  explicit RecordLog(int32_t partition = 0) : partition_(partition) {}

  template <typename Row>
  void Add(const Row& row) {
    const auto* key = row.GetDescriptor()->field(0);
    AddBytes(row.GetReflection()->GetString(row, key), row.SerializeAsString());
  }
  void AddBytes(std::string key, std::string value) {
    Append({.key = Keep(std::move(key)),
            .value = Keep(std::move(value)),
            .has_key = true,
            .has_value = true});
  }
  void AddTombstone(std::string key) { Append({.key = Keep(std::move(key)), .has_key = true}); }
  void AddWithoutKey(std::string value) {
    Append({.value = Keep(std::move(value)), .has_value = true});
  }

  const std::vector<runtime::InputRecord>& records() const { return records_; }
  int64_t end() const { return static_cast<int64_t>(records_.size()); }
  // Fills `batch` with the records from `begin` on.
  void Fill(RowBatch& batch, int64_t begin = 0) const {
    for (auto i = static_cast<size_t>(begin); i < records_.size(); ++i) batch.Add(records_[i]);
  }

 private:
  struct Parts {
    std::string_view key = {};
    std::string_view value = {};
    bool has_key = false;
    bool has_value = false;
  };
  std::string_view Keep(std::string bytes) { return bytes_.emplace_back(std::move(bytes)); }
  void Append(const Parts& parts) {
    runtime::InputRecord record;
    record.partition = partition_;
    record.offset = end();
    record.timestamp_ms = 1'800'000'000'000 + end();
    record.key = parts.key;
    record.value = parts.value;
    record.has_key = parts.has_key;
    record.has_value = parts.has_value;
    records_.push_back(record);
  }

  const int32_t partition_;
  std::deque<std::string> bytes_;
  std::vector<runtime::InputRecord> records_;
};

}  // namespace peakend::warehouse

#endif  // PEAKEND_TESTS_WAREHOUSE_ROW_RECORDS_H_
