// What customers and the homes of their identities tell each other: a label is the smallest
// customer that somebody is linked with, and the way on which they heard of it.
//
// Everybody's label is the smallest of their neighbours' that did not come through
// themselves, so that a label whose source is cut off dies out instead of being echoed.
//
// Bounded: a way has at most kMostNodes; beyond them a group falls into several.
// Thread-safety: values.
#ifndef PEAKEND_PROCESSORS_JOURNEY_IDENTITY_LABEL_H_
#define PEAKEND_PROCESSORS_JOURNEY_IDENTITY_LABEL_H_

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "peakend/v1/identity_state.pb.h"

namespace peakend::journey {

struct Label {
  // 5 customers and the 4 homes between them.
  static constexpr size_t kMostNodes = 9;

  explicit Label(std::pmr::memory_resource* memory = std::pmr::get_default_resource())
      : key(memory), way(memory) {}
  // The label that Save wrote. REQUIRES: the record was checked.
  Label(const v1::IdentityState::Label& record, std::pmr::memory_resource* memory);
  // REQUIRES: `record` is empty.
  void Save(v1::IdentityState::Label* record) const;

  // A customer's own: the way begins and ends there.
  static Label OwnOf(std::string_view customer_id);

  bool empty() const { return key.empty(); }
  friend bool operator==(const Label&, const Label&) = default;

  std::pmr::string key;  // a customer's; empty = no label
  // NodeOf each who passed it on, from the customer to whoever tells it.
  std::pmr::vector<uint64_t> way;
};

// By key, then the shorter way. REQUIRES: neither is empty.
bool LabelBefore(const Label& a, const Label& b);

// A neighbour's label as it counts at `node`, one step longer; empty when it came this way or
// from too far.
Label Through(const Label& label, uint64_t node);

// Takes `offered` instead of `best` where that is empty or comes later.
void KeepFirst(Label offered, Label* best);

// From a customer to a home or back.
struct LabelMessage {
  std::string to;
  Label label = Label();
  bool ask = false;     // the addressee shall tell theirs
  bool shared = false;  // by a home: too many customers have the identity
};
using LabelMessages = absl::InlinedVector<LabelMessage, 4>;

// What all workers agree on.
struct IdentityRules {
  // Customers with a key of their own follow a smaller key as well.
  bool known_customers_move = false;
  // A customer that goes on naming an identity says so again after this time: homes of which
  // nobody speaks are forgotten. Less than the time after which they are.
  int64_t repeat_after_minutes = 45 * 24 * 60;
};

}  // namespace peakend::journey

#endif  // PEAKEND_PROCESSORS_JOURNEY_IDENTITY_LABEL_H_
