#include "processors/runtime/config/config_checks.h"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/util/time_util.h"
#include "processors/runtime/config/bi_checks.h"
#include "processors/runtime/config/field_rules.h"

namespace peakend::runtime {
namespace {

using google::protobuf::util::TimeUtil;

struct NamedValue {
  std::string name;
  std::string_view value;
};

// All or none of `values` must be set.
void CheckTogether(const std::vector<NamedValue>& values, LoadState& state) {
  const auto set = [](const NamedValue& v) { return !v.value.empty(); };
  const auto first = std::find_if(values.begin(), values.end(), set);
  if (first == values.end()) return;
  for (const NamedValue& value : values) {
    if (set(value)) continue;
    state.problems.Error(WrittenOrigin(state.origins, {"kafka." + first->name}),
                         {"PE0030", absl::StrCat("`", first->name, "` needs `", value.name, "`"),
                          absl::StrCat("set kafka.", value.name, " too")});
  }
}

void CheckSasl(const v1::KafkaConfig& kafka, LoadState& state) {
  // Kerberos takes its identity from the ticket cache.
  if (kafka.sasl_mechanism() != "GSSAPI") {
    CheckTogether({{"sasl_mechanism", kafka.sasl_mechanism()},
                   {"sasl_username", kafka.sasl_username()},
                   {"sasl_password_file", kafka.sasl_password_file()}},
                  state);
  }
  const bool protocol_has_sasl = absl::StartsWith(kafka.security_protocol(), "sasl_");
  if (!kafka.sasl_mechanism().empty() && !protocol_has_sasl) {
    state.problems.Error(WrittenOrigin(state.origins, {"kafka.sasl_mechanism"}),
                         {"PE0031",
                          absl::StrCat("`sasl_mechanism` has no effect with security_protocol `",
                                       kafka.security_protocol(), "`"),
                          "set kafka.security_protocol to sasl_ssl or sasl_plaintext"});
  }
  const bool by_properties = kafka.properties().contains("sasl.mechanism") ||
                             kafka.properties().contains("sasl.mechanisms");
  if (protocol_has_sasl && kafka.sasl_mechanism().empty() && !by_properties) {
    state.problems.Error(
        WrittenOrigin(state.origins, {"kafka.security_protocol"}),
        {"PE0030",
         absl::StrCat("security_protocol `", kafka.security_protocol(), "` needs `sasl_mechanism`"),
         "set kafka.sasl_mechanism, sasl_username and sasl_password_file"});
  }
}

void CheckProperties(const v1::KafkaConfig& kafka, LoadState& state) {
  for (const auto& [key, value] : kafka.properties()) {
    const Origin origin = WrittenOrigin(state.origins, {"kafka.properties." + key});
    if (!NamesSecret(key) || origin.secret || value.empty()) continue;
    state.problems.Error(origin, {"PE0032", absl::StrCat(Quoted(key), " is a secret in the open"),
                                  "write `${file:/path}` and keep the secret in that file"});
  }
}

// A transaction that a dead worker left open must end before its partitions go to
// another worker, who would otherwise wait for it with all readers.
void CheckTransactions(const v1::Config& config, LoadState& state) {
  const v1::KafkaConfig& kafka = config.kafka();
  if (config.delivery() != "exactly_once") return;
  if (TimeUtil::DurationToNanoseconds(kafka.transaction_timeout()) <
      TimeUtil::DurationToNanoseconds(kafka.session_timeout())) {
    return;
  }
  state.problems.Warning(
      WrittenOrigin(state.origins, {"kafka.transaction_timeout", "kafka.session_timeout"}),
      {"PE0036", "`transaction_timeout` is not less than `session_timeout`",
       "the next owner of a dead worker's partitions waits for the transaction it left open"});
}

bool IsLegalTopicName(std::string_view name) {
  const auto legal = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  };
  return !name.empty() && name.size() <= 249 && name != "." && name != ".." &&
         std::all_of(name.begin(), name.end(), legal);
}

std::string NamePath(const std::string& field) { return absl::StrCat("topics.", field, ".name"); }

void CheckTopics(const v1::TopicsConfig& topics, LoadState& state) {
  std::map<std::string, std::string> field_of;
  for (const std::string& field : FieldNames(*topics.GetDescriptor())) {
    const auto* descriptor = topics.GetDescriptor()->FindFieldByName(field);
    const auto& topic =
        static_cast<const v1::TopicConfig&>(topics.GetReflection()->GetMessage(topics, descriptor));
    const Origin origin = WrittenOrigin(state.origins, {NamePath(field)});
    if (!IsLegalTopicName(topic.name())) {
      state.problems.Error(origin,
                           {"PE0034", absl::StrCat(Quoted(topic.name()), " is no topic name"),
                            "letters, digits, `.`, `_` and `-`, at most 249 of them"});
    }
    const auto [other, inserted] = field_of.emplace(topic.name(), field);
    if (inserted) continue;
    const Origin where = WrittenOrigin(state.origins, {NamePath(field), NamePath(other->second)});
    state.problems.Error(where, {"PE0033",
                                 absl::StrCat("`", other->second, "` and `", field,
                                              "` are both the topic ", Quoted(topic.name())),
                                 "give each topic its own name"});
  }
}

}  // namespace

void CheckConfig(const v1::Config& config, LoadState& state) {
  CheckSasl(config.kafka(), state);
  CheckTogether({{"ssl_certificate_file", config.kafka().ssl_certificate_file()},
                 {"ssl_key_file", config.kafka().ssl_key_file()}},
                state);
  CheckProperties(config.kafka(), state);
  CheckTransactions(config, state);
  CheckTopics(config.topics(), state);
  CheckBi(config.bi(), state);
}

}  // namespace peakend::runtime
