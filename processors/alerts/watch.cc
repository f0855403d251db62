#include "processors/alerts/watch.h"

#include "processors/moments/parts.h"

namespace peakend::alerts {
namespace {

using affect::Nano;
using journey::Contact;

Nano Weighted(Nano valence, Nano confidence) {
  return static_cast<Nano>(affect::DivideRounded(int64_t{valence} * confidence, affect::kNanoOne));
}

void WatchImpression(const Occasion& occasion, const moments::ServiceImpressionsOf& service,
                     Watched& watched) {
  if (occasion.facts.affect) {
    watched.impression =
        Weighted(occasion.facts.affect->valence, occasion.facts.affect->confidence);
    return;
  }
  for (const moments::ServiceImpression& made :
       service[occasion.contact - occasion.scene.journey.begin]) {
    if (made.impression.event_hash != occasion.facts.hash) continue;
    const Nano level = Weighted(made.impression.valence, made.impression.confidence);
    if (watched.impression && *watched.impression <= level) continue;
    watched.impression = level;
    watched.cause = made.impression.cause;
  }
}

}  // namespace

bool ServiceMayHaveActed(const Occasion& occasion) {
  const journey::EventFacts& facts = occasion.facts;
  if (facts.promise || facts.kind == journey::FactKind::kResolved) return true;
  const Contact& contact = occasion.scene.contacts.contacts()[occasion.contact];
  const std::optional<journey::EventTime> started = contact.need().started_at();
  if (started && started->hash == facts.hash) return true;
  if (facts.tally == journey::TallyKind::kNone) return false;
  return contact.tallies().Find(facts.tally)->at.hash == facts.hash;
}

Watched Watch(const Occasion& occasion) {
  Watched watched;
  if (!occasion.facts.affect && !ServiceMayHaveActed(occasion)) return watched;
  const Scene& scene = occasion.scene;
  const journey::Story story = scene.story();
  const absl::Span<const Contact> contacts = story.contacts();
  const moments::ServiceImpressionsOf service = moments::DeriveImpressions(story, scene.model);
  WatchImpression(occasion, service, watched);
  if (!watched.impression) return watched;
  for (const Contact& contact : contacts) watched.count += contact.impressions().count();
  for (const moments::ServiceImpressions& of : service) {
    watched.count += static_cast<int64_t>(of.size());
  }
  const moments::RecentImpressions& recent =
      watched.recent.emplace(contacts, service, scene.model.tail_max);
  watched.impression_is_newest = recent[0].impression.event_hash == occasion.facts.hash;
  switch (scene.model.formula) {
    case moments::Formula::kExperience:
    case moments::Formula::kWorstEnd:
      watched.score = moments::LiveScore(recent, scene.model);
      break;
    default:
      watched.score = moments::Assess(story, scene.windows, scene.model).score;
  }
  return watched;
}

size_t NegativeTurns(const Watched& watched, size_t turns, Nano enter) {
  size_t negative = 0;
  size_t seen = 0;
  if (!watched.recent) return 0;
  for (const moments::Recent& item : *watched.recent) {
    if (item.impression.cause != journey::Cause::kTurn) continue;
    if (++seen > turns) break;
    if (Weighted(item.impression.valence, item.impression.confidence) < enter) ++negative;
  }
  return negative;
}

}  // namespace peakend::alerts
