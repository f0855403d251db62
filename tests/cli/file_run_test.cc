// File mode with customers who are linked: a line's step, and all that follows from it in other
// partitions, comes before the next line, so their number changes no final record.
#include "processors/cli/file_run.h"

#include <gmock/gmock.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl.h>
#include <gtest/gtest.h>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "peakend/v1/interaction_event.pb.h"
#include "processors/adapters/json_document.h"
#include "processors/cli/json_lines.h"
#include "processors/publish/policy.h"
#include "processors/runtime/config/load.h"

namespace peakend::cli {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Not;
using ::testing::StartsWith;

constexpr int64_t kStartMs = 1'736'154'000'000;  // 2025-01-06T09:00:00Z

publish::Policy LinkingPolicy() {
  const auto loaded = runtime::LoadPolicy("test", R"(
name: linking
version: "1"
identities:
  - {type: customer}
  - {type: phone, max_customers: 2}
  - {type: device, max_customers: 5}
rules:
  - {name: negative_peak, on: impression, enter: -0.5, exit: 0.0}
)");
  EXPECT_TRUE(loaded.ok()) << runtime::RenderDiagnostics(loaded.diagnostics(), false);
  absl::StatusOr<publish::Policy> policy = publish::CompilePolicy(loaded.value(), "linking@1");
  EXPECT_TRUE(policy.ok()) << policy.status();
  return *std::move(policy);
}

v1::InteractionEvent Turn(const std::string& id, const std::string& customer, int64_t at_s,
                          double valence) {
  v1::InteractionEvent event;
  event.set_event_id(id);
  event.set_source("test");
  event.set_tenant_id("acme");
  event.set_occurred_at_ms(kStartMs + at_s * 1000);
  event.mutable_customer()->set_customer_id(customer);
  event.mutable_contact()->set_contact_id(customer + "-" + std::to_string(at_s / 1000));
  event.set_channel(v1::CHANNEL_CHAT);
  event.mutable_turn()->set_role(v1::Turn::CUSTOMER);
  event.mutable_turn()->mutable_sentiment()->set_score(valence);
  return event;
}

v1::InteractionEvent Ended(const std::string& id, const std::string& customer, int64_t at_s) {
  v1::InteractionEvent event = Turn(id, customer, at_s, 0);
  event.mutable_lifecycle()->set_state(v1::Lifecycle::DISCONNECTED);
  return event;
}

v1::InteractionEvent Naming(v1::InteractionEvent event, const std::string& type,
                            const std::string& value) {
  v1::Identity& identity = *event.mutable_customer()->add_identities();
  identity.set_type(type);
  identity.set_value(value);
  return event;
}

// A visit that becomes a known customer's, a telephone of too many, and a call by everybody.
std::vector<v1::InteractionEvent> Day() {
  std::vector<v1::InteractionEvent> events = {
      Turn("v1", "~visit", 0, -0.9),
      Ended("v-end", "~visit", 10),
      Turn("b1", "bob", 20, 0.4),
      Naming(Turn("v2", "~visit", 40, -0.7), "customer", "bob"),
      Turn("v3", "~visit", 60, 0.6),
      Naming(Turn("p1", "~p1", 80, 0.1), "phone", "100"),
      Naming(Turn("p2", "~p2", 100, -0.8), "phone", "100"),
      Turn("p3", "~p2", 120, -0.9),
      Naming(Turn("p4", "~p3", 140, 0.2), "phone", "100"),
  };
  for (const char* customer : {"bob", "~visit", "~p1", "~p2", "~p3"}) {
    events.push_back(Turn(std::string("last-") + customer, customer, 2000, 0.3));
  }
  return events;
}

std::string Framed(const std::vector<v1::InteractionEvent>& events) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream coded(&stream);
  for (const v1::InteractionEvent& event : events) {
    const std::string value = event.SerializeAsString();
    coded.WriteVarint32(static_cast<uint32_t>(value.size()));
    coded.WriteString(value);
  }
  coded.Trim();
  return bytes;
}

struct Printed {
  std::vector<boost::json::object> records;
  std::string err;

  std::vector<std::string> Topics() const {
    std::vector<std::string> topics;
    for (const boost::json::object& record : records) {
      topics.emplace_back(record.at("topic").as_string());
    }
    return topics;
  }
  // Rows of `topic` as they were said last, by their `id`, but where they came from.
  std::map<std::string, std::string> Final(std::string_view topic, std::string_view id) const {
    std::map<std::string, boost::json::object> newest;
    for (const boost::json::object& record : records) {
      if (record.at("topic").as_string() != topic) continue;
      boost::json::object row = record.at("value").as_object();
      boost::json::object& held = newest[std::string(row.at(id).as_string())];
      const bool newer = held.empty() || row.at("row_version").to_number<int64_t>() >
                                             held.at("row_version").to_number<int64_t>();
      if (newer) held = std::move(row);
    }
    std::map<std::string, std::string> rows;
    for (auto& [key, row] : newest) {
      if (row.at("is_deleted").as_bool()) continue;
      row.erase("row_version");
      row.erase("source");
      rows[key] = boost::json::serialize(row);
    }
    return rows;
  }
};

Printed RunFile(const std::vector<v1::InteractionEvent>& events, int32_t partitions) {
  static const publish::Policy policy = LinkingPolicy();
  FileRunOptions options;
  options.input_name = "day.bin";
  options.format = EventFormat::kBinary;
  options.partitions = partitions;
  options.now_ms = kStartMs + 86'400'000;
  std::istringstream in(Framed(events));
  std::ostringstream out;
  std::ostringstream err;
  FileRun run(options, {{policy, WriteJsonLines(options.topics, out)}}, err);
  EXPECT_TRUE(run.Run(in).ok());
  Printed printed;
  std::istringstream lines(out.str());
  for (std::string line; std::getline(lines, line);) {
    const auto record = adapters::ParseJson(line);
    EXPECT_TRUE(record.ok()) << record.status();
    printed.records.push_back(record->as_object());
  }
  printed.err = err.str();
  return printed;
}

// Customers that the rows of journeys are of, in the order of the journeys' ids.
std::map<std::string, int> Owners(const std::map<std::string, std::string>& journeys) {
  std::map<std::string, int> owners;
  for (const auto& [id, row] : journeys) {
    const auto parsed = adapters::ParseJson(row);
    ++owners[std::string(parsed->as_object().at("customer_id").as_string())];
  }
  return owners;
}

TEST(FileRunTest, LinkedCustomersAreOneAndComeApart) {
  const Printed printed = RunFile(Day(), 1);
  EXPECT_EQ(printed.err, "");
  EXPECT_THAT(Owners(printed.Final("journeys", "journey_id")),
              ElementsAre(std::pair("bob", 1), std::pair("~p1", 1), std::pair("~p2", 1),
                          std::pair("~p3", 1)));
  int merged = 0;
  for (const boost::json::object& record : printed.records) {
    const boost::json::object& row = record.at("value").as_object();
    if (!row.contains("merged_into") || row.at("merged_into").as_string() != "bob") continue;
    EXPECT_TRUE(row.at("is_deleted").as_bool());
    ++merged;
  }
  EXPECT_GT(merged, 0) << "the visitor's rows are withdrawn";
}

TEST(FileRunTest, PartitionsChangeNoFinalRecord) {
  const Printed one = RunFile(Day(), 1);
  for (const int32_t partitions : {2, 3, 4, 7, 64}) {
    const Printed other = RunFile(Day(), partitions);
    EXPECT_EQ(one.Final("journeys", "journey_id"), other.Final("journeys", "journey_id"));
    EXPECT_EQ(one.Final("moments", "moment_id"), other.Final("moments", "moment_id"));
  }
}

// Alerts that only steps of records tell, not the end of time.
std::vector<std::string> Told(const Printed& printed) {
  std::vector<std::string> told;
  for (const boost::json::object& record : printed.records) {
    if (record.at("topic").as_string() != "moment-alerts") continue;
    const boost::json::object& alert = record.at("value").as_object();
    const std::string reason(alert.at("reason").as_string());
    if (reason != "raised" && reason != "merged" && reason != "split") continue;
    told.push_back(reason + " " + std::string(alert.at("alert_id").as_string()));
  }
  return told;
}

// Many are told at once that the device is shared, and all come back.
TEST(FileRunTest, StepsComeInTheOrderOfWritingWhicheverTheirPartitions) {
  std::vector<v1::InteractionEvent> events;
  for (const char* customer : {"~a", "~d", "~c", "~f", "~b", "~e"}) {
    const auto at_s = static_cast<int64_t>(events.size());
    events.push_back(Naming(Turn(customer, customer, at_s, -0.9), "device", "1"));
  }
  const std::vector<std::string> told = Told(RunFile(events, 1));
  EXPECT_THAT(told, Contains(StartsWith("merged ")));
  EXPECT_THAT(told, Contains(StartsWith("split ")));
  for (const int32_t partitions : {2, 3, 8}) {
    EXPECT_EQ(told, Told(RunFile(events, partitions))) << partitions << " partitions";
  }
}

TEST(FileRunTest, WhatCustomersTellEachOtherIsNoOutput) {
  EXPECT_THAT(RunFile(Day(), 3).Topics(), Each(Not(std::string("interaction-events"))));
}

TEST(FileRunTest, ProblemsNameTheirLines) {
  std::vector<v1::InteractionEvent> day = Day();
  day.insert(day.begin() + 7, Turn("", "bob", 110, 0.1));
  day.push_back(Turn("", "~p3", 2010, 0.1));
  const Printed printed = RunFile(day, 1);
  EXPECT_EQ(printed.err,
            "error: day.bin:8: rejected: no_event_id (event_id)\n"
            "error: day.bin:16: rejected: no_event_id (event_id)\n");
}

// Each record of a partition has an offset of its own, those between customers as well.
TEST(FileRunTest, OffsetsAreThoseOfAPartitionsLog) {
  std::vector<v1::InteractionEvent> events = {Turn("", "bob", 0, 0.1),
                                              Naming(Turn("v", "~v", 1, 0.1), "phone", "1"),
                                              Turn("", "bob", 2, 0.1)};
  std::vector<int64_t> offsets;
  for (const boost::json::object& record : RunFile(events, 1).records) {
    if (record.at("topic").as_string() != "rejected-records") continue;
    offsets.push_back(record.at("value").as_object().at("source").at("offset").as_int64());
  }
  // Between them: the event, what it says to the home, and the home's answer.
  EXPECT_THAT(offsets, ElementsAre(0, 4));
}

}  // namespace
}  // namespace peakend::cli
