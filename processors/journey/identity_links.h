// What one customer knows of its identities: where each one's home says that it belongs, and
// where it does.
//
// A customer who names two others is apart, as is one whom somebody set apart: it follows
// nobody, and nobody hears of others through it.
//
// Bounded: kMost links; further identities are ignored.
// Thread-safety: none.
#ifndef PEAKEND_PROCESSORS_JOURNEY_IDENTITY_LINKS_H_
#define PEAKEND_PROCESSORS_JOURNEY_IDENTITY_LINKS_H_

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <string>
#include <string_view>
#include <vector>

#include "peakend/v1/identity_state.pb.h"
#include "processors/journey/identity_label.h"

namespace peakend::journey {

class IdentityLinks {
 public:
  static constexpr size_t kMost = 16;

  explicit IdentityLinks(std::pmr::memory_resource* memory) : links_(memory), label_(memory) {}
  // The links that Save wrote. REQUIRES: the record was checked.
  IdentityLinks(const v1::IdentityState::Links& record, std::pmr::memory_resource* memory);
  // REQUIRES: `record` is empty.
  void Save(v1::IdentityState::Links* record) const;

  // An event of the customer `self` named the identity of `home`. `minute`, since 1970, is of
  // the partition's clock, not of the event. Returns what is to be told.
  LabelMessages Say(std::string_view self, std::string_view home, int64_t minute,
                    const IdentityRules& rules);
  // A home told its label, or asks.
  LabelMessages Hear(std::string_view self, std::string_view home, const LabelMessage& heard,
                     const IdentityRules& rules);
  // Somebody wants the customer apart, for good. Twice does no harm.
  LabelMessages StandApart(std::string_view self);

  // Whom the customer belongs to, and how it knows; empty = to itself.
  const Label& label() const { return label_; }
  bool apart() const { return apart_; }
  // Identities were ignored because there were too many.
  bool forgot() const { return forgot_; }
  bool empty() const { return links_.empty() && !apart_; }

 private:
  struct Link {
    std::pmr::string home;
    Label label;
    bool shared = false;
    int64_t said_minute = 0;  // 0 = never
  };

  Link* Find(std::string_view home);
  // Null when there are too many.
  Link* Add(std::string_view home);
  bool NamesTwoOthers(std::string_view self) const;
  // What the customer says of itself: its label, its own where it has none, none when apart.
  Label Told(std::string_view self) const;
  LabelMessages TellAll(std::string_view self) const;
  // The smallest label of all links, if smaller than the customer's own.
  Label Smallest(std::string_view self, const IdentityRules& rules) const;
  LabelMessages Relabel(std::string_view self, const IdentityRules& rules);

  std::pmr::vector<Link> links_;  // in order of naming
  Label label_;
  bool apart_ = false;
  bool forgot_ = false;
};

}  // namespace peakend::journey

#endif  // PEAKEND_PROCESSORS_JOURNEY_IDENTITY_LINKS_H_
