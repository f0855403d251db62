// Contacts, surveys and impressions as records, and back.
#include "processors/journey/contact.h"
#include "processors/journey/contact_set.h"
#include "processors/journey/impressions.h"
#include "processors/journey/record_parts.h"

namespace peakend::journey {
namespace {

Impression FromRecord(const v1::ImpressionState& record) {
  Impression impression;
  impression.at_ms = record.at_ms();
  impression.event_hash = record.event_hash();
  impression.valence = record.valence();
  impression.has_confidence = record.has_confidence();
  if (record.has_confidence()) impression.confidence = record.confidence();
  return impression;
}

void SaveImpression(const Impression& impression, std::string_view event_id, int field,
                    RecordBytes& record) {
  using Saved = v1::ImpressionState;
  record.Message(field, [&] {
    record.Int(Saved::kAtMsFieldNumber, impression.at_ms);
    record.Fixed64(Saved::kEventHashFieldNumber, impression.event_hash);
    record.Bytes(Saved::kEventIdFieldNumber, event_id);
    record.Fixed32(Saved::kValenceFieldNumber, static_cast<uint32_t>(impression.valence));
    if (impression.has_confidence) {
      record.PresentFixed32(Saved::kConfidenceFieldNumber,
                            static_cast<uint32_t>(impression.confidence));
    }
  });
}

}  // namespace

Impressions::Impressions(const v1::ImpressionsState& record, std::pmr::memory_resource* memory)
    : Impressions(memory) {
  for (const auto& impression : record.latest()) Add(FromRecord(impression), impression.event_id());
  if (!record.has_earlier()) return;
  const v1::ImpressionsState::Earlier& earlier = record.earlier();
  const auto adopt = [this](const v1::ImpressionState& kept) {
    Impression impression = FromRecord(kept);
    impression.event_id = ids_.Add(kept.event_id());
    return impression;
  };
  count_ = earlier.count();
  sum_ = earlier.sum();
  positive_.reset();
  negative_.reset();
  if (earlier.has_strongest_positive()) positive_ = adopt(earlier.strongest_positive());
  if (earlier.has_strongest_negative()) negative_ = adopt(earlier.strongest_negative());
  earliest_.clear();
  for (const auto& impression : earlier.earliest()) AddToEarliest(adopt(impression));
}

void Impressions::Save(RecordBytes& record) const {
  using Saved = v1::ImpressionsState;
  const auto save = [&](const Impression& impression, int field) {
    SaveImpression(impression, event_id(impression), field, record);
  };
  for (const Impression& impression : latest()) save(impression, Saved::kLatestFieldNumber);
  if (count_ <= static_cast<int64_t>(kLatest)) return;
  record.Message(Saved::kEarlierFieldNumber, [&] {
    record.Int(Saved::Earlier::kCountFieldNumber, count_);
    record.Signed(Saved::Earlier::kSumFieldNumber, sum_);
    if (positive_) save(*positive_, Saved::Earlier::kStrongestPositiveFieldNumber);
    if (negative_) save(*negative_, Saved::Earlier::kStrongestNegativeFieldNumber);
    for (const Impression& impression : earliest_) {
      save(impression, Saved::Earlier::kEarliestFieldNumber);
    }
  });
}

NoticeGiven::NoticeGiven(const v1::CustomerState::NoticeGiven& record,
                         std::pmr::memory_resource* memory)
    : at(FromRecord(record.at())),
      event_id(record.event_id(), memory),
      notice_id(record.notice_id(), memory),
      touchpoint_id(record.touchpoint_id(), memory),
      base_ms(record.base_ms()),
      due_ms(record.due_ms()) {}

void NoticeGiven::Save(RecordBytes& record) const {
  using Saved = v1::CustomerState::NoticeGiven;
  journey::Save(at, Saved::kAtFieldNumber, record);
  record.Bytes(Saved::kEventIdFieldNumber, event_id);
  record.Bytes(Saved::kNoticeIdFieldNumber, notice_id);
  record.Bytes(Saved::kTouchpointIdFieldNumber, touchpoint_id);
  record.Int(Saved::kBaseMsFieldNumber, base_ms);
  record.Int(Saved::kDueMsFieldNumber, due_ms);
}

Contact::Contact(const v1::CustomerState::Contact& record, std::pmr::memory_resource* memory)
    : memory_(memory),
      id_(record.contact_id(), memory),
      channel_(record.channel()),
      first_(FromRecord(record.first())),
      last_(FromRecord(record.last())),
      event_count_(record.event_count()),
      queue_(record.queue(), memory),
      agent_(record.agent(), memory),
      tier_(record.tier(), memory),
      touchpoint_(record.touchpoint(), memory),
      last_message_(record.last_message(), memory),
      last_question_(record.last_question(), memory),
      producer_(record.producer(), memory),
      legs_(record.legs(), record.forgot_legs(), memory),
      need_(record.need(), memory),
      promises_(record.promises(), record.forgot_promises(), memory),
      human_answers_(record, memory),
      acts_(record.acts()),
      order_only_(record.order_only()),
      counted_(record.counted()),
      impressions_(record.impressions(), memory),
      tallies_(record.tallies(), memory) {
  const auto read = [this](std::optional<Mark>& mark, const v1::CustomerState::Mark& saved) {
    OfferMark(mark, FromRecord(saved.at()), saved.has_wait_ms() ? saved.wait_ms() : -1,
              saved.event_id());
  };
  if (record.has_queued()) {
    read(queued_, record.queued());
  } else if (record.has_queued_at_ms()) {  // formats 1 and 2
    queued_.emplace(Mark{{record.queued_at_ms(), 0}, -1, std::pmr::string(memory)});
  }
  if (record.has_first_message_ms()) first_message_ms_ = record.first_message_ms();
  if (record.has_answered_last()) {
    answered_last_ = FromRecord(record.answered_last());
  } else if (record.has_answered_at_ms()) {
    answered_last_ = {record.answered_at_ms(), 0};
  }
  if (record.has_answered_at_ms()) answered_at_ms_ = record.answered_at_ms();
  if (record.has_ended_at_ms()) ended_at_ms_ = record.ended_at_ms();
  if (record.has_abandoned()) read(abandoned_, record.abandoned());
  if (record.has_resolved()) read(resolved_, record.resolved());
  if (record.has_baseline()) {
    OfferBaseline(FromRecord(record.baseline().at()), record.baseline().wait_ms());
  }
  if (record.has_notice()) notice_.emplace(record.notice(), memory);
  if (record.has_ended_by()) {
    OfferEnder(FromRecord(record.ended_by().at()), record.ended_by().by());
  }
}

void Contact::Save(RecordBytes& record) const {
  using Saved = v1::CustomerState::Contact;
  const auto save_mark = [&](const std::optional<Mark>& mark, int field) {
    if (!mark) return;
    record.Message(field, [&] {
      journey::Save(mark->at, v1::CustomerState::Mark::kAtFieldNumber, record);
      record.Bytes(v1::CustomerState::Mark::kEventIdFieldNumber, mark->event_id);
      if (mark->wait_ms >= 0) {
        record.PresentInt(v1::CustomerState::Mark::kWaitMsFieldNumber, mark->wait_ms);
      }
    });
  };
  const auto save_time = [&](const std::optional<int64_t>& at_ms, int field) {
    if (at_ms) record.PresentInt(field, *at_ms);
  };
  record.Bytes(Saved::kContactIdFieldNumber, id_);
  record.Int(Saved::kChannelFieldNumber, channel_);
  journey::Save(first_, Saved::kFirstFieldNumber, record);
  journey::Save(last_, Saved::kLastFieldNumber, record);
  record.Int(Saved::kEventCountFieldNumber, event_count_);
  save_time(answered_at_ms_, Saved::kAnsweredAtMsFieldNumber);
  save_time(ended_at_ms_, Saved::kEndedAtMsFieldNumber);
  save_mark(abandoned_, Saved::kAbandonedFieldNumber);
  save_mark(resolved_, Saved::kResolvedFieldNumber);
  queue_.Save(Saved::kQueueFieldNumber, record);
  agent_.Save(Saved::kAgentFieldNumber, record);
  if (impressions_.count() > 0) {
    record.Message(Saved::kImpressionsFieldNumber, [&] { impressions_.Save(record); });
  }
  tallies_.Save(Saved::kTalliesFieldNumber, record);
  save_mark(queued_, Saved::kQueuedFieldNumber);
  save_time(first_message_ms_, Saved::kFirstMessageMsFieldNumber);
  if (answered_at_ms_) journey::Save(answered_last_, Saved::kAnsweredLastFieldNumber, record);
  last_message_.Save(Saved::kLastMessageFieldNumber, record);
  last_question_.Save(Saved::kLastQuestionFieldNumber, record);
  if (!need_.empty()) record.Message(Saved::kNeedFieldNumber, [&] { need_.Save(record); });
  promises_.Save(Saved::kPromisesFieldNumber, record);
  record.Int(Saved::kForgotPromisesFieldNumber, promises_.forgot());
  record.Int(Saved::kOrderOnlyFieldNumber, order_only_);
  tier_.Save(Saved::kTierFieldNumber, record);
  touchpoint_.Save(Saved::kTouchpointFieldNumber, record);
  record.Int(Saved::kActsFieldNumber, acts_);
  human_answers_.Save(record);
  if (notice_) record.Message(Saved::kNoticeFieldNumber, [&] { notice_->Save(record); });
  record.Int(Saved::kCountedFieldNumber, counted_);
  if (baseline_) {
    record.Message(Saved::kBaselineFieldNumber, [&] {
      journey::Save(baseline_->at, v1::CustomerState::BaselineWait::kAtFieldNumber, record);
      record.Int(v1::CustomerState::BaselineWait::kWaitMsFieldNumber, baseline_->wait_ms);
    });
  }
  legs_.Save(Saved::kLegsFieldNumber, record);
  record.Int(Saved::kForgotLegsFieldNumber, legs_.forgot());
  if (ended_by_) {
    record.Message(Saved::kEndedByFieldNumber, [&] {
      journey::Save(ended_by_->at, v1::CustomerState::Ender::kAtFieldNumber, record);
      record.Int(v1::CustomerState::Ender::kByFieldNumber, ended_by_->by);
    });
  }
  producer_.Save(Saved::kProducerFieldNumber, record);
}

ContactSet::ContactSet(const v1::CustomerState::Contacts& record, std::pmr::memory_resource* memory)
    : contacts_(memory),
      surveys_(memory),
      seen_(record.seen(), memory),
      settlements_(record.settlements(), record.forgot_settlements(), memory),
      memory_(memory),
      joined_contacts_(record.joined()) {
  contacts_.reserve(static_cast<size_t>(record.contacts_size()));
  for (const v1::CustomerState::Contact& contact : record.contacts()) {
    contacts_.push_back(Contact(contact, memory));
  }
  for (const v1::CustomerState::Survey& survey : record.surveys()) {
    AddSurvey({FromRecord(survey.at()), survey.score(), survey.kind(),
               std::pmr::string(survey.contact_id(), memory)});
  }
}

void ContactSet::Save(RecordBytes& record) const {
  using Saved = v1::CustomerState::Contacts;
  for (const Contact& contact : contacts_) {
    record.Message(Saved::kContactsFieldNumber, [&] { contact.Save(record); });
  }
  for (const SurveyAnswer& survey : surveys_) {
    record.Message(Saved::kSurveysFieldNumber, [&] {
      journey::Save(survey.at, v1::CustomerState::Survey::kAtFieldNumber, record);
      record.Double(v1::CustomerState::Survey::kScoreFieldNumber, survey.score);
      record.Int(v1::CustomerState::Survey::kKindFieldNumber, survey.kind);
      record.Bytes(v1::CustomerState::Survey::kContactIdFieldNumber, survey.contact_id);
    });
  }
  record.Message(Saved::kSeenFieldNumber, [&] { seen_.Save(record); });
  record.Int(Saved::kJoinedFieldNumber, joined_contacts_);
  settlements_.Save(Saved::kSettlementsFieldNumber, record);
  record.Int(Saved::kForgotSettlementsFieldNumber, settlements_.forgot());
}

}  // namespace peakend::journey
