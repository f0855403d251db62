#include "processors/cli/inspection_text.h"

#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "processors/cli/text_table.h"

namespace peakend::cli {
namespace {

std::string OptionalTime(bool present, int64_t ms) { return present ? TimeText(ms) : "-"; }
std::string Level(double level) { return absl::StrFormat("%+.2f", level); }

void AddProgress(const v1::ProgressInspection& progress, TextTable& table) {
  table.Add({"committed", absl::StrCat("offset ", progress.committed_offset(), " of the input")});
  table.Add({"replay from", absl::StrCat("offset ", progress.low_water_mark())});
  table.Add({"clock", OptionalTime(progress.has_clock_ms(), progress.clock_ms())});
  table.Add({"policy", NameText(progress.policy_version())});
}

void AddIdentity(const v1::CustomerInspection& customer, TextTable& table) {
  const v1::IdentityInspection& identity = customer.identity();
  table.Add({"identities", absl::StrCat(identity.links_size(), identity.apart() ? ", apart" : "",
                                        identity.truncated() ? ", others were ignored" : "")});
  for (const v1::LinkInspection& link : identity.links()) {
    table.Add({"identity", absl::StrCat(NameText(link.home()), link.shared() ? ", shared" : "",
                                        link.label().empty() ? "" : ", tells of ",
                                        link.label().empty() ? "" : NameText(link.label()))});
  }
  if (identity.customers() > 0 || identity.shared()) {
    table.Add({"said by", identity.shared() ? "too many customers"
                                            : absl::StrCat(identity.customers(), " customers")});
  }
  table.Add({"belongs to", NameText(identity.label())});
  table.Add({"contacts are at", absl::StrCat(NameText(identity.host_id()),
                                             identity.recalled() ? ", on their way back" : "")});
  for (const v1::GuestInspection& guest : customer.guests()) {
    table.Add({guest.left() ? "guest who left" : "guest",
               absl::StrCat(NameText(guest.customer_id()), ", ", guest.contacts_size(),
                            guest.contacts_size() == 1 ? " contact" : " contacts")});
  }
  if (customer.absorbed_guests() > 0) {
    table.Add({"absorbed guests", absl::StrCat(customer.absorbed_guests())});
  }
}

// Queue, agent and what happened, as far as it is known.
std::string Course(const v1::ContactInspection& contact) {
  std::vector<std::string> parts;
  if (!contact.queue_id().empty()) {
    parts.push_back(absl::StrCat("queue ", NameText(contact.queue_id())));
  }
  if (!contact.agent_id().empty()) {
    parts.push_back(absl::StrCat("agent ", NameText(contact.agent_id())));
  }
  for (const v1::TallyInspection& tally : contact.tallies()) {
    // The other two ends of what is shown.
    if (tally.kind() == "hold_begun" || tally.kind() == "abandoned") continue;
    parts.push_back(absl::StrCat(tally.kind(), tally.count() > 1 ? " x" : "",
                                 tally.count() > 1 ? absl::StrCat(tally.count()) : ""));
  }
  if (contact.abandoned()) parts.push_back("abandoned");
  if (contact.resolved()) parts.push_back("resolved");
  if (contact.has_ended_at_ms()) parts.push_back("ended");
  return parts.empty() ? "-" : absl::StrJoin(parts, ", ");
}

void AppendContacts(const v1::CustomerInspection& customer, std::string* out) {
  if (customer.contacts().empty()) return;
  TextTable table;
  table.Add({"contact", "channel", "first event", "last event", "events", "impressions", "sum",
             "worst", "course"});
  for (const v1::ContactInspection& contact : customer.contacts()) {
    const bool felt = contact.has_impressions();
    table.Add({NameText(contact.contact_id()), absl::AsciiStrToLower(contact.channel()),
               TimeText(contact.first_event_at_ms()), TimeText(contact.last_event_at_ms()),
               absl::StrCat(contact.event_count()), absl::StrCat(contact.impressions().count()),
               felt ? Level(contact.impressions().sum()) : "-",
               felt ? Level(contact.impressions().worst()) : "-", Course(contact)});
  }
  out->append("\n");
  table.Append(out);
}

void AppendPromises(const v1::CustomerInspection& customer, std::string* out) {
  TextTable table;
  table.Add({"promise", "kind", "contact", "made", "due"});
  bool any = false;
  for (const v1::ContactInspection& contact : customer.contacts()) {
    for (const v1::PromiseInspection& promise : contact.promises()) {
      any = true;
      table.Add({NameText(promise.promise_id()), absl::AsciiStrToLower(promise.kind()),
                 NameText(contact.contact_id()), TimeText(promise.made_at_ms()),
                 OptionalTime(promise.has_due_at_ms(), promise.due_at_ms())});
    }
  }
  for (const v1::SettlementInspection& settlement : customer.settlements()) {
    any = true;
    table.Add({NameText(settlement.promise_id()), settlement.fulfilled() ? "kept" : "withdrawn",
               "-", TimeText(settlement.at_ms()), "-"});
  }
  if (!any) return;
  out->append("\n");
  table.Append(out);
}

void AppendAlerts(const v1::CustomerInspection& customer, std::string* out) {
  if (customer.alerts().empty()) return;
  TextTable table;
  table.Add({"alert", "state", "version", "raised", "updated", "value", "contact", "follow-up due",
             "snoozed until"});
  for (const v1::AlertInspection& alert : customer.alerts()) {
    table.Add({NameText(alert.rule()), absl::AsciiStrToLower(alert.state()),
               absl::StrCat(alert.row_version()), TimeText(alert.raised_at_ms()),
               TimeText(alert.updated_at_ms()), Level(alert.value()), NameText(alert.contact_id()),
               OptionalTime(alert.has_follow_up_due_at_ms(), alert.follow_up_due_at_ms()),
               OptionalTime(alert.has_snoozed_until_ms(), alert.snoozed_until_ms())});
  }
  out->append("\n");
  table.Append(out);
}

void AppendRows(const v1::CustomerInspection& customer, std::string* out) {
  if (customer.rows().empty()) return;
  TextTable table;
  table.Add({"rows of", "first event", "kind and version"});
  for (const v1::RowsInspection& rows : customer.rows()) {
    std::vector<std::string> written;
    for (const v1::RowInspection& row : rows.rows()) {
      written.push_back(absl::StrCat(absl::AsciiStrToLower(row.kind()), " ", row.row_version()));
    }
    table.Add({rows.about(), TimeText(rows.first_event_at_ms()),
               written.empty() ? "-" : absl::StrJoin(written, ", ")});
  }
  out->append("\n");
  table.Append(out);
}

}  // namespace

std::string InspectionText(const v1::CommittedCustomer& found) {
  const v1::CustomerInspection& customer = found.customer();
  TextTable table;
  table.Add({"customer", NameText(customer.customer_id())});
  table.Add({"tenant", NameText(customer.tenant_id())});
  table.Add({"status", customer.status()});
  table.Add(
      {"last event", OptionalTime(customer.has_last_event_at_ms(), customer.last_event_at_ms())});
  table.Add({"wakes at", OptionalTime(customer.has_wake_at_ms(), customer.wake_at_ms())});
  table.Add({"open journeys", absl::StrCat(customer.open_journeys())});
  table.Add({"journey before", NameText(customer.previous_journey_id())});
  table.Add({"known events", absl::StrCat(customer.known_events())});
  table.Add({"surveys", absl::StrCat(customer.surveys())});
  if (customer.has_identity()) AddIdentity(customer, table);
  table.Add({"applied", absl::StrCat("through offset ", customer.applied_offset())});
  table.Add({"digest", customer.digest()});
  table.Add({"partition", absl::StrCat(found.partition())});
  if (found.has_progress()) AddProgress(found.progress(), table);
  std::string text;
  table.Append(&text);
  AppendContacts(customer, &text);
  AppendPromises(customer, &text);
  AppendAlerts(customer, &text);
  AppendRows(customer, &text);
  return text;
}

std::string InspectionText(const v1::PartitionInspection& partition) {
  TextTable table;
  table.Add({"partition", absl::StrCat(partition.partition())});
  if (partition.has_progress()) {
    AddProgress(partition.progress(), table);
    table.Add({"digest", partition.progress().digest()});
  } else {
    table.Add({"committed", "nothing yet"});
  }
  table.Add({"open", absl::StrCat(partition.open(), " customers")});
  table.Add({"idle", absl::StrCat(partition.idle(), " customers")});
  table.Add({"stubs", absl::StrCat(partition.stubs(), " forgotten customers")});
  table.Add({"statistics", absl::StrCat(partition.statistics(), " touchpoints in open windows")});
  table.Add({"live", absl::StrCat(partition.live_bytes(), " bytes")});
  table.Add(
      {"log", absl::StrCat(partition.records(), " records, ", partition.record_bytes(), " bytes")});
  if (partition.damaged() > 0) {
    table.Add({"damaged", absl::StrCat(partition.damaged(), " records")});
  }
  std::string text;
  table.Append(&text);
  return text;
}

std::string InspectionLine(const v1::CustomerInspection& customer) {
  return absl::StrCat(NameText(absl::StrCat(customer.tenant_id(), "/", customer.customer_id())),
                      "  ", customer.status(), "  applied ", customer.applied_offset(),
                      "  contacts ", customer.contacts_size(), "  alerts ", customer.alerts_size(),
                      "  wakes ", OptionalTime(customer.has_wake_at_ms(), customer.wake_at_ms()));
}

std::string InspectionLine(const v1::ProgressInspection& progress) {
  return absl::StrCat("progress  committed ", progress.committed_offset(), "  replay from ",
                      progress.low_water_mark(), "  clock ",
                      OptionalTime(progress.has_clock_ms(), progress.clock_ms()), "  policy ",
                      NameText(progress.policy_version()));
}

}  // namespace peakend::cli
