#include "processors/ingest/event_view.h"

#include <string>

namespace peakend::ingest {
namespace {

template <typename Number>
std::optional<Number> If(bool present, Number number) {
  return present ? std::optional<Number>(number) : std::nullopt;
}

// Of a sentiment or a survey.
template <typename M>
ScaleView ScaleOf(const M& m) {
  return {If(m.has_raw(), m.raw()), If(m.has_raw_min(), m.raw_min()),
          If(m.has_raw_max(), m.raw_max())};
}

ScaleView RatingOf(const v1::Activity& a) {
  return {If(a.has_rating(), a.rating()), If(a.has_rating_min(), a.rating_min()),
          If(a.has_rating_max(), a.rating_max())};
}

SentimentView ViewOf(const v1::Sentiment& s) {
  SentimentView view;
  view.label = s.label();
  view.score = If(s.has_score(), s.score());
  view.scale = ScaleOf(s);
  view.magnitude = If(s.has_magnitude(), s.magnitude());
  view.confidence = If(s.has_confidence(), s.confidence());
  view.scale_id = s.scale_id();
  view.producer = s.producer();
  return view;
}

void ReadTurn(const v1::Turn& turn, EventView& view) {
  view.turn = {turn.role(), !turn.has_is_final() || turn.is_final(),
               If(turn.has_loudness(), turn.loudness()), turn.customer_id(), turn.text()};
  if (turn.has_sentiment()) view.sentiment = ViewOf(turn.sentiment());
}

void ReadPayload(const v1::InteractionEvent& event, EventView& view) {
  view.payload = event.payload_case();
  switch (view.payload) {
    case v1::InteractionEvent::kTurn:
      return ReadTurn(event.turn(), view);
    case v1::InteractionEvent::kLifecycle: {
      const v1::Lifecycle& l = event.lifecycle();
      view.lifecycle = {l.state(), l.ended_by(), If(l.has_duration_ms(), l.duration_ms()),
                        If(l.has_wait_ms(), l.wait_ms()),
                        If(l.has_announced_wait_ms(), l.announced_wait_ms())};
      return;
    }
    case v1::InteractionEvent::kSurvey: {
      const v1::Survey& s = event.survey();
      view.survey = {s.kind(), s.status(), s.polarity(), s.for_contact_id(), s.asked_at_ms()};
      view.scale = ScaleOf(s);
      return;
    }
    case v1::InteractionEvent::kSignal: {
      const v1::Signal& s = event.signal();
      view.signal = {s.kind(),
                     s.by_role(),
                     If(s.has_value(), s.value()),
                     s.unit(),
                     If(s.has_begin_ms(), s.begin_ms()),
                     If(s.has_end_ms(), s.end_ms())};
      return;
    }
    case v1::InteractionEvent::kPromise: {
      const v1::Promise& p = event.promise();
      view.promise = {p.promise_id(),
                      p.kind(),
                      p.promised_at_ms(),
                      p.due_at_ms(),
                      If(p.has_max_duration_ms(), p.max_duration_ms()),
                      p.fulfilled_at_ms(),
                      p.broken()};
      return;
    }
    case v1::InteractionEvent::kActivity:
      view.activity_kind = event.activity().kind();
      view.scale = RatingOf(event.activity());
      return;
    case v1::InteractionEvent::kAlertAction: {
      const v1::AlertAction& a = event.alert_action();
      view.alert_action = {a.kind(), a.alert_id(), a.until_at_ms(), a.actor_id(),
                           If(a.has_was_actionable(), a.was_actionable())};
      return;
    }
    case v1::InteractionEvent::kContactSummary:
      if (event.contact_summary().has_sentiment()) {
        view.sentiment = ViewOf(event.contact_summary().sentiment());
      }
      return;
    case v1::InteractionEvent::kControl:
      view.clock_tick = event.control().has_clock_tick();
      if (event.control().has_notice()) view.notice.message = &event.control().notice();
      if (event.control().has_baseline()) view.baseline.message = &event.control().baseline();
      if (event.control().has_identity()) view.identity.message = &event.control().identity();
      if (event.control().has_policy()) view.policy.message = &event.control().policy();
      return;
    default:
      return;
  }
}

}  // namespace

EventView ViewOf(const v1::InteractionEvent& event) {
  EventView view;
  view.event_id = event.event_id();
  view.source = event.source();
  view.tenant_id = event.tenant_id();
  view.customer_id = event.customer().customer_id();
  view.tier = event.customer().tier();
  view.contact_id = event.contact().contact_id();
  view.chain_id = event.contact().chain_id();
  view.leg_id = event.contact().leg_id();
  view.case_id = event.contact().case_id();
  view.touchpoint_id = event.touchpoint().touchpoint_id();
  view.intent = event.touchpoint().intent();
  view.queue_id = event.queue().id();
  view.agent_id = event.agent().id();
  view.agent_kind = event.agent().kind();
  view.language = event.language();
  view.area = event.area();
  for (const std::string& segment : event.customer().segments()) view.segments.Add(segment);
  for (const v1::Identity& identity : event.customer().identities()) {
    view.identities.Add(
        {identity.type(), identity.value(), identity.previous_value(), identity.verified()});
  }
  view.occurred_at_ms = event.occurred_at_ms();
  view.channel = event.channel();
  view.direction = event.direction();
  view.time_quality = event.time_quality();
  view.initiation = event.initiation();
  view.has_customer = event.has_customer();
  ReadPayload(event, view);
  return view;
}

}  // namespace peakend::ingest
