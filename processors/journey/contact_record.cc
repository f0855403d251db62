// Contacts, surveys and impressions as records, and back.
#include "processors/journey/contact.h"
#include "processors/journey/contact_set.h"
#include "processors/journey/impressions.h"
#include "processors/journey/record_parts.h"

namespace peakend::journey {
namespace {

Impression FromRecord(const v1::CustomerState::Impression& record) {
  Impression impression;
  impression.at_ms = record.at_ms();
  impression.event_hash = record.event_hash();
  impression.valence = record.valence();
  impression.has_confidence = record.has_confidence();
  if (record.has_confidence()) impression.confidence = record.confidence();
  return impression;
}

void SaveImpression(const Impression& impression, std::string_view event_id,
                    v1::CustomerState::Impression* record) {
  record->set_at_ms(impression.at_ms);
  record->set_event_hash(impression.event_hash);
  record->mutable_event_id()->assign(event_id);
  record->set_valence(impression.valence);
  if (impression.has_confidence) record->set_confidence(impression.confidence);
}

}  // namespace

Impressions::Impressions(const v1::CustomerState::Impressions& record,
                         std::pmr::memory_resource* memory)
    : Impressions(memory) {
  for (const auto& impression : record.latest()) Add(FromRecord(impression), impression.event_id());
  if (!record.has_earlier()) return;
  const v1::CustomerState::Impressions::Earlier& earlier = record.earlier();
  const auto adopt = [this](const v1::CustomerState::Impression& kept) {
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

void Impressions::Save(v1::CustomerState::Impressions* record) const {
  const auto save = [this](const Impression& impression, v1::CustomerState::Impression* saved) {
    SaveImpression(impression, event_id(impression), saved);
  };
  for (const Impression& impression : latest()) save(impression, record->add_latest());
  if (count_ <= static_cast<int64_t>(kLatest)) return;
  v1::CustomerState::Impressions::Earlier& earlier = *record->mutable_earlier();
  earlier.set_count(count_);
  earlier.set_sum(sum_);
  if (positive_) save(*positive_, earlier.mutable_strongest_positive());
  if (negative_) save(*negative_, earlier.mutable_strongest_negative());
  for (const Impression& impression : earliest_) save(impression, earlier.add_earliest());
}

NoticeGiven::NoticeGiven(const v1::CustomerState::NoticeGiven& record,
                         std::pmr::memory_resource* memory)
    : at(FromRecord(record.at())),
      event_id(record.event_id(), memory),
      notice_id(record.notice_id(), memory),
      touchpoint_id(record.touchpoint_id(), memory),
      base_ms(record.base_ms()),
      due_ms(record.due_ms()) {}

void NoticeGiven::Save(v1::CustomerState::NoticeGiven* record) const {
  journey::Save(at, record->mutable_at());
  record->mutable_event_id()->assign(event_id);
  record->mutable_notice_id()->assign(notice_id);
  record->mutable_touchpoint_id()->assign(touchpoint_id);
  record->set_base_ms(base_ms);
  record->set_due_ms(due_ms);
}

Contact::Latest Contact::ReadLatest(const v1::CustomerState::Named& record,
                                    std::pmr::memory_resource* memory) {
  return {FromRecord(record.at()), std::pmr::string(record.name(), memory)};
}

void Contact::SaveLatest(const Latest& latest, v1::CustomerState::Named* record) {
  journey::Save(latest.at, record->mutable_at());
  record->mutable_name()->assign(latest.value);
}

Contact::Contact(const v1::CustomerState::Contact& record, std::pmr::memory_resource* memory)
    : memory_(memory),
      id_(record.contact_id(), memory),
      channel_(record.channel()),
      first_(FromRecord(record.first())),
      last_(FromRecord(record.last())),
      event_count_(record.event_count()),
      queue_(ReadLatest(record.queue(), memory)),
      agent_(ReadLatest(record.agent(), memory)),
      tier_(ReadLatest(record.tier(), memory)),
      touchpoint_(ReadLatest(record.touchpoint(), memory)),
      last_message_(ReadLatest(record.last_message(), memory)),
      last_question_(ReadLatest(record.last_question(), memory)),
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
}

void Contact::Save(v1::CustomerState::Contact* record) const {
  record->mutable_contact_id()->assign(id_);
  record->set_channel(channel_);
  journey::Save(first_, record->mutable_first());
  journey::Save(last_, record->mutable_last());
  record->set_event_count(event_count_);
  if (answered_at_ms_) record->set_answered_at_ms(*answered_at_ms_);
  if (ended_at_ms_) record->set_ended_at_ms(*ended_at_ms_);
  const auto save_mark = [](const Mark& mark, v1::CustomerState::Mark* saved) {
    journey::Save(mark.at, saved->mutable_at());
    saved->mutable_event_id()->assign(mark.event_id);
    if (mark.wait_ms >= 0) saved->set_wait_ms(mark.wait_ms);
  };
  if (queued_) save_mark(*queued_, record->mutable_queued());
  if (first_message_ms_) record->set_first_message_ms(*first_message_ms_);
  if (answered_at_ms_) journey::Save(answered_last_, record->mutable_answered_last());
  if (abandoned_) save_mark(*abandoned_, record->mutable_abandoned());
  if (resolved_) save_mark(*resolved_, record->mutable_resolved());
  if (!queue_.empty()) SaveLatest(queue_, record->mutable_queue());
  if (!agent_.empty()) SaveLatest(agent_, record->mutable_agent());
  if (!tier_.empty()) SaveLatest(tier_, record->mutable_tier());
  if (!touchpoint_.empty()) SaveLatest(touchpoint_, record->mutable_touchpoint());
  if (!last_message_.empty()) SaveLatest(last_message_, record->mutable_last_message());
  if (!last_question_.empty()) SaveLatest(last_question_, record->mutable_last_question());
  if (!need_.empty()) need_.Save(record->mutable_need());
  promises_.Save(record->mutable_promises());
  record->set_forgot_promises(promises_.forgot());
  human_answers_.Save(record);
  if (notice_) notice_->Save(record->mutable_notice());
  if (baseline_) {
    journey::Save(baseline_->at, record->mutable_baseline()->mutable_at());
    record->mutable_baseline()->set_wait_ms(baseline_->wait_ms);
  }
  record->set_acts(acts_);
  record->set_order_only(order_only_);
  record->set_counted(counted_);
  if (impressions_.count() > 0) impressions_.Save(record->mutable_impressions());
  tallies_.Save(record->mutable_tallies());
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

void ContactSet::Save(v1::CustomerState::Contacts* record) const {
  for (const Contact& contact : contacts_) contact.Save(record->add_contacts());
  for (const SurveyAnswer& survey : surveys_) {
    v1::CustomerState::Survey& saved = *record->add_surveys();
    journey::Save(survey.at, saved.mutable_at());
    saved.set_score(survey.score);
    saved.set_kind(survey.kind);
    saved.mutable_contact_id()->assign(survey.contact_id);
  }
  seen_.Save(record->mutable_seen());
  settlements_.Save(record->mutable_settlements());
  record->set_forgot_settlements(settlements_.forgot());
  record->set_joined(joined_contacts_);
}

}  // namespace peakend::journey
