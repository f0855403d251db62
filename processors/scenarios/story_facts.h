// What a scenario's events bring along that a policy could have said something about.
//
// Thread-safety: pure functions of their arguments.
#ifndef PEAKEND_PROCESSORS_SCENARIOS_STORY_FACTS_H_
#define PEAKEND_PROCESSORS_SCENARIOS_STORY_FACTS_H_

#include <string>
#include <vector>

#include "peakend/v1/policy.pb.h"
#include "processors/scenarios/scenario_run.h"

namespace peakend::scenarios {

struct ContactFacts {
  std::string customer;
  std::string contact;
  // All that its events name; several where it was passed on.
  std::vector<std::string> queues, channels, tiers, touchpoints;
  bool felt = false;       // a customer's turn has a sentiment
  bool said = false;       // a customer's turn has a text
  bool wrote = false;      // a customer's turn in a written channel
  bool queued = false;     // they waited in a queue
  bool promised = false;   // something was promised
  bool impressed = false;  // its journey has impressions
};

struct SpokenTurn {
  bool by_customer = false;  // else by an agent
  std::string text;
};

struct StoryFacts {
  std::vector<ContactFacts> contacts;
  std::vector<SpokenTurn> turns;  // final ones with a text, of customers and agents
  bool followed_up = false;       // an alert became a follow-up
};

// Lines that are no events are left out.
StoryFacts FactsOf(const ScenarioResult& result);

// Whether the story has what the rule watches, in a contact that its scopes let pass. An
// estimate by what events name, on the generous side.
bool Watches(const v1::RulePolicy& rule, const StoryFacts& facts);

}  // namespace peakend::scenarios

#endif  // PEAKEND_PROCESSORS_SCENARIOS_STORY_FACTS_H_
