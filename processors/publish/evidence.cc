#include "processors/publish/evidence.h"

namespace peakend::publish {
namespace {

using affect::ToDouble;
using journey::Impression;
using moments::Recent;

// `made` is what stands behind the impression; null for a turn.
void FillImpression(const Recent& item, const moments::ServiceImpression* made,
                    v1::Evidence* evidence) {
  const Impression& impression = item.impression;
  evidence->set_event_id(Text(item.event_id()));
  evidence->set_at_ms(impression.at_ms);
  evidence->set_valence(ToDouble(impression.valence));
  if (impression.has_confidence) evidence->set_confidence(ToDouble(impression.confidence));
  evidence->set_cause(Text(journey::CauseName(impression.cause)));
  if (made == nullptr) return;
  evidence->set_servqual(Text(journey::DimensionName(journey::DimensionOf(impression.cause))));
  evidence->set_count(made->count);
  evidence->set_gap(ToDouble(made->gap));
  if (made->basis == moments::Basis::kNone) return;
  evidence->set_basis(Text(moments::BasisName(made->basis)));
  const double unit = impression.cause == journey::Cause::kPoorAudio ? 1e-6 : 1;
  evidence->set_actual(static_cast<double>(made->actual) * unit);
  evidence->set_desired(static_cast<double>(made->desired) * unit);
  evidence->set_adequate(static_cast<double>(made->adequate) * unit);
  if (made->hours != nullptr) evidence->set_calendar(made->hours->name());
}

}  // namespace

void FillEvidence(const Assessed& assessed, const Recent& item, v1::Evidence* evidence) {
  const moments::ServiceImpression* made = assessed.parts.ServiceOf(item, assessed.contacts);
  FillImpression(item, made, evidence);
  if (made != nullptr) {
    evidence->set_kano(
        Text(journey::KanoName(assessed.policy.model.experience.of(item.impression.cause).kano)));
  }
}

void FillEvidence(const journey::Terminal& terminal, v1::Evidence* evidence) {
  evidence->set_event_id(Text(terminal.event_id));
  evidence->set_at_ms(terminal.at.at_ms);
  evidence->set_cause(Text(journey::CauseName(terminal.cause)));
}

}  // namespace peakend::publish
