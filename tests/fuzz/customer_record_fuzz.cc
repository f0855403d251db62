// Any bytes as a customer's record: what is restored can be written, that record
// gives the same bytes again, and the customer can go on.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "processors/publish/customer_record.h"
#include "processors/publish/step.h"

namespace peakend::publish {
namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

Policy TestPolicy() {
  Policy policy;
  policy.stamp = "fuzz@1+00000000";
  policy.formula = "experience";
  std::vector<alerts::Rule> rules;
  for (size_t i = 0; i < alerts::kTriggers; ++i) {
    alerts::Rule& rule = rules.emplace_back();
    rule.trigger = static_cast<alerts::Trigger>(i);
    rule.name = "rule" + std::to_string(rules.size());
  }
  policy.rules = alerts::Rules(std::move(rules));
  return policy;
}

std::string Write(const alerts::Rules& rules, const RestoredCustomer& restored) {
  std::string bytes;
  CustomerRecordWriter(rules).Append(restored.customer, restored.stamp, &bytes);
  return bytes;
}

// One more turn, then the end of time.
void GoOn(const Policy& policy, CustomerState& customer, std::pmr::memory_resource* memory) {
  Step step(policy, memory);
  OutputBatch outputs;
  StepCounts counts;
  journey::EventFacts facts;
  facts.kind = journey::FactKind::kCustomerTurn;
  facts.at_ms = std::max(customer.last_event_ms, int64_t{1'767'225'600'000});
  facts.hash = 1;
  facts.event_id = "e";
  facts.contact_id = "k";
  facts.affect.emplace();
  facts.affect->valence = -affect::kNanoOne;
  step.Apply(customer, facts, {facts.at_ms, facts.at_ms, "fuzz", 0, 0}, outputs, counts);
  if (customer.idle()) return;
  constexpr int64_t kEnd = journey::PartitionClock::kEndOfTime;
  step.Wake(customer, {kEnd, kEnd, "fuzz", 0, 1}, outputs, counts);
}

}  // namespace
}  // namespace peakend::publish

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace peakend::publish;
  static const Policy policy = TestPolicy();
  const peakend::alerts::Rules& rules = policy.rules;
  constexpr std::string_view kKey = "t/c";
  CustomerRecordReader reader;
  std::pmr::memory_resource* const memory = std::pmr::get_default_resource();
  auto restored = reader.Restore(kKey, {reinterpret_cast<const char*>(data), size}, memory);
  if (!restored.ok()) return 0;
  Require(restored->customer.key() == kKey);
  const std::string bytes = Write(rules, *restored);
  const auto again = reader.Restore(kKey, bytes, memory);
  Require(again.ok());
  Require(again->stamp == restored->stamp);
  Require(Write(rules, *again) == bytes);
  GoOn(policy, restored->customer, memory);
  return 0;
}
