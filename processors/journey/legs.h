// The legs of a contact: who had it, from when until when.
//
// A leg is what the feed names one (Contact.leg_id); where it names none, the events that
// name one agent or bot. An event that names neither is of no leg. Every member is an
// accumulator whose value does not depend on the order of the events.
//
// Bounded: at most kMost legs in a contact; those that begin last are forgotten.
// Thread-safety: none. The caller has removed duplicates.
#ifndef PEAKEND_PROCESSORS_JOURNEY_LEGS_H_
#define PEAKEND_PROCESSORS_JOURNEY_LEGS_H_

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "peakend/v1/customer_state.pb.h"
#include "processors/journey/event_facts.h"
#include "processors/journey/event_time.h"
#include "processors/journey/latest_name.h"
#include "processors/journey/record_bytes.h"

namespace peakend::journey {

struct Leg {
  explicit Leg(std::pmr::memory_resource* memory) : name(memory), agent(memory), queue(memory) {}

  std::pmr::string name;  // the feed's; else the agent
  bool named = false;     // by the feed
  EventTime first;
  EventTime last;
  int64_t event_count = 0;
  LatestName agent;  // unused where the leg is the agent's
  LatestName queue;

  std::string_view agent_id() const { return named ? agent.value : name; }
};

class Legs {
 public:
  static constexpr size_t kMost = 8;
  using Records = google::protobuf::RepeatedPtrField<v1::CustomerState::Leg>;

  explicit Legs(std::pmr::memory_resource* memory) : legs_(memory) {}
  // The legs that Save wrote. REQUIRES: the records were checked.
  Legs(const Records& records, bool forgot, std::pmr::memory_resource* memory);
  // As `field` of the message that is being written.
  void Save(int field, RecordBytes& record) const;

  // Takes an event of the contact in; nothing happens when it is of no leg.
  void Add(const EventFacts& facts);
  // Adds all of `other`, which heard other events.
  void Merge(const Legs& other);

  // In order of their first events.
  absl::Span<const Leg> all() const { return legs_; }
  // The leg that had the contact at a time: of those that had begun and not ended the one that
  // began last, else the one that ended last before. Nothing before the first leg.
  std::optional<size_t> At(const EventTime& at) const;
  // Legs were forgotten because there were too many.
  bool forgot() const { return forgot_; }

 private:
  Leg* Find(std::string_view name, bool named);
  void Insert(Leg leg);

  std::pmr::vector<Leg> legs_;
  bool forgot_ = false;
};

}  // namespace peakend::journey

#endif  // PEAKEND_PROCESSORS_JOURNEY_LEGS_H_
