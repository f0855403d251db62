#include "processors/replay/policy_trace.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace peakend::replay {
namespace {

RaisedAlert RaisedFrom(const v1::Alert& alert) {
  RaisedAlert raised;
  raised.tenant_id = alert.tenant_id();
  raised.customer_id = alert.customer_id();
  raised.rule = alert.rule();
  if (!alert.evidence().empty()) raised.event_id = alert.evidence(0).event_id();
  raised.contact_id = alert.contact_id();
  raised.channel = alert.channel();
  raised.journey_id = alert.journey_id();
  raised.alert_id = alert.alert_id();
  raised.occurred_at_ms = alert.occurred_at_ms();
  raised.severity = alert.severity();
  raised.urgency = alert.urgency();
  raised.about_good = alert.moment_kind() == v1::PEAK_POSITIVE;
  raised.over_budget = alert.over_budget();
  raised.stale = alert.stale();
  return raised;
}

RatedJourney RatedFrom(const v1::Journey& journey) {
  RatedJourney rated;
  rated.tenant_id = journey.tenant_id();
  rated.customer_id = journey.customer_id();
  rated.journey_id = journey.journey_id();
  rated.contact_ids.assign(journey.contact_ids().begin(), journey.contact_ids().end());
  rated.started_at_ms = journey.started_at_ms();
  rated.ended_at_ms = journey.ended_at_ms();
  rated.rating = journey.survey_score();
  rated.answered_at_ms = journey.survey_at_ms();
  return rated;
}

}  // namespace

bool PolicyTrace::HasRoom(size_t size, const char* of_what) {
  if (size < most_) return true;
  status_ = absl::ResourceExhaustedError(
      absl::StrCat("more than ", most_, " ", of_what, " under one policy"));
  return false;
}

void PolicyTrace::Take(const v1::Alert& alert) {
  if (alert.row_version() != 1 || !range_.Holds(alert.occurred_at_ms())) return;
  if (HasRoom(alerts_.size(), "alerts")) alerts_.push_back(RaisedFrom(alert));
}

void PolicyTrace::Take(const v1::Journey& journey) {
  const bool counts =
      journey.has_survey_score() && !journey.is_deleted() && range_.Holds(journey.started_at_ms());
  if (!counts) {
    rated_.erase(journey.journey_id());
  } else if (rated_.contains(journey.journey_id()) || HasRoom(rated_.size(), "rated journeys")) {
    rated_[journey.journey_id()] = RatedFrom(journey);
  }
}

void PolicyTrace::Take(const v1::TouchpointStatistics& row) {
  if (!range_.Holds(row.window_start_ms())) return;
  if (contacts_.contains(row.row_id()) || HasRoom(contacts_.size(), "rows of statistics")) {
    contacts_[row.row_id()] = row.contacts();
  }
}

std::vector<RatedJourney> PolicyTrace::RatedJourneys() const {
  std::vector<RatedJourney> journeys;
  for (const auto& [id, journey] : rated_) journeys.push_back(journey);
  std::sort(journeys.begin(), journeys.end(), [](const RatedJourney& a, const RatedJourney& b) {
    return a.journey_id < b.journey_id;
  });
  return journeys;
}

int64_t PolicyTrace::Contacts() const {
  int64_t contacts = 0;
  for (const auto& [row, count] : contacts_) contacts += count;
  return contacts;
}

}  // namespace peakend::replay
