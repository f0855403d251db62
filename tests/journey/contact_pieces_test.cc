// Contacts cut into pieces: as small as asked for, and all of them together what was cut.
#include "processors/journey/contact_pieces.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory_resource>
#include <string>
#include <vector>

#include "tests/cases.h"
#include "tests/journey/random_facts.h"

namespace peakend::journey {
namespace {

using Piece = v1::CustomerState::Contacts;

ContactSet Joined(const std::vector<Piece>& pieces, const Windows& windows) {
  ContactSet joined(std::pmr::get_default_resource());
  for (const Piece& piece : pieces) {
    joined.Absorb(ContactSet(piece, std::pmr::get_default_resource()), windows);
  }
  return joined;
}

// Of one thing that could not be cut.
bool IsWhole(const Piece& piece) {
  return piece.contacts_size() + piece.surveys_size() + piece.settlements_size() == 1 &&
         piece.seen().old_size() + piece.seen().young_size() == 0;
}

TEST(ContactPiecesProperty, PiecesJoinToThePart) {
  int pieces_seen = 0;
  for (int seed = 0; seed < Cases(); ++seed) {
    SCOPED_TRACE(seed);
    Random random(static_cast<uint64_t>(seed));
    FactMaker make;
    Windows windows = WideWindows();
    windows.max_event_ids = static_cast<size_t>(Draw(random, 4, 40));
    const std::vector<EventFacts> facts = SomeFacts(random, make, 30);
    ContactSet part(std::pmr::get_default_resource());
    for (const EventFacts& each : facts) part.Apply(each, windows, nullptr);
    const auto most_bytes = static_cast<size_t>(Draw(random, 100, 2000));
    const std::vector<Piece> pieces = CutIntoPieces(part, most_bytes);
    ASSERT_FALSE(pieces.empty());
    for (const Piece& piece : pieces) {
      ASSERT_TRUE(piece.ByteSizeLong() <= most_bytes || IsWhole(piece)) << piece.ByteSizeLong();
    }
    pieces_seen += static_cast<int>(pieces.size());
    const ContactSet joined = Joined(pieces, windows);
    ASSERT_EQ(SavedWithoutIds(joined), SavedWithoutIds(part));
    ASSERT_EQ(joined.forgot_event_ids(), part.forgot_event_ids());
    for (const EventFacts& each : facts) ASSERT_EQ(joined.Seen(each.hash), part.Seen(each.hash));
  }
  EXPECT_GT(pieces_seen, 3 * Cases());
}

TEST(ContactPieces, ALargePartIsCutAtItsBound) {
  const Windows windows;
  FactMaker make;
  ContactSet part(std::pmr::get_default_resource());
  const std::string padding(180, 'x');
  for (int i = 0; i < 8000; ++i) {
    part.Apply(make.Turn(padding + std::to_string(i), 1000 * i, (i % 19 - 9) / 10.0,
                         "k" + std::to_string(i % 64)),
               windows, nullptr);
  }
  const std::vector<Piece> pieces = CutIntoPieces(part, kMostPieceBytes);
  EXPECT_EQ(part.contacts().size(), 64U);
  EXPECT_GE(pieces.size(), 3U);
  for (const Piece& piece : pieces) EXPECT_LE(piece.ByteSizeLong(), kMostPieceBytes);
  EXPECT_GT(pieces[0].ByteSizeLong(), kMostPieceBytes / 2);
  EXPECT_EQ(SavedWithoutIds(Joined(pieces, windows)), SavedWithoutIds(part));
}

TEST(ContactPieces, OfNothingThereIsOne) {
  const ContactSet nothing(std::pmr::get_default_resource());
  const std::vector<Piece> pieces = CutIntoPieces(nothing, kMostPieceBytes);
  ASSERT_EQ(pieces.size(), 1U);
  EXPECT_TRUE(ContactSet(pieces[0], std::pmr::get_default_resource()).empty());
}

// What was lost before is said once more.
TEST(ContactPieces, WhatWasForgottenIsStillSaid) {
  Windows windows;
  windows.max_contacts = 2;
  windows.max_event_ids = 4;
  FactMaker make;
  ContactSet part(std::pmr::get_default_resource());
  for (int i = 0; i < 9; ++i) {
    part.Apply(make.Turn(std::to_string(i), i, 0, "k" + std::to_string(i)), windows, nullptr);
  }
  const ContactSet joined = Joined(CutIntoPieces(part, 100), windows);
  EXPECT_TRUE(joined.joined_contacts());
  EXPECT_TRUE(joined.forgot_event_ids());
}

}  // namespace
}  // namespace peakend::journey
