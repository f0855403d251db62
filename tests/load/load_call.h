// Calls of `peakend load` within a test: into files of its own, and onto a mock cluster.
#ifndef PEAKEND_TESTS_LOAD_LOAD_CALL_H_
#define PEAKEND_TESTS_LOAD_LOAD_CALL_H_

#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "peakend/v1/load_manifest.pb.h"
#include "processors/cli/command_line.h"
#include "processors/cli/load_command.h"
#include "processors/runtime/kafka_mock_cluster.h"

namespace peakend::cli {

struct Answer {
  ExitCode code;
  std::string out;
  std::string err;
};

inline Answer Ask(std::vector<std::string> args) {
  args.insert(args.begin(), "load");
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  Invocation call;
  call.in = &in;
  call.out = &out;
  call.err = &err;
  const ExitCode code = RunCommandLine({LoadCommand()}, args, call);
  return {code, out.str(), err.str()};
}

inline v1::LoadManifest Manifest(const std::string& text) {
  v1::LoadManifest manifest;
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(text, &manifest).ok()) << text;
  return manifest;
}

inline std::string TextOf(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

class LoadCommandTest : public ::testing::Test {
 protected:
  LoadCommandTest()
      : folder_(testing::TempDir() + "load_command_" + std::to_string(getpid()) + "/") {
    std::filesystem::create_directories(folder_);
  }
  ~LoadCommandTest() override { std::filesystem::remove_all(folder_); }

  std::string File(const std::string& name) const { return folder_ + name; }

 private:
  const std::string folder_;
};

class LoadOntoKafkaTest : public LoadCommandTest {
 protected:
  void SetUp() override {
    auto cluster =
        runtime::KafkaMockCluster::Start({"interaction-events", "moment-alerts"}, 3, nullptr);
    ASSERT_TRUE(cluster.ok()) << cluster.status();
    cluster_ = *std::move(cluster);
  }
  Answer Load(std::vector<std::string> args) {
    args.insert(args.end(),
                {"-X", "kafka.bootstrap_servers=" + std::string(cluster_->bootstrap_servers())});
    return Ask(args);
  }

  std::unique_ptr<runtime::KafkaMockCluster> cluster_;
};

}  // namespace peakend::cli

#endif  // PEAKEND_TESTS_LOAD_LOAD_CALL_H_
