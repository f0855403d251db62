#include "processors/publish/customer_record_check.h"

#include <cstdint>
#include <limits>
#include <string>

#include "absl/strings/str_cat.h"
#include "processors/affect/level.h"
#include "processors/journey/contact_set.h"
#include "processors/journey/record_parts.h"
#include "processors/publish/customer_record.h"

namespace peakend::publish {
namespace {

using Record = v1::CustomerState;

constexpr int kMaxContacts = 1024;  // the upper bound of WindowPolicy.max_contacts
// Sums of two times, or of a time and a window, stay in range.
constexpr int64_t kMaxTimeMs = std::numeric_limits<int64_t>::max() / 2;
// Sums over all contacts stay in range; nobody speaks so often in one contact.
constexpr int64_t kMaxImpressions = 8'000'000;
constexpr int64_t kMaxEvents = 1'000'000'000'000;
constexpr size_t kMaxIdBytes = UINT16_MAX;

// Notes the first thing that is wrong.
class Check {
 public:
  const char* broken() const { return broken_; }

  void Open(const Record::Open& open) {
    const Record::Contacts& contacts = open.contacts();
    Require(contacts.contacts_size() <= kMaxContacts, "too many contacts");
    Require(contacts.surveys_size() <= static_cast<int>(journey::ContactSet::kMaxSurveys),
            "too many surveys");
    Require(open.rows_size() <= 2 * kMaxContacts, "too many published rows");
    Number(open.open_journeys(), 0, kMaxContacts, "open_journeys");
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
    for (const Record::Alert& alert : open.alerts()) Alert(alert);
    for (const Record::PublishedRows& rows : open.rows()) Rows(rows);
  }

  void Memory(const Record::Memory& memory) {
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

  void Time(int64_t at_ms, const char* what) { Number(at_ms, -kMaxTimeMs, kMaxTimeMs, what); }
  // Times that are subtracted from each other and multiplied by a policy's share.
  void Stated(int64_t at_ms, const char* what) {
    Number(at_ms, -kMaxTimeMs / 1024, kMaxTimeMs / 1024, what);
  }
  void Require(bool holds, const char* what) {
    if (!holds && broken_ == nullptr) broken_ = what;
  }

 private:
  void Number(int64_t value, int64_t min, int64_t max, const char* what) {
    Require(value >= min && value <= max, what);
  }

  void Contact(const Record::Contact& contact) {
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

  void HumanAnswers(const Record::Contact& contact) {
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

  void Notice(const Record::NoticeGiven& notice) {
    Time(notice.at().at_ms(), "notice.at");
    Stated(notice.base_ms(), "notice.base_ms");
    Stated(notice.due_ms(), "notice.due_ms");
    Require(notice.event_id().size() <= kMaxIdBytes && notice.notice_id().size() <= kMaxIdBytes &&
                notice.touchpoint_id().size() <= kMaxIdBytes,
            "an id of a notice is too long");
  }

  void Promise(const Record::Promise& promise) {
    Require(promise.promise_id().size() <= kMaxIdBytes, "promise.promise_id is too long");
    Number(promise.statements(), 1, kMaxEvents, "promise.statements");
    for (const Record::Statement* statement : {&promise.made(), &promise.due()}) {
      Time(statement->at().at_ms(), "promise.at");
      Stated(statement->time_ms(), "promise.time_ms");
      Require(statement->event_id().size() <= kMaxIdBytes, "promise.event_id is too long");
    }
  }

  void Settlement(const Record::Settlement& settlement) {
    Time(settlement.at().at_ms(), "settlement.at");
    Stated(settlement.time_ms(), "settlement.time_ms");
    Require(settlement.promise_id().size() <= kMaxIdBytes &&
                settlement.event_id().size() <= kMaxIdBytes,
            "an id of a settlement is too long");
  }

  void Need(const Record::Need& need) {
    Time(need.started().at_ms(), "need.started");
    Require(need.started_event_id().size() <= kMaxIdBytes, "need.event_id is too long");
    for (const Record::NamedHash* named :
         {&need.chain(), &need.case_id(), &need.intent(), &need.touchpoint()}) {
      Time(named->at().at_ms(), "need.at");
    }
  }

  void Tally(const Record::Tally& tally) {
    Number(tally.count(), 1, kMaxEvents, "tally.count");
    Number(tally.amount(), 0, kMaxTimeMs, "tally.amount");
    Time(tally.at().at_ms(), "tally.at");
    Require(tally.event_id().size() <= kMaxIdBytes, "tally.event_id is too long");
  }

  void Mark(const Record::Mark& mark) {
    Time(mark.at().at_ms(), "mark.at");
    Number(mark.wait_ms(), 0, kMaxTimeMs, "mark.wait_ms");
  }

  void Impressions(const Record::Impressions& impressions) {
    constexpr int kLatest = journey::Impressions::kLatest;
    constexpr int kEarliest = journey::Impressions::kEarliest;
    Number(impressions.latest_size(), 1, kLatest, "impressions.latest");
    for (const Record::Impression& impression : impressions.latest()) Impression(impression);
    if (!impressions.has_earlier()) return;
    const Record::Impressions::Earlier& earlier = impressions.earlier();
    Number(earlier.count(), kLatest + 1, kMaxImpressions, "impressions.count");
    const int64_t most = kMaxImpressions * affect::kNanoOne;
    Number(earlier.sum(), -most, most, "impressions.sum");
    Require(impressions.latest_size() == kLatest && earlier.earliest_size() == kEarliest,
            "impressions are missing");
    for (const Record::Impression& impression : earlier.earliest()) Impression(impression);
    if (earlier.has_strongest_positive()) Impression(earlier.strongest_positive());
    if (earlier.has_strongest_negative()) Impression(earlier.strongest_negative());
  }

  void Impression(const Record::Impression& impression) {
    Time(impression.at_ms(), "impression.at_ms");
    Number(impression.valence(), -affect::kNanoOne, affect::kNanoOne, "impression.valence");
    Number(impression.confidence(), 0, affect::kNanoOne, "impression.confidence");
    Require(impression.event_id().size() <= kMaxIdBytes, "an event id is too long");
  }

  void Alert(const Record::Alert& alert) {
    Require(!alert.rule().empty(), "an alert has no rule");
    Require(
        alert.state() != v1::Alert::STATE_UNSPECIFIED && v1::Alert::State_IsValid(alert.state()),
        "alert.state");
    Number(alert.row_version(), 1, kMaxTimeMs, "alert.row_version");
    Number(alert.cause(), 0, journey::kCauses - 1, "alert.cause");
    Time(alert.raised().at_ms(), "alert.raised");
    Time(alert.updated_at_ms(), "alert.updated_at_ms");
    Time(alert.follow_up_due_at_ms(), "alert.follow_up_due_at_ms");
    Time(alert.quiet_until_ms(), "alert.quiet_until_ms");
    Time(alert.due_at_ms(), "alert.due_at_ms");
  }

  void Rows(const Record::PublishedRows& rows) {
    Time(rows.first().at_ms(), "rows.first");
    Number(rows.card_version(), 0, kMaxTimeMs, "rows.card_version");
    for (const Record::Row& row : rows.rows()) {
      Require(v1::MomentKind_IsValid(row.kind()), "row.kind");
      Number(row.version(), 1, kMaxTimeMs, "row.version");
    }
  }

  const char* broken_ = nullptr;
};

}  // namespace

absl::Status CheckCustomerRecord(const v1::CustomerState& record, std::string_view key) {
  if (record.format() > kCustomerRecordFormat) {
    return absl::FailedPreconditionError(
        absl::StrCat("customer record has format ", record.format(), ", this program reads up to ",
                     kCustomerRecordFormat, ": go on with the program version that wrote it"));
  }
  Check check;
  check.Require(record.format() > 0, "no format");
  check.Require(record.applied() >= 0, "applied");
  check.Require(record.tenant_bytes() <= kMaxIdBytes && record.tenant_bytes() < key.size() &&
                    key.size() - 1 - record.tenant_bytes() <= kMaxIdBytes &&
                    key[record.tenant_bytes()] == '/',
                "the key is another one");
  check.Time(record.last_event_ms(), "last_event_ms");
  check.Time(record.wake_ms(), "wake_ms");
  check.Require(record.has_open() || !record.has_wake_ms(), "an idle customer has a wake-up");
  if (record.has_open()) check.Open(record.open());
  check.Memory(record.memory());
  if (check.broken() == nullptr) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("damaged customer record: ", check.broken()));
}

}  // namespace peakend::publish
