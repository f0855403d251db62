// Which alerts are one: cases as data, and properties over random lists.
#include "processors/replay/alert_diff.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace peakend::replay {
namespace {

using ::testing::ElementsAre;

RaisedAlert Raised(const std::string& rule, const std::string& event, const std::string& contact,
                   int64_t at_ms, v1::Alert::Severity severity = v1::Alert::WARNING,
                   v1::Alert::Urgency urgency = v1::Alert::LIST) {
  RaisedAlert alert;
  alert.tenant_id = "t";
  alert.customer_id = "p";
  alert.rule = rule;
  alert.event_id = event;
  alert.contact_id = contact;
  alert.channel = "chat";
  alert.occurred_at_ms = at_ms;
  alert.severity = severity;
  alert.urgency = urgency;
  return alert;
}

// "e1=e2 +5" = the alert by e1 before is the one by e2 after, 5 ms later; "-" = there is none.
std::vector<std::string> Described(const std::vector<AlertPair>& pairs) {
  std::vector<std::string> lines;
  for (const AlertPair& pair : pairs) {
    std::string line = pair.before != nullptr ? pair.before->event_id : "-";
    line += "=" + (pair.after != nullptr ? pair.after->event_id : "-");
    if (pair.ShiftMs() != 0) line += " " + std::to_string(pair.ShiftMs());
    if (pair.SeverityChanged()) line += " severity";
    if (pair.UrgencyChanged()) line += " urgency";
    lines.push_back(line);
  }
  return lines;
}

struct PairingCase {
  const char* name;
  std::vector<RaisedAlert> before;
  std::vector<RaisedAlert> after;
  std::vector<std::string> pairs;
};

const std::vector<PairingCase>& PairingCases() {
  static const std::vector<PairingCase> cases = {
      {"Nothing", {}, {}, {}},
      {"Gone", {Raised("r", "e1", "c", 1)}, {}, {"e1=-"}},
      {"New", {}, {Raised("r", "e1", "c", 1)}, {"-=e1"}},
      {"TheSame", {Raised("r", "e1", "c", 1)}, {Raised("r", "e1", "c", 1)}, {"e1=e1"}},
      {"OtherPatience", {Raised("r", "e1", "c", 20)}, {Raised("r", "e1", "c", 50)}, {"e1=e1 30"}},
      {"EarlierInTheContact",
       {Raised("r", "e5", "c", 50)},
       {Raised("r", "e2", "c", 20)},
       {"e5=e2 -30"}},
      {"OtherContact", {Raised("r", "e1", "c", 1)}, {Raised("r", "e2", "d", 2)}, {"e1=-", "-=e2"}},
      {"OtherRule", {Raised("r", "e1", "c", 1)}, {Raised("s", "e1", "c", 1)}, {"e1=-", "-=e1"}},
      // The event goes before the contact, though e2 comes first.
      {"EventBeforeContact",
       {Raised("r", "e3", "c", 3)},
       {Raised("r", "e2", "c", 2), Raised("r", "e3", "c", 3)},
       {"-=e2", "e3=e3"}},
      // Of several by one event the time decides, then the order.
      {"TwoPromisesOfOneEvent",
       {Raised("r", "e", "c", 5), Raised("r", "e", "c", 9)},
       {Raised("r", "e", "c", 9)},
       {"e=-", "e=e"}},
      {"InOrderInTheContact",
       {Raised("r", "e1", "c", 1), Raised("r", "e4", "c", 4)},
       {Raised("r", "e2", "c", 2), Raised("r", "e5", "c", 5)},
       {"e1=e2 1", "e4=e5 1"}},
      {"Words",
       {Raised("r", "e", "c", 1, v1::Alert::WARNING, v1::Alert::LIST)},
       {Raised("r", "e", "c", 1, v1::Alert::CRITICAL, v1::Alert::INTERRUPT)},
       {"e=e severity urgency"}},
  };
  return cases;
}

TEST(AlertDiffTest, PairsWhatIsAboutTheSame) {
  for (const PairingCase& example : PairingCases()) {
    EXPECT_EQ(Described(PairAlerts(example.before, example.after)), example.pairs) << example.name;
  }
}

TEST(AlertDiffTest, ContactsWithoutAnIdAreToldApartByTheirChannel) {
  std::vector<RaisedAlert> before = {Raised("r", "e1", "", 1)};
  std::vector<RaisedAlert> after = {Raised("r", "e2", "", 2)};
  EXPECT_THAT(Described(PairAlerts(before, after)), ElementsAre("e1=e2 1"));
  after[0].channel = "voice";
  EXPECT_THAT(Described(PairAlerts(before, after)), ElementsAre("e1=-", "-=e2"));
}

TEST(AlertDiffTest, OtherCustomersAlertsAreOthers) {
  std::vector<RaisedAlert> before = {Raised("r", "e", "c", 1)};
  for (std::string RaisedAlert::*id : {&RaisedAlert::tenant_id, &RaisedAlert::customer_id}) {
    std::vector<RaisedAlert> after = before;
    after[0].*id = "other";
    EXPECT_EQ(PairAlerts(before, after).size(), 2U);
  }
}

TEST(AlertDiffTest, TheBiggestDifferencesComeFirst) {
  using A = v1::Alert;
  const std::vector<RaisedAlert> before = {
      Raised("r", "shifted", "c1", 1),
      Raised("r", "shifted-more", "c2", 1),
      Raised("r", "gone", "c3", 1),
      Raised("r", "gone-interrupt", "c4", 9, A::WARNING, A::INTERRUPT),
      Raised("r", "worse", "c5", 1),
      Raised("r", "interrupts", "c6", 1),
      Raised("r", "same", "c7", 1),
  };
  const std::vector<RaisedAlert> after = {
      Raised("r", "shifted", "c1", 3),
      Raised("r", "shifted-more", "c2", 40),
      Raised("r", "new-critical", "c8", 1, A::CRITICAL, A::INTERRUPT),
      Raised("r", "worse", "c5", 1, A::CRITICAL),
      Raised("r", "interrupts", "c6", 1, A::WARNING, A::INTERRUPT),
      Raised("r", "same", "c7", 1),
  };
  std::vector<AlertPair> pairs = PairAlerts(before, after);
  SortBySize(&pairs);
  EXPECT_THAT(Described(pairs),
              ElementsAre("-=new-critical", "interrupts=interrupts urgency", "gone-interrupt=-",
                          "gone=-", "worse=worse severity", "shifted-more=shifted-more 39",
                          "shifted=shifted 2", "same=same"));
}

// Few values, so that much is alike.
std::vector<RaisedAlert> AnyAlerts() {
  std::vector<RaisedAlert> alerts(*rc::gen::inRange<size_t>(0, 12));
  for (RaisedAlert& alert : alerts) {
    alert = Raised(*rc::gen::element<std::string>("r", "s"),
                   *rc::gen::element<std::string>("e1", "e2", "e3"),
                   *rc::gen::element<std::string>("", "c", "d"), *rc::gen::inRange(0, 4),
                   *rc::gen::element(v1::Alert::INFO, v1::Alert::CRITICAL),
                   *rc::gen::element(v1::Alert::INTERRUPT, v1::Alert::LIST));
    alert.customer_id = *rc::gen::element<std::string>("p", "q");
    alert.alert_id = std::to_string(&alert - alerts.data());
  }
  return alerts;
}

TEST(AlertDiffPropertyTest, EachAlertStandsInOnePair) {
  EXPECT_TRUE(rc::check([] {
    const std::vector<RaisedAlert> before = AnyAlerts();
    const std::vector<RaisedAlert> after = AnyAlerts();
    std::vector<const RaisedAlert*> seen;
    for (const AlertPair& pair : PairAlerts(before, after)) {
      if (pair.before != nullptr) seen.push_back(pair.before);
      if (pair.after != nullptr) seen.push_back(pair.after);
    }
    std::sort(seen.begin(), seen.end());
    RC_ASSERT(std::adjacent_find(seen.begin(), seen.end()) == seen.end());
    RC_ASSERT(seen.size() == before.size() + after.size());
  }));
}

TEST(AlertDiffPropertyTest, AListDoesNotDifferFromItself) {
  EXPECT_TRUE(rc::check([] {
    const std::vector<RaisedAlert> before = AnyAlerts();
    std::vector<RaisedAlert> after = before;
    std::reverse(after.begin(), after.end());
    for (const AlertPair& pair : PairAlerts(before, after)) RC_ASSERT(!pair.Different());
  }));
}

TEST(AlertDiffPropertyTest, SwappingThePoliciesSwapsTheSides) {
  EXPECT_TRUE(rc::check([] {
    const std::vector<RaisedAlert> before = AnyAlerts();
    const std::vector<RaisedAlert> after = AnyAlerts();
    std::vector<std::pair<const RaisedAlert*, const RaisedAlert*>> one;
    std::vector<std::pair<const RaisedAlert*, const RaisedAlert*>> other;
    for (const AlertPair& pair : PairAlerts(before, after)) {
      one.emplace_back(pair.before, pair.after);
    }
    for (const AlertPair& pair : PairAlerts(after, before)) {
      other.emplace_back(pair.after, pair.before);
    }
    std::sort(one.begin(), one.end());
    std::sort(other.begin(), other.end());
    RC_ASSERT(one == other);
  }));
}

}  // namespace
}  // namespace peakend::replay
