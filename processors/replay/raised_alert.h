// An alert as it was raised: what replays compare.
#ifndef PEAKEND_PROCESSORS_REPLAY_RAISED_ALERT_H_
#define PEAKEND_PROCESSORS_REPLAY_RAISED_ALERT_H_

#include <cstdint>
#include <string>

#include "peakend/v1/alert.pb.h"

namespace peakend::replay {

struct RaisedAlert {
  std::string tenant_id;
  std::string customer_id;
  std::string rule;
  std::string event_id;  // that raised it
  std::string contact_id;
  std::string channel;  // contacts without an id are told apart by it
  std::string journey_id;
  std::string alert_id;
  int64_t occurred_at_ms = 0;
  v1::Alert::Severity severity = v1::Alert::SEVERITY_UNSPECIFIED;
  v1::Alert::Urgency urgency = v1::Alert::URGENCY_UNSPECIFIED;
  bool about_good = false;  // a positive moment
  bool over_budget = false;
  bool stale = false;

  bool interrupts() const { return urgency == v1::Alert::INTERRUPT; }
};

}  // namespace peakend::replay

#endif  // PEAKEND_PROCESSORS_REPLAY_RAISED_ALERT_H_
