// What stands behind the statements of output messages, and the parts that journeys and
// alerts name alike.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_PUBLISH_EVIDENCE_H_
#define PEAKEND_PROCESSORS_PUBLISH_EVIDENCE_H_

#include <string>
#include <string_view>

#include "peakend/v1/experience.pb.h"
#include "processors/affect/level.h"
#include "processors/journey/contact.h"
#include "processors/moments/parts.h"
#include "processors/publish/messages.h"

namespace peakend::publish {

inline std::string Text(std::string_view view) { return std::string(view); }

// An impression of `assessed`, or what ended it.
void FillEvidence(const Assessed& assessed, const moments::Recent& item, v1::Evidence* evidence);
void FillEvidence(const journey::Terminal& terminal, v1::Evidence* evidence);

// Sets a field of `message`, a Journey or Score, for each level that is there, and the counts.
template <typename Message>
void FillParts(const moments::Parts& parts, Message* message) {
  const auto set = [message](const auto& part, void (Message::*setter)(double)) {
    if (part) (message->*setter)(affect::ToDouble(*part));
  };
  set(parts.arrival, &Message::set_arrival);
  set(parts.opening, &Message::set_opening);
  set(parts.peak_positive, &Message::set_peak_positive);
  set(parts.peak_negative, &Message::set_peak_negative);
  set(parts.worst, &Message::set_worst);
  set(parts.last, &Message::set_last);
  set(parts.tail, &Message::set_tail);
  set(parts.end, &Message::set_end);
  set(parts.trend, &Message::set_trend);
  set(parts.mean, &Message::set_mean);
  set(parts.strain, &Message::set_strain);
  set(parts.score, &Message::set_score);
  set(parts.score_affect, &Message::set_score_affect);
  set(parts.remembered_minus_mean, &Message::set_remembered_minus_mean);
  message->set_count(parts.count);
  message->set_count_affect(parts.count_affect);
  message->set_thin(parts.thin());
}

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_EVIDENCE_H_
