// What a partition knows of notices at each offset, against a model that forgets nothing.
#include "processors/journey/notice_board.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <optional>
#include <string>
#include <vector>

#include "tests/durations.h"

namespace peakend::journey {
namespace {

v1::InteractionEvent Notice(const std::string& id, int64_t said_ms, int64_t due_ms,
                            const std::string& area = "") {
  v1::InteractionEvent event;
  event.set_event_id(id + "@" + std::to_string(said_ms));
  event.set_occurred_at_ms(said_ms);
  v1::Notice& notice = *event.mutable_control()->mutable_notice();
  notice.set_notice_id(id);
  notice.set_due_at_ms(due_ms);
  if (!area.empty()) notice.add_areas(area);
  return event;
}

v1::InteractionEvent At(int64_t at_ms, const std::string& area = "") {
  v1::InteractionEvent event;
  event.set_occurred_at_ms(at_ms);
  event.set_area(area);
  return event;
}

class NoticeBoardTest : public ::testing::Test {
 protected:
  void Post(const v1::InteractionEvent& event, int64_t offset, int64_t watermark_ms = 0) {
    board_.Post(ingest::ViewOf(event), offset, watermark_ms, windows_);
  }
  // The id of the notice that the event is about; empty = of none.
  std::string About(const v1::InteractionEvent& event, int64_t offset, int64_t watermark_ms = 0) {
    const auto facts = board_.About(ingest::ViewOf(event), offset, watermark_ms, windows_);
    return facts ? std::string(facts->notice_id) : "";
  }

  Windows windows_;
  NoticeBoard board_;
};

TEST_F(NoticeBoardTest, ANoticeCountsForTheRecordsBehindIt) {
  Post(Notice("n", 1, 0), 10);
  EXPECT_EQ(About(At(5), 10), "");
  EXPECT_EQ(About(At(5), 11), "n");
}

TEST_F(NoticeBoardTest, ANoticeSaysNothingOfWhatCameBefore) {
  Post(Notice("n", 100, 0), 10);
  EXPECT_EQ(About(At(99), 11), "");
  EXPECT_EQ(About(At(100), 11), "n");
}

TEST_F(NoticeBoardTest, AnAreaHoldsThoseBelowIt) {
  Post(Notice("n", 1, 0, "north"), 1);
  EXPECT_EQ(About(At(5, "north"), 2), "n");
  EXPECT_EQ(About(At(5, "north/riverside"), 2), "n");
  EXPECT_EQ(About(At(5, "northern"), 2), "");
  EXPECT_EQ(About(At(5, "nor"), 2), "");
  EXPECT_EQ(About(At(5), 2), "");
}

TEST_F(NoticeBoardTest, OfSeveralTheOverdueAndThenTheEarliestCounts) {
  Post(Notice("open", 1, 0), 1);
  Post(Notice("later", 1, 9 * kHour), 2);
  Post(Notice("sooner", 1, 5 * kHour), 3);
  EXPECT_EQ(About(At(kHour), 9), "sooner");
  EXPECT_EQ(About(At(6 * kHour), 9), "sooner");
  Post(Notice("soonest", 1, 2 * kHour), 4);
  EXPECT_EQ(About(At(3 * kHour), 9), "soonest");
}

TEST_F(NoticeBoardTest, WhatIsOverFirstGivesWay) {
  for (int64_t i = 0; i < static_cast<int64_t>(NoticeBoard::kMost); ++i) {
    Post(Notice("n" + std::to_string(i), 1, (i + 2) * kHour, std::to_string(i)), i);
  }
  Post(Notice("one-more", 1, kHour, "x"), 200);
  EXPECT_EQ(About(At(5, "0"), 201), "") << "due first of those that were there";
  EXPECT_EQ(About(At(5, "1"), 201), "n1");
  EXPECT_EQ(About(At(5, "x"), 201), "one-more");
}

TEST_F(NoticeBoardTest, LargeNoticesGiveWaySooner) {
  const std::string area(NoticeBoard::kMostBytes / 3, 'a');
  Post(Notice("first", 1, kHour, area + "1"), 1);
  Post(Notice("second", 1, 2 * kHour, area + "2"), 2);
  Post(Notice("third", 1, 3 * kHour, area + "3"), 3);
  EXPECT_EQ(About(At(5, area + "1"), 4), "");
  EXPECT_EQ(About(At(5, area + "2"), 4), "second");
  EXPECT_EQ(About(At(5, area + "3"), 4), "third");
}

TEST_F(NoticeBoardTest, WhatIsNotKnownIsNotKept) {
  v1::InteractionEvent event = Notice("n", 1, kHour);
  v1::Notice& notice = *event.mutable_control()->mutable_notice();
  notice.GetReflection()->MutableUnknownFields(&notice)->AddLengthDelimited(99)->assign(1'000'000,
                                                                                        'x');
  Post(event, 1);
  EXPECT_LT(board_.bytes(), 100U);
}

TEST_F(NoticeBoardTest, ItsBytesAreThoseOfAllStatementsUntilTheyAreForgotten) {
  Post(Notice("n", 1, kHour, "north"), 1);
  const size_t one = board_.bytes();
  Post(Notice("n", 2, kHour, "north"), 2);
  EXPECT_EQ(board_.bytes(), 2 * one) << "a replay may ask for the first";
  board_.Forget(3, 0, windows_);
  EXPECT_EQ(board_.bytes(), one);
}

// What happens in a partition: a notice is posted, or an event asks.
struct Record {
  bool posts = false;
  v1::InteractionEvent event;
  int64_t watermark_ms = 0;
};

std::vector<Record> AnyLog() {
  std::vector<Record> log(*rc::gen::inRange<size_t>(1, 40));
  int64_t watermark_ms = 0;
  for (Record& record : log) {
    watermark_ms += *rc::gen::inRange<int64_t>(0, 60) * kHour;
    record.watermark_ms = watermark_ms;
    const int64_t at_ms = watermark_ms + *rc::gen::inRange<int64_t>(-20, 5) * kHour + 21 * kHour;
    record.posts = *rc::gen::inRange(0, 3) == 0;
    const std::string area(1, *rc::gen::element('a', 'b'));
    if (!record.posts) {
      record.event = At(at_ms, area);
      continue;
    }
    const std::string id(1, *rc::gen::element('p', 'q', 'r'));
    record.event = Notice(id, at_ms, at_ms + *rc::gen::inRange<int64_t>(-1, 90) * kHour, area);
    record.event.mutable_control()->mutable_notice()->set_withdrawn(*rc::gen::inRange(0, 5) == 0);
  }
  return log;
}

// The answers of a board from record `begin` on.
std::vector<std::string> Read(const std::vector<Record>& log, size_t begin, const Windows& windows,
                              NoticeBoard& board) {
  std::vector<std::string> answers;
  for (size_t i = begin; i < log.size(); ++i) {
    const Record& record = log[i];
    const auto offset = static_cast<int64_t>(i);
    if (record.posts) {
      board.Post(ingest::ViewOf(record.event), offset, record.watermark_ms, windows);
      continue;
    }
    const auto facts =
        board.About(ingest::ViewOf(record.event), offset, record.watermark_ms, windows);
    answers.push_back(facts ? std::string(facts->notice_id) + std::to_string(facts->due_ms) : "-");
  }
  return answers;
}

TEST(NoticeBoardPropertyTest, AReplayGivesTheAnswersOfTheFirstTime) {
  EXPECT_TRUE(rc::check([] {
    const std::vector<Record> log = AnyLog();
    const Windows windows;
    NoticeBoard first;
    const std::vector<std::string> all = Read(log, 0, windows, first);
    // A crash somewhere, and a low-water mark somewhere before.
    const auto committed = *rc::gen::inRange<size_t>(0, log.size() + 1);
    const auto mark = *rc::gen::inRange<size_t>(0, committed + 1);
    NoticeBoard crashed;
    Read({log.begin(), log.begin() + static_cast<std::ptrdiff_t>(committed)}, 0, windows, crashed);
    const int64_t watermark_ms = mark == 0 ? 0 : log[mark - 1].watermark_ms;
    crashed.Forget(static_cast<int64_t>(mark), watermark_ms, windows);
    v1::ProgressRecord record;
    crashed.Save(&record);
    NoticeBoard restored(record);
    const std::vector<std::string> again = Read(log, mark, windows, restored);
    RC_ASSERT(again == std::vector<std::string>(
                           all.end() - static_cast<std::ptrdiff_t>(again.size()), all.end()));
  }));
}

TEST(NoticeBoardPropertyTest, ForgettingInBetweenChangesNoAnswer) {
  EXPECT_TRUE(rc::check([] {
    const std::vector<Record> log = AnyLog();
    const Windows windows;
    NoticeBoard keeps;
    NoticeBoard forgets;
    for (size_t i = 0; i < log.size(); ++i) {
      const std::vector<Record> one(log.begin(), log.begin() + static_cast<std::ptrdiff_t>(i) + 1);
      RC_ASSERT(Read(one, i, windows, keeps) == Read(one, i, windows, forgets));
      forgets.Forget(static_cast<int64_t>(i) + 1, log[i].watermark_ms, windows);
    }
  }));
}

}  // namespace
}  // namespace peakend::journey
