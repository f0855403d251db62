#include "processors/runtime/config/time_zone.h"

#include <algorithm>
#include <fstream>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "processors/runtime/config/nearest_name.h"

namespace peakend::runtime {
namespace {

constexpr size_t kLongestName = 64;

// A name and nothing else: what looks a zone up takes paths as well, and "localtime" is
// another zone on each machine.
bool IsZoneName(std::string_view name) {
  return !name.empty() && name.size() <= kLongestName && name != "localtime" &&
         absl::ascii_isalpha(static_cast<unsigned char>(name.front())) &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
                  std::string_view("/_+-").find(c) != std::string_view::npos;
         });
}

// What tzdata lists for people to choose from; empty where it is not, or elsewhere.
std::vector<std::string> ListedZones() {
  std::ifstream file("/usr/share/zoneinfo/zone.tab");
  std::vector<std::string> names;
  for (std::string line; std::getline(file, line);) {
    const std::vector<std::string> columns = absl::StrSplit(line, '\t');
    if (columns.size() >= 3 && !absl::StartsWith(line, "#")) names.push_back(columns[2]);
  }
  return names;
}

}  // namespace

std::optional<UtcOffsets> UtcOffsetsOf(const std::string& name) {
  absl::TimeZone zone;
  if (!IsZoneName(name) || !absl::LoadTimeZone(name, &zone)) return std::nullopt;
  absl::Time at = absl::FromCivil(absl::CivilYear(2000), absl::UTCTimeZone());
  const absl::Time end = absl::FromCivil(absl::CivilYear(2060), absl::UTCTimeZone());
  UtcOffsets offsets;
  const auto add = [&] {
    v1::CalendarPolicy::UtcOffset& offset = *offsets.Add();
    offset.set_from_ms(absl::ToUnixMillis(at));
    offset.set_offset_seconds(zone.At(at).offset);
  };
  add();
  absl::TimeZone::CivilTransition change;
  while (zone.NextTransition(at, &change)) {
    // The old clock shows `change.from` at the very moment of the change.
    at = absl::FromCivil(change.from, absl::UTCTimeZone()) -
         absl::Seconds(offsets.rbegin()->offset_seconds());
    if (at >= end) break;
    add();
  }
  return offsets;
}

std::string NearestTimeZone(std::string_view name) {
  const std::vector<std::string> zones = ListedZones();
  const absl::string_view asked(name.data(), name.size());
  for (const std::string& zone : zones) {
    const absl::string_view place = absl::string_view(zone).substr(zone.rfind('/') + 1);
    if (absl::EqualsIgnoreCase(zone, asked) || absl::EqualsIgnoreCase(place, asked)) return zone;
  }
  return NearestName(name, zones);
}

}  // namespace peakend::runtime
