// Writes flat rows for warehouses beside the nested records that programs read.
//
// A row has the version of what it stands for. Its columns that all rows have alike (proto/
// peakend/bi/v1: 2 to 12) are filled here; the rest by those who know what the row is about.
// Rows are no part of the digest of outputs: which are written is configuration.
//
// Thread-safety: none; one per step.
#ifndef PEAKEND_PROCESSORS_PUBLISH_ROWS_ROW_WRITER_H_
#define PEAKEND_PROCESSORS_PUBLISH_ROWS_ROW_WRITER_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "peakend/v1/moment.pb.h"
#include "processors/publish/output.h"
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

// Pseudonym of a customer: 32 hex digits.
std::string CustomerKey(std::string_view tenant_id, std::string_view customer_id);

class RowWriter {
 public:
  // `settings` must outlive the writer; null = nothing is written.
  explicit RowWriter(const RowSettings* settings) : settings_(settings) {}

  bool Writes(RowKind kind) const {
    return settings_ != nullptr && settings_->framing(kind) != nullptr;
  }

  // Writes `row`, in which all is set but the columns that all rows have; its kind must be
  // written. Row is the message of `kind`, whose field 1 is set, too.
  template <typename Row>
  void Write(RowKind kind, const RowIdentity& identity, const RowCause& cause,
             std::string_view policy_version, Row& row, OutputBatch& outputs);

 private:
  std::string_view DateOf(std::string_view tenant_id, int64_t at_ms);

  const RowSettings* const settings_;
  std::string date_;  // that was asked for last
};

template <typename Row>
void RowWriter::Write(RowKind kind, const RowIdentity& identity, const RowCause& cause,
                      std::string_view policy_version, Row& row, OutputBatch& outputs) {
  const auto text = [](std::string_view view) { return std::string(view); };
  row.set_row_version(identity.version);
  row.set_is_deleted(identity.is_deleted);
  row.set_amend_reason(identity.is_new ? "new" : text(AmendmentName(cause.amendment)));
  row.set_tenant_id(text(identity.tenant_id));
  row.set_customer_key(CustomerKey(identity.tenant_id, identity.customer_id));
  row.set_business_date(text(DateOf(identity.tenant_id, identity.began_ms)));
  row.set_detected_at_ms(cause.stored_at_ms);
  row.set_policy_version(text(policy_version));
  row.set_source_topic(cause.source.topic());
  row.set_source_partition(cause.source.partition());
  row.set_source_offset(cause.source.offset());
  std::string& value = outputs.Open(TopicOf(kind), cause.source.partition(), identity.key);
  settings_->framing(kind)->Append(row, &value);
}

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_ROWS_ROW_WRITER_H_
