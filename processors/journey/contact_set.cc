#include "processors/journey/contact_set.h"

#include <algorithm>
#include <utility>

#include "processors/journey/partition_clock.h"

namespace peakend::journey {
namespace {

// Silence that separates two contacts: a feed's own contact id outlives a pause,
// an unnamed contact is told apart by silence alone.
int64_t JoinGap(std::string_view contact_id, int channel, const Windows& windows) {
  return contact_id.empty() ? windows.ContactGap(channel) : windows.journey_gap_ms;
}

bool SameName(std::string_view id, int channel, const Contact& contact) {
  return id == contact.id() && (!id.empty() || channel == contact.channel());
}

bool Reaches(int64_t first_ms, int64_t last_ms, const Contact& contact, int64_t gap_ms,
             int64_t max_ms) {
  return first_ms - contact.last().at_ms <= gap_ms && contact.first().at_ms - last_ms <= gap_ms &&
         std::max(last_ms, contact.last().at_ms) - std::min(first_ms, contact.first().at_ms) <
             max_ms;
}

}  // namespace

ApplyResult ContactSet::Apply(const EventFacts& facts, const Windows& windows, size_t* changed) {
  if (facts.kind == FactKind::kNone) return ApplyResult::kNoEffect;
  if (!seen_.Insert(facts.hash, windows.max_event_ids)) return ApplyResult::kDuplicate;
  if (facts.kind == FactKind::kSurvey) {
    AddSurvey({{facts.at_ms, facts.hash},
               facts.survey_score.value_or(0),
               facts.survey_kind,
               std::pmr::string(facts.contact_id, memory_)});
    return Locate(facts, windows, changed);
  }
  if (facts.kind == FactKind::kSettlement) {
    settlements_.Add(facts);
    return Locate(facts, windows, changed);
  }
  const size_t index = FindOrAdd(facts, windows);
  if (changed != nullptr) *changed = index;
  return ApplyResult::kApplied;
}

size_t ContactSet::FindContact(const EventFacts& facts, const Windows& windows) const {
  const int64_t gap_ms = JoinGap(facts.contact_id, facts.channel, windows);
  // The oldest in reach: near journey_max two of one name may be, and events in
  // order would have gone to that one.
  const auto found = std::find_if(contacts_.begin(), contacts_.end(), [&](const Contact& contact) {
    return SameName(facts.contact_id, facts.channel, contact) &&
           Reaches(facts.at_ms, facts.at_ms, contact, gap_ms, windows.journey_max_ms);
  });
  return static_cast<size_t>(found - contacts_.begin());
}

size_t ContactSet::FindOrAdd(const EventFacts& facts, const Windows& windows) {
  const size_t found = FindContact(facts, windows);
  if (found < contacts_.size()) {
    Contact& contact = contacts_[found];
    const bool inside = facts.at_ms > contact.first().at_ms && facts.at_ms <= contact.last().at_ms;
    const bool newest = found + 1 == contacts_.size() && facts.at_ms > contact.first().at_ms;
    contact.Apply(facts);
    return inside || newest ? found : Settle(found, windows);
  }
  if (contacts_.size() >= windows.max_contacts) {
    joined_contacts_ = true;
    contacts_.back().Apply(facts);
    return Settle(contacts_.size() - 1, windows);
  }
  return Insert(Contact(facts, memory_));
}

size_t ContactSet::Insert(Contact contact) {
  const auto earlier = [](const Contact& a, const Contact& b) { return a.first() < b.first(); };
  const auto place = std::upper_bound(contacts_.begin(), contacts_.end(), contact, earlier);
  const size_t index = static_cast<size_t>(place - contacts_.begin());
  contacts_.insert(place, std::move(contact));
  return index;
}

size_t ContactSet::Settle(size_t index, const Windows& windows, ContactJoins* joins) {
  Contact contact = std::move(contacts_[index]);
  contacts_.erase(contacts_.begin() + static_cast<ptrdiff_t>(index));
  const int64_t gap_ms = JoinGap(contact.id(), contact.channel(), windows);
  for (size_t i = contacts_.size(); i-- > 0;) {
    if (SameName(contact.id(), contact.channel(), contacts_[i]) &&
        Reaches(contact.first().at_ms, contact.last().at_ms, contacts_[i], gap_ms,
                windows.journey_max_ms)) {
      if (joins != nullptr) joins->Note(contact.first(), contacts_[i].first());
      contact.Merge(contacts_[i]);
      contacts_.erase(contacts_.begin() + static_cast<ptrdiff_t>(i));
    }
  }
  return Insert(std::move(contact));
}

void ContactSet::AddSurvey(SurveyAnswer survey) {
  const auto place =
      std::upper_bound(surveys_.begin(), surveys_.end(), survey,
                       [](const SurveyAnswer& a, const SurveyAnswer& b) { return a.at < b.at; });
  surveys_.insert(place, std::move(survey));
  if (surveys_.size() > kMaxSurveys) surveys_.erase(surveys_.begin());
}

size_t ContactSet::FindPromised(const EventFacts& facts) const {
  for (size_t i = contacts_.size(); i-- > 0;) {
    const Promise* promise = contacts_[i].promises().Find(facts.promise->id);
    if (promise != nullptr && promise->made.at < EventTime{facts.at_ms, facts.hash}) return i;
  }
  return contacts_.size();
}

ApplyResult ContactSet::Locate(const EventFacts& facts, const Windows& windows,
                               size_t* changed) const {
  if (facts.kind == FactKind::kNone) return ApplyResult::kNoEffect;
  if (facts.kind == FactKind::kSurvey) {
    const JourneySpans spans = Journeys(windows);
    return JourneyAbout(facts.at_ms, facts.contact_id, spans, windows) != nullptr
               ? ApplyResult::kApplied
               : ApplyResult::kNoContact;
  }
  const bool settles = facts.kind == FactKind::kSettlement;
  size_t index = settles ? FindPromised(facts) : FindContact(facts, windows);
  if (settles && index == contacts_.size()) return ApplyResult::kNoContact;
  // Of an event that found no room among too many contacts, the newest took it in.
  index = std::min(index, contacts_.size() - 1);
  if (changed != nullptr) *changed = index;
  return ApplyResult::kApplied;
}

bool ContactSet::Amends(const EventFacts& facts, int64_t watermark_ms,
                        const Windows& windows) const {
  const JourneySpans spans = Journeys(windows);
  if (facts.kind == FactKind::kSurvey) {
    const JourneySpan* about = JourneyAbout(facts.at_ms, facts.contact_id, spans, windows);
    return about != nullptr && about->Amendable(watermark_ms, windows);
  }
  const bool settles = facts.kind == FactKind::kSettlement;
  const size_t contact = settles ? FindPromised(facts) : FindContact(facts, windows);
  return std::any_of(spans.begin(), spans.end(), [&](const JourneySpan& span) {
    if (!span.Amendable(watermark_ms, windows)) return false;
    if (contact < contacts_.size()) return span.begin <= contact && contact < span.end;
    return !settles && span.first.at_ms <= facts.at_ms && facts.at_ms <= span.last.at_ms;
  });
}

void ContactSet::Absorb(const ContactSet& other, const Windows& windows, ContactJoins* joins) {
  AbsorbContacts(other, windows, joins);
  seen_.Merge(other.seen_, windows.max_event_ids);
}

void ContactSet::AbsorbContacts(const ContactSet& other, const Windows& windows,
                                ContactJoins* joins) {
  for (const Contact& contact : other.contacts_) AbsorbContact(contact, windows, joins);
  for (const SurveyAnswer& survey : other.surveys_) {
    AddSurvey({survey.at, survey.score, survey.kind, std::pmr::string(survey.contact_id, memory_)});
  }
  settlements_.Merge(other.settlements_);
  if (other.forgot_event_ids()) seen_.NoteForgotten();
  joined_contacts_ = joined_contacts_ || other.joined_contacts_;
}

void ContactSet::AbsorbContact(const Contact& contact, const Windows& windows,
                               ContactJoins* joins) {
  const size_t index = Settle(Insert(Contact(contact, memory_)), windows, joins);
  if (contacts_.size() <= windows.max_contacts) return;
  // It reached none: as an event would, it becomes part of the newest.
  joined_contacts_ = true;
  const Contact extra = std::move(contacts_[index]);
  contacts_.erase(contacts_.begin() + static_cast<ptrdiff_t>(index));
  if (joins != nullptr) joins->Note(contacts_.back().first(), extra.first());
  contacts_.back().Merge(extra);
  Settle(contacts_.size() - 1, windows, joins);
}

size_t ContactSet::Find(const EventTime& first) const {
  const auto found = std::lower_bound(
      contacts_.begin(), contacts_.end(), first,
      [](const Contact& contact, const EventTime& at) { return contact.first() < at; });
  const bool begins = found != contacts_.end() && found->first() == first;
  return begins ? static_cast<size_t>(found - contacts_.begin()) : contacts_.size();
}

void JourneySpan::Add(const Contact& contact, const Windows& windows) {
  if (begin == end) first = contact.first();
  ++end;
  last = std::max(last, contact.last());
  contacts_end_at_ms = std::max(contacts_end_at_ms, contact.EndsAtMs(windows));
  if (contact.resolved()) resolved = std::max(resolved, contact.resolved()->at);
  wanted = std::max(wanted, contact.wanted_at());
}

JourneySpans ContactSet::Journeys(const Windows& windows) const {
  JourneySpans spans;
  for (size_t i = 0; i < contacts_.size(); ++i) {
    const int64_t first_ms = contacts_[i].first().at_ms;
    const bool joins = !spans.empty() &&
                       first_ms - spans.back().last.at_ms <= spans.back().GapMs(windows) &&
                       first_ms - spans.back().first.at_ms < windows.journey_max_ms;
    if (!joins) spans.push_back({i, i});
    spans.back().Add(contacts_[i], windows);
  }
  return spans;
}

JourneySpan ContactSet::JourneyOf(size_t index, const Windows& windows) const {
  if (contacts_.size() == 1) {
    JourneySpan only;
    only.Add(contacts_[0], windows);
    return only;
  }
  for (const JourneySpan& span : Journeys(windows)) {
    if (index < span.end) return span;
  }
  return {};
}

Story ContactSet::StoryOf(const JourneySpan& journey, int64_t as_of_ms) const {
  const size_t size = journey.end - journey.begin;
  return {contacts().subspan(journey.begin, size),
          0,
          size,
          settlements_.all(),
          as_of_ms,
          journey.before};
}

Story ContactSet::StoryOf(const JourneySpan& journey, size_t index, int64_t as_of_ms) const {
  Story story = StoryOf(journey, as_of_ms);
  story.begin = index - journey.begin;
  story.end = story.begin + 1;
  return story;
}

const JourneySpan* ContactSet::JourneyAbout(int64_t at_ms, std::string_view contact_id,
                                            const JourneySpans& spans,
                                            const Windows& windows) const {
  const auto holds = [&](const JourneySpan& span) {
    if (contact_id.empty()) return true;
    const absl::Span<const Contact> of = contacts().subspan(span.begin, span.end - span.begin);
    return std::any_of(of.begin(), of.end(), [&](const Contact& contact) {
      return contact.id() == contact_id && contact.first().at_ms <= at_ms;
    });
  };
  for (size_t s = spans.size(); s-- > 0;) {
    const JourneySpan& span = spans[s];
    // By times alone: whether an older journey is still kept depends on what came before.
    if (span.first.at_ms <= at_ms && at_ms <= span.last.at_ms + windows.amend_window_ms &&
        holds(span)) {
      return &span;
    }
  }
  return nullptr;
}

const SurveyAnswer* ContactSet::SurveyOf(const JourneySpan& journey, const Windows& windows) const {
  if (surveys_.empty()) return nullptr;
  const JourneySpans spans = Journeys(windows);
  const SurveyAnswer* newest = nullptr;
  for (const SurveyAnswer& survey : surveys_) {
    const JourneySpan* about = JourneyAbout(survey.at.at_ms, survey.contact_id, spans, windows);
    if (about == nullptr || about->begin != journey.begin) continue;
    if (newest == nullptr || newest->at < survey.at) newest = &survey;
  }
  return newest;
}

void ContactSet::DropFirst(size_t count, int64_t watermark_ms, const Windows& windows) {
  contacts_.erase(contacts_.begin(), contacts_.begin() + static_cast<ptrdiff_t>(count));
  DropUnmatched(watermark_ms, windows);
}

void ContactSet::DropUnmatched(const ContactSet& all, int64_t watermark_ms,
                               const Windows& windows) {
  DropSurveys(all, watermark_ms, windows);
  if (settlements_.empty()) return;
  settlements_.DropIf([&](const Settlement& settlement) {
    if (settlement.at.at_ms + windows.allowed_lateness_ms >= watermark_ms) return false;
    return std::none_of(all.contacts_.begin(), all.contacts_.end(), [&](const Contact& contact) {
      const Promise* promise = contact.promises().Find(settlement.promise_id);
      return promise != nullptr && settlement.IsAbout(*promise);
    });
  });
}

void ContactSet::DropSurveys(const ContactSet& all, int64_t watermark_ms, const Windows& windows) {
  if (surveys_.empty()) return;
  const JourneySpans spans = all.Journeys(windows);
  std::erase_if(surveys_, [&](const SurveyAnswer& survey) {
    if (survey.at.at_ms + windows.allowed_lateness_ms >= watermark_ms) return false;
    return std::none_of(spans.begin(), spans.end(), [&](const JourneySpan& span) {
      return survey.at.at_ms <= span.last.at_ms + windows.amend_window_ms;
    });
  });
}

int64_t ContactSet::NextDeadlineMs(int64_t watermark_ms, const Windows& windows) const {
  int64_t next = PartitionClock::kEndOfTime;
  const auto offer = [&](int64_t deadline_ms) {
    if (deadline_ms >= watermark_ms) next = std::min(next, deadline_ms);
  };
  for (const Contact& contact : contacts_) offer(contact.EndsAtMs(windows));
  for (const JourneySpan& span : Journeys(windows)) {
    offer(span.EndsAtMs(windows));
    offer(span.FinalAtMs(windows));
  }
  if (!contacts_.empty()) return next;
  for (const SurveyAnswer& survey : surveys_) offer(survey.at.at_ms + windows.allowed_lateness_ms);
  for (const Settlement& settlement : settlements_.all()) {
    offer(settlement.at.at_ms + windows.allowed_lateness_ms);
  }
  return next;
}

}  // namespace peakend::journey
