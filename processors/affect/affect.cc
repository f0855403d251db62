#include "processors/affect/affect.h"

namespace peakend::affect {
namespace {

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

}  // namespace peakend::affect
