// Writes flat rows for warehouses beside the nested records that programs read.
//
// A row has the version of what it stands for. Its columns that all rows have alike (proto/
// peakend/bi/v1: 1 to 12) are filled here; the rest by those who know what the row is about. All
// are written as bytes at once, see record_bytes.h: there are more rows than all other outputs.
// Rows are no part of the digest of outputs: which are written is configuration.
//
// Thread-safety: none; one per step.
#ifndef PEAKEND_PROCESSORS_PUBLISH_ROWS_ROW_WRITER_H_
#define PEAKEND_PROCESSORS_PUBLISH_ROWS_ROW_WRITER_H_

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

#include "google/protobuf/message.h"
#include "peakend/v1/moment.pb.h"
#include "processors/journey/identifier.h"
#include "processors/journey/record_bytes.h"
#include "processors/publish/output.h"
#include "processors/publish/rows/business_dates.h"
#include "processors/publish/rows/row_settings.h"

namespace peakend::publish {

// Why a row gets another version.
enum class Amendment : uint8_t {
  kEvent,
  kLateEvent,
  kSurvey,
  kTime,
  kAction,
  kIdentity,
  kPolicy,
};
// As in the rows' amend_reason.
std::string_view AmendmentName(Amendment amendment);

// The record that causes the rows of a step.
struct RowCause {
  v1::SourceCoordinates source;
  int64_t stored_at_ms = 0;  // its broker timestamp
  Amendment amendment = Amendment::kEvent;
};

// Of which row which version is written.
struct RowIdentity {
  std::string_view tenant_id;
  std::string_view customer_id;
  std::string_view key;
  int64_t began_ms = 0;  // the same in all its versions: what its business_date is that of
  int64_t version = 0;
  bool is_new = false;  // no version was written before
  bool is_deleted = false;
};

// Pseudonym of a customer.
journey::Identifier CustomerKey(std::string_view tenant_id, std::string_view customer_id);

class RowWriter {
 public:
  // `settings` must outlive the writer; null = nothing is written.
  explicit RowWriter(const RowSettings* settings);

  bool Writes(RowKind kind) const {
    return settings_ != nullptr && settings_->framing(kind) != nullptr;
  }

  // Writes a row of `kind`, which must be written. `fill` adds its own columns, from 16 on, in the
  // order of their numbers, to a journey::RecordBytes.
  template <typename Fill>
  void Write(RowKind kind, const RowIdentity& identity, const RowCause& cause,
             std::string_view policy_version, OutputBatch& outputs, Fill fill) {
    Begin(identity, cause, policy_version);
    fill(row_);
    End(kind, identity.key, cause.source.partition(), outputs);
  }

 private:
  void Begin(const RowIdentity& identity, const RowCause& cause, std::string_view policy_version);
  void End(RowKind kind, std::string_view key, int32_t partition, OutputBatch& outputs);

  const RowSettings* const settings_;
  journey::RecordBytes row_;
  BusinessDates dates_;
  // By kind: what reads it again for a framing that needs its fields.
  std::array<std::unique_ptr<google::protobuf::Message>, kRowKinds.size()> messages_;
};

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_ROWS_ROW_WRITER_H_
