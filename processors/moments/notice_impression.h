// A customer who gets in touch when what was announced to many is overdue holds it against
// us, even though nobody promised them anything in person.
//
// The notice gives a time as a promise does, with the same tolerance. What was promised to
// the customer ranks above it: who was told "at eight" in person does not wait for six.
//
// Thread-safety: a pure function.
#ifndef PEAKEND_PROCESSORS_MOMENTS_NOTICE_IMPRESSION_H_
#define PEAKEND_PROCESSORS_MOMENTS_NOTICE_IMPRESSION_H_

#include <cstddef>

#include "processors/journey/story.h"
#include "processors/moments/experience.h"
#include "processors/moments/impression_maker.h"

namespace peakend::moments {

// Adds at most one impression of contact `index` of story.journey to `maker`; none of a
// contact that we began, in which nobody was asked for help, or whose times are made up.
void DeriveFromNotice(const journey::Story& story, size_t index, const Experience& experience,
                      ImpressionMaker& maker);

}  // namespace peakend::moments

#endif  // PEAKEND_PROCESSORS_MOMENTS_NOTICE_IMPRESSION_H_
