#include "processors/affect/affect.h"

#include <algorithm>

namespace peakend::affect {
namespace {

constexpr Nano kResigned = -400'000'000;
constexpr Nano kResignedConfidence = 300'000'000;
constexpr Nano kMostOfFormulas = 200'000'000;

std::optional<Nano> FromLabel(int label) {
  switch (label) {
    case v1::Sentiment::NEGATIVE:
      return -kNanoOne;
    case v1::Sentiment::NEUTRAL:
    case v1::Sentiment::MIXED:
      return 0;
    case v1::Sentiment::POSITIVE:
      return kNanoOne;
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<Affect> FromSentiment(const ingest::SentimentView& sentiment) {
  Affect affect;
  if (sentiment.score) {
    affect.valence = ToNano(*sentiment.score);
  } else if (const auto label = FromLabel(sentiment.label)) {
    affect.valence = *label;
  } else {
    return std::nullopt;
  }
  if (sentiment.confidence) {
    affect.confidence = ToNano(*sentiment.confidence);
    affect.has_confidence = true;
  }
  return affect;
}

std::optional<Affect> FromTurn(const ingest::EventView& event) {
  const ingest::TurnView& turn = event.turn;
  if (turn.role != v1::Turn::CUSTOMER || !turn.is_final || !event.sentiment) return std::nullopt;
  if (!turn.customer_id.empty() && turn.customer_id != event.customer_id) return std::nullopt;
  return FromSentiment(*event.sentiment);
}

std::optional<Affect> AsSaid(std::optional<Affect> affect, PhraseSet said) {
  if (!affect && Holds(said, PhraseClass::kResignation)) {
    affect = Affect{kResigned, kResignedConfidence, true};
  }
  if (!affect) return affect;
  if (Holds(said, PhraseClass::kSarcasm)) affect->confidence /= 2;
  if (Holds(said, PhraseClass::kFormula)) {
    affect->confidence = std::min(affect->confidence, kMostOfFormulas);
  }
  if (affect->confidence < kNanoOne) affect->has_confidence = true;
  return affect;
}

}  // namespace peakend::affect
