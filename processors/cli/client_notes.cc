#include "processors/cli/client_notes.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "processors/runtime/config/value_text.h"

namespace peakend::cli {
namespace {

bool Has(const ClientLibrary& library, absl::string_view feature) {
  const std::vector<std::string> features = absl::StrSplit(library.features, ',');
  return std::find(features.begin(), features.end(), feature) != features.end();
}

runtime::Diagnostic Missing(std::string message, std::string help) {
  runtime::Diagnostic diagnostic;
  diagnostic.code = "PE0035";
  diagnostic.message = std::move(message);
  diagnostic.help = std::move(help);
  return diagnostic;
}

}  // namespace

std::string FetchQueueNote(const v1::KafkaConfig& kafka, const ClientLibrary& library) {
  if (library.has_fetch_queue_backoff) {
    return absl::StrCat("librdkafka ", library.version, ": kafka.fetch_queue_bytes (",
                        runtime::FormatBytes(kafka.fetch_queue_bytes()),
                        ") counts; a full queue pauses for milliseconds");
  }
  return absl::StrCat(
      "librdkafka ", library.version, " pauses a full fetch queue for a whole second, so ",
      "kafka.fetch_queue_bytes_before_2_2 (",
      runtime::FormatBytes(kafka.fetch_queue_bytes_before_2_2()),
      ") counts: memory of up to that size for full throughput; 2.2.0 or newer ",
      "needs only kafka.fetch_queue_bytes (", runtime::FormatBytes(kafka.fetch_queue_bytes()), ")");
}

std::vector<runtime::Diagnostic> MissingFeatures(const v1::KafkaConfig& kafka,
                                                 const ClientLibrary& library) {
  std::vector<runtime::Diagnostic> missing;
  const auto method = kafka.properties().find("sasl.oauthbearer.method");
  if (method != kafka.properties().end() && absl::EqualsIgnoreCase(method->second, "oidc") &&
      !Has(library, "oidc") && !Has(library, "sasl_oauthbearer_oidc")) {
    missing.push_back(Missing(
        absl::StrCat("librdkafka ", library.version,
                     " was built without libcurl and refuses `sasl.oauthbearer.method: oidc`"),
        "use SCRAM or a client certificate, or a librdkafka that was built with libcurl"));
  }
  const bool tls = absl::StrContains(kafka.security_protocol(), "ssl");
  if (tls && !Has(library, "ssl")) {
    missing.push_back(
        Missing(absl::StrCat("librdkafka ", library.version, " was built without TLS"), ""));
  }
  if (absl::StartsWith(kafka.sasl_mechanism(), "SCRAM") && !Has(library, "sasl_scram")) {
    missing.push_back(
        Missing(absl::StrCat("librdkafka ", library.version, " was built without SCRAM"), ""));
  }
  if (kafka.sasl_mechanism() == "GSSAPI" && !Has(library, "sasl_gssapi")) {
    missing.push_back(
        Missing(absl::StrCat("librdkafka ", library.version, " was built without Kerberos"), ""));
  }
  return missing;
}

}  // namespace peakend::cli
