#include "processors/journey/identity_label.h"

#include <algorithm>
#include <utility>

#include "processors/journey/identity_key.h"

namespace peakend::journey {

Label::Label(const v1::IdentityState::Label& record, std::pmr::memory_resource* memory)
    : key(record.customer_id(), memory), way(record.way().begin(), record.way().end(), memory) {}

void Label::Save(v1::IdentityState::Label* record) const {
  record->mutable_customer_id()->assign(key);
  record->mutable_way()->Add(way.begin(), way.end());
}

Label Label::OwnOf(std::string_view customer_id) {
  Label own;
  own.key = customer_id;
  own.way.push_back(NodeOf(customer_id));
  return own;
}

bool LabelBefore(const Label& a, const Label& b) {
  if (a.key != b.key) return KeyBefore(a.key, b.key);
  if (a.way.size() != b.way.size()) return a.way.size() < b.way.size();
  return a.way < b.way;
}

Label Through(const Label& label, uint64_t node) {
  const bool passed = std::find(label.way.begin(), label.way.end(), node) != label.way.end();
  if (label.empty() || passed || label.way.size() >= Label::kMostNodes) return Label();
  Label through = label;
  through.way.push_back(node);
  return through;
}

void KeepFirst(Label offered, Label* best) {
  if (offered.empty() || (!best->empty() && !LabelBefore(offered, *best))) return;
  *best = std::move(offered);
}

}  // namespace peakend::journey
