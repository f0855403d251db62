#include "processors/publish/rows/row_writer.h"

#include "peakend/bi/v1/touchpoint_row.pb.h"

namespace peakend::publish {

std::string_view AmendmentName(Amendment amendment) {
  switch (amendment) {
    case Amendment::kLateEvent:
      return "late_event";
    case Amendment::kSurvey:
      return "survey";
    case Amendment::kTime:
      return "time";
    case Amendment::kAction:
      return "action";
    case Amendment::kIdentity:
      return "identity";
    case Amendment::kPolicy:
      return "policy";
    case Amendment::kEvent:
      break;
  }
  return "event";
}

journey::Identifier CustomerKey(std::string_view tenant_id, std::string_view customer_id) {
  return journey::MakeIdentifier({"customer", tenant_id, customer_id});
}

RowWriter::RowWriter(const RowSettings* settings) : settings_(settings) {
  for (const RowKind kind : kRowKinds) {
    if (Writes(kind)) messages_[IndexOf(kind)].reset(RowPrototype(kind).New());
  }
}

void RowWriter::Begin(const RowIdentity& identity, const RowCause& cause,
                      std::string_view policy_version) {
  // All kinds have these numbers, but each its own name for the key.
  using bi::v1::TouchpointRow;
  const std::string_view date = dates_.Of(settings_->ZoneOf(identity.tenant_id), identity.began_ms);
  row_.Clear();
  row_.Bytes(TouchpointRow::kTouchpointRowIdFieldNumber, identity.key);
  row_.Int(TouchpointRow::kRowVersionFieldNumber, identity.version);
  row_.Int(TouchpointRow::kIsDeletedFieldNumber, identity.is_deleted);
  row_.Bytes(TouchpointRow::kAmendReasonFieldNumber,
             identity.is_new ? "new" : AmendmentName(cause.amendment));
  row_.Bytes(TouchpointRow::kTenantIdFieldNumber, identity.tenant_id);
  row_.Bytes(TouchpointRow::kCustomerKeyFieldNumber,
             journey::HexDigits(CustomerKey(identity.tenant_id, identity.customer_id)).view());
  row_.Bytes(TouchpointRow::kBusinessDateFieldNumber, date);
  row_.Int(TouchpointRow::kDetectedAtMsFieldNumber, cause.stored_at_ms);
  row_.Bytes(TouchpointRow::kPolicyVersionFieldNumber, policy_version);
  row_.Bytes(TouchpointRow::kSourceTopicFieldNumber, cause.source.topic());
  row_.Int(TouchpointRow::kSourcePartitionFieldNumber, cause.source.partition());
  row_.Int(TouchpointRow::kSourceOffsetFieldNumber, cause.source.offset());
}

void RowWriter::End(RowKind kind, std::string_view key, int32_t partition, OutputBatch& outputs) {
  settings_->framing(kind)->AppendSerialised(row_.view(), messages_[IndexOf(kind)].get(),
                                             &outputs.Open(TopicOf(kind), partition, key));
}

}  // namespace peakend::publish
