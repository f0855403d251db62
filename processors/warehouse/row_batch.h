// Records of one row topic on their way into one table: rows in COPY format, keys to erase, and
// records that can be no row, with the reason.
//
// A batch is a list of segments, to be written in their order: each has rows, and keys that are
// erased after them. A new segment begins where a key comes back after its erasure, so that order
// counts where it matters and one segment is the usual number.
//
// Bounded by what its owner adds: it asks records() and bytes(). Keeps its memory when cleared.
//
// Thread-safety: none; one owner. It copies what it is given; views of it are valid until the next
// change.
#ifndef PEAKEND_PROCESSORS_WAREHOUSE_ROW_BATCH_H_
#define PEAKEND_PROCESSORS_WAREHOUSE_ROW_BATCH_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "google/protobuf/message.h"
#include "processors/runtime/progress.h"
#include "processors/runtime/source.h"
#include "processors/warehouse/business_day.h"
#include "processors/warehouse/copy_format.h"
#include "processors/warehouse/known_keys.h"
#include "processors/warehouse/row_fault.h"
#include "processors/warehouse/row_table.h"

namespace peakend::warehouse {

// A record as it stood in its topic.
struct SourceRecord {
  int32_t partition = 0;
  int64_t offset = 0;
  std::string_view key;
  std::string_view value;
  bool has_key = false;
  bool has_value = false;
};

class RowBatch {
 public:
  // Rows [begin, end), then the erasure of these keys. The last tombstone of each stood at that
  // place; rows of its partition behind it stay.
  struct Segment {
    size_t begin = 0;
    size_t end = 0;
    std::vector<std::string> erased;
    std::vector<RowPlace> erased_at;  // of each, in the same order
  };
  struct Fault {
    SourceRecord record;
    RowFault reason = RowFault::kNone;
  };

  // Both must outlive the batch.
  RowBatch(const RowTable& table, const KnownKeys& known);

  // Takes one record of the table's topic, in the order of offsets within a partition. A null value
  // erases its key; whatever cannot be a row is a fault. Never fails.
  void Add(const runtime::InputRecord& record);
  void Clear();

  const RowTable& table() const { return *table_; }
  bool empty() const { return records_ == 0; }
  size_t records() const { return records_; }
  // Of rows and of the records that they came from.
  size_t bytes() const { return copy_.size() + raw_.size(); }
  // By partition the offset behind the last record.
  const runtime::Positions& next() const { return next_; }

  size_t row_count() const { return rows_.size(); }
  const std::vector<Segment>& segments() const { return segments_; }
  // Rows [begin, end) as COPY takes them, between header and trailer.
  std::string_view CopyRows(size_t begin, size_t end) const;
  // Says of itself that it is the first version, and is the only one of its key in its segment.
  bool IsNew(size_t row) const { return rows_[row].is_new; }
  SourceRecord RecordOf(size_t row) const;
  std::vector<Fault> Faults() const;
  // The days of all rows, each once, ascending.
  std::vector<DayNumber> Days() const;
  // Keys of dimensions that were not known as their row came; `refused` rows, ascending, do not
  // count. Each key once, in an order that is the same in every process.
  std::vector<DimensionKey> NewKeys(const std::vector<size_t>& refused) const;

 private:
  struct Raw {
    size_t begin = 0;
    uint32_t key_size = 0;
    uint32_t value_size = 0;
    int32_t partition = 0;
    int64_t offset = 0;
    bool has_key = false;
    bool has_value = false;
  };
  struct Row {
    size_t copy_end = 0;
    size_t keys_end = 0;  // in row_keys_
    bool is_new = false;
    Raw raw;
  };
  struct DimensionField {
    size_t dimension = 0;
    const google::protobuf::FieldDescriptor* field = nullptr;
  };

  Raw Keep(const runtime::InputRecord& record);
  SourceRecord View(const Raw& raw) const;
  RowFault AddRow(const runtime::InputRecord& record);
  void Erase(const runtime::InputRecord& record);
  void AddKeys();
  bool IsNewKey(std::string_view key);
  std::string_view Text(const google::protobuf::FieldDescriptor* field);

  const RowTable* table_;
  const KnownKeys* known_;
  std::unique_ptr<google::protobuf::Message> message_;  // used again for each record
  const google::protobuf::Reflection& reflection_;
  std::string scratch_;  // for text that is no std::string: rows have none
  std::vector<DimensionField> dimension_fields_;
  const google::protobuf::FieldDescriptor* tenant_field_;
  const google::protobuf::FieldDescriptor* date_field_;
  const google::protobuf::FieldDescriptor* detected_field_;
  const google::protobuf::FieldDescriptor* reason_field_;

  size_t records_ = 0;
  std::string raw_;   // keys and values of rows and faults
  std::string copy_;  // rows in COPY format
  std::vector<Row> rows_;
  std::vector<Segment> segments_;
  // Of the newest segment: erased keys, and by hash of its key the first row of each.
  absl::flat_hash_map<std::string, size_t> erased_;
  absl::flat_hash_map<uint64_t, size_t> first_rows_;
  std::vector<std::pair<Raw, RowFault>> faults_;
  absl::flat_hash_set<DayNumber> days_;
  std::vector<DimensionKey> keys_;
  absl::flat_hash_map<uint64_t, uint32_t> key_index_;
  std::vector<uint32_t> row_keys_;
  runtime::Positions next_;
};

}  // namespace peakend::warehouse

#endif  // PEAKEND_PROCESSORS_WAREHOUSE_ROW_BATCH_H_
