#include "processors/publish/rows/promise_row.h"

#include "processors/publish/channel_name.h"
#include "processors/publish/evidence.h"
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
                    bi::v1::PromiseRow* row) {
  row->Clear();
  row->set_journey_id(journey::ToHex(journey_id));
  row->set_contact_id(Text(contact.id()));
  row->set_promise_id(Text(promise.id));
  row->set_kind(PromiseKindWord(promise.kind));
  row->set_promised_at_ms(promise.made.time_ms);
  row->set_due_at_ms(promise.DueMs());
  if (outcome.fulfilled_at_ms) row->set_fulfilled_at_ms(*outcome.fulfilled_at_ms);
  row->set_status(Text(StatusWord(outcome.status)));
  row->set_queue_id(Text(contact.queue_id()));
  row->set_agent_id(Text(contact.agent_id()));
  row->set_channel(ChannelName(contact.channel()));
}

}  // namespace peakend::publish
