// The event ids that a contact keeps as evidence, packed into one buffer.
//
// Thread-safety: none. Forgotten ids stay in the buffer until Repack.
#ifndef PEAKEND_PROCESSORS_JOURNEY_EVENT_IDS_H_
#define PEAKEND_PROCESSORS_JOURNEY_EVENT_IDS_H_

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <string>
#include <string_view>

namespace peakend::journey {

class EventIds {
 public:
  // A place in the buffer; empty = no id.
  struct Ref {
    uint32_t begin = 0;
    uint16_t size = 0;
  };

  explicit EventIds(std::pmr::memory_resource* memory) : bytes_(memory) {}

  Ref Add(std::string_view id) {
    const Ref ref{static_cast<uint32_t>(bytes_.size()), static_cast<uint16_t>(id.size())};
    bytes_.append(id);
    return ref;
  }
  // Adds `id` instead of `ref`, in its place if that is as large.
  Ref Replace(Ref ref, std::string_view id) {
    if (id.size() != ref.size) return Add(id);
    bytes_.replace(ref.begin, ref.size, id);
    return ref;
  }
  size_t bytes() const { return bytes_.size(); }
  // Valid until the next Add or Repack. REQUIRES: `ref` came from this object.
  std::string_view operator[](Ref ref) const {
    return std::string_view(bytes_).substr(ref.begin, ref.size);
  }

  // Drops everything but the ids that `visit` names: it is called with a function
  // to be applied to each Ref worth keeping, which is changed in place.
  template <typename Visit>
  void Repack(Visit visit) {
    std::pmr::string kept(bytes_.get_allocator());
    kept.reserve(bytes_.size());
    visit([&](Ref& ref) {
      const std::string_view id = (*this)[ref];
      ref.begin = static_cast<uint32_t>(kept.size());
      kept.append(id);
    });
    bytes_.swap(kept);
  }

 private:
  std::pmr::string bytes_;
};

}  // namespace peakend::journey

#endif  // PEAKEND_PROCESSORS_JOURNEY_EVENT_IDS_H_
