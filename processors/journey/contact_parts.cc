#include "processors/journey/contact_parts.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace peakend::journey {
namespace {

// Of who has no contacts: now.
int64_t LastHeardMs(const ContactSet& contacts) {
  using Limits = std::numeric_limits<int64_t>;
  int64_t last_ms = contacts.contacts().empty() ? Limits::max() : Limits::min();
  for (const Contact& contact : contacts.contacts()) {
    last_ms = std::max(last_ms, contact.last().at_ms);
  }
  return last_ms;
}

}  // namespace

ContactParts::ContactParts(const v1::CustomerState::Open& record, const Windows& windows,
                           std::pmr::memory_resource* memory)
    : own_(record.contacts(), memory), absorbed_(record.absorbed()) {
  for (const v1::CustomerState::Guest& guest : record.guests()) {
    Guest& restored = Welcome(guest.origin());
    restored.contacts = ContactSet(guest.contacts(), memory);
    restored.left = guest.left();
  }
  LookAgain(windows);
}

void ContactParts::SaveOwn(RecordBytes& record) const {
  record.Message(v1::CustomerState::Open::kContactsFieldNumber, [&] { own_.Save(record); });
}

void ContactParts::SaveGuests(RecordBytes& record) const {
  using Saved = v1::CustomerState::Guest;
  for (const Guest& guest : guests()) {
    record.Message(v1::CustomerState::Open::kGuestsFieldNumber, [&] {
      record.Bytes(Saved::kOriginFieldNumber, guest.origin);
      if (!guest.left) {
        record.Message(Saved::kContactsFieldNumber, [&] { guest.contacts.Save(record); });
      }
      record.Int(Saved::kLeftFieldNumber, guest.left);
    });
  }
  record.Int(v1::CustomerState::Open::kAbsorbedFieldNumber, absorbed_);
}

ApplyResult ContactParts::Apply(std::string_view origin, const EventFacts& facts,
                                const Windows& windows, size_t* changed) {
  if (origin.empty() && guests().empty()) return own_.Apply(facts, windows, changed);
  if (facts.kind == FactKind::kNone) return ApplyResult::kNoEffect;
  if (Seen(origin, facts.hash)) return ApplyResult::kDuplicate;
  ContactSet& part = PartOf(origin);
  size_t of_part = 0;
  const ApplyResult result = part.Apply(facts, windows, &of_part);
  if (result == ApplyResult::kDuplicate) return result;
  const bool of_contact = facts.kind != FactKind::kSurvey && facts.kind != FactKind::kSettlement;
  const EventTime first = of_contact ? part.contacts()[of_part].first() : EventTime{};
  ContactJoins joins(own_.memory());
  AbsorbOneTooMany(windows, &joins);
  LookAgain(windows, std::move(joins));
  if (!of_contact) return view().Locate(facts, windows, changed);
  if (changed != nullptr) *changed = IndexOf(first);
  return result;
}

void ContactParts::Join(std::string_view origin, const ContactSet& piece, const Windows& windows) {
  // Of events that nothing can be amended of, not even the ids are wanted.
  if (!origin.empty() && Find(origin) == nullptr && piece.empty()) return;
  ContactJoins joins(own_.memory());
  PartOf(origin).Absorb(piece, windows, &joins);
  AbsorbOneTooMany(windows, &joins);
  LookAgain(windows, std::move(joins));
}

ContactSet ContactParts::Leave(std::string_view origin, const Windows& windows) {
  ContactSet& part = PartOf(origin);
  ContactSet leaving = std::move(part);
  part = ContactSet(own_.memory());
  if (!origin.empty()) Find(origin)->left = true;
  LookAgain(windows);
  return leaving;
}

void ContactParts::Close(std::string_view origin) {
  Guest* guest = Find(origin);
  if (guest == nullptr || !guest->left) return;
  together_->guests.erase(together_->guests.begin() + (guest - together_->guests.data()));
  if (together_->guests.empty()) together_.reset();
}

bool ContactParts::Seen(std::string_view origin, uint64_t hash) const {
  // What an absorbed guest's events were is only known there.
  if (absorbed_ > 0 && own_.Seen(hash)) return true;
  const ContactSet* known = part(origin);
  return known != nullptr && known->Seen(hash);
}

std::string_view ContactParts::OriginOf(uint64_t hash) const {
  for (const Guest& guest : guests()) {
    if (!guest.left && guest.contacts.Seen(hash)) return guest.origin;
  }
  return {};
}

ContactParts::Stay ContactParts::StayOf(std::string_view origin) const {
  const Guest* guest = Find(origin);
  if (guest == nullptr) return Stay::kUnknown;
  return guest->left ? Stay::kLeft : Stay::kHere;
}

const ContactSet* ContactParts::part(std::string_view origin) const {
  if (origin.empty()) return &own_;
  const Guest* guest = Find(origin);
  return guest != nullptr && !guest->left ? &guest->contacts : nullptr;
}

absl::Span<const ContactParts::Guest> ContactParts::guests() const {
  if (together_ == nullptr) return {};
  return together_->guests;
}

const ContactSet& ContactParts::view() const {
  return together_ != nullptr && together_->all ? *together_->all : own_;
}

size_t ContactParts::IndexOf(const EventTime& first) const {
  return view().Find(together_ != nullptr ? together_->joins.WholeOf(first) : first);
}

void ContactParts::MarkCounted(size_t index) {
  if (together_ == nullptr || !together_->all) return own_.MarkCounted(index);
  // In every part: if they come apart, none is counted again.
  ForEachPart([&](ContactSet& part) {
    for (size_t i = 0; i < part.contacts().size(); ++i) {
      if (IndexOf(part.contacts()[i].first()) == index) part.MarkCounted(i);
    }
  });
  together_->all->MarkCounted(index);
}

void ContactParts::DropFirst(size_t count, int64_t watermark_ms, const Windows& windows) {
  if (together_ == nullptr || !together_->all) return own_.DropFirst(count, watermark_ms, windows);
  ForEachPart([&](ContactSet& part) {
    part.DropIf([&](const Contact& contact) { return IndexOf(contact.first()) < count; });
  });
  LookAgain(windows);
  DropUnmatched(watermark_ms, windows);
}

void ContactParts::DropUnmatched(int64_t watermark_ms, const Windows& windows) {
  if (together_ == nullptr || !together_->all) return own_.DropUnmatched(watermark_ms, windows);
  const ContactSet all = std::move(*together_->all);
  ForEachPart([&](ContactSet& part) { part.DropUnmatched(all, watermark_ms, windows); });
  std::erase_if(together_->guests,
                [](const Guest& guest) { return !guest.left && guest.contacts.empty(); });
  LookAgain(windows);
}

ContactParts::Guest* ContactParts::Find(std::string_view origin) const {
  if (together_ == nullptr) return nullptr;
  const auto found = std::find_if(together_->guests.begin(), together_->guests.end(),
                                  [&](const Guest& guest) { return guest.origin == origin; });
  return found != together_->guests.end() ? &*found : nullptr;
}

ContactParts::Guest& ContactParts::Welcome(std::string_view origin) {
  std::pmr::memory_resource* memory = own_.memory();
  if (together_ == nullptr) {
    together_.reset(std::pmr::polymorphic_allocator<>(memory).new_object<Together>(memory));
  }
  const auto place = std::find_if(together_->guests.begin(), together_->guests.end(),
                                  [&](const Guest& guest) { return guest.origin >= origin; });
  if (place != together_->guests.end() && place->origin == origin) return *place;
  return *together_->guests.insert(place,
                                   {std::pmr::string(origin, memory), ContactSet(memory), false});
}

ContactSet& ContactParts::PartOf(std::string_view origin) {
  return origin.empty() ? own_ : Welcome(origin).contacts;
}

void ContactParts::AbsorbOneTooMany(const Windows& windows, ContactJoins* joins) {
  const auto here = [](const Guest& guest) { return !guest.left; };
  if (together_ == nullptr || std::count_if(together_->guests.begin(), together_->guests.end(),
                                            here) <= static_cast<ptrdiff_t>(kMostGuests)) {
    return;
  }
  const auto longer_ago = [](const Guest& a, const Guest& b) {
    if (a.left != b.left) return b.left;
    return LastHeardMs(a.contacts) < LastHeardMs(b.contacts);
  };
  const auto oldest =
      std::min_element(together_->guests.begin(), together_->guests.end(), longer_ago);
  own_.Absorb(oldest->contacts, windows, joins);
  together_->guests.erase(oldest);
  ++absorbed_;
}

void ContactParts::LookAgain(const Windows& windows, ContactJoins joins) {
  if (together_ == nullptr) return;
  if (together_->guests.empty()) {
    together_.reset();
    return;
  }
  together_->all.reset();
  for (const Guest& guest : together_->guests) {
    if (guest.left) continue;
    if (!together_->all) {
      together_->all.emplace(own_.memory()).AbsorbContacts(own_, windows, &joins);
    }
    together_->all->AbsorbContacts(guest.contacts, windows, &joins);
  }
  together_->joins = std::move(joins);
}

template <typename Visit>
void ContactParts::ForEachPart(Visit visit) {
  visit(own_);
  if (together_ == nullptr) return;
  for (Guest& guest : together_->guests) visit(guest.contacts);
}

}  // namespace peakend::journey
