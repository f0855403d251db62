#include "processors/journey/need.h"

#include "peakend/v1/interaction_event.pb.h"
#include "processors/journey/record_parts.h"

namespace peakend::journey {

void Need::Named::Offer(const EventTime& offered_at, uint64_t offered) {
  if (offered == 0 || (hash != 0 && at <= offered_at)) return;
  at = offered_at;
  hash = offered;
}

void Need::OfferStart(const EventTime& at, int direction, int initiation,
                      std::string_view event_id) {
  if ((direction == 0 && initiation == 0) || (started_ && *started_ <= at)) return;
  started_ = at;
  direction_ = direction;
  initiation_ = initiation;
  started_event_id_ = event_id;
}

void Need::Add(const EventFacts& facts) {
  const EventTime at{facts.at_ms, facts.hash};
  OfferStart(at, facts.direction, facts.initiation, facts.event_id);
  chain_.Offer(at, facts.chain_hash);
  case_.Offer(at, facts.case_hash);
  intent_.Offer(at, facts.intent_hash);
  touchpoint_.Offer(at, facts.touchpoint_hash);
}

void Need::Merge(const Need& other) {
  if (other.started_) {
    OfferStart(*other.started_, other.direction_, other.initiation_, other.started_event_id_);
  }
  chain_.Offer(other.chain_.at, other.chain_.hash);
  case_.Offer(other.case_.at, other.case_.hash);
  intent_.Offer(other.intent_.at, other.intent_.hash);
  touchpoint_.Offer(other.touchpoint_.at, other.touchpoint_.hash);
}

bool Need::StartedByCustomer() const {
  if (!started_ || direction_ == v1::DIRECTION_OUTBOUND || direction_ == v1::DIRECTION_INTERNAL) {
    return false;
  }
  return initiation_ == v1::INITIATION_CUSTOMER ||
         (initiation_ == v1::INITIATION_UNSPECIFIED && direction_ == v1::DIRECTION_INBOUND);
}

bool Need::StartedByUs() const {
  if (!started_ || initiation_ == v1::INITIATION_SURVEY) return false;
  return direction_ == v1::DIRECTION_OUTBOUND || initiation_ == v1::INITIATION_CALLBACK;
}

SameNeed Need::Compare(const Need& other) const {
  if (chain_ && chain_.hash == other.chain_.hash) return SameNeed::kNo;
  for (const Named Need::*name : {&Need::case_, &Need::intent_, &Need::touchpoint_}) {
    const Named& mine = this->*name;
    const Named& theirs = other.*name;
    if (mine && theirs) return mine.hash == theirs.hash ? SameNeed::kYes : SameNeed::kNo;
  }
  return SameNeed::kUnknown;
}

NeedTrace Need::Trace() const {
  const auto low = [](const Named& named) { return static_cast<uint32_t>(named.hash); };
  return {low(case_), low(intent_), low(touchpoint_)};
}

SameNeed Need::Compare(const NeedTrace& earlier) const {
  const NeedTrace mine = Trace();
  for (const uint32_t NeedTrace::*name :
       {&NeedTrace::case_id, &NeedTrace::intent, &NeedTrace::touchpoint}) {
    if (mine.*name == 0 || earlier.*name == 0) continue;
    return mine.*name == earlier.*name ? SameNeed::kYes : SameNeed::kNo;
  }
  return SameNeed::kUnknown;
}

Need::Need(const v1::CustomerState::Need& record, std::pmr::memory_resource* memory)
    : Need(memory) {
  if (record.has_started()) {
    OfferStart(FromRecord(record.started()), record.direction(), record.initiation(),
               record.started_event_id());
  }
  const auto read = [](Named& named, const v1::CustomerState::NamedHash& saved) {
    named.Offer(FromRecord(saved.at()), saved.hash());
  };
  read(chain_, record.chain());
  read(case_, record.case_id());
  read(intent_, record.intent());
  read(touchpoint_, record.touchpoint());
}

void Need::Save(RecordBytes& record) const {
  using Saved = v1::CustomerState::Need;
  if (started_) {
    journey::Save(*started_, Saved::kStartedFieldNumber, record);
    record.Int(Saved::kDirectionFieldNumber, direction_);
    record.Int(Saved::kInitiationFieldNumber, initiation_);
    record.Bytes(Saved::kStartedEventIdFieldNumber, started_event_id_);
  }
  const auto save = [&](const Named& named, int field) {
    if (!named) return;
    record.Message(field, [&] {
      journey::Save(named.at, v1::CustomerState::NamedHash::kAtFieldNumber, record);
      record.Fixed64(v1::CustomerState::NamedHash::kHashFieldNumber, named.hash);
    });
  };
  save(chain_, Saved::kChainFieldNumber);
  save(case_, Saved::kCaseIdFieldNumber);
  save(intent_, Saved::kIntentFieldNumber);
  save(touchpoint_, Saved::kTouchpointFieldNumber);
}

}  // namespace peakend::journey
