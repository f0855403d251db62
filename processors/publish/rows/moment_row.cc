#include "processors/publish/rows/moment_row.h"

#include <algorithm>
#include <string>

#include "processors/publish/rows/evidence_columns.h"
#include "processors/publish/rows/row_words.h"

namespace peakend::publish {
namespace {

const v1::Evidence* Deciding(const v1::Moment& moment) {
  const auto& evidence = moment.evidence();
  if (evidence.empty()) return nullptr;
  if (moment.kind() == v1::PEAK_POSITIVE || moment.kind() == v1::PEAK_NEGATIVE) {
    return &evidence[0];
  }
  if (moment.kind() == v1::END) return &evidence[evidence.size() - 1];
  return &*std::min_element(
      evidence.begin(), evidence.end(),
      [](const v1::Evidence& a, const v1::Evidence& b) { return a.valence() < b.valence(); });
}

void FillActs(const v1::Moment& moment, bi::v1::MomentRow* row) {
  for (const std::string& act : moment.agent_acts()) {
    if (act == "greeting") row->set_agent_greeted(true);
    if (act == "need_restated") row->set_agent_restated_need(true);
    if (act == "apology") row->set_agent_apologised(true);
    if (act == "next_step") row->set_agent_named_next_step(true);
    if (act == "thanks") row->set_agent_thanked(true);
  }
}

}  // namespace

void FillMomentRow(const v1::Moment& moment, const journey::Contact* contact,
                   std::string_view scope_key, bi::v1::MomentRow* row) {
  row->Clear();
  row->set_moment_id(moment.moment_id());
  row->set_scope_key(std::string(scope_key));
  if (contact == nullptr) return;
  row->set_scope(ScopeWord(moment.scope()));
  row->set_kind(MomentKindWord(moment.kind()));
  row->set_end_grade(EndGradeWord(moment.end_grade()));
  row->set_journey_id(moment.journey_id());
  row->set_contact_id(moment.contact_id());
  row->set_occurred_at_ms(moment.at_ms());
  row->set_valence(moment.valence());
  row->set_intensity(moment.intensity());
  if (const v1::Evidence* deciding = Deciding(moment); deciding != nullptr) {
    FillEvidenceColumns(*deciding, *contact, row);
  }
  row->set_cause_count(moment.evidence_size());
  row->set_channel(moment.channel());
  row->set_queue_id(moment.queue_id());
  row->set_agent_id(moment.agent_id());
  row->set_touchpoint_id(moment.touchpoint_id());
  row->set_tier(moment.tier());
  FillActs(moment, row);
}

}  // namespace peakend::publish
