#include "processors/cli/kafka_talk.h"

#include <memory>
#include <mutex>
#include <ostream>
#include <string_view>

namespace peakend::cli {

runtime::KafkaLog KafkaTalk(Invocation& call) {
  if (call.verbosity == 0) return nullptr;
  // librdkafka speaks from several threads.
  auto mutex = std::make_shared<std::mutex>();
  std::ostream* err = call.err;
  return [mutex, err](int level, std::string_view line) {
    const std::lock_guard<std::mutex> lock(*mutex);
    *err << line << std::endl;
  };
}

ExitCode ReportKafkaError(const absl::Status& status, Invocation& call) {
  *call.err << "error: " << status.message() << std::endl;
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
      return ExitCode::kUnavailable;
    case absl::StatusCode::kDataLoss:
      return ExitCode::kBadData;
    case absl::StatusCode::kInternal:
      return ExitCode::kBug;
    default:
      return ExitCode::kConfigError;
  }
}

}  // namespace peakend::cli
