// Which partitions of a topic may take more than one record at a time from a producer.
//
// A broker that knows nothing of a producer takes whatever sequence number comes first. Of
// two requests on their way to such a partition it may refuse the first, as long as it is
// not the leader yet, and take the second; librdkafka then counts both as delivered, and
// the first is lost (KAFKA-15591). So nothing follows a partition's first record before
// that is acknowledged; from then on the broker checks the sequence. It forgets a producer
// that is silent for `producer.id.expiration.ms` (a day), which is not looked for here.
//
// Thread-safety: none. Pure.
#ifndef PEAKEND_PROCESSORS_RUNTIME_KAFKA_FIRST_ACKS_H_
#define PEAKEND_PROCESSORS_RUNTIME_KAFKA_FIRST_ACKS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace peakend::runtime {

class KafkaFirstAcks {
 public:
  // The first record is under way: the next has to wait. A partition that a topic cannot
  // have awaits nothing.
  bool Awaits(int32_t partition) const {
    const auto index = static_cast<size_t>(partition);
    return partition >= 0 && index < states_.size() && states_[index] == State::kFirst;
  }

  // REQUIRES: !Awaits(partition), and that the topic has it.
  void Sent(int32_t partition) {
    const auto index = static_cast<size_t>(partition);
    if (states_.size() <= index) states_.resize(index + 1, State::kNew);
    if (states_[index] == State::kNew) states_[index] = State::kFirst;
  }

  // A record of the partition has met its fate.
  void Answered(int32_t partition, bool acknowledged) {
    if (Awaits(partition)) {
      states_[static_cast<size_t>(partition)] = acknowledged ? State::kKnown : State::kNew;
    }
  }

 private:
  enum class State : uint8_t { kNew, kFirst, kKnown };
  std::vector<State> states_;  // by partition
};

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_KAFKA_FIRST_ACKS_H_
