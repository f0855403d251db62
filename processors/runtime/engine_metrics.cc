#include "processors/runtime/engine_metrics.h"

#include "absl/strings/ascii.h"
#include "peakend/v1/alert.pb.h"
#include "peakend/v1/experience.pb.h"
#include "peakend/v1/rejected_record.pb.h"

namespace peakend::runtime {

EngineMetrics::EngineMetrics(const MetricsOptions& options, MetricCatalogue& catalogue)
    : journey_revisions_(catalogue.Counter("peakend_journey_revisions_total",
                                           "Journey rows written, amendments included.")),
      journeys_closed_(
          catalogue.Counter("peakend_journeys_closed_total", "Journeys that reached their end.")),
      opening_cards_(catalogue.Counter("peakend_opening_cards_total",
                                       "Cards written for those who say hello.")),
      alerts_over_budget_(
          catalogue.Counter("peakend_alerts_over_budget_total",
                            "Alerts that were listed because enough had interrupted.")),
      alert_changes_(catalogue.CounterFamily("peakend_alerts_total",
                                             "Alert transitions by rule and new state.")),
      merged_(catalogue.Counter("peakend_customers_merged_total",
                                "Customers who are looked at with another from then on.")),
      split_(catalogue.Counter("peakend_customers_split_total",
                               "Customers who came back from another.")),
      shared_(catalogue.Counter("peakend_identities_shared_total",
                                "Identities found to be of more customers than one person's.")),
      absorbed_(catalogue.Counter(
          "peakend_guests_absorbed_total",
          "Customers who can come back no more, because too many are with another.")),
      bounced_(catalogue.Counter("peakend_events_bounced_total",
                                 "Events sent back to a customer who had left meanwhile.")),
      late_parts_(catalogue.Counter(
          "peakend_identity_late_parts_total",
          "Pieces of customers that came when a journey they may belong to was kept no more.")),
      records_lost_(catalogue.Counter("peakend_records_lost_total",
                                      "Input that was removed too early, and the loss accepted.")),
      journeys_open_(catalogue.Gauge("peakend_journeys_open", "Journeys without an end yet.")),
      customers_(catalogue.Gauge("peakend_customers", "Customers held in memory.")),
      state_bytes_(catalogue.Gauge("peakend_state_bytes", "Memory of all customers' state.")),
      customers_unwritten_(catalogue.Gauge(
          "peakend_customers_unwritten", "Customers whose newest state is not in the changelog.")),
      clock_ticks_(catalogue.Counter("peakend_clock_ticks_total",
                                     "Clock ticks written into quiet partitions.")),
      digest_differences_(catalogue.Counter("peakend_digest_differences_total",
                                            "Replays whose outputs differed; must stay 0.")),
      snapshots_(catalogue.CounterFamily("peakend_snapshots_total",
                                         "Local copies of a partition's state, by what became of "
                                         "them: written, failed, used or unusable for a restore.")),
      snapshots_written_(snapshots_.Add({{"result", "written"}})),
      snapshots_failed_(snapshots_.Add({{"result", "failed"}})),
      snapshots_used_(snapshots_.Add({{"result", "used"}})),
      snapshots_unusable_(snapshots_.Add({{"result", "unusable"}})) {
  AddEvents(options.input_topic, catalogue);
  auto& moments = catalogue.CounterFamily("peakend_moments_total",
                                          "Moment rows written, amendments included, by kind.");
  for (size_t kind = 1; kind < moments_.size(); ++kind) {
    const std::string name = v1::MomentKind_Name(static_cast<v1::MomentKind>(kind));
    moments_[kind] = &moments.Add({{"kind", absl::AsciiStrToLower(name)}});
  }
}

void EngineMetrics::AddEvents(const std::string& topic, MetricCatalogue& catalogue) {
  auto& events =
      catalogue.CounterFamily("peakend_events_total", "Input records by what became of them.");
  const auto add = [&](const char* outcome) {
    return &events.Add({{"topic", topic}, {"outcome", outcome}});
  };
  ok_ = add("ok");
  duplicate_ = add("duplicate");
  late_ = add("late");
  identity_ = add("identity");
  invalid_ = add("invalid");
  unknown_schema_ = add("unknown_schema");
  auto& rejected = catalogue.CounterFamily("peakend_rejected_records_total",
                                           "Input records that could not be processed.");
  static_assert(kRejectReasons == v1::RejectReason_ARRAYSIZE);
  for (size_t reason = 1; reason < kRejectReasons; ++reason) {
    const std::string name = v1::RejectReason_Name(static_cast<v1::RejectReason>(reason));
    rejected_[reason] = &rejected.Add({{"reason", absl::AsciiStrToLower(name)}});
  }
}

void EngineMetrics::AddRules(const std::vector<MetricsOptions::Rule>& rules) {
  for (const MetricsOptions::Rule& rule : rules) {
    if (alerts_.contains(rule.name)) continue;
    States& states = alerts_[rule.name];
    for (size_t state = 1; state < states.size(); ++state) {
      const std::string name = v1::Alert::State_Name(static_cast<v1::Alert::State>(state));
      states[state] = &alert_changes_.Add({{"rule", rule.name},
                                           {"severity", rule.severity},
                                           {"state", absl::AsciiStrToLower(name)}});
    }
  }
}

void EngineMetrics::Update(const EngineStats& stats) {
  RaiseTo(*ok_, stats.events_ok);
  RaiseTo(*duplicate_, stats.events_duplicate);
  RaiseTo(*late_, stats.events_late);
  RaiseTo(*identity_, stats.identity_records);
  UpdateIdentities(stats.identities);
  UpdateRejected(stats);
  for (size_t kind = 1; kind < moments_.size(); ++kind) {
    RaiseTo(*moments_[kind], stats.moments[kind]);
  }
  RaiseTo(journey_revisions_, stats.journey_revisions);
  RaiseTo(journeys_closed_, stats.journeys_closed);
  RaiseTo(opening_cards_, stats.opening_cards);
  RaiseTo(alerts_over_budget_, stats.alerts_over_budget);
  RaiseTo(records_lost_, stats.records_lost);
  for (const auto& [rule, totals] : stats.alerts) {
    const auto it = alerts_.find(rule);
    if (it == alerts_.end()) continue;
    for (size_t state = 1; state < totals.size(); ++state) {
      RaiseTo(*it->second[state], totals[state]);
    }
  }
  journeys_open_.Set(static_cast<double>(stats.journeys_open));
  customers_.Set(static_cast<double>(stats.customers));
  state_bytes_.Set(static_cast<double>(stats.state_bytes));
  customers_unwritten_.Set(static_cast<double>(stats.customers_unwritten));
  RaiseTo(clock_ticks_, stats.clock_ticks);
  RaiseTo(digest_differences_, stats.digest_differences);
  RaiseTo(snapshots_written_, stats.snapshots_written);
  RaiseTo(snapshots_failed_, stats.snapshots_failed);
  RaiseTo(snapshots_used_, stats.snapshots_used);
  RaiseTo(snapshots_unusable_, stats.snapshots_unusable);
}

void EngineMetrics::UpdateIdentities(const publish::IdentityCounts& counts) {
  RaiseTo(merged_, counts.merged);
  RaiseTo(split_, counts.split);
  RaiseTo(shared_, counts.shared);
  RaiseTo(absorbed_, counts.absorbed);
  RaiseTo(bounced_, counts.bounced);
  RaiseTo(late_parts_, counts.late_parts);
}

void EngineMetrics::UpdateRejected(const EngineStats& stats) {
  // A reason without a name still counts as invalid.
  int64_t invalid = stats.rejected[v1::REJECT_REASON_UNSPECIFIED];
  for (size_t reason = 1; reason < kRejectReasons; ++reason) {
    RaiseTo(*rejected_[reason], stats.rejected[reason]);
    if (reason != v1::UNKNOWN_SCHEMA) invalid += stats.rejected[reason];
  }
  RaiseTo(*invalid_, invalid);
  RaiseTo(*unknown_schema_, stats.rejected[v1::UNKNOWN_SCHEMA]);
}

}  // namespace peakend::runtime
