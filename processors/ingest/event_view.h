// What the engine reads of an event: plain values, and views of its texts.
//
// Made by ScanEvent from the bytes of an ordinary record, and by ViewOf from the
// parsed message of any other; both give the same view of the same event.
//
// Thread-safety: a value. The texts belong to whatever it was made from.
#ifndef PEAKEND_PROCESSORS_INGEST_EVENT_VIEW_H_
#define PEAKEND_PROCESSORS_INGEST_EVENT_VIEW_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "peakend/v1/interaction_event.pb.h"

namespace peakend::ingest {

// Enums are ints: a value that this version does not know is kept as it is.

// A raw answer and the scale that it stands on.
struct ScaleView {
  std::optional<double> raw;
  std::optional<double> min;
  std::optional<double> max;

  bool complete() const { return raw && min && max; }
  friend bool operator==(const ScaleView&, const ScaleView&) = default;
};

struct SentimentView {
  SentimentView() {}  // for the reason of EventView()

  int label = 0;
  std::optional<double> score;
  ScaleView scale;
  std::optional<double> magnitude;
  std::optional<double> confidence;

  friend bool operator==(const SentimentView&, const SentimentView&) = default;
};

struct TurnView {
  int role = 0;
  bool is_final = true;
  std::optional<float> loudness;
  std::string_view customer_id;  // of the speaker; empty = the keyed customer
  std::string_view text;

  friend bool operator==(const TurnView&, const TurnView&) = default;
};

struct LifecycleView {
  int state = 0;
  std::optional<int64_t> duration_ms;
  std::optional<int64_t> wait_ms;
  std::optional<int64_t> announced_wait_ms;

  friend bool operator==(const LifecycleView&, const LifecycleView&) = default;
};

struct SurveyView {
  int kind = 0;
  int status = 0;
  int polarity = 0;
  std::string_view for_contact_id;

  friend bool operator==(const SurveyView&, const SurveyView&) = default;
};

struct SignalView {
  int kind = 0;
  int by_role = 0;
  std::optional<double> value;
  std::string_view unit;
  std::optional<int64_t> begin_ms;
  std::optional<int64_t> end_ms;

  friend bool operator==(const SignalView&, const SignalView&) = default;
};

struct PromiseView {
  std::string_view id;
  int kind = 0;
  int64_t promised_at_ms = 0;
  int64_t due_at_ms = 0;
  std::optional<int64_t> max_duration_ms;
  int64_t fulfilled_at_ms = 0;
  bool broken = false;

  friend bool operator==(const PromiseView&, const PromiseView&) = default;
};

// The first of a customer's segments.
struct SegmentsView {
  static constexpr size_t kMost = 8;

  void Add(std::string_view id) {
    if (count < kMost) ids[count++] = id;
  }
  const std::string_view* begin() const { return ids.data(); }
  const std::string_view* end() const { return ids.data() + count; }

  std::array<std::string_view, kMost> ids;
  size_t count = 0;

  friend bool operator==(const SegmentsView&, const SegmentsView&) = default;
};

// What a control record says, as the generated parser has read it; its own owner keeps it.
template <typename Message>
struct ControlView {
  const Message* message = nullptr;  // null = it says no such thing

  explicit operator bool() const { return message != nullptr; }
  const Message& operator*() const { return *message; }
  const Message* operator->() const { return message; }
  // Of the same content.
  friend bool operator==(const ControlView& a, const ControlView& b) {
    if (!a || !b) return !a && !b;
    return a->SerializeAsString() == b->SerializeAsString();
  }
};

struct EventView {
  // Not defaulted: then EventView() would zero all of it before, absent values
  // included, which takes a third of a scan.
  EventView() {}

  std::string_view event_id;
  std::string_view source;
  std::string_view tenant_id;
  std::string_view customer_id;
  std::string_view tier;
  std::string_view contact_id;
  std::string_view chain_id;
  std::string_view case_id;
  std::string_view touchpoint_id;
  std::string_view intent;
  std::string_view queue_id;
  std::string_view agent_id;
  std::string_view area;
  SegmentsView segments;
  int64_t occurred_at_ms = 0;
  int channel = 0;
  int direction = 0;
  int time_quality = 0;
  int initiation = 0;
  int agent_kind = 0;
  bool has_customer = false;

  // Says which of the members below count; the others keep their defaults.
  v1::InteractionEvent::PayloadCase payload = v1::InteractionEvent::PAYLOAD_NOT_SET;
  TurnView turn;
  LifecycleView lifecycle;
  SurveyView survey;
  std::optional<SentimentView> sentiment;  // of a turn or a contact summary
  ScaleView scale;                         // of a survey's answer or an activity's rating
  SignalView signal;
  PromiseView promise;
  int activity_kind = 0;
  // Of a control record; what they point to belongs to the parsed message.
  bool clock_tick = false;
  ControlView<v1::Notice> notice;
  ControlView<v1::Baseline> baseline;

  friend bool operator==(const EventView&, const EventView&) = default;
};

// The view of `event`, whose texts it points to.
EventView ViewOf(const v1::InteractionEvent& event);

}  // namespace peakend::ingest

#endif  // PEAKEND_PROCESSORS_INGEST_EVENT_VIEW_H_
