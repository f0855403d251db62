#include "processors/scenarios/yaml_value.h"

#include <array>
#include <cstdint>
#include <cstdio>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "boost/json/array.hpp"
#include "boost/json/object.hpp"
#include "processors/publish/json.h"

namespace peakend::scenarios {
namespace {

using runtime::YamlNode;

// absl also reads hexadecimal numbers, infinities and blanks around.
bool LooksLikeNumber(std::string_view text) {
  bool digit = false;
  for (const char c : text) {
    const bool is_digit = absl::ascii_isdigit(static_cast<unsigned char>(c));
    digit = digit || is_digit;
    if (!is_digit && std::string_view("+-.eE").find(c) == std::string_view::npos) return false;
  }
  return digit && text[0] != 'e' && text[0] != 'E';
}

// Cut between characters.
std::string Shortened(std::string text) {
  constexpr size_t kMost = 200;
  if (text.size() <= kMost) return text;
  size_t end = kMost;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "...";
}

void AppendShown(const boost::json::value& value, std::string* out) {
  if (const boost::json::object* object = value.if_object()) {
    *out += '{';
    for (const auto& [key, member] : *object) {
      if (out->back() != '{') *out += ", ";
      out->append(key.data(), key.size()).append(": ");
      AppendShown(member, out);
    }
    *out += '}';
  } else if (const boost::json::array* list = value.if_array()) {
    *out += '[';
    for (const boost::json::value& element : *list) {
      if (out->back() != '[') *out += ", ";
      AppendShown(element, out);
    }
    *out += ']';
  } else if (const boost::json::string* text = value.if_string()) {
    publish::AppendJsonString({text->data(), text->size()}, out);
  } else if (const double* number = value.if_double()) {
    std::array<char, 32> digits;
    std::snprintf(digits.data(), digits.size(), "%.9g", *number);
    *out += digits.data();
  } else if (const int64_t* whole = value.if_int64()) {
    absl::StrAppend(out, *whole);
  } else if (const uint64_t* large = value.if_uint64()) {
    absl::StrAppend(out, *large);
  } else if (const bool* flag = value.if_bool()) {
    *out += *flag ? "true" : "false";
  } else {
    *out += "null";
  }
}

}  // namespace

boost::json::value ScalarValue(const YamlNode& node) {
  if (node.kind == YamlNode::Kind::kNull) return nullptr;
  if (!node.quoted) {
    if (node.text == "true") return true;
    if (node.text == "false") return false;
    int64_t whole = 0;
    double number = 0;
    if (LooksLikeNumber(node.text)) {
      if (absl::SimpleAtoi(node.text, &whole)) return whole;
      if (absl::SimpleAtod(node.text, &number)) return number;
    }
  }
  return boost::json::value(boost::json::string(node.text));
}

boost::json::value JsonValue(const YamlNode& node) {
  if (node.kind == YamlNode::Kind::kMap) {
    boost::json::object object;
    for (size_t i = 0; i < node.keys.size(); ++i) {
      object.insert_or_assign(node.keys[i].text, JsonValue(node.values[i]));
    }
    return object;
  }
  if (node.kind == YamlNode::Kind::kList) {
    boost::json::array list;
    for (const YamlNode& element : node.values) list.push_back(JsonValue(element));
    return list;
  }
  return ScalarValue(node);
}

const YamlNode* Member(const YamlNode& map, std::string_view key) {
  for (size_t i = 0; i < map.keys.size(); ++i) {
    if (map.keys[i].text == key) return &map.values[i];
  }
  return nullptr;
}

std::string ShowValue(const boost::json::value& value) {
  std::string out;
  AppendShown(value, &out);
  return Shortened(std::move(out));
}

}  // namespace peakend::scenarios
