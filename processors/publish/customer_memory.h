// Where customers live. Open ones come and go, for which a pool is made. Packed ones stay for
// weeks and are as large as their bytes, which a pool would round up by a quarter.
#ifndef PEAKEND_PROCESSORS_PUBLISH_CUSTOMER_MEMORY_H_
#define PEAKEND_PROCESSORS_PUBLISH_CUSTOMER_MEMORY_H_

#include <memory_resource>

namespace peakend::publish {

struct CustomerMemory {
  CustomerMemory(std::pmr::memory_resource* both)  // NOLINT(google-explicit-constructor)
      : open(both), packed(both) {}
  CustomerMemory(std::pmr::memory_resource* for_open, std::pmr::memory_resource* for_packed)
      : open(for_open), packed(for_packed) {}

  std::pmr::memory_resource* open;
  std::pmr::memory_resource* packed;
};

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_CUSTOMER_MEMORY_H_
