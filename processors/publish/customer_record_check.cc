#include "processors/publish/customer_record_check.h"

#include <cstdint>
#include <limits>
#include <string>

#include "absl/strings/str_cat.h"
#include "processors/affect/level.h"
#include "processors/journey/cause.h"
#include "processors/journey/contact_parts.h"
#include "processors/journey/identity_home.h"
#include "processors/journey/identity_links.h"
#include "processors/journey/memory.h"
#include "processors/journey/record_parts.h"
#include "processors/publish/customer_identity.h"
#include "processors/publish/customer_record.h"
#include "processors/publish/record_check.h"

namespace peakend::publish {

namespace {

using Record = v1::CustomerState;

}  // namespace

void RecordCheck::Open(const Record::Open& open) {
  constexpr int kMaxRows = 2 * kMaxContacts + static_cast<int>(OpenCustomer::kMostWithdrawn);
  Require(open.rows_size() <= kMaxRows, "too many published rows");
  Number(open.open_journeys(), 0, kMaxContacts, "open_journeys");
  Contacts(open.contacts());
  Guests(open);
  for (const Record::Alert& alert : open.alerts()) Alert(alert);
  for (const Record::PublishedRows& rows : open.rows()) Rows(rows);
}

void RecordCheck::Guests(const Record::Open& open) {
  Number(open.absorbed(), 0, kMaxTimeMs, "absorbed");
  int here = 0;
  const std::string* before = nullptr;
  for (const Record::Guest& guest : open.guests()) {
    Require(!guest.origin().empty() && guest.origin().size() <= kMaxIdBytes, "guest.origin");
    Require(before == nullptr || *before < guest.origin(), "guests are not in order");
    before = &guest.origin();
    Require(!guest.left() || !guest.has_contacts(), "a guest who left has contacts");
    Contacts(guest.contacts());
    if (!guest.left()) ++here;
  }
  Require(here <= static_cast<int>(journey::ContactParts::kMostGuests), "too many guests");
}

void RecordCheck::Label(const v1::IdentityState::Label& label) {
  Require(label.customer_id().size() <= kMaxIdBytes, "label.customer_id");
  Require(label.way_size() <= static_cast<int>(journey::Label::kMostNodes), "label.way");
}

void RecordCheck::Identity(const Record& record) {
  Require(record.host_id().size() <= kMaxIdBytes, "host_id");
  Require(!record.recalled() || !record.host_id().empty(), "nobody is recalled from nowhere");
  Require(record.host_id().empty() || record.has_links(), "somebody without links is away");
  Time(record.heard_ms(), "heard_ms");
  const v1::IdentityState::Links& links = record.links();
  Require(links.links_size() <= static_cast<int>(journey::IdentityLinks::kMost), "too many links");
  for (const v1::IdentityState::Link& link : links.links()) {
    Require(!link.home().empty() && link.home().size() <= kMaxIdBytes, "link.home");
    Label(link.label());
  }
  Label(links.label());
  if (!record.has_home()) return;
  Require(!record.has_links() && !record.has_open(), "a home is a customer");
  const v1::IdentityState::Home& home = record.home();
  const int most = home.shared() ? 0 : static_cast<int>(journey::IdentityHome::kMost);
  Require(home.members_size() <= most, "too many customers of an identity");
  for (const v1::IdentityState::Member& member : home.members()) {
    Require(!member.customer_id().empty() && member.customer_id().size() <= kMaxIdBytes,
            "member.customer_id");
    Label(member.label());
  }
  Label(home.label());
}

void RecordCheck::Memory(const Record::Memory& memory) {
  constexpr int64_t kMost = affect::kNanoOne / journey::kNanoPerRemembered;
  Number(memory.worst(), -kMost, 0, "memory.worst");
  Number(memory.best(), 0, kMost, "memory.best");
  Number(memory.end(), -kMost, kMost, "memory.end");
  Number(memory.channel(), 0, UINT8_MAX, "memory.channel");
  Number(memory.usual(), -kMost, kMost, "memory.usual");
  Number(memory.usual_journeys(), 0, UINT8_MAX, "memory.usual_journeys");
  Number(memory.usual_waits_size(), 0, int64_t{journey::UsualWaits::kMost}, "memory.usual_waits");
  for (const v1::CustomerState::UsualWait& wait : memory.usual_waits()) {
    Number(wait.channel(), 0, UINT8_MAX, "memory.usual_waits.channel");
    Number(wait.waits(), 1, UINT8_MAX, "memory.usual_waits.waits");
  }
}

void RecordCheck::Alert(const Record::Alert& alert) {
  Require(!alert.rule().empty(), "an alert has no rule");
  Require(alert.state() != v1::Alert::STATE_UNSPECIFIED && v1::Alert::State_IsValid(alert.state()),
          "alert.state");
  Number(alert.row_version(), 1, kMaxTimeMs, "alert.row_version");
  Number(alert.cause(), 0, journey::kCauses - 1, "alert.cause");
  Time(alert.raised().at_ms(), "alert.raised");
  Time(alert.updated_at_ms(), "alert.updated_at_ms");
  Time(alert.follow_up_due_at_ms(), "alert.follow_up_due_at_ms");
  Time(alert.quiet_until_ms(), "alert.quiet_until_ms");
  Time(alert.due_at_ms(), "alert.due_at_ms");
  Time(alert.escalate_at_ms(), "alert.escalate_at_ms");
  Time(alert.snoozed_until_ms(), "alert.snoozed_until_ms");
  Time(alert.acknowledged_at_ms(), "alert.acknowledged_at_ms");
  Require(alert.actor_id().size() <= kMaxIdBytes, "alert.actor_id");
  Require(alert.state() != v1::Alert::SNOOZED || alert.snoozed_until_ms() > 0,
          "a snooze has no end");
  Number(alert.escalations(), 0, int64_t{alerts::kMaxRecipients}, "alert.escalations");
}

void RecordCheck::Rows(const Record::PublishedRows& rows) {
  Time(rows.first().at_ms(), "rows.first");
  Number(rows.card_version(), 0, kMaxTimeMs, "rows.card_version");
  Number(rows.card_withdrawn_version(), 0, kMaxTimeMs, "rows.card_withdrawn_version");
  Number(rows.bundle().version(), 0, kMaxTimeMs, "rows.bundle.version");
  Number(rows.bundle().legs(), 0, int64_t{journey::Legs::kMost}, "rows.bundle.legs");
  Number(rows.bundle().promises(), 0, int64_t{kMaxContacts} * journey::Promises::kMax,
         "rows.bundle.promises");
  for (const v1::RowState& row : rows.rows()) {
    Require(v1::MomentKind_IsValid(row.kind()), "row.kind");
    Number(row.version(), 1, kMaxTimeMs, "row.version");
  }
}

absl::Status CheckCustomerRecord(const v1::CustomerState& record, std::string_view key) {
  if (record.format() > kCustomerRecordFormat) {
    return absl::FailedPreconditionError(
        absl::StrCat("customer record has format ", record.format(), ", this program reads up to ",
                     kCustomerRecordFormat, ": go on with the program version that wrote it"));
  }
  RecordCheck check;
  check.Require(record.format() > 0, "no format");
  check.Require(record.applied() >= 0, "applied");
  check.Require(record.tenant_bytes() <= RecordCheck::kMaxIdBytes &&
                    record.tenant_bytes() < key.size() &&
                    key.size() - 1 - record.tenant_bytes() <= RecordCheck::kMaxIdBytes &&
                    key[record.tenant_bytes()] == '/',
                "the key is another one");
  check.Time(record.last_event_ms(), "last_event_ms");
  check.Time(record.wake_ms(), "wake_ms");
  check.Require(record.has_open() || !record.has_wake_ms(), "an idle customer has a wake-up");
  if (record.has_open()) check.Open(record.open());
  check.Memory(record.memory());
  check.Identity(record);
  if (check.broken() == nullptr) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("damaged customer record: ", check.broken()));
}

}  // namespace peakend::publish
