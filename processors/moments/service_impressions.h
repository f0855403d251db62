// The impressions that follow from a contact's tallies: what the service did, and
// how it compares with what was expected.
//
// At most one per cause: three transfers make one impression, worse than that of
// two, at the time of the latest. They are derived anew from the facts whenever they
// are needed, so a late fact amends them and its order of arrival does not matter.
//
// Thread-safety: values.
#ifndef PEAKEND_PROCESSORS_MOMENTS_SERVICE_IMPRESSIONS_H_
#define PEAKEND_PROCESSORS_MOMENTS_SERVICE_IMPRESSIONS_H_

#include <cstdint>
#include <string_view>

#include "absl/container/inlined_vector.h"
#include "processors/journey/contact.h"
#include "processors/journey/impression.h"
#include "processors/moments/experience.h"

namespace peakend::moments {

// Where an expectation came from, in order of rank.
enum class Basis : uint8_t {
  kNone,     // nothing was measured: an event is bad by itself
  kPromise,  // the customer was told
  kPolicy,   // the policy's expectation
};
// "promise", "policy"; empty for kNone.
std::string_view BasisName(Basis basis);

struct ServiceImpression {
  journey::Impression impression;  // event_id is one of the contact's tallies
  affect::Nano gap = 0;            // before the KANO transform
  int64_t count = 0;               // events that it stands for
  Basis basis = Basis::kNone;
  // As in Expectation; 0 without a basis.
  int64_t actual = 0;
  int64_t desired = 0;
  int64_t adequate = 0;
};
using ServiceImpressions = absl::InlinedVector<ServiceImpression, 4>;

// In order of (time, event id, hash, cause). Those of no valence are left out: what is
// as expected is not noticed. Empty for a contact without tallies.
ServiceImpressions DeriveImpressions(const journey::Contact& contact, const Experience& experience);

// Text of the impression's event id, whatever made it. REQUIRES: it is of `contact`.
std::string_view EventIdOf(const journey::Contact& contact, const journey::Impression& impression);

// Order of two impressions of any contacts: (time, event id, hash, cause).
bool EarlierThan(const journey::Contact& contact, const journey::Impression& impression,
                 const journey::Contact& other_contact, const journey::Impression& other);

}  // namespace peakend::moments

#endif  // PEAKEND_PROCESSORS_MOMENTS_SERVICE_IMPRESSIONS_H_
