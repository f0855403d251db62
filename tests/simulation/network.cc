#include "tests/simulation/network.h"

namespace peakend::simulation {
namespace {

bool InTransaction(Request request) {
  return request == Request::kAddPartitions || request == Request::kProduce ||
         request == Request::kSendPositions;
}

}  // namespace

void Network::Arm(int worker, const Disturbance& disturbance) {
  armed_.push_back({worker, disturbance});
}

void Network::CutUntil(int64_t until_ms) {
  late_.clear();
  cut_until_ms_ = until_ms;
}

void Network::Advance() {
  // Effects may not send, so the list does not change under us.
  std::erase_if(late_, [&](const Late& late) {
    if (late.due_ms > broker_.now_ms()) return false;
    late.effect();
    return true;
  });
}

std::optional<Disturbance> Network::Meet(int worker, Request request) {
  for (size_t i = 0; i < armed_.size(); ++i) {
    Disturbance& armed = armed_[i].disturbance;
    if (armed_[i].worker != worker || armed.request != request) continue;
    if (armed.skip-- > 0) continue;
    const Disturbance met = armed;
    armed_.erase(armed_.begin() + static_cast<ptrdiff_t>(i));
    return met;
  }
  return std::nullopt;
}

Answer Network::SendDisturbed(int worker, const Disturbance& met,
                              const std::function<BrokerError()>& effect) {
  const Answer none{std::nullopt, met.unknown, false};
  switch (met.kind) {
    case Disturbance::Kind::kLost:
      return none;
    case Disturbance::Kind::kAnswerLost:
      effect();
      return none;
    case Disturbance::Kind::kLate:
      late_.push_back({broker_.now_ms() + met.delay_ms, effect});
      return none;
    case Disturbance::Kind::kDoubled:
      late_.push_back({broker_.now_ms() + met.delay_ms, effect});
      return {effect(), false, true};
    case Disturbance::Kind::kRefused:
      if (!InTransaction(met.request)) return none;
      return {BrokerError::kRefused, false, false};
    case Disturbance::Kind::kCrashBefore:
      throw WorkerDied{worker};
    case Disturbance::Kind::kCrashAfter:
      effect();
      throw WorkerDied{worker};
    case Disturbance::Kind::kHeldUpBefore:
      world_.HoldUp(worker, met.steps);
      return {effect(), false, false};
    case Disturbance::Kind::kHeldUpAfter: {
      const BrokerError error = effect();
      world_.HoldUp(worker, met.steps);
      return {error, false, false};
    }
  }
  return none;
}

}  // namespace peakend::simulation
