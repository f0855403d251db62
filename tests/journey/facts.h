// Facts made by hand, whose texts outlive them.
#ifndef PEAKEND_TESTS_JOURNEY_FACTS_H_
#define PEAKEND_TESTS_JOURNEY_FACTS_H_

#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "processors/journey/event_facts.h"
#include "processors/journey/identifier.h"

namespace peakend::journey {

// Keeps a copy of each text for as long as the test lives.
class FactMaker {
 public:
  EventFacts Make(FactKind kind, std::string_view event_id, int64_t at_ms,
                  std::string_view contact_id = "k") {
    EventFacts facts;
    facts.kind = kind;
    facts.at_ms = at_ms;
    facts.hash = EventHash("test", event_id);
    facts.event_id = Keep(event_id);
    facts.contact_id = Keep(contact_id);
    facts.channel = v1::CHANNEL_CHAT;
    return facts;
  }
  EventFacts Turn(std::string_view event_id, int64_t at_ms, double valence,
                  std::string_view contact_id = "k") {
    EventFacts facts = Make(FactKind::kCustomerTurn, event_id, at_ms, contact_id);
    facts.affect = affect::Affect{affect::ToNano(valence)};
    facts.says = true;
    return facts;
  }
  EventFacts Survey(std::string_view event_id, int64_t at_ms, double score,
                    std::string_view contact_id = "") {
    EventFacts facts = Make(FactKind::kSurvey, event_id, at_ms, contact_id);
    facts.survey_score = score;
    return facts;
  }

 private:
  std::string_view Keep(std::string_view text) { return *texts_.emplace(text).first; }

  std::set<std::string> texts_;
};

}  // namespace peakend::journey

#endif  // PEAKEND_TESTS_JOURNEY_FACTS_H_
