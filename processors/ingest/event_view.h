// What the engine reads of an event: plain values, and views of its texts.
//
// Made by ScanEvent from the bytes of an ordinary record, and by ViewOf from the
// parsed message of any other; both give the same view of the same event.
//
// Thread-safety: a value. The texts belong to whatever it was made from.
#ifndef PEAKEND_PROCESSORS_INGEST_EVENT_VIEW_H_
#define PEAKEND_PROCESSORS_INGEST_EVENT_VIEW_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "peakend/v1/interaction_event.pb.h"

namespace peakend::ingest {

// Longest id, source or key part, in bytes.
inline constexpr size_t kMaxIdBytes = 256;

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
  std::string_view scale_id;
  std::string_view producer;

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
  int ended_by = 0;
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
  int64_t asked_at_ms = 0;  // 0 = not said

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

// What a supervisor did with an alert.
struct AlertActionView {
  int kind = 0;
  std::string_view alert_id;
  int64_t until_at_ms = 0;  // of a snooze; 0 = not said
  std::string_view actor_id;
  std::optional<bool> was_actionable;  // of a resolution

  friend bool operator==(const AlertActionView&, const AlertActionView&) = default;
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

// Who the customer is beside their id.
struct IdentityView {
  std::string_view type;
  std::string_view value;
  std::string_view previous_value;  // one more of the type; one of the two may be empty
  bool verified = false;            // false also where the source does not say

  friend bool operator==(const IdentityView&, const IdentityView&) = default;
};

// The first of a customer's identities that say something in texts of at most kMaxIdBytes.
class IdentitiesView {
 public:
  static constexpr size_t kMost = 8;

  // None is made before it is added: making all would take longer than to read the few
  // that most events name.
  IdentitiesView() {}

  void Add(const IdentityView& identity) {
    const bool says_something =
        !identity.type.empty() && !(identity.value.empty() && identity.previous_value.empty());
    const bool short_enough = identity.type.size() <= kMaxIdBytes &&
                              identity.value.size() <= kMaxIdBytes &&
                              identity.previous_value.size() <= kMaxIdBytes;
    if (!says_something || !short_enough || count_ == kMost) return;
    std::construct_at(identities_.data() + count_++, identity);
  }
  const IdentityView* begin() const { return identities_.data(); }
  const IdentityView* end() const { return identities_.data() + count_; }
  size_t size() const { return count_; }

  friend bool operator==(const IdentitiesView& a, const IdentitiesView& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
  }

 private:
  union {
    std::array<IdentityView, kMost> identities_;
  };
  size_t count_ = 0;
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
  std::string_view leg_id;
  std::string_view case_id;
  std::string_view touchpoint_id;
  std::string_view intent;
  std::string_view queue_id;
  std::string_view agent_id;
  std::string_view language;
  std::string_view area;
  SegmentsView segments;
  IdentitiesView identities;
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
  AlertActionView alert_action;
  // Of a control record; what they point to belongs to the parsed message.
  bool clock_tick = false;
  ControlView<v1::Notice> notice;
  ControlView<v1::Baseline> baseline;
  ControlView<v1::IdentityRecord> identity;
  ControlView<v1::PolicyRecord> policy;

  friend bool operator==(const EventView&, const EventView&) = default;
};

// The view of `event`, whose texts it points to.
EventView ViewOf(const v1::InteractionEvent& event);

}  // namespace peakend::ingest

#endif  // PEAKEND_PROCESSORS_INGEST_EVENT_VIEW_H_
