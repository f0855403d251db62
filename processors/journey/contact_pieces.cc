#include "processors/journey/contact_pieces.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace peakend::journey {
namespace {

using Piece = v1::CustomerState::Contacts;

// Of a piece: its flags, and the tags and lengths of its lists of ids.
constexpr size_t kPieceOverhead = 64;
// Of an element: its tag and length.
constexpr size_t kElementOverhead = 8;

// Fills one piece after the other.
class Cutter {
 public:
  explicit Cutter(size_t most_bytes) : most_bytes_(most_bytes), pieces_(1) {}

  // The piece for an element of that size.
  Piece& RoomFor(size_t bytes) {
    if (used_ > kPieceOverhead && used_ + bytes > most_bytes_) {
      pieces_.emplace_back();
      used_ = kPieceOverhead;
    }
    used_ += bytes;
    return pieces_.back();
  }
  Piece& first() { return pieces_.front(); }
  std::vector<Piece> Take() { return std::move(pieces_); }

 private:
  size_t most_bytes_;
  std::vector<Piece> pieces_;
  size_t used_ = kPieceOverhead;
};

template <typename Elements, typename Add>
void CutEach(Elements& elements, Add add, Cutter& cutter) {
  for (auto& element : elements) {
    add(cutter.RoomFor(element.ByteSizeLong() + kElementOverhead))->Swap(&element);
  }
}

}  // namespace

std::vector<Piece> CutIntoPieces(const ContactSet& contacts, size_t most_bytes) {
  RecordBytes bytes;
  contacts.Save(bytes);
  Piece whole;
  bytes.ReadInto(&whole);
  Cutter cutter(most_bytes);
  CutEach(
      *whole.mutable_contacts(), [](Piece& piece) { return piece.add_contacts(); }, cutter);
  CutEach(
      *whole.mutable_surveys(), [](Piece& piece) { return piece.add_surveys(); }, cutter);
  CutEach(
      *whole.mutable_settlements(), [](Piece& piece) { return piece.add_settlements(); }, cutter);
  // The older generation first, so that it is the one that is forgotten first.
  for (const uint64_t hash : whole.seen().old()) {
    cutter.RoomFor(sizeof(hash)).mutable_seen()->add_old(hash);
  }
  for (const uint64_t hash : whole.seen().young()) {
    cutter.RoomFor(sizeof(hash)).mutable_seen()->add_young(hash);
  }
  cutter.first().set_joined(whole.joined());
  cutter.first().set_forgot_settlements(whole.forgot_settlements());
  cutter.first().mutable_seen()->set_forgot(whole.seen().forgot());
  return cutter.Take();
}

}  // namespace peakend::journey
