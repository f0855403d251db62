#include "benchmarks/allocation_count.h"

#include <cstdlib>
#include <new>

namespace peakend::benchmarks {
namespace {

// The replaced operator has no other place to count in.
int64_t& Count() {
  thread_local int64_t count = 0;
  return count;
}

void* Allocate(size_t bytes) {
  ++Count();
  if (void* const memory = std::malloc(bytes == 0 ? 1 : bytes)) return memory;
  std::abort();
}

void* Allocate(size_t bytes, std::align_val_t alignment) {
  ++Count();
  const auto align = static_cast<size_t>(alignment);
  // aligned_alloc wants a multiple of the alignment.
  if (void* const memory = std::aligned_alloc(align, (bytes + align - 1) / align * align)) {
    return memory;
  }
  std::abort();
}

}  // namespace

int64_t AllocationCount() { return Count(); }

}  // namespace peakend::benchmarks

// The nothrow forms call these.
void* operator new(size_t bytes) { return peakend::benchmarks::Allocate(bytes); }
void* operator new[](size_t bytes) { return peakend::benchmarks::Allocate(bytes); }
void* operator new(size_t bytes, std::align_val_t alignment) {
  return peakend::benchmarks::Allocate(bytes, alignment);
}
void* operator new[](size_t bytes, std::align_val_t alignment) {
  return peakend::benchmarks::Allocate(bytes, alignment);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, size_t, std::align_val_t) noexcept { std::free(memory); }
