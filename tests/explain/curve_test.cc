// The picture of a journey's emotion, character by character.
#include "processors/explain/curve.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace peakend::explain {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Le;
using ::testing::Not;

void Add(v1::Explanation& told, double valence, int contact = 0) {
  v1::ImpressionStory& story = *told.add_impressions();
  story.mutable_evidence()->set_valence(valence);
  story.set_contact(contact);
}

TEST(CurveTest, ShowsPeaksTheEndAndWhereContactsBegin) {
  v1::Explanation told;
  Add(told, 0.3);
  Add(told, -1);
  told.mutable_impressions(1)->set_peak_negative(true);
  Add(told, 0.8, 1);
  told.mutable_impressions(2)->set_peak_positive(true);
  told.mutable_ended_by()->mutable_evidence()->set_cause("resolved");
  told.mutable_ended_by()->set_valence(0.4);
  EXPECT_THAT(DrawCurve(told, {.utf8 = false, .columns = 8}),
              ElementsAre("  +1.00 |",          //
                          "  +0.75 |     ^",    //
                          "  +0.50 |       E",  //
                          "  +0.25 | o",        //
                          "   0.00 +--------",  //
                          "  -0.25 |",          //
                          "  -0.50 |",          //
                          "  -0.75 |",          //
                          "  -1.00 |   v",      //
                          "          #1  #2",   //
                          "         o impression   ^ positive peak   v negative peak   "
                          "E how it ended   #n contact n begins"));
}

TEST(CurveTest, NothingWithoutAnImpression) {
  EXPECT_THAT(DrawCurve(v1::Explanation(), {}), IsEmpty());
}

TEST(CurveTest, APeakIsSeenHoweverManyShareItsColumn) {
  v1::Explanation told;
  for (int i = 0; i < 500; ++i) Add(told, std::sin(i));
  told.mutable_impressions(250)->set_peak_negative(true);
  told.mutable_impressions(250)->mutable_evidence()->set_valence(-0.31);
  const std::vector<std::string> lines = DrawCurve(told, {.utf8 = false, .columns = 16});
  EXPECT_THAT(lines[5], HasSubstr("v"));
  for (size_t row = 0; row < 9; ++row) EXPECT_THAT(lines[row].size(), Le(9U + 16U));
}

TEST(CurveTest, ChineseHasAChineseLegend) {
  v1::Explanation told;
  Add(told, 0.3);
  const std::vector<std::string> lines = DrawCurve(told, {.language = Language::kChinese});
  EXPECT_THAT(lines.back(), AllOf(HasSubstr("● 体验"), Not(HasSubstr("impression"))));
}

}  // namespace
}  // namespace peakend::explain
