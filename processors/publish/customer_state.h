// What is kept of one customer.
//
// A customer is *open* while a contact can still change, else *idle*: then only
// the key and a trace of the last journey remain.
//
// Thread-safety: none.
#ifndef PEAKEND_PROCESSORS_PUBLISH_CUSTOMER_STATE_H_
#define PEAKEND_PROCESSORS_PUBLISH_CUSTOMER_STATE_H_

#include <array>
#include <cstdint>
#include <memory>
#include <memory_resource>
#include <string>
#include <string_view>
#include <vector>

#include "processors/alerts/alert_book.h"
#include "processors/journey/contact_set.h"
#include "processors/journey/identifier.h"
#include "processors/journey/partition_clock.h"

namespace peakend::publish {

// A row that was written: which version, and what it said.
struct RowVersion {
  int64_t version = 0;  // 0 = never written
  uint64_t digest = 0;  // of the content without version and source
  bool deleted = false;
};

// The rows written about one contact or journey.
struct PublishedRows {
  journey::Identifier id;
  bool is_journey = false;
  journey::EventTime first;  // first event when it was last written
  // Of a contact, when it was last written: what its moments depend on.
  int64_t event_count = 0;
  journey::Identifier journey_id;
  RowVersion journey;
  std::array<RowVersion, 5> moments;  // by v1::MomentKind
};

struct OpenCustomer {
  explicit OpenCustomer(std::pmr::memory_resource* memory)
      : contacts(memory), alerts(memory), rows(memory) {}

  journey::ContactSet contacts;
  alerts::AlertBook alerts;
  std::pmr::vector<PublishedRows> rows;
  int64_t open_journeys = 0;  // as of the last wake-up
};

struct ReturnToMemory {
  std::pmr::memory_resource* memory = nullptr;
  void operator()(OpenCustomer* open) const {
    std::pmr::polymorphic_allocator<>(memory).delete_object(open);
  }
};

class CustomerState {
 public:
  CustomerState(std::string_view tenant_id, std::string_view customer_id)
      : tenant_size_(static_cast<uint32_t>(tenant_id.size())) {
    key_.reserve(tenant_id.size() + 1 + customer_id.size());
    key_.append(tenant_id).append("/").append(customer_id);
  }

  // tenant + "/" + customer.
  std::string_view key() const { return key_; }
  std::string_view tenant_id() const { return key().substr(0, tenant_size_); }
  std::string_view customer_id() const { return key().substr(tenant_size_ + 1); }

  OpenCustomer* open() { return open_.get(); }
  const OpenCustomer* open() const { return open_.get(); }
  OpenCustomer& Open(std::pmr::memory_resource* memory) {
    if (open_ == nullptr) {
      std::pmr::polymorphic_allocator<> allocator(memory);
      open_ = OpenPointer(allocator.new_object<OpenCustomer>(memory), ReturnToMemory{memory});
    }
    return *open_;
  }
  void Close() { open_.reset(); }

  // Journey before the open ones; empty = none is known.
  journey::Identifier previous_journey;
  int64_t last_event_ms = journey::PartitionClock::kUnset;
  // Watermark above which something is due; kEndOfTime = nothing is scheduled.
  int64_t wake_ms = journey::PartitionClock::kEndOfTime;

 private:
  using OpenPointer = std::unique_ptr<OpenCustomer, ReturnToMemory>;

  std::string key_;
  uint32_t tenant_size_;
  OpenPointer open_;
};

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_CUSTOMER_STATE_H_
