// What a turn says about its speaker's feeling.
#ifndef PEAKEND_PROCESSORS_AFFECT_AFFECT_H_
#define PEAKEND_PROCESSORS_AFFECT_AFFECT_H_

#include <optional>

#include "processors/affect/level.h"
#include "processors/affect/phrase_book.h"
#include "processors/ingest/event_view.h"

namespace peakend::affect {

struct Affect {
  Nano valence = 0;            // [-1, 1]
  Nano confidence = kNanoOne;  // [0, 1]; 1 when the producer gave none
  bool has_confidence = false;
};

// The feeling behind `sentiment`: its score where it has one, else its label
// (negative -1, neutral and mixed 0, positive 1). Nothing when neither is known:
// missing is not neutral.
std::optional<Affect> FromSentiment(const ingest::SentimentView& sentiment);

// The feeling of a final turn spoken by the keyed customer. Nothing for partial
// transcripts, for everybody else's turns and for turns that nobody measured.
// REQUIRES: the payload of `event` is a turn.
std::optional<Affect> FromTurn(const ingest::EventView& event);

// What is left of a feeling when one listens to the words: irony makes it half as sure, and a
// turn of nothing but formulas (thank you, bye) says little, at most 0.2. Who gives up and was
// not measured feels badly, -0.4 at confidence 0.3. REQUIRES: the customer's own words.
std::optional<Affect> AsSaid(std::optional<Affect> affect, PhraseSet said);

}  // namespace peakend::affect

#endif  // PEAKEND_PROCESSORS_AFFECT_AFFECT_H_
