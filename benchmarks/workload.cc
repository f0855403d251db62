#include "benchmarks/workload.h"

#include <cstdlib>
#include <iostream>
#include <utility>

#include "absl/strings/str_format.h"
#include "processors/journey/identifier.h"
#include "processors/runtime/config/default_policy.h"
#include "processors/runtime/config/load.h"
#include "processors/runtime/config/row_config.h"

namespace peakend::benchmarks {
namespace {

constexpr const char* kSource = "connect/contact-events/bench";

v1::InteractionEvent Envelope(uint64_t customer, uint64_t event, int64_t at_ms) {
  v1::InteractionEvent envelope;
  envelope.set_event_id(absl::StrFormat("event-%012d", event));
  envelope.set_source(kSource);
  envelope.set_tenant_id("t");
  envelope.set_occurred_at_ms(at_ms);
  envelope.mutable_customer()->set_customer_id(absl::StrFormat("%012d", customer));
  envelope.mutable_contact()->set_contact_id(absl::StrFormat("contact-%012d", customer));
  envelope.set_channel(v1::CHANNEL_CHAT);
  envelope.mutable_queue()->set_id("queue-billing");
  return envelope;
}

}  // namespace

publish::Policy ShippedPolicy() {
  const auto loaded = runtime::LoadPolicy("default.yaml", runtime::DefaultPolicyYaml());
  if (loaded.ok()) {
    auto compiled = publish::CompilePolicy(loaded.value(), "default@1+00000000");
    if (compiled.ok()) return *std::move(compiled);
  }
  std::cerr << "the shipped policy is broken: peakend check --policy says why\n";
  std::exit(EXIT_FAILURE);
}

publish::RowSettings ShippedRows() {
  v1::BiConfig bi;
  bi.set_time_zone("UTC");
  for (v1::RowsConfig* const rows :
       {bi.mutable_touchpoint(), bi.mutable_moment(), bi.mutable_contact(), bi.mutable_journey(),
        bi.mutable_alert(), bi.mutable_promise(), bi.mutable_survey()}) {
    rows->set_enabled(true);
  }
  return runtime::RowSettingsFrom(bi).value();
}

std::string CustomerKey(uint64_t customer) { return absl::StrFormat("t/%012d", customer); }

v1::InteractionEvent TurnEvent(uint64_t customer, uint64_t event, int64_t at_ms, double valence) {
  v1::InteractionEvent turn = Envelope(customer, event, at_ms);
  turn.mutable_turn()->set_role(v1::Turn::CUSTOMER);
  turn.mutable_turn()->set_text("where is my order, I have been waiting for days");
  turn.mutable_turn()->mutable_sentiment()->set_score(valence);
  turn.mutable_turn()->mutable_sentiment()->set_confidence(0.9);
  return turn;
}

v1::InteractionEvent LifecycleEvent(uint64_t customer, uint64_t event, int64_t at_ms,
                                    v1::Lifecycle::State state) {
  v1::InteractionEvent lifecycle = Envelope(customer, event, at_ms);
  lifecycle.mutable_lifecycle()->set_state(state);
  return lifecycle;
}

KnownCustomers::KnownCustomers(const publish::Policy& policy, size_t count,
                               const publish::RowSettings* rows)
    : policy_(policy), step_(policy, memory_.customers(), rows) {
  for (size_t i = 0; i < count; ++i) customers_.emplace_back("t", absl::StrFormat("%012d", i));
  Reopen();
}

journey::ApplyResult KnownCustomers::Apply(size_t customer, journey::FactKind kind,
                                           bool with_affect) {
  ++events_;
  uint64_t number = events_;
  for (size_t i = event_id_.size(); --i > 0; number /= 10) {
    event_id_[i] = static_cast<char>('0' + number % 10);
  }
  journey::EventFacts facts;
  facts.kind = kind;
  facts.at_ms = now_ms_;
  facts.hash = journey::EventHash(kSource, event_id_);
  facts.event_id = event_id_;
  facts.contact_id = "contact";
  facts.channel = v1::CHANNEL_CHAT;
  facts.queue_id = "queue-billing";
  if (with_affect) {
    facts.says = true;
    // Up and down between -0.3 and 0.3.
    facts.affect.emplace();
    facts.affect->valence = static_cast<affect::Nano>(events_ % 7) * 100'000'000 - 300'000'000;
  }
  return step_.Apply(customers_[customer], facts, {now_ms_, now_ms_, "in", 0, 0}, outputs_,
                     counts_);
}

journey::ApplyResult KnownCustomers::Turn() {
  const size_t customer = turns_++ % customers_.size();
  // Everybody speaks once in 20 s.
  if (customer == 0) now_ms_ += 20'000;
  return Apply(customer, journey::FactKind::kCustomerTurn, true);
}

void KnownCustomers::Reopen() {
  for (size_t i = 0; i < customers_.size(); ++i) {
    publish::CustomerState& customer = customers_[i];
    while (!customer.idle()) {
      step_.Wake(customer, {customer.wake_ms() + 1, customer.wake_ms() + 1, "in", 0, 0}, outputs_,
                 counts_);
    }
  }
  now_ms_ += 2 * (policy_.windows.amend_window_ms + policy_.windows.allowed_lateness_ms);
  for (size_t i = 0; i < customers_.size(); ++i) Apply(i, journey::FactKind::kAnswer, false);
  outputs_.Clear();
  counts_.Clear();
  turns_ = 0;
}

}  // namespace peakend::benchmarks
