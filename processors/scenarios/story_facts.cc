#include "processors/scenarios/story_facts.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "absl/strings/ascii.h"
#include "peakend/v1/interaction_event.pb.h"
#include "processors/adapters/json_reader.h"
#include "processors/alerts/rule.h"
#include "processors/scenarios/event_payload.h"

namespace peakend::scenarios {
namespace {

bool Holds(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void AddName(std::vector<std::string>& names, const std::string& name) {
  if (!name.empty() && !Holds(names, name)) names.push_back(name);
}

// As policies write it.
std::string ChannelWord(v1::Channel channel) {
  constexpr size_t kPrefix = std::string_view("CHANNEL_").size();
  const std::string name = v1::Channel_Name(channel);
  return name.size() > kPrefix ? absl::AsciiStrToLower(name.substr(kPrefix)) : "";
}

bool IsWritten(v1::Channel channel) {
  return channel == v1::CHANNEL_CHAT || channel == v1::CHANNEL_MESSAGE ||
         channel == v1::CHANNEL_EMAIL || channel == v1::CHANNEL_SOCIAL;
}

ContactFacts& ContactOf(const v1::InteractionEvent& event, StoryFacts& facts) {
  const std::string& customer = event.customer().customer_id();
  const std::string& contact = event.contact().contact_id();
  const auto found =
      std::find_if(facts.contacts.begin(), facts.contacts.end(), [&](const ContactFacts& known) {
        return known.customer == customer && known.contact == contact;
      });
  if (found != facts.contacts.end()) return *found;
  facts.contacts.emplace_back();
  facts.contacts.back().customer = customer;
  facts.contacts.back().contact = contact;
  return facts.contacts.back();
}

void AddTurn(const v1::InteractionEvent& event, ContactFacts& contact, StoryFacts& facts) {
  const v1::Turn& turn = event.turn();
  const bool final = !turn.has_is_final() || turn.is_final();
  const bool by_customer = turn.role() == v1::Turn::CUSTOMER;
  if (by_customer && final) {
    contact.felt = contact.felt || turn.has_sentiment();
    contact.said = contact.said || !turn.text().empty();
    contact.wrote = contact.wrote || IsWritten(event.channel());
  }
  const bool counts = by_customer || turn.role() == v1::Turn::AGENT;
  if (counts && final && !turn.text().empty()) facts.turns.push_back({by_customer, turn.text()});
}

void AddEvent(const v1::InteractionEvent& event, StoryFacts& facts) {
  if (event.customer().customer_id().empty()) return;
  ContactFacts& contact = ContactOf(event, facts);
  AddName(contact.queues, event.queue().id());
  AddName(contact.tiers, event.customer().tier());
  AddName(contact.touchpoints, event.touchpoint().touchpoint_id());
  AddName(contact.channels, ChannelWord(event.channel()));
  if (event.has_turn()) AddTurn(event, contact, facts);
  contact.queued = contact.queued || event.lifecycle().state() == v1::Lifecycle::QUEUED;
  contact.promised = contact.promised || event.has_promise();
}

void AddOutcome(const Outcome& outcome, StoryFacts& facts) {
  for (const boost::json::value& row : TopicValues(outcome, publish::Topic::kJourneys)) {
    const boost::json::object& journey = row.get_object();
    const boost::json::value* count = journey.if_contains("count");
    if (count == nullptr || !count->is_int64() || count->get_int64() == 0) continue;
    for (ContactFacts& contact : facts.contacts) {
      if (contact.customer == TextOf(journey, "customer_id")) contact.impressed = true;
    }
  }
  for (const boost::json::value& alert : TopicValues(outcome, publish::Topic::kAlerts)) {
    if (TextOf(alert.get_object(), "state") == "FOLLOW_UP") facts.followed_up = true;
  }
}

bool Fits(const v1::RuleScope& scope, const ContactFacts& contact) {
  const auto one = [](const std::string& wanted, const std::vector<std::string>& named) {
    return wanted.empty() || wanted == "any" || Holds(named, wanted);
  };
  return one(scope.queue(), contact.queues) && one(scope.channel(), contact.channels) &&
         one(scope.tier(), contact.tiers) && one(scope.touchpoint(), contact.touchpoints);
}

bool Fits(const v1::RulePolicy& rule, const ContactFacts& contact) {
  return rule.only().empty() ||
         std::any_of(rule.only().begin(), rule.only().end(),
                     [&](const v1::RuleScope& scope) { return Fits(scope, contact); });
}

bool CameBack(const ContactFacts& contact, const StoryFacts& facts) {
  return std::count_if(
             facts.contacts.begin(), facts.contacts.end(),
             [&](const ContactFacts& other) { return other.customer == contact.customer; }) > 1;
}

bool WatchesContact(alerts::Trigger trigger, const ContactFacts& contact, const StoryFacts& facts) {
  switch (trigger) {
    case alerts::Trigger::kImpression:
    case alerts::Trigger::kScore:
    case alerts::Trigger::kDelight:
    case alerts::Trigger::kPeakUnanswered:
      return contact.impressed;
    case alerts::Trigger::kNegativeTurns:
      return contact.felt;
    case alerts::Trigger::kAbandoned:
    case alerts::Trigger::kWaiting:
      return contact.queued;
    case alerts::Trigger::kEscalation:
      return contact.said;
    case alerts::Trigger::kMessageUnanswered:
      return contact.wrote;
    case alerts::Trigger::kPromiseAtRisk:
    case alerts::Trigger::kPromiseBroken:
      return contact.promised;
    case alerts::Trigger::kRepeatContact:
    case alerts::Trigger::kReturning:
      return CameBack(contact, facts);
    case alerts::Trigger::kFollowUpOverdue:
      return facts.followed_up;
  }
  return false;
}

}  // namespace

StoryFacts FactsOf(const ScenarioResult& result) {
  StoryFacts facts;
  adapters::JsonReader reader;
  v1::InteractionEvent event;
  for (const InputLine& line : result.lines) {
    if (reader.Read(line.text, &event).ok()) AddEvent(event, facts);
  }
  AddOutcome(result.outcome, facts);
  return facts;
}

bool Watches(const v1::RulePolicy& rule, const StoryFacts& facts) {
  const std::optional<alerts::Trigger> trigger = alerts::TriggerNamed(rule.on());
  return trigger && std::any_of(facts.contacts.begin(), facts.contacts.end(),
                                [&](const ContactFacts& contact) {
                                  return Fits(rule, contact) &&
                                         WatchesContact(*trigger, contact, facts);
                                });
}

}  // namespace peakend::scenarios
