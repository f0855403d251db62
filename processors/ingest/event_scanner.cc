#include "processors/ingest/event_scanner.h"

#include <memory>
#include <type_traits>

#include "processors/ingest/wire_cursor.h"

// A field that stands twice is read twice into the same place: the last scalar
// wins and messages merge, as the generated parser does it. A known field with a
// foreign wire type is an unknown one to both.
namespace peakend::ingest {
namespace {

// Calls `read(cursor, tag)` for each field until it refuses.
template <typename Read>
bool ReadFields(std::string_view message, Read read) {
  WireCursor in(message);
  while (!in.AtEnd()) {
    const uint32_t tag = in.ReadTag();
    if (tag == 0 || !read(in, tag)) return false;
  }
  return true;
}

// Reads the message that stands next by `read(fields, view)`.
template <typename Read, typename View>
bool ReadMessage(WireCursor& in, Read read, View& view) {
  std::string_view message;
  return in.ReadBytes(&message) && read(message, view);
}

// A message without messages in it, of which nothing is read.
bool PassOver(WireCursor& in) {
  std::string_view message;
  return in.ReadBytes(&message) &&
         ReadFields(message, [](WireCursor& fields, uint32_t tag) { return fields.Skip(tag); });
}

// A message without messages in it, of which one text is read.
bool ReadId(WireCursor& in, int field, std::string_view* id) {
  std::string_view message;
  return in.ReadBytes(&message) && ReadFields(message, [=](WireCursor& fields, uint32_t tag) {
           return tag == DelimitedTag(field) ? fields.ReadText(id) : fields.Skip(tag);
         });
}

bool ReadContact(std::string_view message, EventView& view) {
  return ReadFields(message, [&](WireCursor& in, uint32_t tag) {
    switch (tag) {
      case DelimitedTag(v1::Contact::kContactIdFieldNumber):
        return in.ReadText(&view.contact_id);
      case DelimitedTag(v1::Contact::kChainIdFieldNumber):
        return in.ReadText(&view.chain_id);
      case DelimitedTag(v1::Contact::kLegIdFieldNumber):
        return in.ReadText(&view.leg_id);
      case DelimitedTag(v1::Contact::kCaseIdFieldNumber):
        return in.ReadText(&view.case_id);
      default:
        return in.Skip(tag);
    }
  });
}

bool ReadTouchpoint(std::string_view message, EventView& view) {
  return ReadFields(message, [&](WireCursor& in, uint32_t tag) {
    switch (tag) {
      case DelimitedTag(v1::Touchpoint::kTouchpointIdFieldNumber):
        return in.ReadText(&view.touchpoint_id);
      case DelimitedTag(v1::Touchpoint::kIntentFieldNumber):
        return in.ReadText(&view.intent);
      default:
        return in.Skip(tag);
    }
  });
}

bool ReadAgent(std::string_view message, EventView& view) {
  return ReadFields(message, [&](WireCursor& in, uint32_t tag) {
    switch (tag) {
      case DelimitedTag(v1::Agent::kIdFieldNumber):
        return in.ReadText(&view.agent_id);
      case VarintTag(v1::Agent::kKindFieldNumber):
        return in.ReadEnum(&view.agent_kind);
      default:
        return in.Skip(tag);
    }
  });
}

bool ReadIdentity(std::string_view message, IdentityView& view) {
  return ReadFields(message, [&](WireCursor& in, uint32_t tag) {
    switch (tag) {
      case DelimitedTag(v1::Identity::kTypeFieldNumber):
        return in.ReadText(&view.type);
      case DelimitedTag(v1::Identity::kValueFieldNumber):
        return in.ReadText(&view.value);
      case DelimitedTag(v1::Identity::kPreviousValueFieldNumber):
        return in.ReadText(&view.previous_value);
      case VarintTag(v1::Identity::kVerifiedFieldNumber):
        return in.ReadBool(&view.verified);
      default:
        return in.Skip(tag);
    }
  });
}

bool ReadCustomer(std::string_view message, EventView& view) {
  view.has_customer = true;
  return ReadFields(message, [&](WireCursor& in, uint32_t tag) {
    switch (tag) {
      case DelimitedTag(v1::Customer::kCustomerIdFieldNumber):
        return in.ReadText(&view.customer_id);
      case DelimitedTag(v1::Customer::kTierFieldNumber):
        return in.ReadText(&view.tier);
      case DelimitedTag(v1::Customer::kSegmentsFieldNumber): {
        std::string_view segment;
        if (!in.ReadText(&segment)) return false;
        view.segments.Add(segment);
        return true;
      }
      case DelimitedTag(v1::Customer::kIdentitiesFieldNumber): {
        IdentityView identity;
        if (!ReadMessage(in, ReadIdentity, identity)) return false;
        view.identities.Add(identity);
        return true;
      }
      default:
        return in.Skip(tag);
    }
  });
}

bool ReadSentiment(std::string_view message, SentimentView& view) {
  return ReadFields(message, [&](WireCursor& in, uint32_t tag) {
    switch (tag) {
      case VarintTag(v1::Sentiment::kLabelFieldNumber):
        return in.ReadEnum(&view.label);
      case Fixed64Tag(v1::Sentiment::kScoreFieldNumber):
        return in.ReadFixed(&view.score);
      case Fixed64Tag(v1::Sentiment::kRawFieldNumber):
        return in.ReadFixed(&view.scale.raw);
      case Fixed64Tag(v1::Sentiment::kRawMinFieldNumber):
        return in.ReadFixed(&view.scale.min);
      case Fixed64Tag(v1::Sentiment::kRawMaxFieldNumber):
        return in.ReadFixed(&view.scale.max);
      case Fixed64Tag(v1::Sentiment::kMagnitudeFieldNumber):
        return in.ReadFixed(&view.magnitude);
      case Fixed64Tag(v1::Sentiment::kConfidenceFieldNumber):
        return in.ReadFixed(&view.confidence);
      case DelimitedTag(v1::Sentiment::kScaleIdFieldNumber):
        return in.ReadText(&view.scale_id);
      case DelimitedTag(v1::Sentiment::kProducerFieldNumber):
        return in.ReadText(&view.producer);
      default:
        return in.Skip(tag);
    }
  });
}

bool ReadTurn(std::string_view message, EventView& view) {
  return ReadFields(message, [&](WireCursor& in, uint32_t tag) {
    switch (tag) {
      case VarintTag(v1::Turn::kRoleFieldNumber):
        return in.ReadEnum(&view.turn.role);
      case VarintTag(v1::Turn::kIsFinalFieldNumber):
        return in.ReadBool(&view.turn.is_final);
      case Fixed32Tag(v1::Turn::kLoudnessFieldNumber):
        return in.ReadFixed(&view.turn.loudness);
      case DelimitedTag(v1::Turn::kSentimentFieldNumber):
        if (!view.sentiment) view.sentiment.emplace();
        return ReadMessage(in, ReadSentiment, *view.sentiment);
      case DelimitedTag(v1::Turn::kCustomerIdFieldNumber):
        return in.ReadText(&view.turn.customer_id);
      case DelimitedTag(v1::Turn::kTextFieldNumber):
        return in.ReadText(&view.turn.text);
      default:
        return in.Skip(tag);
    }
  });
}

bool ReadLifecycle(std::string_view message, EventView& view) {
  return ReadFields(message, [&](WireCursor& in, uint32_t tag) {
    switch (tag) {
      case VarintTag(v1::Lifecycle::kStateFieldNumber):
        return in.ReadEnum(&view.lifecycle.state);
      case VarintTag(v1::Lifecycle::kEndedByFieldNumber):
        return in.ReadEnum(&view.lifecycle.ended_by);
      case VarintTag(v1::Lifecycle::kDurationMsFieldNumber):
        return in.ReadTime(&view.lifecycle.duration_ms);
      case VarintTag(v1::Lifecycle::kWaitMsFieldNumber):
        return in.ReadTime(&view.lifecycle.wait_ms);
      case VarintTag(v1::Lifecycle::kAnnouncedWaitMsFieldNumber):
        return in.ReadTime(&view.lifecycle.announced_wait_ms);
      default:
        return in.Skip(tag);
    }
  });
}

// Another payload would have to clear the first one.
bool ReadPayload(WireCursor& in, uint32_t tag, EventView& view) {
  const auto payload = static_cast<v1::InteractionEvent::PayloadCase>(tag >> 3);
  if (view.payload != v1::InteractionEvent::PAYLOAD_NOT_SET && view.payload != payload) {
    return false;
  }
  view.payload = payload;
  return payload == v1::InteractionEvent::kTurn ? ReadMessage(in, ReadTurn, view)
                                                : ReadMessage(in, ReadLifecycle, view);
}

bool ReadEnvelopeMessage(WireCursor& in, uint32_t tag, EventView& view) {
  using Event = v1::InteractionEvent;
  switch (tag) {
    case DelimitedTag(Event::kCustomerFieldNumber):
      return ReadMessage(in, ReadCustomer, view);
    case DelimitedTag(Event::kContactFieldNumber):
      return ReadMessage(in, ReadContact, view);
    case DelimitedTag(Event::kQueueFieldNumber):
      return ReadId(in, v1::Queue::kIdFieldNumber, &view.queue_id);
    case DelimitedTag(Event::kAgentFieldNumber):
      return ReadMessage(in, ReadAgent, view);
    case DelimitedTag(Event::kTouchpointFieldNumber):
      return ReadMessage(in, ReadTouchpoint, view);
    case DelimitedTag(Event::kAttributesFieldNumber):
      return PassOver(in);
    case DelimitedTag(Event::kTurnFieldNumber):
    case DelimitedTag(Event::kLifecycleFieldNumber):
      return ReadPayload(in, tag, view);
    case DelimitedTag(Event::kSignalFieldNumber):
    case DelimitedTag(Event::kSurveyFieldNumber):
    case DelimitedTag(Event::kPromiseFieldNumber):
    case DelimitedTag(Event::kCaseChangeFieldNumber):
    case DelimitedTag(Event::kAgentStateFieldNumber):
    case DelimitedTag(Event::kContactSummaryFieldNumber):
    case DelimitedTag(Event::kActivityFieldNumber):
    case DelimitedTag(Event::kAlertActionFieldNumber):
    case DelimitedTag(Event::kControlFieldNumber):
      return false;
    default:
      return in.Skip(tag);
  }
}

bool ReadEnvelope(WireCursor& in, uint32_t tag, EventView& view) {
  using Event = v1::InteractionEvent;
  switch (tag) {
    case DelimitedTag(Event::kEventIdFieldNumber):
      return in.ReadText(&view.event_id);
    case DelimitedTag(Event::kSourceFieldNumber):
      return in.ReadText(&view.source);
    case DelimitedTag(Event::kTenantIdFieldNumber):
      return in.ReadText(&view.tenant_id);
    case DelimitedTag(Event::kLanguageFieldNumber):
      return in.ReadText(&view.language);
    case DelimitedTag(Event::kAreaFieldNumber):
      return in.ReadText(&view.area);
    case VarintTag(Event::kOccurredAtMsFieldNumber):
      return in.ReadTime(&view.occurred_at_ms);
    case VarintTag(Event::kChannelFieldNumber):
      return in.ReadEnum(&view.channel);
    case VarintTag(Event::kTimeQualityFieldNumber):
      return in.ReadEnum(&view.time_quality);
    case VarintTag(Event::kDirectionFieldNumber):
      return in.ReadEnum(&view.direction);
    case VarintTag(Event::kInitiationFieldNumber):
      return in.ReadEnum(&view.initiation);
    case DelimitedTag(Event::kRawFieldNumber): {
      std::string_view raw;
      return in.ReadBytes(&raw);
    }
    default:
      return ReadEnvelopeMessage(in, tag, view);
  }
}

}  // namespace

bool ScanEvent(std::string_view bytes, EventView* view) {
  // In place: a fresh one would be copied.
  static_assert(std::is_trivially_destructible_v<EventView>);
  std::construct_at(view);
  const bool whole =
      ReadFields(bytes, [&](WireCursor& in, uint32_t tag) { return ReadEnvelope(in, tag, *view); });
  // A turn without a role may be an empty one, which counts as no payload.
  return whole && (view->payload != v1::InteractionEvent::kTurn || view->turn.role != 0);
}

}  // namespace peakend::ingest
