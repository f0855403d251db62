#include "processors/cli/explain_lookup.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "processors/runtime/config/nearest_name.h"

namespace peakend::cli {
namespace {

// Journeys that were withdrawn in favour of the next one.
constexpr int kMostHops = 8;

std::string KeyOf(const std::string& tenant, const std::string& customer) {
  return absl::StrCat(tenant, "/", customer);
}

bool IsKey(const std::string& asked) { return asked.find('/') != std::string::npos; }

absl::Status NotThere(const std::string& asked, const RowLookup& lookup) {
  // A key names a customer; an id is a hash.
  std::string message =
      absl::StrCat(IsKey(asked) ? "no journey or alert of this customer"
                                : absl::StrCat("no journey or alert `", asked.substr(0, 64), "`"),
                   " among ", lookup.journey_rows(), " rows of journeys and ", lookup.alert_rows(),
                   " of alerts");
  if (!lookup.nearest().empty()) {
    absl::StrAppend(&message, "\nhelp: did you mean `", lookup.nearest(), "`?");
  }
  return absl::NotFoundError(message);
}

// The journey of the customer that holds one of `contacts`, or without them the latest; null
// when there is none.
const v1::Journey* Standing(const RowLookup& rows, const std::vector<std::string>& contacts) {
  const v1::Journey* latest = nullptr;
  const v1::Journey* holding = nullptr;
  for (const auto& [id, row] : rows.journeys()) {
    if (row.is_deleted()) continue;
    if (latest == nullptr || latest->started_at_ms() < row.started_at_ms()) latest = &row;
    const auto holds = [&row = row](const std::string& contact) {
      return std::find(row.contact_ids().begin(), row.contact_ids().end(), contact) !=
             row.contact_ids().end();
    };
    if (std::any_of(contacts.begin(), contacts.end(), holds)) holding = &row;
  }
  return holding != nullptr ? holding : latest;
}

// A customer's withdrawn row that says where they went; null when there is none.
const v1::Journey* Merged(const RowLookup& rows) {
  for (const auto& [id, row] : rows.journeys()) {
    if (row.is_deleted() && !row.merged_into().empty()) return &row;
  }
  return nullptr;
}

// Settles on a journey among the rows of one customer. Returns true when its contacts went on
// with another customer, who is the subject now: of the journey there `contacts` are known.
bool GoesOnElsewhere(const RowLookup& rows, ExplainSubject& subject,
                     std::vector<std::string>& contacts) {
  if (subject.journey_id.empty()) {
    const v1::Journey* row = Standing(rows, contacts);
    if (row == nullptr) row = Merged(rows);
    if (row == nullptr) return false;
    subject.journey_id = row->journey_id();
  }
  for (int hop = 0; hop < kMostHops; ++hop) {
    const auto known = rows.journeys().find(subject.journey_id);
    if (known == rows.journeys().end()) return false;  // not over yet
    const v1::Journey& row = known->second;
    if (!row.is_deleted()) {
      subject.journey = row;
      return false;
    }
    if (subject.asked_journey_id.empty()) subject.asked_journey_id = row.journey_id();
    if (!row.merged_into().empty()) {
      contacts = rows.ContactsOf(row.journey_id());
      subject.merged_from_customer_id = row.customer_id();
      subject.customer_key = KeyOf(row.tenant_id(), row.merged_into());
      subject.journey_id.clear();
      return true;
    }
    if (row.superseded_by().empty()) return false;
    subject.journey_id = row.superseded_by();
  }
  return false;
}

}  // namespace

RowLookup::RowLookup(std::string wanted) : wanted_(std::move(wanted)), customer_(IsKey(wanted_)) {}

bool RowLookup::Take(publish::Topic topic, const google::protobuf::Message& value) {
  if (topic == publish::Topic::kJourneys) TakeJourney(static_cast<const v1::Journey&>(value));
  if (topic == publish::Topic::kAlerts) TakeAlert(static_cast<const v1::Alert&>(value));
  return true;
}

bool RowLookup::Wants(const std::string& id, const std::string& tenant,
                      const std::string& customer) const {
  if (!customer_) return id == wanted_;
  return wanted_.size() == tenant.size() + 1 + customer.size() &&
         wanted_ == KeyOf(tenant, customer);
}

void RowLookup::Compare(const std::string& id) {
  if (customer_ || id == nearest_) return;
  const size_t distance = runtime::EditDistance(wanted_, id);
  if (distance > std::max<size_t>(2, wanted_.size() / 3)) return;
  if (nearest_.empty() || distance < distance_) {
    nearest_ = id;
    distance_ = distance;
  }
}

void RowLookup::TakeJourney(const v1::Journey& row) {
  ++journey_rows_;
  if (!Wants(row.journey_id(), row.tenant_id(), row.customer_id())) {
    return Compare(row.journey_id());
  }
  v1::Journey& held = journeys_[row.journey_id()];
  if (row.row_version() < held.row_version()) return;
  if (!row.is_deleted()) {
    contacts_[row.journey_id()].assign(row.contact_ids().begin(), row.contact_ids().end());
  }
  held = row;
}

void RowLookup::TakeAlert(const v1::Alert& row) {
  ++alert_rows_;
  if (!Wants(row.alert_id(), row.tenant_id(), row.customer_id())) return Compare(row.alert_id());
  v1::Alert& held = alerts_[row.alert_id()];
  if (row.row_version() >= held.row_version()) held = row;
  if (customer_) return;
  const auto [source, first] =
      alert_sources_.emplace(row.source().partition(), row.source().offset());
  if (!first) source->second = std::max(source->second, row.source().offset());
}

std::vector<std::string> RowLookup::ContactsOf(const std::string& journey_id) const {
  const auto known = contacts_.find(journey_id);
  return known != contacts_.end() ? known->second : std::vector<std::string>();
}

absl::StatusOr<ExplainSubject> FindSubject(const std::string& asked, const ReadRows& read) {
  ExplainSubject subject;
  RowLookup first(asked);
  if (absl::Status status = read(first); !status.ok()) return status;
  if (first.journeys().empty() && first.alerts().empty()) return NotThere(asked, first);
  if (IsKey(asked)) {
    subject.customer_key = asked;
  } else if (!first.alerts().empty()) {
    subject.alert = first.alerts().begin()->second;
    subject.alert_id = subject.alert->alert_id();
    subject.alert_sources = first.alert_sources();
    subject.journey_id = subject.alert->journey_id();
    subject.customer_key = KeyOf(subject.alert->tenant_id(), subject.alert->customer_id());
  } else {
    const v1::Journey& row = first.journeys().begin()->second;
    subject.journey_id = row.journey_id();
    subject.customer_key = KeyOf(row.tenant_id(), row.customer_id());
  }
  std::vector<std::string> contacts;
  for (int hop = 0; hop < kMostHops; ++hop) {
    RowLookup rows(subject.customer_key);
    if (absl::Status status = read(rows); !status.ok()) return status;
    if (!GoesOnElsewhere(rows, subject, contacts)) break;
  }
  return subject;
}

}  // namespace peakend::cli
