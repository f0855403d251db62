// The home of an identity: who said that they have it, and the label that goes from each to
// the others.
//
// It keeps a set, so that neither repetition nor order matters. One customer more than the
// policy allows makes the identity shared: all are told, and come apart by their labels.
//
// Bounded: by the type's max_customers. What names one customer (a login) is said by however
// many; kept are the kMost who spoke last, and the others keep the label that they have.
// Thread-safety: none.
#ifndef PEAKEND_PROCESSORS_JOURNEY_IDENTITY_HOME_H_
#define PEAKEND_PROCESSORS_JOURNEY_IDENTITY_HOME_H_

#include <cstddef>
#include <memory_resource>
#include <string>
#include <string_view>
#include <vector>

#include "peakend/v1/identity_state.pb.h"
#include "processors/journey/identity_label.h"

namespace peakend::journey {

class IdentityHome {
 public:
  static constexpr size_t kMost = 256;

  explicit IdentityHome(std::pmr::memory_resource* memory) : members_(memory), told_(memory) {}
  // The home that Save wrote. REQUIRES: the record was checked.
  IdentityHome(const v1::IdentityState::Home& record, std::pmr::memory_resource* memory);
  // REQUIRES: `record` is empty.
  void Save(v1::IdentityState::Home* record) const;

  // The customer `from` told its label, or asks. `max_customers` (at most kMost) is that of
  // the identity's type; of no meaning where `self` names a customer. Returns what is to be
  // told.
  LabelMessages Hear(std::string_view self, std::string_view from, const LabelMessage& heard,
                     size_t max_customers);

  bool shared() const { return shared_; }
  // Customers that are known to have the identity.
  size_t customers() const { return members_.size(); }

 private:
  struct Member {
    std::pmr::string customer_id;
    Label label;
  };

  void Take(std::string_view from, const Label& label);
  // The one who spoke longest ago, but neither the customer who is named nor one from whom
  // the label comes: everybody would move.
  void DropOne(std::string_view self);
  LabelMessages Share();
  LabelMessages TellAll() const;
  Label Smallest(std::string_view self) const;

  std::pmr::vector<Member> members_;  // who spoke last is last
  Label told_;
  bool shared_ = false;
};

}  // namespace peakend::journey

#endif  // PEAKEND_PROCESSORS_JOURNEY_IDENTITY_HOME_H_
