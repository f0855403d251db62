// Asks a schema registry for the number of a schema, by the API of Confluent's that others
// (Apicurio, Karapace, Redpanda) speak too. http only: a registry behind https needs a local
// proxy, or the number stands in the configuration.
//
// A schema that the subject has already is only looked up, which needs no right to write. A new
// one is registered if the registry says that it is compatible with the subject's latest.
//
// Bounded: each request by the timeout, and tried again twice where the registry is away or ill
// (no answer, 429, 5xx).
//
// Thread-safety: none. Waits on the caller's thread; for the start of a program, not for its loop.
#ifndef PEAKEND_PROCESSORS_RUNTIME_SCHEMA_REGISTRY_H_
#define PEAKEND_PROCESSORS_RUNTIME_SCHEMA_REGISTRY_H_

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "peakend/v1/config.pb.h"
#include "processors/runtime/config/registry_url.h"
#include "processors/runtime/http_exchange.h"

namespace peakend::runtime {

struct SchemaRegistryOptions {
  RegistryUrl url;
  std::string authorization;  // the header's value; empty = none
  absl::Duration timeout = absl::Seconds(5);
  int attempts = 3;
  absl::Duration pause = absl::Milliseconds(200);  // before the second attempt; then the double
  std::function<void(absl::Duration)> sleep = absl::SleepFor;
};

// As configured; reads the password. Errors: InvalidArgument = the URL; NotFound = the file of the
// password cannot be read.
absl::StatusOr<SchemaRegistryOptions> RegistryOptionsFrom(const v1::RegistryConfig& config);

class SchemaRegistry {
 public:
  explicit SchemaRegistry(SchemaRegistryOptions options) : options_(std::move(options)) {}

  // The number, > 0, of the protobuf `schema` (the text of a .proto without imports) under
  // `subject`. Asks once for each; errors are asked for again. Each error names what to do:
  //   Unavailable         the registry is away or ill
  //   FailedPrecondition  the schema is not compatible with the subject's earlier ones
  //   PermissionDenied    it does not know the user, or refuses them (401, 403)
  //   InvalidArgument     what is there is no such registry, or it refuses the schema
  absl::StatusOr<int> IdOf(std::string_view subject, std::string_view schema);

 private:
  absl::StatusOr<int> Ask(const std::string& subject, const std::string& body);
  absl::Status CheckCompatible(const std::string& subject, const std::string& body);
  absl::StatusOr<HttpAnswer> Send(const std::string& path, const std::string& body);
  absl::Status ErrorOf(const HttpAnswer& answer, const std::string& subject) const;

  const SchemaRegistryOptions options_;
  std::map<std::pair<std::string, std::string>, int> ids_;  // by subject and schema
};

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_SCHEMA_REGISTRY_H_
