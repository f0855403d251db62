// The parts of an experience against hand-made cases and a plain model in doubles.
#include "processors/moments/parts.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <memory_resource>
#include <string>
#include <vector>

namespace peakend::moments {
namespace {

using journey::Contact;
using journey::EventFacts;
using journey::FactKind;

// Ids that outlive the facts.
const std::string& IdOf(int n) {
  static const auto* const kIds = [] {
    auto* ids = new std::vector<std::string>;
    for (int i = 0; i < 1000; ++i) ids->push_back("e" + std::to_string(1000 + i));
    return ids;
  }();
  return (*kIds)[static_cast<size_t>(n)];
}

EventFacts Event(FactKind kind, int n, int64_t at_ms) {
  EventFacts facts;
  facts.kind = kind;
  facts.at_ms = at_ms;
  facts.hash = static_cast<uint64_t>(n) * 2654435761u + 1;
  facts.event_id = IdOf(n);
  facts.contact_id = "k";
  return facts;
}

EventFacts Turn(int n, int64_t at_ms, double valence, double confidence = 1) {
  EventFacts facts = Event(FactKind::kCustomerTurn, n, at_ms);
  facts.affect = affect::Affect{affect::ToNano(valence), affect::ToNano(confidence), true};
  return facts;
}

Contact MakeContact(const std::vector<EventFacts>& events) {
  Contact contact(events.front(), std::pmr::get_default_resource());
  for (size_t i = 1; i < events.size(); ++i) contact.Apply(events[i]);
  return contact;
}

Parts AssessOne(const std::vector<EventFacts>& events) {
  static std::vector<Contact>* contacts = new std::vector<Contact>;
  contacts->clear();
  contacts->push_back(MakeContact(events));
  return Assess(journey::Story::Of(*contacts, 0), journey::Windows{}, MomentModel{});
}

double Level(const std::optional<affect::Nano>& level) { return affect::ToDouble(level.value()); }

TEST(PartsTest, NoImpressionMeansNoLevel) {
  const Parts parts = AssessOne({Event(FactKind::kQueued, 0, 0), Event(FactKind::kAnswer, 1, 9)});
  EXPECT_FALSE(parts.score.has_value());
  EXPECT_FALSE(parts.tail.has_value());
  EXPECT_FALSE(parts.end.has_value());
  EXPECT_EQ(parts.count, 0);
  EXPECT_TRUE(parts.thin());
}

TEST(PartsTest, ScoreIsATenthWorstAndNineTenthsTail) {
  const Parts parts = AssessOne({Turn(0, 0, -1), Turn(1, 20, 0), Turn(2, 40, 1)});
  const double tail = (1 * 1.0 + 0.75 * 0.0 + 0.5625 * -1.0) / (1 + 0.75 + 0.5625);
  EXPECT_NEAR(Level(parts.tail), tail, 1e-9);
  EXPECT_NEAR(Level(parts.score), 0.1 * -1 + 0.9 * tail, 2e-9);
  EXPECT_NEAR(Level(parts.mean), 0, 1e-9);
  EXPECT_DOUBLE_EQ(Level(parts.last), 1);
  EXPECT_FALSE(parts.thin());
}

TEST(PartsTest, ArrivalLiesBeforeTheFirstAnswerAndOpeningAfterIt) {
  const Parts parts = AssessOne({Turn(0, 0, -0.8), Event(FactKind::kAnswer, 1, 10),
                                 Turn(2, 20, 0.2), Turn(3, 30, 0.4), Turn(4, 40, 1)});
  EXPECT_NEAR(Level(parts.arrival), -0.8, 1e-9);
  EXPECT_NEAR(Level(parts.opening), 0.3, 1e-9);
  EXPECT_EQ(parts.opening_impressions.size(), 2u);
  EXPECT_EQ(*parts.trend, int64_t{*parts.end} - *parts.opening);
}

TEST(PartsTest, PeaksAreTheStrongestOfEachSignAndTiesGoToTheLater) {
  const Parts parts = AssessOne({Turn(0, 0, -0.9, 0.5), Turn(1, 10, -0.6), Turn(2, 20, 0.7),
                                 Turn(3, 30, 0.7), Turn(4, 40, 0.2)});
  EXPECT_NEAR(Level(parts.peak_negative), -0.6, 1e-9);  // .6 x 1 beats .9 x .5
  EXPECT_EQ(parts.strongest_positive.impression.at_ms, 30);
}

TEST(PartsTest, NothingBelowThePeakFloorIsAPeak) {
  const Parts parts = AssessOne({Turn(0, 0, -0.29), Turn(1, 10, 0.3)});
  EXPECT_FALSE(parts.peak_negative.has_value());
  EXPECT_NEAR(Level(parts.peak_positive), 0.3, 1e-9);
}

TEST(PartsTest, TheTerminalImpressionEntersTheEndOnly) {
  const Parts parts =
      AssessOne({Turn(0, 0, 0.5), Event(FactKind::kResolved, 1, 10), Turn(2, 20, 0.5)});
  EXPECT_NEAR(Level(parts.tail), 0.5, 1e-9);
  const double end = (0.4 + 0.75 * 0.5 + 0.5625 * 0.5) / (1 + 0.75 + 0.5625);
  EXPECT_NEAR(Level(parts.end), end, 1e-9);
  EXPECT_NEAR(Level(parts.score), 0.5, 1e-9);
}

TEST(PartsTest, AnAbandonIsAStronglyNegativeEndEvenWithoutATurn) {
  const Parts parts =
      AssessOne({Event(FactKind::kQueued, 0, 0), Event(FactKind::kAbandoned, 1, 60'000)});
  EXPECT_NEAR(Level(parts.end), -0.8, 1e-9);
  EXPECT_FALSE(parts.score.has_value());
}

TEST(PartsTest, AShortAbandonIsNotScored) {
  const Parts parts =
      AssessOne({Event(FactKind::kQueued, 0, 0), Event(FactKind::kAbandoned, 1, 4'999)});
  EXPECT_FALSE(parts.end.has_value());
}

TEST(PartsTest, StrainCountsSinceTheLatestPositive) {
  const Parts parts =
      AssessOne({Turn(0, 0, -0.5), Turn(1, 10, 0.1), Turn(2, 20, -0.3), Turn(3, 30, -0.4)});
  EXPECT_NEAR(affect::ToDouble(*parts.strain), -0.7, 1e-9);
}

// The definition in its plainest form: sort, cut, weigh.
struct Model {
  double worst = 2, last = 0, tail = 0, mean = 0;
};
Model PlainModel(std::vector<EventFacts> turns) {
  std::sort(turns.begin(), turns.end(), [](const EventFacts& a, const EventFacts& b) {
    return std::pair(a.at_ms, a.event_id) < std::pair(b.at_ms, b.event_id);
  });
  Model model;
  for (const EventFacts& turn : turns) {
    model.mean += affect::ToDouble(turn.affect->valence) / static_cast<double>(turns.size());
  }
  double weighted = 0, weights = 0, weight = 1;
  for (size_t k = 0; k < std::min<size_t>(32, turns.size()); ++k, weight *= 0.75) {
    const EventFacts& turn = turns[turns.size() - 1 - k];
    const double valence = affect::ToDouble(turn.affect->valence);
    const double w = weight * affect::ToDouble(turn.affect->confidence);
    weighted += w * valence;
    weights += w;
    model.worst = std::min(model.worst, valence);
    if (k == 0) model.last = valence;
  }
  model.tail = weighted / weights;
  return model;
}

TEST(PartsTest, EqualsThePlainModelForRandomTurnsInRandomOrder) {
  EXPECT_TRUE(rc::check([] {
    const int count = *rc::gen::inRange(1, 120);
    std::vector<EventFacts> turns;
    for (int i = 0; i < count; ++i) {
      // Few distinct times, so that ties by id are common.
      turns.push_back(Turn(i, *rc::gen::inRange(0, 60), *rc::gen::inRange(-100, 101) / 100.0,
                           *rc::gen::inRange(1, 11) / 10.0));
    }
    const Parts parts = AssessOne(turns);
    const Model model = PlainModel(turns);
    RC_ASSERT(std::abs(Level(parts.worst) - model.worst) < 1e-8);
    RC_ASSERT(std::abs(Level(parts.last) - model.last) < 1e-8);
    RC_ASSERT(std::abs(Level(parts.tail) - model.tail) < 1e-7);
    RC_ASSERT(std::abs(Level(parts.mean) - model.mean) < 1e-8);
    RC_ASSERT(std::abs(Level(parts.score) - (0.1 * model.worst + 0.9 * model.tail)) < 1e-7);
  }));
}

TEST(PartsTest, TheLatestOfManyContactsAreTakenInTimeOrder) {
  std::vector<Contact> contacts;
  contacts.push_back(MakeContact({Turn(0, 0, -1), Turn(1, 50, 0.5)}));
  contacts.push_back(MakeContact({Turn(2, 20, 0), Turn(3, 40, 1)}));
  const RecentImpressions recent(contacts, {}, 3);
  ASSERT_EQ(recent.size(), 3u);
  EXPECT_EQ(recent[0].impression.at_ms, 50);
  EXPECT_EQ(recent[1].impression.at_ms, 40);
  EXPECT_EQ(recent[2].impression.at_ms, 20);
}

}  // namespace
}  // namespace peakend::moments
