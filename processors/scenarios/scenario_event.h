// Compact events of a scenario -> lines of InteractionEvents, as `peakend run --input` reads
// them.
//
//   at          "20s" after the start of the scenario, or "+20s" after the event before
//               (units d h m s, e.g. "1d2h"); default "+20s", the first "0s"
//   id          default "e1", "e2", ...
//   customer, contact, channel, tenant, source, queue, agent, language, tier
//               default: the scenario's `defaults`, then customer "p1", contact "c1",
//               channel "CHAT"; null = leave out
//   turn        role of the speaker, e.g. customer; with valence (sentiment.score),
//               confidence, label, raw and scale [min, max], text, final, speaker
//   lifecycle   state, e.g. QUEUED; with wait ("300s"), announced and lasted likewise
//   signal      kind, e.g. SILENCE; with value, unit, by (a role), begin_ms, end_ms
//   activity    kind, e.g. REVIEW; with rating and scale [min, max]
//   promise     kind, e.g. CALLBACK; with promise_id, due (a time after the start of the
//               scenario), within (a duration), made and kept (times), broken
//   survey      the answer; with scale [min, max], kind, for_contact, lower_is_better
//   action      what somebody did with an alert, e.g. ACK; with rule: that of the newest alert of
//               the customer that is meant; of SNOOZE until (a time)
//   direction, initiation, case, intent, chain, touchpoint
//               what is known of the contact, e.g. INBOUND, CUSTOMER
//   area, segments
//               of the customer, e.g. "north/riverside" and [launch-2026]
//   identities  of the customer, verified, e.g. ["phone:+49 30 1234", "customer:p1"]
//   unmerge     true: the customer is taken apart from others; an event of nothing else
//   notice      its id: an announcement to many, of no customer; with areas, segments and
//               touchpoint, and due, starts and fulfilled (times), withdrawn
//   baseline    its version: what customers usually wait, of no customer; with cells of queue,
//               channel, hour, wait (a duration), waits and tenant
//   repeat      this many events, each 20 s after the one before; valence may be a list
//               that is gone through again and again
//   set         members of the full event, put over the others
//   line        a literal input line instead of an event
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_SCENARIOS_SCENARIO_EVENT_H_
#define PEAKEND_PROCESSORS_SCENARIOS_SCENARIO_EVENT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "processors/scenarios/scenario.h"

namespace peakend::scenarios {

struct InputLine {
  int64_t at_ms = 0;  // when it happens, in ms since the epoch
  std::string text;   // JSON without a line feed, or whatever `line` says
  // Of an action: the rule, and the customer, of the alert whose id is to be filled in.
  std::string acts_on = {};
  std::string customer = {};
};

// The members of `event` over `defaults` over those of every scenario; nulls are left out.
boost::json::object WithDefaults(const boost::json::object& defaults,
                                 const boost::json::object& event);
// How many events a compact event stands for.
int64_t Repeats(const boost::json::object& event);

// In the order of the file, which is the order of arrival.
std::vector<InputLine> ExpandEvents(const Scenario& scenario);

}  // namespace peakend::scenarios

#endif  // PEAKEND_PROCESSORS_SCENARIOS_SCENARIO_EVENT_H_
