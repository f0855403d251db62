// What was announced to a customer in a contact, with a due time.
//
// A promise belongs to the contact in which it is made; whoever keeps it may do so
// anywhere (settlement.h). Every member is an accumulator whose value does not depend on
// the order of the statements.
//
// Bounded: at most kMax promises in a contact; the ones made last are forgotten.
// Thread-safety: none. The caller has removed duplicates.
#ifndef PEAKEND_PROCESSORS_JOURNEY_PROMISE_H_
#define PEAKEND_PROCESSORS_JOURNEY_PROMISE_H_

#include <algorithm>
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
#include "processors/journey/record_bytes.h"

namespace peakend::journey {

// An event that speaks of a promise, and the time that it states.
struct Statement {
  EventTime at;
  int64_t time_ms = 0;
  std::pmr::string event_id;
};

struct Promise {
  std::pmr::string id;
  int kind = 0;                  // v1::Promise::Kind, as `due` says
  Statement made;                // the earliest; time = when it was made
  std::optional<Statement> due;  // the newest: a promise may be moved
  int64_t statements = 0;

  // Time that it gives, >= 0, and when that is over. REQUIRES: due.
  int64_t AllowedMs() const { return std::max<int64_t>(0, due->time_ms - made.time_ms); }
  int64_t DueMs() const { return made.time_ms + AllowedMs(); }
};

class Promises {
 public:
  static constexpr size_t kMax = 16;
  using Records = google::protobuf::RepeatedPtrField<v1::CustomerState::Promise>;

  explicit Promises(std::pmr::memory_resource* memory) : promises_(memory) {}
  // The promises that Save wrote. REQUIRES: the records were checked.
  Promises(const Records& records, bool forgot, std::pmr::memory_resource* memory);
  // As `field` of the message that is being written.
  void Save(int field, RecordBytes& record) const;

  // REQUIRES: facts.promise, which says neither fulfilled nor broken.
  void Add(const EventFacts& facts);
  // Adds all of `other`, which heard other events.
  void Merge(const Promises& other);

  // By id.
  absl::Span<const Promise> all() const { return promises_; }
  const Promise* Find(std::string_view id) const;
  // Promises were forgotten because there were too many.
  bool forgot() const { return forgot_; }

 private:
  void Join(Promise promise);

  std::pmr::vector<Promise> promises_;
  bool forgot_ = false;
};

}  // namespace peakend::journey

#endif  // PEAKEND_PROCESSORS_JOURNEY_PROMISE_H_
