#include "processors/scenarios/shown_records.h"

#include <array>
#include <bitset>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "boost/json/object.hpp"
#include "boost/json/serialize.hpp"
#include "processors/adapters/json_document.h"
#include "processors/publish/output.h"

namespace peakend::scenarios {
namespace {

using publish::Topic;

constexpr std::array<std::pair<std::string_view, Topic>, 7> kSections = {{
    {"journeys", Topic::kJourneys},
    {"alerts", Topic::kAlerts},
    {"cards", Topic::kCards},
    {"statistics", Topic::kStatistics},
    {"moments", Topic::kMoments},
    {"rejected", Topic::kRejected},
    {"late", Topic::kLate},
}};

std::optional<Topic> TopicOf(const Difference& difference) {
  const std::string_view where = difference.where;
  const std::string_view section = where.substr(0, where.find_first_of("[.:"));
  for (const auto& [name, topic] : kSections) {
    if (name == section) return topic;
  }
  return std::nullopt;
}

bool SaysNothing(const boost::json::value& value) {
  if (value.is_object() || value.is_array() || value.is_null()) return true;
  if (const auto* text = value.if_string()) {
    return text->empty() || std::string_view(*text).ends_with("UNSPECIFIED");
  }
  if (value.is_bool()) return !value.get_bool();
  boost::json::error_code error;
  return value.to_number<double>(error) == 0 && !error;
}

// REQUIRES: a text, number or true.
std::string Words(const boost::json::value& value) {
  if (const auto* text = value.if_string()) return std::string(*text);
  if (value.is_bool()) return "yes";
  return value.is_double() ? absl::StrFormat("%.9g", value.get_double())
                           : boost::json::serialize(value);
}

}  // namespace

std::vector<const OutputRecord*> ShownRecords(const Outcome& outcome,
                                              const std::vector<Difference>& differences) {
  std::bitset<publish::kTopicCount> topics;
  for (const Difference& difference : differences) {
    if (const std::optional<Topic> topic = TopicOf(difference)) {
      topics.set(static_cast<size_t>(*topic));
    } else {
      topics.set();
    }
  }
  std::vector<const OutputRecord*> shown;
  for (const OutputRecord& record : outcome.records) {
    if (topics.test(static_cast<size_t>(record.topic))) shown.push_back(&record);
  }
  return shown;
}

std::string InShort(const std::string& value) {
  const auto parsed = adapters::ParseJson(value);
  const boost::json::object* row = parsed.ok() ? parsed->if_object() : nullptr;
  if (row == nullptr) return value;
  std::string text;
  for (const auto& [name, member] : *row) {
    if (name == "policy_version" || name == "dedupe_key" || SaysNothing(member)) continue;
    absl::StrAppend(&text, text.empty() ? "" : ", ", std::string(name), " ", Words(member));
  }
  return text;
}

}  // namespace peakend::scenarios
