// Records of scripted events: key and InteractionEvent, a pure function of (profile, seed, contact,
// event, when it is due).
//
// The event's id ends in the time when it is due (`due_of_event_id`), so that whoever reads an
// alert knows from its evidence when that should have left.
//
// Thread-safety: none; one owner.
#ifndef PEAKEND_BENCHMARKS_LOAD_EVENT_WRITER_H_
#define PEAKEND_BENCHMARKS_LOAD_EVENT_WRITER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "benchmarks/load/contact_plan.h"
#include "benchmarks/load/contact_script.h"
#include "benchmarks/load/wording.h"
#include "peakend/v1/interaction_event.pb.h"
#include "peakend/v1/load_profile.pb.h"

namespace peakend::load {

class EventWriter {
 public:
  // `start_at_ms`: when the load begins, in times of occurrence. `profile` outlives it.
  EventWriter(const v1::LoadProfile& profile, uint64_t seed, int64_t start_at_ms);

  void StartAt(int64_t start_at_ms) { start_at_ms_ = start_at_ms; }

  // Valid until the next call of either.
  struct Record {
    std::string_view key;
    std::string_view value;
  };
  Record Write(const ContactPlan& plan, const ScriptedEvent& event, int64_t due_us);
  // One that no reader can take: cut off, without a customer, or bytes of nothing.
  Record Spoil(const Record& good, RandomStream& stream);
  // The event that was written last, with text that is not UTF-8. REQUIRES: it was not spoilt.
  Record BreakText(const Record& good);

  // When the event occurred by the clock of its source.
  int64_t OccurredAtMs(const ContactPlan& plan, const ScriptedEvent& event) const;

 private:
  void WriteEnvelope(const ContactPlan& plan, const ScriptedEvent& event, int64_t due_us);
  void WriteTurn(const ContactPlan& plan, const ScriptedEvent& event);
  void WriteState(const ScriptedEvent& event);
  void WritePromise(const ContactPlan& plan, const ScriptedEvent& event);
  void WriteSurvey(const ContactPlan& plan, const ScriptedEvent& event);

  const v1::LoadProfile& profile_;
  const uint64_t seed_;
  int64_t start_at_ms_;
  const Wording english_;
  const Wording chinese_;
  std::vector<std::string> sources_;
  std::vector<int64_t> skews_us_;
  v1::InteractionEvent event_;
  std::string key_;
  std::string value_;
  std::string spoilt_;
};

// Microseconds from the load's beginning to when the event of that id is due; nullopt = the id is
// not of a generated load.
std::optional<int64_t> DueOfEventId(std::string_view event_id);

// The number of the customer of that id; nullopt as above.
std::optional<uint64_t> CustomerOfId(std::string_view customer_id);

}  // namespace peakend::load

#endif  // PEAKEND_BENCHMARKS_LOAD_EVENT_WRITER_H_
