#include "processors/publish/customer_inspection.h"

#include <algorithm>
#include <climits>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "peakend/v1/customer_state.pb.h"
#include "peakend/v1/interaction_event.pb.h"
#include "processors/affect/level.h"
#include "processors/journey/record_parts.h"
#include "processors/publish/customer_identity.h"
#include "processors/publish/customer_record_check.h"
#include "processors/publish/opening_card.h"

namespace peakend::publish {
namespace {

using Record = v1::CustomerState;

std::string Hex(uint64_t hash) { return absl::StrFormat("%016x", hash); }

// A value that this program has no name for is shown as its number.
std::string NameOr(const std::string& name, int number) {
  return name.empty() ? absl::StrCat(number) : name;
}

v1::ImpressionsInspection Inspect(const v1::ImpressionsState& record) {
  int64_t count = record.latest_size();
  int64_t sum = 0;
  int64_t worst = affect::kNanoOne;
  for (const v1::ImpressionState& impression : record.latest()) {
    sum += impression.valence();
    worst = std::min<int64_t>(worst, impression.valence());
  }
  if (record.has_earlier()) {
    const v1::ImpressionsState::Earlier& earlier = record.earlier();
    count = earlier.count();
    sum = earlier.sum();
    for (const v1::ImpressionState& impression : earlier.earliest()) {
      worst = std::min<int64_t>(worst, impression.valence());
    }
    if (earlier.has_strongest_negative()) {
      worst = std::min<int64_t>(worst, earlier.strongest_negative().valence());
    }
  }
  v1::ImpressionsInspection impressions;
  impressions.set_count(count);
  impressions.set_sum(affect::ToDouble(sum));
  impressions.set_worst(affect::ToDouble(worst));
  return impressions;
}

v1::PromiseInspection Inspect(const Record::Promise& record) {
  v1::PromiseInspection promise;
  promise.set_promise_id(record.promise_id());
  promise.set_kind(
      NameOr(v1::Promise::Kind_Name(static_cast<v1::Promise::Kind>(record.kind())), record.kind()));
  promise.set_made_at_ms(record.made().time_ms());
  if (record.has_due()) promise.set_due_at_ms(record.due().time_ms());
  return promise;
}

v1::ContactInspection Inspect(const Record::Contact& record) {
  v1::ContactInspection contact;
  contact.set_contact_id(record.contact_id());
  contact.set_channel(
      NameOr(v1::Channel_Name(static_cast<v1::Channel>(record.channel())), record.channel()));
  contact.set_first_event_at_ms(record.first().at_ms());
  contact.set_last_event_at_ms(record.last().at_ms());
  contact.set_event_count(record.event_count());
  if (record.has_queued()) contact.set_queued_at_ms(record.queued().at().at_ms());
  if (record.has_answered_at_ms()) contact.set_answered_at_ms(record.answered_at_ms());
  if (record.has_ended_at_ms()) contact.set_ended_at_ms(record.ended_at_ms());
  contact.set_abandoned(record.has_abandoned());
  contact.set_resolved(record.has_resolved());
  contact.set_queue_id(record.queue().name());
  contact.set_agent_id(record.agent().name());
  if (record.has_impressions()) *contact.mutable_impressions() = Inspect(record.impressions());
  for (const Record::Tally& kept : record.tallies()) {
    v1::TallyInspection& tally = *contact.add_tallies();
    tally.set_kind(std::string(journey::TallyName(static_cast<journey::TallyKind>(kept.kind()))));
    tally.set_count(kept.count());
    if (kept.has_amount()) tally.set_amount(kept.amount());
  }
  for (const Record::Promise& promise : record.promises())
    *contact.add_promises() = Inspect(promise);
  return contact;
}

v1::AlertInspection Inspect(const Record::Alert& record) {
  v1::AlertInspection alert;
  alert.set_rule(record.rule());
  alert.set_state(NameOr(v1::Alert::State_Name(record.state()), record.state()));
  alert.set_row_version(record.row_version());
  alert.set_contact_id(record.contact_id());
  alert.set_raised_at_ms(record.has_due_at_ms() ? record.due_at_ms() : record.raised().at_ms());
  alert.set_updated_at_ms(record.updated_at_ms());
  alert.set_value(affect::ToDouble(record.value()));
  if (record.follow_up_due_at_ms() != 0) {
    alert.set_follow_up_due_at_ms(record.follow_up_due_at_ms());
  }
  if (record.state() == v1::Alert::SNOOZED) {
    alert.set_snoozed_until_ms(record.snoozed_until_ms());
  }
  return alert;
}

v1::RowsInspection Inspect(const Record::PublishedRows& record) {
  v1::RowsInspection rows;
  rows.set_opening_card(record.has_card_version());
  rows.set_withdrawn(record.withdrawn());
  rows.set_about(record.has_contact() ? "contact" : "journey");
  rows.set_first_event_at_ms(record.first().at_ms());
  for (const v1::RowState& written : record.rows()) {
    v1::RowInspection& row = *rows.add_rows();
    row.set_kind(written.kind() == v1::MOMENT_KIND_UNSPECIFIED
                     ? "JOURNEY"
                     : NameOr(v1::MomentKind_Name(written.kind()), written.kind()));
    row.set_row_version(written.version());
  }
  return rows;
}

v1::GuestInspection Inspect(const Record::Guest& record) {
  v1::GuestInspection guest;
  guest.set_customer_id(record.origin());
  guest.set_left(record.left());
  for (const Record::Contact& contact : record.contacts().contacts()) {
    *guest.add_contacts() = Inspect(contact);
  }
  return guest;
}

v1::IdentityInspection InspectIdentity(const Record& record) {
  v1::IdentityInspection identity;
  for (const v1::IdentityState::Link& kept : record.links().links()) {
    v1::LinkInspection& link = *identity.add_links();
    link.set_home(kept.home());
    link.set_label(kept.label().customer_id());
    link.set_shared(kept.shared());
  }
  const v1::IdentityState::Home& home = record.home();
  identity.set_label(record.has_home() ? home.label().customer_id()
                                       : record.links().label().customer_id());
  identity.set_apart(record.links().apart());
  identity.set_truncated(record.links().forgot());
  identity.set_host_id(record.host_id());
  identity.set_recalled(record.recalled());
  identity.set_customers(home.members_size());
  identity.set_shared(home.shared());
  return identity;
}

void InspectOpen(const Record::Open& open, v1::CustomerInspection* customer) {
  const Record::Contacts& contacts = open.contacts();
  customer->set_open_journeys(open.open_journeys());
  for (const Record::Contact& contact : contacts.contacts()) {
    *customer->add_contacts() = Inspect(contact);
  }
  for (const Record::Settlement& kept : contacts.settlements()) {
    v1::SettlementInspection& settlement = *customer->add_settlements();
    settlement.set_promise_id(kept.promise_id());
    settlement.set_fulfilled(kept.fulfilled());
    settlement.set_at_ms(kept.time_ms());
  }
  for (const Record::Alert& alert : open.alerts()) *customer->add_alerts() = Inspect(alert);
  for (const Record::PublishedRows& rows : open.rows()) *customer->add_rows() = Inspect(rows);
  for (const Record::Guest& guest : open.guests()) *customer->add_guests() = Inspect(guest);
  customer->set_absorbed_guests(open.absorbed());
  customer->set_surveys(contacts.surveys_size());
  customer->set_known_events(contacts.seen().young_size() + contacts.seen().old_size());
}

}  // namespace

absl::StatusOr<v1::CustomerInspection> InspectCustomer(std::string_view key,
                                                       std::string_view value) {
  Record record;
  if (value.size() > INT_MAX ||
      !record.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
    return absl::DataLossError("damaged customer record: not a message");
  }
  if (absl::Status status = CheckCustomerRecord(record, key); !status.ok()) return status;
  v1::CustomerInspection customer;
  customer.set_tenant_id(std::string(key.substr(0, record.tenant_bytes())));
  customer.set_customer_id(std::string(key.substr(record.tenant_bytes() + 1)));
  customer.set_status(record.gone() ? "gone" : record.has_open() ? "open" : "idle");
  customer.set_applied_offset(record.applied());
  customer.set_digest(Hex(record.digest()));
  if (record.has_last_event_ms()) customer.set_last_event_at_ms(record.last_event_ms());
  if (record.has_wake_ms()) customer.set_wake_at_ms(record.wake_ms());
  if (record.has_previous_journey()) {
    customer.set_previous_journey_id(
        journey::ToHex(journey::FromRecord(record.previous_journey())));
  }
  if (record.has_memory()) {
    FillMemory(journey::FromRecord(record.memory()), customer.mutable_memory());
  }
  if (CustomerIdentity::IsIn(record)) *customer.mutable_identity() = InspectIdentity(record);
  if (record.has_open()) InspectOpen(record.open(), &customer);
  return customer;
}

v1::ProgressInspection InspectProgress(const v1::ProgressRecord& record) {
  v1::ProgressInspection progress;
  progress.set_partition(record.partition());
  progress.set_committed_offset(record.committed_offset());
  progress.set_low_water_mark(record.low_water_mark());
  if (record.has_now_ms()) progress.set_clock_ms(record.now_ms());
  progress.set_policy_version(record.policy_version());
  progress.set_digest(Hex(record.digest()));
  progress.set_notices(record.notices_size());
  return progress;
}

}  // namespace peakend::publish
