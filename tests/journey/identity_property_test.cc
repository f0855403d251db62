// Labels of any customers and identities, told in any order: what they are at rest is what the
// facts alone say, and saying them again changes nothing.
//
// The facts' labels are computed at once for all, rising from nothing, so that each has a true
// source. As `ideal` in tests/simulation/identity_model.py, whose protocol this is.
#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "processors/journey/identity_home.h"
#include "processors/journey/identity_key.h"
#include "processors/journey/identity_links.h"
#include "tests/cases.h"

namespace peakend::journey {
namespace {

using Random = std::mt19937_64;

int Draw(Random& random, int from, int to) {
  return std::uniform_int_distribution<int>(from, to)(random);
}
template <typename Container>
auto Any(Random& random, Container& of) {
  return std::next(of.begin(), Draw(random, 0, static_cast<int>(of.size()) - 1));
}

// A customer names an identity, or (with no home) is set apart.
struct Fact {
  std::string customer;
  std::string home;
};

struct Script {
  IdentityRules rules;
  size_t max_customers = 2;
  std::vector<Fact> facts;
};

std::vector<std::string> RandomCustomers(Random& random) {
  std::string letters = "abcdefghij";
  std::shuffle(letters.begin(), letters.end(), random);
  std::vector<std::string> customers;
  for (int i = Draw(random, 2, 8); i > 0; --i) {
    customers.push_back((Draw(random, 0, 2) > 0 ? "~" : "") +
                        letters.substr(static_cast<size_t>(i), 1));
  }
  return customers;
}

Script RandomScript(Random& random) {
  Script script;
  script.rules.known_customers_move = Draw(random, 0, 1) == 0;
  script.rules.repeat_after_minutes = 10;
  script.max_customers = static_cast<size_t>(Draw(random, 2, 3));
  const std::vector<std::string> customers = RandomCustomers(random);
  std::vector<std::string> homes;
  for (int i = Draw(random, 1, 5); i > 0; --i) {
    homes.push_back(HomeOfIdentity("phone", std::to_string(i)));
  }
  for (const std::string& customer : customers) {
    if (!IsAnonymous(customer) && Draw(random, 0, 1) == 0)
      homes.push_back(HomeOfCustomer(customer));
  }
  for (int i = Draw(random, 0, 16); i > 0; --i) {
    script.facts.push_back({*Any(random, customers), *Any(random, homes)});
  }
  if (Draw(random, 0, 2) == 0) {  // a chain in any order of keys: long ways
    for (size_t i = 0; i < customers.size(); ++i) {
      for (const size_t link : {i, i + 1}) {
        script.facts.push_back({customers[i], HomeOfIdentity("chain", std::to_string(link))});
      }
    }
  }
  for (int i = Draw(random, 0, 2); i > 0; --i)
    script.facts.push_back({*Any(random, customers), ""});
  std::shuffle(script.facts.begin(), script.facts.end(), random);
  return script;
}

// Customers, homes and what is under way between them: each pair's in its order, all else in any.
class Network {
 public:
  Network(const Script& script, Random& random) : script_(script), random_(random) {}

  void Happens(const Fact& fact, int64_t minute) {
    IdentityLinks& links = LinksOf(fact.customer);
    Send(fact.customer, fact.home.empty()
                            ? links.StandApart(fact.customer)
                            : links.Say(fact.customer, fact.home, minute, script_.rules));
  }
  bool Resting() const { return under_way_.empty(); }
  void DeliverOne() {
    const auto any = Any(random_, under_way_);
    const auto [from, to] = any->first;
    const LabelMessage message = std::move(any->second.front());
    any->second.pop_front();
    if (any->second.empty()) under_way_.erase(any);
    ++delivered_;
    Send(to, IsHome(to) ? HomeOf(to).Hear(to, from, message, script_.max_customers)
                        : LinksOf(to).Hear(to, from, message, script_.rules));
  }
  // False when it does not come to rest.
  bool Rest() {
    for (int i = 0; i < 20'000 && !Resting(); ++i) DeliverOne();
    return Resting();
  }
  int delivered() const { return delivered_; }
  IdentityLinks& LinksOf(const std::string& customer) {
    return customers_.try_emplace(customer, std::pmr::get_default_resource()).first->second;
  }
  IdentityHome& HomeOf(const std::string& home) {
    return homes_.try_emplace(home, std::pmr::get_default_resource()).first->second;
  }
  const std::map<std::string, IdentityLinks>& customers() const { return customers_; }
  const std::map<std::string, IdentityHome>& homes() const { return homes_; }

 private:
  void Send(const std::string& from, LabelMessages messages) {
    for (LabelMessage& message : messages) {
      under_way_[{from, message.to}].push_back(std::move(message));
    }
  }

  const Script& script_;
  Random& random_;
  std::map<std::string, IdentityLinks> customers_;
  std::map<std::string, IdentityHome> homes_;
  std::map<std::pair<std::string, std::string>, std::deque<LabelMessage>> under_way_;
  int delivered_ = 0;
};

// What follows from the facts alone.
class Facts {
 public:
  explicit Facts(const Script& script) : move_(script.rules.known_customers_move) {
    std::map<std::string, std::set<std::string>> named;
    for (const Fact& fact : script.facts) {
      labels_[fact.customer] = Own(fact.customer);
      if (fact.home.empty()) {
        apart_.insert(fact.customer);
        continue;
      }
      members_[fact.home].insert(fact.customer);
      if (const std::string other(NamedCustomer(fact.home)); !other.empty()) {
        members_[fact.home].insert(other);
        labels_[other] = Own(other);
        if (other != fact.customer) named[fact.customer].insert(other);
      }
    }
    for (const auto& [customer, others] : named) {
      if (others.size() > 1) apart_.insert(customer);
    }
    for (const auto& [home, members] : members_) {
      if (NamedCustomer(home).empty() && members.size() > script.max_customers)
        shared_.insert(home);
    }
    while (Rise()) {
    }
  }

  // Known first, key, length of the way, the way: the smallest is followed.
  using Place = std::tuple<bool, std::string, size_t, std::vector<uint64_t>>;
  const std::map<std::string, Place>& labels() const { return labels_; }
  const std::set<std::string>& apart() const { return apart_; }
  const std::set<std::string>& shared() const { return shared_; }

 private:
  static Place Own(const std::string& customer) {
    return {customer[0] == '~', customer, 1, {NodeOf(customer)}};
  }
  static bool Passes(Place* place, const std::string& node) {
    auto& [anonymous, key, size, way] = *place;
    if (size == 9 || std::count(way.begin(), way.end(), NodeOf(node)) > 0) return false;
    way.push_back(NodeOf(node));
    ++size;
    return true;
  }
  bool Rise() {
    std::map<std::string, Place> next;
    for (const auto& [customer, label] : labels_) next[customer] = Own(customer);
    for (const auto& [home, members] : members_) {
      if (shared_.contains(home)) continue;
      std::set<Place> told;
      for (const std::string& member : members) {
        Place place = labels_[member];
        if (!apart_.contains(member) && Passes(&place, home)) told.insert(place);
      }
      if (told.empty()) continue;
      for (const std::string& member : members) {
        Place place = *told.begin();
        const bool follows = !apart_.contains(member) && (member[0] == '~' || move_);
        if (follows && Passes(&place, member)) next[member] = std::min(next[member], place);
      }
    }
    std::swap(next, labels_);
    return next != labels_;
  }

  bool move_;
  std::map<std::string, std::set<std::string>> members_;
  std::set<std::string> apart_;
  std::set<std::string> shared_;
  std::map<std::string, Place> labels_;
};

void ExpectAsTheFactsSay(const Network& network, const Facts& facts) {
  for (const auto& [customer, place] : facts.labels()) {
    ASSERT_TRUE(network.customers().contains(customer)) << customer;
    const IdentityLinks& links = network.customers().at(customer);
    const Label label = links.label().empty() ? Label::OwnOf(customer) : links.label();
    EXPECT_EQ(std::string_view(label.key), std::get<1>(place)) << customer;
    EXPECT_TRUE(std::equal(label.way.begin(), label.way.end(), std::get<3>(place).begin(),
                           std::get<3>(place).end()))
        << customer;
    EXPECT_EQ(links.apart(), facts.apart().contains(customer)) << customer;
  }
  for (const auto& [home, state] : network.homes()) {
    EXPECT_EQ(state.shared(), facts.shared().contains(home)) << home;
  }
}

void Happen(const Script& script, Random& random, Network& network) {
  for (const Fact& fact : script.facts) {
    network.Happens(fact, 1000);
    for (int i = Draw(random, 0, 6); i > 0 && !network.Resting(); --i) network.DeliverOne();
  }
}

TEST(IdentityProperty, LabelsEndAtTheFixpoint) {
  int followed = 0;
  int shared = 0;
  int longest = 0;
  for (int seed = 0; seed < Cases(); ++seed) {
    SCOPED_TRACE(seed);
    Random random(static_cast<uint64_t>(seed));
    const Script script = RandomScript(random);
    Network network(script, random);
    Happen(script, random, network);
    ASSERT_TRUE(network.Rest());
    const Facts facts(script);
    ExpectAsTheFactsSay(network, facts);
    if (HasFailure()) return;
    for (const auto& [customer, place] : facts.labels()) followed += std::get<1>(place) != customer;
    shared += static_cast<int>(facts.shared().size());
    longest = std::max(longest, network.delivered());
  }
  EXPECT_GT(followed, Cases() / 2);
  EXPECT_GT(shared, Cases() / 10);
  RecordProperty("most_messages", longest);
}

// Facts come again at once, later, and when all is at rest.
TEST(IdentityProperty, RepetitionChangesNothing) {
  for (int seed = 0; seed < Cases(); ++seed) {
    SCOPED_TRACE(seed);
    Random random(static_cast<uint64_t>(seed));
    const Script script = RandomScript(random);
    const Facts facts(script);
    Network network(script, random);
    for (const Fact& fact : script.facts) {
      network.Happens(fact, 1000);
      network.Happens(*Any(random, script.facts), 1000 + Draw(random, 0, 20));
      for (int i = Draw(random, 0, 6); i > 0 && !network.Resting(); --i) network.DeliverOne();
    }
    ASSERT_TRUE(network.Rest());
    const int before = network.delivered();
    for (const Fact& fact : script.facts) network.Happens(fact, 1005 + 20);
    for (const Fact& fact : script.facts) network.Happens(fact, 1009 + 20);
    ASSERT_TRUE(network.Rest());
    ExpectAsTheFactsSay(network, facts);
    if (HasFailure()) return;
    // Asked and answered: nothing else follows.
    ASSERT_LE(network.delivered() - before, 2 * static_cast<int>(script.facts.size()));
    const int rested = network.delivered();
    for (const Fact& fact : script.facts) network.Happens(fact, 1009 + 20);
    ASSERT_EQ(network.delivered(), rested);
    ASSERT_TRUE(network.Resting());
  }
}

}  // namespace
}  // namespace peakend::journey
