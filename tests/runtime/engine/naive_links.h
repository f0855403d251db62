// Who belongs to whom, from what customers said alone: labels grow from the customers' own
// until nothing changes. The whole is looked at at once, so it needs neither messages nor time.
//
// Thread-safety: none.
#ifndef PEAKEND_TESTS_RUNTIME_ENGINE_NAIVE_LINKS_H_
#define PEAKEND_TESTS_RUNTIME_ENGINE_NAIVE_LINKS_H_

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "processors/journey/identity_key.h"
#include "processors/journey/identity_label.h"
#include "processors/publish/policy_identities.h"

namespace peakend::runtime {

class NaiveLinks {
 public:
  // An event of `customer` named the identities of `homes`.
  void Say(const std::string& customer, const std::vector<std::string>& homes) {
    labels_[customer] = journey::Label::OwnOf(customer);
    for (const std::string& home : homes) members_[home].insert(customer);
  }
  // Somebody set `customer` apart.
  void StandApart(const std::string& customer) {
    Say(customer, {});
    apart_.insert(customer);
  }
  // All is said. Once.
  void Settle(const publish::Identities& identities) {
    for (auto& [home, members] : members_) {
      const std::string named(journey::NamedCustomer(home));
      if (named.empty()) continue;
      for (const std::string& customer : members) {
        if (customer != named && ++names_[customer] > 1) apart_.insert(customer);
      }
      members.insert(named);
      labels_[named] = journey::Label::OwnOf(named);
    }
    std::erase_if(members_, [&](const auto& of) {
      return journey::NamedCustomer(of.first).empty() &&
             of.second.size() > publish::MostCustomersOf(of.first, identities);
    });
    while (Grow(identities.rules.known_customers_move)) {
    }
  }
  // Of whom nothing was said: themselves. REQUIRES: settled.
  std::string HostOf(const std::string& customer) const {
    const auto label = labels_.find(customer);
    return label == labels_.end() ? customer : std::string(label->second.key);
  }

 private:
  // Labels rise from the customers' own, so each has a true source.
  bool Grow(bool known_move) {
    std::map<std::string, journey::Label> told;
    for (const auto& [home, members] : members_) {
      for (const std::string& customer : members) {
        if (apart_.contains(customer)) continue;
        KeepFirst(Through(labels_.at(customer), journey::NodeOf(home)), &told[home]);
      }
    }
    std::map<std::string, journey::Label> grown;
    for (const auto& [customer, label] : labels_) {
      journey::Label& first = grown[customer] = journey::Label::OwnOf(customer);
      if (apart_.contains(customer) || !(journey::IsAnonymous(customer) || known_move)) continue;
      for (const auto& [home, members] : members_) {
        if (!members.contains(customer)) continue;
        const journey::Label heard = Through(told[home], journey::NodeOf(customer));
        if (!heard.empty() && journey::KeyBefore(heard.key, customer)) KeepFirst(heard, &first);
      }
    }
    return std::exchange(labels_, grown) != grown;
  }

  std::map<std::string, std::set<std::string>> members_;  // by home
  std::map<std::string, int> names_;
  std::set<std::string> apart_;
  std::map<std::string, journey::Label> labels_;
};

}  // namespace peakend::runtime

#endif  // PEAKEND_TESTS_RUNTIME_ENGINE_NAIVE_LINKS_H_
