#include "processors/journey/identity_home.h"

#include <algorithm>
#include <utility>

#include "processors/journey/identity_key.h"

namespace peakend::journey {

IdentityHome::IdentityHome(const v1::IdentityState::Home& record, std::pmr::memory_resource* memory)
    : members_(memory), told_(record.label(), memory), shared_(record.shared()) {
  members_.reserve(static_cast<size_t>(record.members_size()));
  for (const v1::IdentityState::Member& member : record.members()) {
    members_.push_back(
        {std::pmr::string(member.customer_id(), memory), Label(member.label(), memory)});
  }
}

void IdentityHome::Save(v1::IdentityState::Home* record) const {
  for (const Member& member : members_) {
    v1::IdentityState::Member& saved = *record->add_members();
    saved.mutable_customer_id()->assign(member.customer_id);
    if (!member.label.empty()) member.label.Save(saved.mutable_label());
  }
  if (!told_.empty()) told_.Save(record->mutable_label());
  record->set_shared(shared_);
}

LabelMessages IdentityHome::Hear(std::string_view self, std::string_view from,
                                 const LabelMessage& heard, size_t max_customers) {
  if (shared_) return {{std::string(from), Label(), false, true}};
  const std::string_view named = NamedCustomer(self);
  LabelMessages messages;
  if (!named.empty() && members_.empty() && from != named) {
    Take(named, Label());
    messages.push_back({std::string(named), Label(), true});
  }
  Take(from, heard.label);
  if (named.empty() && members_.size() > max_customers) return Share();
  if (members_.size() > kMost) DropOne(self);
  Label smallest = Smallest(self);
  if (smallest != told_) {
    told_ = std::move(smallest);
    for (LabelMessage& message : TellAll()) messages.push_back(std::move(message));
  } else if (heard.ask) {
    messages.push_back({std::string(from), told_});
  }
  return messages;
}

void IdentityHome::Take(std::string_view from, const Label& label) {
  std::pmr::memory_resource* memory = members_.get_allocator().resource();
  const auto known = std::find_if(members_.begin(), members_.end(),
                                  [&](const Member& member) { return member.customer_id == from; });
  if (known == members_.end()) {
    members_.push_back({std::pmr::string(from, memory), Label(memory)});
  } else {
    std::rotate(known, known + 1, members_.end());
  }
  members_.back().label = label;
}

void IdentityHome::DropOne(std::string_view self) {
  const auto needed = [&](const Member& member) {
    return member.customer_id == NamedCustomer(self) ||
           (!told_.empty() && Through(member.label, NodeOf(self)) == told_);
  };
  members_.erase(std::find_if_not(members_.begin(), members_.end(), needed));
}

LabelMessages IdentityHome::Share() {
  LabelMessages messages;
  for (const Member& member : members_) {
    messages.push_back({std::string(member.customer_id), Label(), false, true});
  }
  members_.clear();
  members_.shrink_to_fit();
  told_ = Label();
  shared_ = true;
  return messages;
}

LabelMessages IdentityHome::TellAll() const {
  LabelMessages messages;
  for (const Member& member : members_) {
    messages.push_back({std::string(member.customer_id), told_});
  }
  return messages;
}

Label IdentityHome::Smallest(std::string_view self) const {
  const uint64_t node = NodeOf(self);
  Label smallest;
  for (const Member& member : members_) KeepFirst(Through(member.label, node), &smallest);
  return smallest;
}

}  // namespace peakend::journey
