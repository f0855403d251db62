#include "processors/scenarios/outcome.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "boost/json/object.hpp"
#include "processors/adapters/json_document.h"

namespace peakend::scenarios {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

std::string_view TextIn(const value& row, std::string_view name) {
  const value* member = row.get_object().if_contains(name);
  const boost::json::string* text = member == nullptr ? nullptr : member->if_string();
  return text == nullptr ? std::string_view() : std::string_view(text->data(), text->size());
}

int64_t WholeIn(const value& row, std::string_view name) {
  const value* member = row.get_object().if_contains(name);
  return member != nullptr && member->is_int64() ? member->get_int64() : 0;
}

bool IsDeleted(const value& row) {
  const value* deleted = row.get_object().if_contains("is_deleted");
  return deleted != nullptr && deleted->is_bool() && deleted->get_bool();
}

array WithoutDeleted(array rows) {
  array kept;
  for (value& row : rows) {
    if (!IsDeleted(row)) kept.push_back(std::move(row));
  }
  return kept;
}

}  // namespace

array TopicValues(const Outcome& outcome, publish::Topic topic) {
  array values;
  for (const OutputRecord& record : outcome.records) {
    if (record.topic != topic) continue;
    // What we wrote ourselves is JSON.
    if (auto parsed = adapters::ParseJson(record.value); parsed.ok() && parsed->is_object()) {
      values.push_back(*std::move(parsed));
    }
  }
  return values;
}

array NewestRows(const Outcome& outcome, publish::Topic topic, std::string_view id) {
  array rows;
  std::map<std::string, size_t, std::less<>> places;
  for (value& row : TopicValues(outcome, topic)) {
    const auto [place, first] = places.emplace(std::string(TextIn(row, id)), rows.size());
    if (first) {
      rows.push_back(std::move(row));
    } else if (WholeIn(row, "row_version") > WholeIn(rows[place->second], "row_version")) {
      rows[place->second] = std::move(row);
    }
  }
  return rows;
}

array NewestMoments(const Outcome& outcome) {
  return WithoutDeleted(NewestRows(outcome, publish::Topic::kMoments, "moment_id"));
}

array NewestJourneys(const Outcome& outcome) {
  array rows = WithoutDeleted(NewestRows(outcome, publish::Topic::kJourneys, "journey_id"));
  const auto order = [](const value& row) {
    return std::make_tuple(WholeIn(row, "started_at_ms"), TextIn(row, "tenant_id"),
                           TextIn(row, "customer_id"));
  };
  std::stable_sort(rows.begin(), rows.end(),
                   [&](const value& a, const value& b) { return order(a) < order(b); });
  return rows;
}

array ComparableJourneys(const Outcome& outcome) {
  array rows = NewestJourneys(outcome);
  for (value& row : rows) {
    row.get_object().erase("row_version");
    row.get_object().erase("source");
  }
  return rows;
}

array MergedInto(const Outcome& outcome) {
  std::set<std::string, std::less<>> customers;
  const auto add = [&](publish::Topic topic, std::string_view id) {
    for (const value& row : NewestRows(outcome, topic, id)) {
      const std::string_view into = TextIn(row, "merged_into");
      if (IsDeleted(row) && !into.empty()) customers.emplace(into);
    }
  };
  add(publish::Topic::kJourneys, "journey_id");
  add(publish::Topic::kMoments, "moment_id");
  array names;
  for (const std::string& customer : customers) names.emplace_back(boost::json::string(customer));
  return names;
}

}  // namespace peakend::scenarios
