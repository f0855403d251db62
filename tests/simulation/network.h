// The way from a worker to the broker, on which requests get lost, late and doubled.
//
// A disturbance is armed for one worker and meets one request of it. Besides what
// networks do, a worker can be held up or die at that very point: before its request has
// taken effect, or after it and before the answer.
//
// Thread-safety: none.
#ifndef PEAKEND_TESTS_SIMULATION_NETWORK_H_
#define PEAKEND_TESTS_SIMULATION_NETWORK_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "tests/simulation/sim_broker.h"

namespace peakend::simulation {

enum class Request : uint8_t {
  kInitProducer,
  kAddPartitions,
  kProduce,
  kSendPositions,
  kEndTransaction,
  kCommittedPosition,
  kPoll,
  kChangelog,
};
inline constexpr int kRequestKinds = 8;

struct Disturbance {
  enum class Kind : uint8_t {
    kLost,          // never arrives
    kAnswerLost,    // takes effect, and nobody is told
    kLate,          // takes effect later; the sender gives up waiting
    kDoubled,       // takes effect now and once more later
    kRefused,       // does not take effect; its transaction has to be aborted
    kCrashBefore,   // the worker dies, the request does not arrive
    kCrashAfter,    // the worker dies, the request does arrive
    kHeldUpBefore,  // the world goes on before the request arrives
    kHeldUpAfter,   // the world goes on before the answer does
  };
  Kind kind = Kind::kLost;
  Request request = Request::kEndTransaction;
  int64_t skip = 0;      // so many of these requests pass before it strikes
  int64_t delay_ms = 0;  // kLate, kDoubled
  int64_t steps = 0;     // kHeldUp*: how long the world goes on
  bool unknown = false;  // without an answer: give up, or ask to be called again
};
inline constexpr int kDisturbanceKinds = 9;

// What happens around a worker while it waits or stands still.
class World {
 public:
  virtual ~World() = default;
  // Everybody else goes on for so many steps.
  virtual void HoldUp(int worker, int64_t steps) = 0;
  virtual void Pass(int64_t ms) = 0;
};

// Thrown through a worker that dies in the middle of a request.
struct WorkerDied {
  int worker = 0;
};

struct Answer {
  std::optional<BrokerError> error;  // none: no answer came
  bool unknown = false;              // then: give up, or try the same again
  bool doubled = false;              // a second copy is under way
};

class Network {
 public:
  // Both must outlive the network.
  Network(SimBroker& broker, World& world) : broker_(broker), world_(world) {}

  void Arm(int worker, const Disturbance& disturbance);
  void Calm() { armed_.clear(); }
  // A broker that restarts: whatever is under way is lost, and until `until_ms` nobody
  // answers.
  void CutUntil(int64_t until_ms);
  // Delivers what is late and due.
  void Advance();
  // For whoever waits: for an answer that does not come, or before asking again.
  void Wait(int64_t ms) { world_.Pass(ms); }
  SimBroker& broker() const { return broker_; }

  // Sends a request. `effect` is what the broker does with it, called 0 to 2 times, now
  // or after this returns, so it holds its own data.
  template <typename Effect>
  Answer Send(int worker, Request request, const Effect& effect) {
    if (broker_.now_ms() < cut_until_ms_) return {std::nullopt, false, false};
    const std::optional<Disturbance> met = Meet(worker, request);
    if (!met) return {effect(), false, false};
    return SendDisturbed(worker, *met, effect);
  }

 private:
  struct Armed {
    int worker;
    Disturbance disturbance;
  };
  struct Late {
    int64_t due_ms;
    std::function<BrokerError()> effect;
  };

  std::optional<Disturbance> Meet(int worker, Request request);
  Answer SendDisturbed(int worker, const Disturbance& met,
                       const std::function<BrokerError()>& effect);

  SimBroker& broker_;
  World& world_;
  int64_t cut_until_ms_ = 0;
  std::vector<Armed> armed_;
  std::vector<Late> late_;
};

}  // namespace peakend::simulation

#endif  // PEAKEND_TESTS_SIMULATION_NETWORK_H_
