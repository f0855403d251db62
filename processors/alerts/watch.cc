#include "processors/alerts/watch.h"

#include <algorithm>

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

// What the journey comes to, and whether the event's impression is its newest.
void WatchScore(const Occasion& occasion, const journey::Story& story,
                const moments::ServiceImpressionsOf& service, Watched& watched) {
  const Scene& scene = occasion.scene;
  const bool live = scene.model.formula == moments::Formula::kExperience ||
                    scene.model.formula == moments::Formula::kWorstEnd;
  const absl::Span<const Contact> contacts = story.contacts();
  // The common case by itself: it happens at each turn.
  if (live && contacts.size() == 1 && service.front().empty()) {
    const absl::Span<const journey::Impression> turns = contacts[0].impressions().latest();
    if (turns.empty()) return;
    watched.impression_is_newest = turns.back().event_hash == occasion.facts.hash;
    watched.score = moments::LiveScore(turns, scene.model);
    return;
  }
  const moments::RecentImpressions recent(contacts, service, scene.model.tail_max);
  if (recent.size() == 0) return;
  watched.impression_is_newest = recent[0].impression.event_hash == occasion.facts.hash;
  watched.score = live ? moments::LiveScore(recent, scene.model)
                       : *moments::Assess(story, scene.windows, scene.model).score;
}

}  // namespace

bool ServiceMayHaveActed(const Occasion& occasion) {
  const journey::EventFacts& facts = occasion.facts;
  if (facts.promise || facts.kind == journey::FactKind::kResolved) return true;
  const Contact& contact = occasion.scene.contacts.contacts()[occasion.contact];
  const std::optional<journey::EventTime> started = contact.need().started_at();
  if (started && started->hash == facts.hash) return true;
  if (facts.tally == journey::TallyKind::kNone) return false;
  // Null where too many contacts of guests were joined: which one it went to is not known.
  const journey::Tally* tally = contact.tallies().Find(facts.tally);
  return tally != nullptr && tally->at.hash == facts.hash;
}

Watched Watch(const Occasion& occasion) {
  Watched watched;
  if (!occasion.facts.affect && !ServiceMayHaveActed(occasion)) return watched;
  const Scene& scene = occasion.scene;
  const journey::Story story = scene.story().WithoutNotices();
  const absl::Span<const Contact> contacts = story.contacts();
  const moments::ServiceImpressionsOf service =
      moments::DeriveImpressions(story, scene.windows, scene.model);
  WatchImpression(occasion, service, watched);
  if (!watched.impression) return watched;
  for (const Contact& contact : contacts) watched.count += contact.impressions().count();
  for (const moments::ServiceImpressions& of : service) {
    watched.count += static_cast<int64_t>(of.size());
  }
  WatchScore(occasion, story, service, watched);
  return watched;
}

size_t NegativeTurns(const Occasion& occasion, size_t turns, Nano enter) {
  const Scene& scene = occasion.scene;
  const absl::Span<const Contact> contacts = scene.story().contacts();
  const moments::RecentImpressions recent(contacts, {}, scene.model.tail_max);
  size_t negative = 0;
  for (size_t i = 0; i < std::min(turns, recent.size()); ++i) {
    const journey::Impression& turn = recent[i].impression;
    if (Weighted(turn.valence, turn.confidence) < enter) ++negative;
  }
  return negative;
}

}  // namespace peakend::alerts
