#include "processors/cli/version_command.h"

#include <google/protobuf/stubs/common.h>
#include <xxhash.h>
#include <zlib.h>

#include <CLI/CLI.hpp>
#include <boost/version.hpp>
#include <ostream>
#include <string>

#include "absl/base/config.h"
#include "processors/runtime/kafka_version.h"

namespace peakend::cli {
namespace {

void PrintLibraries(std::ostream& out) {
  out << "librdkafka " << runtime::KafkaLibraryVersion() << "\n"
      << "  features " << runtime::KafkaBuiltinFeatures() << "\n"
      << "protobuf " << google::protobuf::internal::VersionString(GOOGLE_PROTOBUF_VERSION) << "\n"
      << "abseil " << ABSL_LTS_RELEASE_VERSION << "." << ABSL_LTS_RELEASE_PATCH_LEVEL << "\n"
      << "boost " << BOOST_VERSION / 100000 << "." << BOOST_VERSION / 100 % 1000 << "."
      << BOOST_VERSION % 100 << "\n"
      << "xxhash " << XXH_VERSION_MAJOR << "." << XXH_VERSION_MINOR << "." << XXH_VERSION_RELEASE
      << "\n"
      << "zlib " << zlibVersion() << "\n"
      << "CLI11 " << CLI11_VERSION << "\n"
      << "compiler " << __VERSION__ << "\n";
}

}  // namespace

Command VersionCommand() {
  return {.name = "version",
          .summary = "Print the version of the program and, with -v, of its libraries",
          .examples =
              "peakend version\n"
              "peakend version --verbose\n",
          .setup = [](CLI::App&) -> Action {
            return [](Invocation& call) {
              *call.out << "peakend " << PEAKEND_VERSION << "\n";
              if (call.verbosity > 0) PrintLibraries(*call.out);
              return ExitCode::kOk;
            };
          }};
}

}  // namespace peakend::cli
