#include "processors/replay/alert_diff.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <tuple>

namespace peakend::replay {
namespace {

using Alerts = std::vector<const RaisedAlert*>;

// What makes two alerts one, from the strictest to the loosest.
enum class Likeness { kEventAndTime, kEvent, kContact };

// Of whom, what and where; equal = alike.
auto KeyOf(const RaisedAlert& alert, Likeness likeness) {
  const bool by_contact = likeness == Likeness::kContact;
  const bool without_id = by_contact && alert.contact_id.empty();
  return std::tuple(std::string_view(alert.tenant_id), std::string_view(alert.customer_id),
                    std::string_view(alert.rule),
                    std::string_view(by_contact ? alert.contact_id : alert.event_id),
                    without_id ? std::string_view(alert.channel) : std::string_view(),
                    likeness == Likeness::kEventAndTime ? alert.occurred_at_ms : 0);
}

// Total but for alerts that are the same in everything that is compared.
auto OrderOf(const RaisedAlert& alert) {
  return std::tuple(alert.occurred_at_ms, std::string_view(alert.rule),
                    std::string_view(alert.tenant_id), std::string_view(alert.customer_id),
                    std::string_view(alert.event_id), std::string_view(alert.contact_id),
                    std::string_view(alert.alert_id));
}

void SortByKey(Likeness likeness, Alerts* alerts) {
  std::sort(alerts->begin(), alerts->end(), [&](const RaisedAlert* a, const RaisedAlert* b) {
    return std::tuple_cat(KeyOf(*a, likeness), OrderOf(*a)) <
           std::tuple_cat(KeyOf(*b, likeness), OrderOf(*b));
  });
}

// Moves what is alike into `pairs`; of several the first with the first.
void Match(Likeness likeness, Alerts* before, Alerts* after, std::vector<AlertPair>* pairs) {
  SortByKey(likeness, before);
  SortByKey(likeness, after);
  Alerts left_before;
  Alerts left_after;
  auto b = before->begin();
  auto a = after->begin();
  while (b != before->end() && a != after->end()) {
    const auto key_before = KeyOf(**b, likeness);
    const auto key_after = KeyOf(**a, likeness);
    if (key_before < key_after) {
      left_before.push_back(*b++);
    } else if (key_after < key_before) {
      left_after.push_back(*a++);
    } else {
      pairs->push_back({*b++, *a++});
    }
  }
  left_before.insert(left_before.end(), b, before->end());
  left_after.insert(left_after.end(), a, after->end());
  *before = std::move(left_before);
  *after = std::move(left_after);
}

Alerts PointersTo(const std::vector<RaisedAlert>& alerts) {
  Alerts pointers;
  pointers.reserve(alerts.size());
  for (const RaisedAlert& alert : alerts) pointers.push_back(&alert);
  return pointers;
}

// Smaller = a bigger difference.
int RankOf(const AlertPair& pair) {
  if (pair.matched()) {
    if (pair.UrgencyChanged()) return 0;
    if (pair.SeverityChanged()) return 2;
    return pair.ShiftMs() != 0 ? 3 : 4;
  }
  return pair.either().interrupts() ? 0 : 1;
}

int SeverityOf(const AlertPair& pair) {
  return std::max(pair.before != nullptr ? static_cast<int>(pair.before->severity) : 0,
                  pair.after != nullptr ? static_cast<int>(pair.after->severity) : 0);
}

}  // namespace

int64_t AlertPair::ShiftMs() const {
  return matched() ? after->occurred_at_ms - before->occurred_at_ms : 0;
}

bool AlertPair::SeverityChanged() const { return matched() && before->severity != after->severity; }

bool AlertPair::UrgencyChanged() const { return matched() && before->urgency != after->urgency; }

bool AlertPair::Different() const {
  return !matched() || ShiftMs() != 0 || SeverityChanged() || UrgencyChanged();
}

std::vector<AlertPair> PairAlerts(const std::vector<RaisedAlert>& before,
                                  const std::vector<RaisedAlert>& after) {
  Alerts left_before = PointersTo(before);
  Alerts left_after = PointersTo(after);
  std::vector<AlertPair> pairs;
  pairs.reserve(std::max(before.size(), after.size()));
  for (const Likeness likeness : {Likeness::kEventAndTime, Likeness::kEvent, Likeness::kContact}) {
    Match(likeness, &left_before, &left_after, &pairs);
  }
  for (const RaisedAlert* alert : left_before) pairs.push_back({alert, nullptr});
  for (const RaisedAlert* alert : left_after) pairs.push_back({nullptr, alert});
  std::stable_sort(pairs.begin(), pairs.end(), [](const AlertPair& a, const AlertPair& b) {
    return OrderOf(a.either()) < OrderOf(b.either());
  });
  return pairs;
}

void SortBySize(std::vector<AlertPair>* pairs) {
  const auto size_of = [](const AlertPair& pair) {
    return std::tuple(RankOf(pair), -SeverityOf(pair), -std::abs(pair.ShiftMs()));
  };
  std::stable_sort(pairs->begin(), pairs->end(),
                   [&](const AlertPair& a, const AlertPair& b) { return size_of(a) < size_of(b); });
}

}  // namespace peakend::replay
