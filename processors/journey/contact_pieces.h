// A customer's contacts in pieces that fit into records.
//
// Each piece is a set of contacts itself, and to absorb them all is all that is done with
// them: nothing has to be put together first.
#ifndef PEAKEND_PROCESSORS_JOURNEY_CONTACT_PIECES_H_
#define PEAKEND_PROCESSORS_JOURNEY_CONTACT_PIECES_H_

#include <cstddef>
#include <vector>

#include "peakend/v1/customer_state.pb.h"
#include "processors/journey/contact_set.h"

namespace peakend::journey {

// Of a piece in a log: with what else its record holds it stays below 1 MB.
inline constexpr size_t kMostPieceBytes = 256 * 1024;

// At least one piece; none is larger than `most_bytes`, except where a single contact, survey
// or settlement is (of which none exceeds 64 KiB). To be absorbed in this order, so that the
// ids that were taken in first are still the first to be forgotten.
std::vector<v1::CustomerState::Contacts> CutIntoPieces(const ContactSet& contacts,
                                                       size_t most_bytes);

}  // namespace peakend::journey

#endif  // PEAKEND_PROCESSORS_JOURNEY_CONTACT_PIECES_H_
