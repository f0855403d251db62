// What is kept of one customer.
//
// A customer is *open* while a contact is live and *packed* while something that is over
// can still be amended; else *idle*: then only the key, the id of the last journey and what
// is remembered remain.
//
// Thread-safety: none.
#ifndef PEAKEND_PROCESSORS_PUBLISH_CUSTOMER_STATE_H_
#define PEAKEND_PROCESSORS_PUBLISH_CUSTOMER_STATE_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <memory_resource>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "peakend/v1/customer_state.pb.h"
#include "processors/alerts/alert_book.h"
#include "processors/journey/contact_parts.h"
#include "processors/journey/contact_set.h"
#include "processors/journey/identifier.h"
#include "processors/journey/memory.h"
#include "processors/journey/partition_clock.h"
#include "processors/publish/customer_identity.h"

namespace peakend::publish {

// A row that was written: which version, and what it said.
struct RowVersion {
  int64_t version = 0;  // 0 = never written
  uint64_t digest = 0;  // of the content without version and source
};

// Rows for warehouses that have one version together (CustomerState.Bundle).
struct BundleVersion {
  int64_t version = 0;  // 0 = never made
  // Of the rows that the newest one consists of.
  uint32_t legs = 0;
  uint32_t promises = 0;
  uint64_t causes = 0;  // a bit per journey::Cause
};

// The rows written about one contact or journey.
struct PublishedRows {
  journey::Identifier id;
  journey::EventTime first;  // first event when it was last written
  // When it was last written: what its rows follow from, the policy aside; 0 = not known.
  uint64_t fact_digest = 0;
  int64_t card_version = 0;  // of the contact's opening card; 0 = there is none, or no more
  // That withdrew the card, where it may come back; 0 = none.
  int64_t card_withdrawn_version = 0;
  // The contact or journey is elsewhere, or part of another: its rows go on at the next
  // version if it comes back.
  bool withdrawn = false;
  RowVersion journey;
  std::array<RowVersion, 5> moments;  // by v1::MomentKind
  BundleVersion bundle;
};

// When somebody looks at a customer who is not idle.
struct Schedule {
  int64_t open_journeys = 0;  // as of the last wake-up
  // Watermark above which something is due; kEndOfTime = nothing is scheduled.
  int64_t wake_ms = journey::PartitionClock::kEndOfTime;
  // The deadline that whoever wakes the customer has noted.
  int64_t scheduled_ms = journey::PartitionClock::kEndOfTime;
};

struct OpenCustomer {
  // Withdrawn rows that are kept; the earliest are forgotten.
  static constexpr size_t kMostWithdrawn = 1024;

  explicit OpenCustomer(std::pmr::memory_resource* memory)
      : parts(journey::ContactSet(memory)), alerts(memory), rows(memory) {}

  // The customer's and those of all guests, as one.
  const journey::ContactSet& contacts() const { return parts.view(); }

  // The rows about a contact or journey, which begins at `first` now; none written at first.
  PublishedRows& RowsOf(const journey::Identifier& id, const journey::EventTime& first);

  journey::ContactParts parts;
  alerts::AlertBook alerts;
  std::pmr::vector<PublishedRows> rows;
  Schedule schedule;
};

inline PublishedRows& OpenCustomer::RowsOf(const journey::Identifier& id,
                                           const journey::EventTime& first) {
  const auto known = std::find_if(rows.begin(), rows.end(),
                                  [&](const PublishedRows& each) { return each.id == id; });
  PublishedRows& found = known != rows.end() ? *known : rows.emplace_back();
  found.id = id;
  found.first = first;
  found.withdrawn = false;
  return found;
}

// An OpenCustomer as bytes: a serialised v1::CustomerState::Open.
struct PackedCustomer {
  explicit PackedCustomer(std::pmr::memory_resource* memory) : bytes(memory) {}

  std::pmr::string bytes;
  Schedule schedule;
};

// Gives each back to the memory that its parts came from.
struct ReturnToMemory {
  void operator()(OpenCustomer* open) const {
    std::pmr::polymorphic_allocator<>(open->parts.memory()).delete_object(open);
  }
  void operator()(CustomerIdentity* identity) const {
    std::pmr::polymorphic_allocator<>(identity->memory()).delete_object(identity);
  }
  void operator()(PackedCustomer* packed) const {
    std::pmr::polymorphic_allocator<>(packed->bytes.get_allocator().resource())
        .delete_object(packed);
  }
};

// Small on purpose: most customers are idle, and there may be millions.
class CustomerState {
 public:
  // Nobody: what a free place in a table holds.
  CustomerState() = default;
  // REQUIRES: each id has at most 65,535 bytes.
  CustomerState(std::string_view tenant_id, std::string_view customer_id)
      : tenant_size_(static_cast<uint16_t>(tenant_id.size())),
        customer_size_(static_cast<uint16_t>(customer_id.size())),
        key_(std::make_unique<char[]>(tenant_id.size() + 1 + customer_id.size())) {
    tenant_id.copy(key_.get(), tenant_id.size());
    key_[tenant_id.size()] = '/';
    customer_id.copy(key_.get() + tenant_id.size() + 1, customer_id.size());
  }

  bool vacant() const { return key_ == nullptr; }
  // tenant + "/" + customer; REQUIRES for these three: !vacant().
  std::string_view key() const {
    return {key_.get(), size_t{tenant_size_} + 1 + size_t{customer_size_}};
  }
  std::string_view tenant_id() const { return key().substr(0, tenant_size_); }
  std::string_view customer_id() const { return key().substr(size_t{tenant_size_} + 1); }

  // Null when the customer is packed or idle.
  OpenCustomer* open() { return open_.get(); }
  const OpenCustomer* open() const { return open_.get(); }
  OpenCustomer& Open(std::pmr::memory_resource* resource) {
    packed_.reset();
    if (open_ == nullptr) {
      open_.reset(std::pmr::polymorphic_allocator<>(resource).new_object<OpenCustomer>(resource));
    }
    return *open_;
  }
  // Null unless the customer is packed.
  const PackedCustomer* packed() const { return packed_.get(); }
  // As a serialised v1::CustomerState::Open. By value: the schedule may be that of the open
  // customer, who is gone then.
  void Pack(std::string_view open, Schedule schedule, std::pmr::memory_resource* resource) {
    open_.reset();
    packed_.reset(std::pmr::polymorphic_allocator<>(resource).new_object<PackedCustomer>(resource));
    packed_->bytes = open;
    packed_->schedule = schedule;
  }
  bool idle() const { return open_ == nullptr && packed_ == nullptr; }
  void Close() {
    open_.reset();
    packed_.reset();
  }
  // Null when the customer is idle: nothing is due.
  Schedule* schedule() {
    if (open_ != nullptr) return &open_->schedule;
    return packed_ != nullptr ? &packed_->schedule : nullptr;
  }
  int64_t wake_ms() const {
    const Schedule* schedule = const_cast<CustomerState*>(this)->schedule();
    return schedule != nullptr ? schedule->wake_ms : journey::PartitionClock::kEndOfTime;
  }
  // Null when no identity was ever spoken of, here.
  CustomerIdentity* identity() { return identity_.get(); }
  const CustomerIdentity* identity() const { return identity_.get(); }
  CustomerIdentity& Identify(std::pmr::memory_resource* resource) {
    if (identity_ == nullptr) Identify(CustomerIdentity(resource), resource);
    return *identity_;
  }
  void Identify(CustomerIdentity identity, std::pmr::memory_resource* resource) {
    identity_.reset(std::pmr::polymorphic_allocator<>(resource).new_object<CustomerIdentity>(
        std::move(identity)));
  }
  // Contacts may leave, and come back. REQUIRES: open() != nullptr.
  bool linked() const { return identity_ != nullptr || !open_->parts.guests().empty(); }
  // The customer's part is at a host, or under way.
  bool away() const { return identity_ != nullptr && identity_->away(); }
  // Becomes as one who was never here.
  void Forget() {
    memory = {};
    previous_journey = {};
    identity_.reset();
  }
  // Idle for so long that nothing of the customer counts for any event that can still come in
  // time; the place may be given to another. Nobody is whose part is under way, nor while an
  // identity was spoken of lately, or before the clock was set.
  bool Forgotten(int64_t watermark_ms, const journey::Windows& windows) const {
    const int64_t at_ms = watermark_ms - windows.allowed_lateness_ms;
    if (!idle() || !memory.FadedAway(at_ms, windows.memory_ms)) return false;
    if (identity_ == nullptr) return true;
    const int64_t last_ms = std::max(last_event_ms, identity_->heard_ms);
    return !identity_->recalled && last_ms != journey::PartitionClock::kUnset &&
           at_ms - last_ms > windows.memory_ms;
  }

  // Of the journeys before the open ones.
  journey::Memory memory;
  // Journey before the open ones; empty = none is known.
  journey::Identifier previous_journey;
  int64_t last_event_ms = journey::PartitionClock::kUnset;

 private:
  uint16_t tenant_size_ = 0;
  uint16_t customer_size_ = 0;
  std::unique_ptr<char[]> key_;
  // At most one of the two.
  std::unique_ptr<OpenCustomer, ReturnToMemory> open_;
  std::unique_ptr<PackedCustomer, ReturnToMemory> packed_;
  std::unique_ptr<CustomerIdentity, ReturnToMemory> identity_;
};

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_CUSTOMER_STATE_H_
