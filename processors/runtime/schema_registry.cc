#include "processors/runtime/schema_registry.h"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <optional>
#include <sstream>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "boost/json/value.hpp"
#include "google/protobuf/util/time_util.h"
#include "processors/adapters/json_document.h"
#include "processors/publish/json.h"

namespace peakend::runtime {
namespace {

using google::protobuf::util::TimeUtil;

constexpr char kContentType[] = "application/vnd.schemaregistry.v1+json";
constexpr size_t kLongestReason = 200;

absl::StatusOr<std::string> ReadPassword(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  if (!file || !(content << file.rdbuf())) {
    return absl::NotFoundError(absl::StrCat("cannot read bi.registry.password_file ", path));
  }
  std::string password = content.str();
  while (!password.empty() && (password.back() == '\n' || password.back() == '\r')) {
    password.pop_back();
  }
  return password;
}

// One segment of a path by RFC 3986.
std::string Segment(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string segment;
  for (const char c : text) {
    if (absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '.' || c == '_' ||
        c == '~') {
      segment.push_back(c);
    } else {
      segment.push_back('%');
      segment.push_back(kHex[static_cast<uint8_t>(c) >> 4]);
      segment.push_back(kHex[static_cast<uint8_t>(c) & 0xF]);
    }
  }
  return segment;
}

std::string SchemaBody(std::string_view schema) {
  std::string body = R"({"schemaType":"PROTOBUF","schema":)";
  publish::AppendJsonString(schema, &body);
  body.push_back('}');
  return body;
}

// A member of the answer's object; none where the answer is something else.
std::optional<boost::json::value> Member(const HttpAnswer& answer, const char* name) {
  const absl::StatusOr<boost::json::value> json = adapters::ParseJson(answer.body);
  const boost::json::object* const object = json.ok() ? json->if_object() : nullptr;
  const boost::json::value* const member = object != nullptr ? object->if_contains(name) : nullptr;
  if (member == nullptr) return std::nullopt;
  return *member;
}

// What the registry says of it, made fit for a line; empty when it says nothing.
std::string Reason(const HttpAnswer& answer) {
  const std::optional<boost::json::value> message = Member(answer, "message");
  const boost::json::string* const text = message ? message->if_string() : nullptr;
  if (text == nullptr) return "";
  const absl::string_view start(text->data(), std::min(text->size(), kLongestReason));
  return absl::StrCat(": ", absl::Utf8SafeCEscape(start));
}

absl::StatusOr<int> IdIn(const HttpAnswer& answer) {
  const std::optional<boost::json::value> id = Member(answer, "id");
  const int64_t* const number = id ? id->if_int64() : nullptr;
  if (number != nullptr && *number > 0 && *number <= INT32_MAX) return static_cast<int>(*number);
  return absl::InvalidArgumentError(
      "the schema registry's answer has no number of a schema: does bi.registry.url name the "
      "root of a Confluent-compatible API?");
}

bool IsIll(int status) { return status == 429 || status >= 500; }

}  // namespace

absl::StatusOr<SchemaRegistryOptions> RegistryOptionsFrom(const v1::RegistryConfig& config) {
  SchemaRegistryOptions options;
  absl::StatusOr<RegistryUrl> url = ParseRegistryUrl(config.url());
  if (!url.ok()) {
    return absl::InvalidArgumentError(absl::StrCat("bi.registry.url: ", url.status().message()));
  }
  options.url = *std::move(url);
  options.timeout = absl::Nanoseconds(TimeUtil::DurationToNanoseconds(config.timeout()));
  if (config.username().empty()) return options;
  const absl::StatusOr<std::string> password = ReadPassword(config.password_file());
  if (!password.ok()) return password.status();
  options.authorization =
      absl::StrCat("Basic ", absl::Base64Escape(absl::StrCat(config.username(), ":", *password)));
  return options;
}

absl::StatusOr<int> SchemaRegistry::IdOf(std::string_view subject, std::string_view schema) {
  const std::pair key{std::string(subject), std::string(schema)};
  if (const auto known = ids_.find(key); known != ids_.end()) return known->second;
  absl::StatusOr<int> id = Ask(key.first, SchemaBody(schema));
  if (id.ok()) ids_.emplace(key, *id);
  return id;
}

absl::StatusOr<int> SchemaRegistry::Ask(const std::string& subject, const std::string& body) {
  const std::string path = absl::StrCat("/subjects/", Segment(subject));
  const absl::StatusOr<HttpAnswer> found = Send(path, body);
  if (!found.ok()) return found.status();
  if (found->status == 200) return IdIn(*found);
  if (found->status != 404) return ErrorOf(*found, subject);
  if (const absl::Status status = CheckCompatible(subject, body); !status.ok()) return status;
  const absl::StatusOr<HttpAnswer> made = Send(absl::StrCat(path, "/versions"), body);
  if (!made.ok()) return made.status();
  if (made->status == 200) return IdIn(*made);
  return ErrorOf(*made, subject);
}

absl::Status SchemaRegistry::CheckCompatible(const std::string& subject, const std::string& body) {
  const absl::StatusOr<HttpAnswer> answer =
      Send(absl::StrCat("/compatibility/subjects/", Segment(subject), "/versions/latest"), body);
  if (!answer.ok()) return answer.status();
  if (answer->status == 404) return absl::OkStatus();  // the first of its subject
  if (answer->status != 200) return ErrorOf(*answer, subject);
  const std::optional<boost::json::value> verdict = Member(*answer, "is_compatible");
  const bool* const is_compatible = verdict ? verdict->if_bool() : nullptr;
  if (is_compatible == nullptr) {
    return absl::InvalidArgumentError(
        "the schema registry's answer does not say whether a schema is compatible: does "
        "bi.registry.url name the root of a Confluent-compatible API?");
  }
  return *is_compatible ? absl::OkStatus() : ErrorOf({409, ""}, subject);
}

absl::StatusOr<HttpAnswer> SchemaRegistry::Send(const std::string& path, const std::string& body) {
  const HttpRequest request{options_.url.path + path, body, kContentType, options_.authorization};
  absl::Duration pause = options_.pause;
  for (int attempt = 1;; ++attempt, pause *= 2) {
    absl::StatusOr<HttpAnswer> answer = Post(options_.url, request, options_.timeout);
    const bool is_ill = answer.ok() && IsIll(answer->status);
    const bool is_away = absl::IsUnavailable(answer.status());
    if ((is_ill || is_away) && attempt < options_.attempts) {
      options_.sleep(pause);
      continue;
    }
    if (answer.ok()) return answer;
    const std::string problem =
        absl::StrCat("schema registry ", options_.url.Authority(), ": ", answer.status().message(),
                     "; check bi.registry.url, or set schema_id of the rows");
    return absl::Status(answer.status().code(), problem);
  }
}

absl::Status SchemaRegistry::ErrorOf(const HttpAnswer& answer, const std::string& subject) const {
  const std::string what = absl::StrCat("schema registry ", options_.url.Authority(), ", subject ",
                                        subject, ": ", answer.status, Reason(answer));
  switch (answer.status) {
    case 401:
    case 403:
      return absl::PermissionDeniedError(
          absl::StrCat(what,
                       "; check bi.registry.username and password_file, and that this user "
                       "may register under the subject"));
    case 409:
      return absl::FailedPreconditionError(
          absl::StrCat("schema registry ", options_.url.Authority(), ", subject ", subject,
                       ": its rows are not compatible with the latest schema there", Reason(answer),
                       "; give the rows a topic of another name, or loosen the compatibility of "
                       "the subject in the registry"));
    case 422:
      return absl::InvalidArgumentError(
          absl::StrCat(what, "; the registry does not take the schema: does it know PROTOBUF?"));
    default:
      break;
  }
  if (IsIll(answer.status)) {
    return absl::UnavailableError(absl::StrCat(what, "; see the registry's own log"));
  }
  return absl::InvalidArgumentError(
      absl::StrCat(what, "; bi.registry.url must name the root of a Confluent-compatible API"));
}

}  // namespace peakend::runtime
