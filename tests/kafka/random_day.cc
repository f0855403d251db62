#include "tests/kafka/random_day.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "processors/adapters/json_reader.h"
#include "tests/kafka/child_process.h"

namespace peakend::runtime {
namespace {

std::vector<v1::InteractionEvent> DrawnBy(const std::string& script, int seed, int count) {
  ChildProcess python("/usr/bin/python3", {"-B", PEAKEND_VERIFY_FOLDER "/" + script,
                                           std::to_string(seed), std::to_string(count)});
  EXPECT_EQ(python.Wait(absl::Minutes(1)), 0) << python.Err();
  const std::string lines = python.Out();
  adapters::JsonReader reader;
  std::vector<v1::InteractionEvent> events;
  for (const absl::string_view line : absl::StrSplit(lines, '\n', absl::SkipEmpty())) {
    v1::InteractionEvent event;
    const bool read = reader.Read({line.data(), line.size()}, &event).ok();
    if (read && (event.has_control() || !event.customer().customer_id().empty())) {
      events.push_back(std::move(event));
    }
  }
  return events;
}

}  // namespace

std::vector<v1::InteractionEvent> RandomDay(int seed, int count) {
  return DrawnBy("random_events.py", seed, count);
}

std::vector<v1::InteractionEvent> RandomLinkedDay(int seed, int count) {
  return DrawnBy("random_identities.py", seed, count);
}

}  // namespace peakend::runtime
