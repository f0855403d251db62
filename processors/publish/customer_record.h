// A customer's state as the bytes of a record, for the changelog and for
// snapshots, and back.
//
// Same state, same bytes, in any process. A restored customer goes on exactly like
// the one that was written: any later event gives the same outputs.
//
// Thread-safety: none; one of each per worker. They keep a message to reuse.
#ifndef PEAKEND_PROCESSORS_PUBLISH_CUSTOMER_RECORD_H_
#define PEAKEND_PROCESSORS_PUBLISH_CUSTOMER_RECORD_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "peakend/v1/customer_state.pb.h"
#include "processors/alerts/rule.h"
#include "processors/journey/record_bytes.h"
#include "processors/publish/customer_memory.h"
#include "processors/publish/customer_state.h"

namespace peakend::publish {

// Version of the bytes; see CustomerState.format.
inline constexpr uint32_t kCustomerRecordFormat = 11;

// What a record says beside the state; see proto/peakend/v1/customer_state.proto.
struct RecordStamp {
  int64_t applied = 0;
  uint64_t digest = 0;
  bool gone = false;
  friend bool operator==(const RecordStamp&, const RecordStamp&) = default;
};

class CustomerRecordWriter {
 public:
  // `rules` must outlive this, or its use.
  explicit CustomerRecordWriter(const alerts::Rules& rules) : rules_(&rules) {}

  // Customers are as a policy with `rules` left them from now on.
  void Use(const alerts::Rules& rules) { rules_ = &rules; }

  // Appends the value of the record whose key is customer.key(). Of a customer who
  // is gone only the stamp is written. REQUIRES: !customer.vacant().
  void Append(const CustomerState& customer, const RecordStamp& stamp, std::string* bytes);

 private:
  void Save(const CustomerState& customer);

  const alerts::Rules* rules_;
  journey::RecordBytes record_;
};

struct RestoredCustomer {
  CustomerState customer;
  RecordStamp stamp;
};

class CustomerRecordReader {
 public:
  // The customer named by `key` (tenant + "/" + customer), packed in `memory`
  // or idle; idle when the stamp says gone. Takes memory in proportion to `value`.
  // Errors: DataLoss when the bytes are damaged or contradict themselves,
  // FailedPrecondition when their format is newer.
  absl::StatusOr<RestoredCustomer> Restore(std::string_view key, std::string_view value,
                                           CustomerMemory memory);

 private:
  v1::CustomerState record_;
};

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_CUSTOMER_RECORD_H_
