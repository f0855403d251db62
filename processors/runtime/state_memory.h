// The memory of customers who are more than idle, counted. That of the open ones is pooled,
// so that steady use allocates nothing.
#ifndef PEAKEND_PROCESSORS_RUNTIME_STATE_MEMORY_H_
#define PEAKEND_PROCESSORS_RUNTIME_STATE_MEMORY_H_

#include <cstddef>
#include <memory_resource>

#include "processors/publish/customer_memory.h"

namespace peakend::runtime {

class StateMemory {
 public:
  publish::CustomerMemory customers() { return {&pool_, &counted_}; }
  // Bytes taken from the system, the pool's reserve included.
  size_t bytes() const { return counted_.bytes(); }

 private:
  class Counted : public std::pmr::memory_resource {
   public:
    size_t bytes() const { return bytes_; }

   private:
    void* do_allocate(size_t bytes, size_t alignment) override {
      bytes_ += bytes;
      return std::pmr::new_delete_resource()->allocate(bytes, alignment);
    }
    void do_deallocate(void* p, size_t bytes, size_t alignment) override {
      bytes_ -= bytes;
      std::pmr::new_delete_resource()->deallocate(p, bytes, alignment);
    }
    bool do_is_equal(const std::pmr::memory_resource& other) const noexcept override {
      return this == &other;
    }
    size_t bytes_ = 0;
  };

  Counted counted_;
  // Larger blocks (a customer with thousands of events) go to the system.
  std::pmr::unsynchronized_pool_resource pool_{std::pmr::pool_options{256, 4096}, &counted_};
};

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_STATE_MEMORY_H_
