#include "processors/moments/service_impressions.h"

#include "processors/moments/contact_impressions.h"
#include "processors/moments/impression_maker.h"
#include "processors/moments/journey_impressions.h"
#include "processors/moments/notice_impression.h"
#include "processors/moments/promise_impressions.h"

namespace peakend::moments {

ServiceImpressionsOf DeriveImpressions(const journey::Story& story, const journey::Windows& windows,
                                       const MomentModel& model) {
  ServiceImpressionsOf all(story.end - story.begin);
  for (size_t i = story.begin; i < story.end; ++i) {
    const journey::Contact& contact = story.journey[i];
    ServiceImpressions& made = all[i - story.begin];
    ImpressionMaker maker(model.experience, made);
    DeriveFromContact(contact, story.before, model.experience, maker);
    DeriveFromPromises(story, i, model.experience, maker);
    DeriveFromNotice(story, i, model.experience, maker);
    DeriveFromJourney(story, i, windows, model, maker);
    if (made.size() > 1) maker.Sort();
  }
  return all;
}

}  // namespace peakend::moments
