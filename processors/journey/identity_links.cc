#include "processors/journey/identity_links.h"

#include <algorithm>
#include <utility>

#include "processors/journey/identity_key.h"

namespace peakend::journey {

IdentityLinks::IdentityLinks(const v1::IdentityState::Links& record,
                             std::pmr::memory_resource* memory)
    : links_(memory),
      label_(record.label(), memory),
      apart_(record.apart()),
      forgot_(record.forgot()) {
  links_.reserve(static_cast<size_t>(record.links_size()));
  for (const v1::IdentityState::Link& link : record.links()) {
    links_.push_back({std::pmr::string(link.home(), memory), Label(link.label(), memory),
                      link.shared(), link.said_minute()});
  }
}

void IdentityLinks::Save(v1::IdentityState::Links* record) const {
  for (const Link& link : links_) {
    v1::IdentityState::Link& saved = *record->add_links();
    saved.mutable_home()->assign(link.home);
    if (!link.label.empty()) link.label.Save(saved.mutable_label());
    saved.set_shared(link.shared);
    saved.set_said_minute(static_cast<uint32_t>(link.said_minute));
  }
  if (!label_.empty()) label_.Save(record->mutable_label());
  record->set_apart(apart_);
  record->set_forgot(forgot_);
}

LabelMessages IdentityLinks::Say(std::string_view self, std::string_view home, int64_t minute,
                                 const IdentityRules& rules) {
  Link* link = Find(home);
  if (link != nullptr && minute - link->said_minute < rules.repeat_after_minutes) return {};
  if (link == nullptr) link = Add(home);
  if (link == nullptr) return {};
  link->said_minute = minute;
  LabelMessages messages = NamesTwoOthers(self) ? StandApart(self) : Relabel(self, rules);
  messages.push_back({std::string(home), Told(self), true});
  return messages;
}

LabelMessages IdentityLinks::Hear(std::string_view self, std::string_view home,
                                  const LabelMessage& heard, const IdentityRules& rules) {
  Link* link = Find(home);
  // The home of an identity that names the customer, or one that the customer has forgotten.
  const bool stranger = link == nullptr;
  if (stranger) link = Add(home);
  if (link == nullptr) return {};
  link->label = heard.label;
  link->shared = heard.shared;
  LabelMessages messages = Relabel(self, rules);
  // Who is told of a change knows it already.
  const bool asked = (stranger || heard.ask) && !heard.shared && messages.empty();
  if (asked) messages.push_back({std::string(home), Told(self)});
  return messages;
}

LabelMessages IdentityLinks::StandApart(std::string_view self) {
  if (apart_) return {};
  apart_ = true;
  label_ = Label();
  return TellAll(self);
}

IdentityLinks::Link* IdentityLinks::Find(std::string_view home) {
  const auto found = std::find_if(links_.begin(), links_.end(),
                                  [&](const Link& link) { return link.home == home; });
  return found != links_.end() ? &*found : nullptr;
}

IdentityLinks::Link* IdentityLinks::Add(std::string_view home) {
  if (links_.size() == kMost) {
    forgot_ = true;
    return nullptr;
  }
  std::pmr::memory_resource* memory = links_.get_allocator().resource();
  links_.push_back({std::pmr::string(home, memory), Label(memory)});
  return &links_.back();
}

bool IdentityLinks::NamesTwoOthers(std::string_view self) const {
  return std::count_if(links_.begin(), links_.end(), [&](const Link& link) {
           const std::string_view named = NamedCustomer(link.home);
           return !named.empty() && named != self;
         }) > 1;
}

Label IdentityLinks::Told(std::string_view self) const {
  if (apart_) return Label();
  return label_.empty() ? Label::OwnOf(self) : label_;
}

LabelMessages IdentityLinks::TellAll(std::string_view self) const {
  LabelMessages messages;
  for (const Link& link : links_) {
    if (!link.shared) messages.push_back({std::string(link.home), Told(self)});
  }
  return messages;
}

Label IdentityLinks::Smallest(std::string_view self, const IdentityRules& rules) const {
  Label smallest;
  if (apart_ || !(IsAnonymous(self) || rules.known_customers_move)) return smallest;
  const uint64_t node = NodeOf(self);
  for (const Link& link : links_) {
    if (!link.label.empty() && KeyBefore(link.label.key, self)) {
      KeepFirst(Through(link.label, node), &smallest);
    }
  }
  return smallest;
}

LabelMessages IdentityLinks::Relabel(std::string_view self, const IdentityRules& rules) {
  Label smallest = Smallest(self, rules);
  if (smallest == label_) return {};
  label_ = std::move(smallest);
  return TellAll(self);
}

}  // namespace peakend::journey
