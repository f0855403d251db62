// What must hold of contacts before they are built from a record.
#include <cstdint>

#include "processors/affect/level.h"
#include "processors/journey/contact_set.h"
#include "processors/journey/record_parts.h"
#include "processors/publish/record_check.h"

namespace peakend::publish {
namespace {

using Record = v1::CustomerState;

// Sums over all contacts stay in range; nobody speaks so often in one contact.
constexpr int64_t kMaxImpressions = 8'000'000;
constexpr int64_t kMaxEvents = 1'000'000'000'000;

}  // namespace

void RecordCheck::Contacts(const Record::Contacts& contacts) {
  Require(contacts.contacts_size() <= kMaxContacts, "too many contacts");
  Require(contacts.surveys_size() <= static_cast<int>(journey::ContactSet::kMaxSurveys),
          "too many surveys");
  journey::EventTime before{-kMaxTimeMs, 0};
  for (const Record::Contact& contact : contacts.contacts()) {
    Contact(contact);
    const journey::EventTime first = journey::FromRecord(contact.first());
    Require(before <= first, "contacts are not in order");
    before = first;
  }
  for (const Record::Survey& survey : contacts.surveys()) {
    Time(survey.at().at_ms(), "survey.at");
    Require(survey.score() >= 0 && survey.score() <= 1, "survey.score is out of range");
  }
  Require(contacts.settlements_size() <= static_cast<int>(journey::Settlements::kMax),
          "too many settlements");
  for (const Record::Settlement& settlement : contacts.settlements()) Settlement(settlement);
}

void RecordCheck::Contact(const Record::Contact& contact) {
  Time(contact.first().at_ms(), "contact.first");
  Time(contact.last().at_ms(), "contact.last");
  Require(journey::FromRecord(contact.first()) <= journey::FromRecord(contact.last()),
          "a contact ends before it begins");
  Number(contact.event_count(), 1, kMaxEvents, "contact.event_count");
  Time(contact.queued_at_ms(), "contact.queued_at_ms");
  Time(contact.answered_at_ms(), "contact.answered_at_ms");
  Time(contact.ended_at_ms(), "contact.ended_at_ms");
  Mark(contact.abandoned());
  Mark(contact.resolved());
  Time(contact.queue().at().at_ms(), "contact.queue");
  Time(contact.agent().at().at_ms(), "contact.agent");
  Time(contact.tier().at().at_ms(), "contact.tier");
  Time(contact.touchpoint().at().at_ms(), "contact.touchpoint");
  Require(contact.tier().name().size() <= kMaxIdBytes &&
              contact.touchpoint().name().size() <= kMaxIdBytes,
          "a name of a contact is too long");
  if (contact.has_impressions()) Impressions(contact.impressions());
  Time(contact.human_at_ms(), "contact.human_at_ms");
  HumanAnswers(contact);
  if (contact.has_notice()) Notice(contact.notice());
  Time(contact.baseline().at().at_ms(), "contact.baseline");
  Legs(contact);
  Time(contact.ended_by().at().at_ms(), "contact.ended_by");
  Time(contact.producer().at().at_ms(), "contact.producer");
  Number(contact.baseline().wait_ms(), 0, kMaxTimeMs / 1024, "contact.baseline.wait_ms");
  Mark(contact.queued());
  Time(contact.first_message_ms(), "contact.first_message_ms");
  Time(contact.answered_last().at_ms(), "contact.answered_last");
  Time(contact.last_message().at().at_ms(), "contact.last_message");
  Time(contact.last_question().at().at_ms(), "contact.last_question");
  Need(contact.need());
  Require(contact.promises_size() <= static_cast<int>(journey::Promises::kMax),
          "too many promises");
  for (const Record::Promise& promise : contact.promises()) Promise(promise);
  uint32_t before = 0;
  for (const Record::Tally& tally : contact.tallies()) {
    Require(tally.kind() > before && tally.kind() <= journey::kLastTallyKind,
            "tallies are not in order");
    before = tally.kind();
    Tally(tally);
  }
}

void RecordCheck::HumanAnswers(const Record::Contact& contact) {
  constexpr int kMost = journey::HumanAnswers::kMost;
  Number(contact.human_answers_size(), contact.forgot_human_answers() ? 1 : 0, kMost,
         "contact.human_answers");
  int64_t at_ms = 0;
  for (int i = 0; i < contact.human_answers_size(); ++i) {
    const int64_t step_ms = contact.human_answers(i);
    Stated(step_ms, "contact.human_answers");
    Require(i == 0 || step_ms >= 0, "human answers are not in order");
    if (broken_ != nullptr) return;
    at_ms += step_ms;
    Stated(at_ms, "contact.human_answers");
  }
}

void RecordCheck::Notice(const Record::NoticeGiven& notice) {
  Time(notice.at().at_ms(), "notice.at");
  Stated(notice.base_ms(), "notice.base_ms");
  Stated(notice.due_ms(), "notice.due_ms");
  Require(notice.event_id().size() <= kMaxIdBytes && notice.notice_id().size() <= kMaxIdBytes &&
              notice.touchpoint_id().size() <= kMaxIdBytes,
          "an id of a notice is too long");
}

void RecordCheck::Promise(const Record::Promise& promise) {
  Require(promise.promise_id().size() <= kMaxIdBytes, "promise.promise_id is too long");
  Number(promise.statements(), 1, kMaxEvents, "promise.statements");
  for (const Record::Statement* statement : {&promise.made(), &promise.due()}) {
    Time(statement->at().at_ms(), "promise.at");
    Stated(statement->time_ms(), "promise.time_ms");
    Require(statement->event_id().size() <= kMaxIdBytes, "promise.event_id is too long");
  }
}

void RecordCheck::Settlement(const Record::Settlement& settlement) {
  Time(settlement.at().at_ms(), "settlement.at");
  Stated(settlement.time_ms(), "settlement.time_ms");
  Require(
      settlement.promise_id().size() <= kMaxIdBytes && settlement.event_id().size() <= kMaxIdBytes,
      "an id of a settlement is too long");
}

void RecordCheck::Legs(const Record::Contact& contact) {
  Require(contact.legs_size() <= static_cast<int>(journey::Legs::kMost), "too many legs");
  for (const Record::Leg& leg : contact.legs()) {
    Require(!leg.name().empty() && leg.name().size() <= kMaxIdBytes, "leg.name");
    Time(leg.first().at_ms(), "leg.first");
    Time(leg.last().at_ms(), "leg.last");
    Number(leg.event_count(), 1, kMaxEvents, "leg.event_count");
    Time(leg.agent().at().at_ms(), "leg.agent");
    Time(leg.queue().at().at_ms(), "leg.queue");
  }
}

void RecordCheck::Need(const Record::Need& need) {
  Time(need.started().at_ms(), "need.started");
  Require(need.started_event_id().size() <= kMaxIdBytes, "need.event_id is too long");
  for (const Record::NamedHash* named :
       {&need.chain(), &need.case_id(), &need.intent(), &need.touchpoint()}) {
    Time(named->at().at_ms(), "need.at");
  }
}

void RecordCheck::Tally(const Record::Tally& tally) {
  Number(tally.count(), 1, kMaxEvents, "tally.count");
  Number(tally.amount(), 0, kMaxTimeMs, "tally.amount");
  Time(tally.at().at_ms(), "tally.at");
  Require(tally.event_id().size() <= kMaxIdBytes, "tally.event_id is too long");
}

void RecordCheck::Mark(const Record::Mark& mark) {
  Time(mark.at().at_ms(), "mark.at");
  Number(mark.wait_ms(), 0, kMaxTimeMs, "mark.wait_ms");
}

void RecordCheck::Impressions(const v1::ImpressionsState& impressions) {
  constexpr int kLatest = journey::Impressions::kLatest;
  constexpr int kEarliest = journey::Impressions::kEarliest;
  Number(impressions.latest_size(), 1, kLatest, "impressions.latest");
  for (const v1::ImpressionState& impression : impressions.latest()) Impression(impression);
  if (!impressions.has_earlier()) return;
  const v1::ImpressionsState::Earlier& earlier = impressions.earlier();
  Number(earlier.count(), kLatest + 1, kMaxImpressions, "impressions.count");
  const int64_t most = kMaxImpressions * affect::kNanoOne;
  Number(earlier.sum(), -most, most, "impressions.sum");
  Require(impressions.latest_size() == kLatest && earlier.earliest_size() == kEarliest,
          "impressions are missing");
  for (const v1::ImpressionState& impression : earlier.earliest()) Impression(impression);
  if (earlier.has_strongest_positive()) Impression(earlier.strongest_positive());
  if (earlier.has_strongest_negative()) Impression(earlier.strongest_negative());
}

void RecordCheck::Impression(const v1::ImpressionState& impression) {
  Time(impression.at_ms(), "impression.at_ms");
  Number(impression.valence(), -affect::kNanoOne, affect::kNanoOne, "impression.valence");
  Number(impression.confidence(), 0, affect::kNanoOne, "impression.confidence");
  Require(impression.event_id().size() <= kMaxIdBytes, "an event id is too long");
}

}  // namespace peakend::publish
