#include "processors/publish/rows/promise_row.h"

#include "peakend/bi/v1/promise_row.pb.h"
#include "processors/publish/channel_name.h"
#include "processors/publish/rows/row_words.h"

namespace peakend::publish {
namespace {

std::string_view StatusWord(moments::PromiseStatus status) {
  switch (status) {
    case moments::PromiseStatus::kKept:
      return "kept";
    case moments::PromiseStatus::kBroken:
      return "broken";
    case moments::PromiseStatus::kOpen:
      break;
  }
  return "open";
}

}  // namespace

void FillPromiseRow(const journey::Promise& promise, const moments::PromiseOutcome& outcome,
                    const journey::Contact& contact, const journey::Identifier& journey_id,
                    journey::RecordBytes& row) {
  using bi::v1::PromiseRow;
  row.Bytes(PromiseRow::kJourneyIdFieldNumber, journey::HexDigits(journey_id).view());
  row.Bytes(PromiseRow::kContactIdFieldNumber, contact.id());
  row.Bytes(PromiseRow::kPromiseIdFieldNumber, promise.id);
  row.Bytes(PromiseRow::kKindFieldNumber, PromiseKindWord(promise.kind));
  row.PresentInt(PromiseRow::kPromisedAtMsFieldNumber, promise.made.time_ms);
  row.PresentInt(PromiseRow::kDueAtMsFieldNumber, promise.DueMs());
  if (outcome.fulfilled_at_ms) {
    row.PresentInt(PromiseRow::kFulfilledAtMsFieldNumber, *outcome.fulfilled_at_ms);
  }
  row.Bytes(PromiseRow::kStatusFieldNumber, StatusWord(outcome.status));
  row.Bytes(PromiseRow::kQueueIdFieldNumber, contact.queue_id());
  row.Bytes(PromiseRow::kAgentIdFieldNumber, contact.agent_id());
  row.Bytes(PromiseRow::kChannelFieldNumber, ChannelName(contact.channel()));
}

}  // namespace peakend::publish
