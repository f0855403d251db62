// What a turn says about its speaker's feeling.
#ifndef PEAKEND_PROCESSORS_AFFECT_AFFECT_H_
#define PEAKEND_PROCESSORS_AFFECT_AFFECT_H_

#include <optional>

#include "peakend/v1/interaction_event.pb.h"
#include "processors/affect/level.h"

namespace peakend::affect {

struct Affect {
  Nano valence = 0;            // [-1, 1]
  Nano confidence = kNanoOne;  // [0, 1]; 1 when the producer gave none
  bool has_confidence = false;
};

// The feeling behind `sentiment`: its score where it has one, else its label
// (negative -1, neutral and mixed 0, positive 1). Nothing when neither is known:
// missing is not neutral.
std::optional<Affect> FromSentiment(const v1::Sentiment& sentiment);

// The feeling of a final turn spoken by the keyed customer. Nothing for partial
// transcripts, for everybody else's turns and for turns that nobody measured.
// `customer_id` is the customer of the envelope.
std::optional<Affect> FromTurn(const v1::Turn& turn, const std::string& customer_id);

}  // namespace peakend::affect

#endif  // PEAKEND_PROCESSORS_AFFECT_AFFECT_H_
