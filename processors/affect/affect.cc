#include "processors/affect/affect.h"

namespace peakend::affect {
namespace {

std::optional<Nano> FromLabel(v1::Sentiment::Label label) {
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

std::optional<Affect> FromSentiment(const v1::Sentiment& sentiment) {
  Affect affect;
  if (sentiment.has_score()) {
    affect.valence = ToNano(sentiment.score());
  } else if (const auto label = FromLabel(sentiment.label())) {
    affect.valence = *label;
  } else {
    return std::nullopt;
  }
  if (sentiment.has_confidence()) {
    affect.confidence = ToNano(sentiment.confidence());
    affect.has_confidence = true;
  }
  return affect;
}

std::optional<Affect> FromTurn(const v1::Turn& turn, const std::string& customer_id) {
  const bool final = !turn.has_is_final() || turn.is_final();
  if (turn.role() != v1::Turn::CUSTOMER || !final || !turn.has_sentiment()) return std::nullopt;
  if (!turn.customer_id().empty() && turn.customer_id() != customer_id) return std::nullopt;
  return FromSentiment(turn.sentiment());
}

}  // namespace peakend::affect
