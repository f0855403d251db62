// What goes wrong in a run; its ordinary steps stand in simulation.cc.
#include <memory>
#include <string>
#include <utility>

#include "tests/simulation/simulation.h"

namespace peakend::simulation {

void Simulation::HoldUp(int worker, int64_t steps) {
  Slot& slot = *slots_[static_cast<size_t>(worker)];
  slot.held_up = true;
  Tell(worker, "is held up in a request");
  for (int64_t i = 0; i < steps; ++i) Step();
  slot.held_up = false;
  Tell(worker, "goes on");
  if (slot.doomed) throw WorkerDied{worker};
}

void Simulation::Kill(Slot& slot, int64_t restart_after) {
  if (slot.process == nullptr) return;
  if (slot.held_up) {
    slot.doomed = true;
    return;
  }
  ++verdict_.coverage.crashes;
  Tell(slot.identity.slot, "dies");
  NoteStats(*slot.process);
  slot.process.reset();
  slot.restart_step = step_ + restart_after;
}

void Simulation::Strike(const Fault& fault) {
  Slot& slot = *slots_[static_cast<size_t>(fault.worker)];
  Tell(fault.worker, "meets a fault: " + ToText(fault));
  switch (fault.kind) {
    case Fault::Kind::kRequest:
      return network_.Arm(fault.worker, fault.disturbance);
    case Fault::Kind::kCrash:
      return Kill(slot, fault.steps);
    case Fault::Kind::kStop:
      if (!Runs(slot)) return;
      Stop(slot);
      slot.restart_step = step_ + fault.steps;
      return;
    case Fault::Kind::kPause:
      slot.paused_until = step_ + fault.steps;
      return Pass(fault.ms);
    case Fault::Kind::kTwin:
      return StartTwin(slot);
    case Fault::Kind::kCut:
      return network_.CutUntil(broker_.now_ms() + fault.ms);
    case Fault::Kind::kCompact:
      return broker_.Compact(publish::Topic::kState);
    case Fault::Kind::kJump:
      return Pass(fault.ms);
    case Fault::Kind::kRebalance:
      broker_.group().Join("", broker_.now_ms());
      return;
    case Fault::Kind::kDisk:
      slot.disk.Suffer(static_cast<SimDisk::Damage>(fault.ms % 4));
      return;
  }
}

void Simulation::StartTwin(const Slot& slot) {
  if (slot.process == nullptr) return;
  auto twin = std::make_unique<Slot>();
  twin->identity = slot.identity;
  twin->identity.slot = static_cast<int>(slots_.size());
  twin->twin = true;
  Start(*twin);
  slots_.push_back(std::move(twin));
}

}  // namespace peakend::simulation
