#include "processors/scenarios/scenario_match.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "boost/json/object.hpp"
#include "processors/scenarios/compact_time.h"
#include "processors/scenarios/yaml_value.h"

namespace peakend::scenarios {
namespace {

using boost::json::value;
using runtime::YamlNode;

constexpr double kTolerance = 1e-6;
constexpr std::string_view kNothing = "nothing";

double AsDouble(const value& number) {
  if (const double* real = number.if_double()) return *real;
  if (const uint64_t* large = number.if_uint64()) return static_cast<double>(*large);
  return static_cast<double>(number.get_int64());
}

bool SameScalar(const value& want, const value& got) {
  if (!want.is_number() || !got.is_number()) return want == got;
  if (want.is_int64() && got.is_int64()) return want == got;
  return std::abs(AsDouble(want) - AsDouble(got)) <= kTolerance;
}

std::string Elements(size_t count) {
  return absl::StrCat(count, count == 1 ? " element" : " elements");
}

class Matcher {
 public:
  explicit Matcher(std::vector<Difference>* differences) : differences_(*differences) {}

  void Node(const YamlNode& want, const value& got, const std::string& where) {
    if (IsRange(want)) return Range(want, got, where);
    switch (want.kind) {
      case YamlNode::Kind::kMap:
        return Object(want, got, where);
      case YamlNode::Kind::kList:
        return List(want, got, where);
      default:
        return Scalar(want, got, where);
    }
  }

 private:
  static bool IsRange(const YamlNode& want) {
    return want.kind == YamlNode::Kind::kMap && !want.keys.empty() &&
           std::all_of(want.keys.begin(), want.keys.end(), [](const YamlNode& key) {
             return key.text == "above" || key.text == "below";
           });
  }

  void Add(const YamlNode& want, const std::string& where, std::string expected, std::string got) {
    differences_.push_back({where, std::move(expected), std::move(got), want.line});
  }

  void Range(const YamlNode& want, const value& got, const std::string& where) {
    for (size_t i = 0; i < want.keys.size(); ++i) {
      const value bound = ScalarValue(want.values[i]);
      const bool above = want.keys[i].text == "above";
      const bool holds =
          got.is_number() && bound.is_number() &&
          (above ? AsDouble(got) > AsDouble(bound) : AsDouble(got) < AsDouble(bound));
      if (holds) continue;
      Add(want.keys[i], where, absl::StrCat(want.keys[i].text, " ", ShowValue(bound)),
          ShowValue(got));
    }
  }

  void Object(const YamlNode& want, const value& got, const std::string& where) {
    const boost::json::object* object = got.if_object();
    if (object == nullptr) return Add(want, where, "an object", ShowValue(got));
    for (size_t i = 0; i < want.keys.size(); ++i) {
      const std::string& name = want.keys[i].text;
      if (name == "absent") {
        Absent(want.values[i], *object, where);
        continue;
      }
      const std::string member = absl::StrCat(where, ".", name);
      if (const value* found = object->if_contains(name)) {
        Node(want.values[i], *found, member);
      } else {
        Add(want.keys[i], member, ShowValue(JsonValue(want.values[i])), std::string(kNothing));
      }
    }
  }

  void Absent(const YamlNode& names, const boost::json::object& object, const std::string& where) {
    for (const YamlNode& name : names.values) {
      const value* found = object.if_contains(name.text);
      if (found == nullptr) continue;
      Add(name, absl::StrCat(where, ".", name.text), std::string(kNothing), ShowValue(*found));
    }
  }

  void List(const YamlNode& want, const value& got, const std::string& where) {
    const boost::json::array* list = got.if_array();
    if (list == nullptr) return Add(want, where, "a list", ShowValue(got));
    if (list->size() != want.values.size()) {
      return Add(want, where, Elements(want.values.size()), Elements(list->size()));
    }
    for (size_t i = 0; i < want.values.size(); ++i) {
      Node(want.values[i], (*list)[i], absl::StrCat(where, "[", i, "]"));
    }
  }

  void Scalar(const YamlNode& want, const value& got, const std::string& where) {
    value wanted = ScalarValue(want);
    std::string shown = ShowValue(wanted);
    if (want.text.rfind('@', 0) == 0) {
      if (const auto ms = CompactDurationMs(std::string_view(want.text).substr(1))) {
        wanted = kStartMs + *ms;
        shown = absl::StrCat(kStartMs + *ms, " (", want.text, ")");
      }
    }
    if (!SameScalar(wanted, got)) Add(want, where, std::move(shown), ShowValue(got));
  }

  std::vector<Difference>& differences_;
};

void CompareObjects(const boost::json::object& want, const boost::json::object& got,
                    const std::string& where, std::vector<Difference>* differences) {
  for (const auto& [name, member] : want) {
    const std::string inner = absl::StrCat(where, ".", std::string(name));
    if (const value* found = got.if_contains(name)) {
      Compare(member, *found, inner, differences);
    } else {
      differences->push_back({inner, ShowValue(member), std::string(kNothing)});
    }
  }
  for (const auto& [name, member] : got) {
    if (want.contains(name)) continue;
    differences->push_back(
        {absl::StrCat(where, ".", std::string(name)), std::string(kNothing), ShowValue(member)});
  }
}

}  // namespace

void Match(const YamlNode& want, const value& got, std::string_view where,
           std::vector<Difference>* differences) {
  Matcher(differences).Node(want, got, std::string(where));
}

void Compare(const value& want, const value& got, const std::string& where,
             std::vector<Difference>* differences) {
  if (want.is_object() && got.is_object()) {
    CompareObjects(want.get_object(), got.get_object(), where, differences);
  } else if (want.is_array() && got.is_array()) {
    const boost::json::array& wanted = want.get_array();
    const boost::json::array& found = got.get_array();
    if (wanted.size() != found.size()) {
      differences->push_back({std::string(where), Elements(wanted.size()), Elements(found.size())});
      return;
    }
    for (size_t i = 0; i < wanted.size(); ++i) {
      Compare(wanted[i], found[i], absl::StrCat(where, "[", i, "]"), differences);
    }
  } else if (!SameScalar(want, got)) {
    differences->push_back({std::string(where), ShowValue(want), ShowValue(got)});
  }
}

}  // namespace peakend::scenarios
