#include "benchmarks/kafka_job.h"

#include <cstdlib>
#include <iostream>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "processors/runtime/config/load.h"
#include "processors/runtime/kafka_admin.h"

namespace peakend::benchmarks {

void Fail(const std::string& problem) {
  std::cerr << "benchmark: " << problem << "\n";
  std::exit(EXIT_FAILURE);
}

void CheckOk(const absl::Status& status) {
  if (!status.ok()) Fail(std::string(status.message()));
}

std::vector<std::string> JobSettings(const KafkaJob& job) {
  std::vector<std::string> settings = {
      absl::StrCat("kafka.bootstrap_servers=", job.broker),
      absl::StrCat("kafka.group_id=", job.name),
      absl::StrCat("topics.interaction_events.name=", job.input_topic),
      absl::StrCat("topics.interaction_events.partitions=", job.partitions),
      "worker.tick_interval=1h",
      "shutdown.fail_fast=true"};
  for (const char* output :
       {"moment_alerts", "moments", "journeys", "rejected_records", "late_events", "customer_state",
        "opening_cards", "touchpoint_statistics"}) {
    settings.push_back(absl::StrCat("topics.", output, ".name=", job.name, "-", output));
  }
  settings.insert(settings.end(), job.further.begin(), job.further.end());
  return settings;
}

std::vector<std::string> JobCommand(const std::string& program,
                                    const std::vector<std::string>& arguments,
                                    const KafkaJob& job) {
  std::vector<std::string> command = {program};
  command.insert(command.end(), arguments.begin(), arguments.end());
  for (const std::string& setting : JobSettings(job)) {
    command.insert(command.end(), {"-X", setting});
  }
  return command;
}

v1::Config JobConfig(const KafkaJob& job) {
  runtime::ConfigInputs inputs;
  inputs.flags = JobSettings(job);
  const auto loaded = runtime::LoadConfig(inputs);
  if (!loaded.ok()) Fail("its own settings do not load");
  return loaded.value();
}

absl::Status CreateTopics(const KafkaJob& job) {
  auto admin = runtime::KafkaAdmin::Open(JobConfig(job), nullptr, absl::Seconds(30));
  if (!admin.ok()) return admin.status();
  return (*admin)->CreateTopics(false).status();
}

}  // namespace peakend::benchmarks
