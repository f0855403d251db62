// Which baseline counts at which offset, through restarts and replays.
#include "processors/journey/baseline_board.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/durations.h"

namespace peakend::journey {
namespace {

// One cell: queue "q" of tenant "t" by voice at hour 9.
v1::InteractionEvent Baseline(const std::string& version, int64_t wait_ms, int64_t waits = 100) {
  v1::InteractionEvent event;
  v1::Baseline& baseline = *event.mutable_control()->mutable_baseline();
  baseline.set_version(version);
  v1::Baseline::Cell& cell = *baseline.add_cells();
  cell.set_tenant_id("t");
  cell.set_queue_id("q");
  cell.set_channel(v1::CHANNEL_VOICE);
  cell.set_hour(9);
  cell.set_wait_ms(wait_ms);
  cell.set_waits(waits);
  return event;
}

v1::InteractionEvent AtNine(const std::string& queue = "q") {
  v1::InteractionEvent event;
  event.set_tenant_id("t");
  event.mutable_queue()->set_id(queue);
  event.set_channel(v1::CHANNEL_VOICE);
  event.set_occurred_at_ms(20'000 * 24 * kHour + 9 * kHour + 1);
  return event;
}

std::optional<int64_t> WaitOf(const BaselineBoard& board, const v1::InteractionEvent& event,
                              int64_t waits = 30) {
  return board.WaitOf(ingest::ViewOf(event), waits);
}

void Post(BaselineBoard& board, const v1::InteractionEvent& event, int64_t offset) {
  board.Post(ingest::ViewOf(event), offset);
}

TEST(BaselineBoardTest, TheNewestCounts) {
  BaselineBoard board;
  EXPECT_TRUE(board.empty());
  EXPECT_EQ(WaitOf(board, AtNine()), std::nullopt);
  Post(board, Baseline("1", 60'000), 5);
  EXPECT_EQ(WaitOf(board, AtNine()), 60'000);
  Post(board, Baseline("2", 90'000), 6);
  EXPECT_EQ(WaitOf(board, AtNine()), 90'000);
}

TEST(BaselineBoardTest, QueueChannelHourAndTenantTellCellsApart) {
  BaselineBoard board;
  Post(board, Baseline("1", 60'000), 5);
  EXPECT_EQ(WaitOf(board, AtNine("other")), std::nullopt);
  EXPECT_EQ(WaitOf(board, AtNine("")), std::nullopt);
  v1::InteractionEvent event = AtNine();
  event.set_channel(v1::CHANNEL_CHAT);
  EXPECT_EQ(WaitOf(board, event), std::nullopt);
  event = AtNine();
  event.set_occurred_at_ms(event.occurred_at_ms() + kHour);
  EXPECT_EQ(WaitOf(board, event), std::nullopt);
  event = AtNine();
  event.set_tenant_id("u");
  EXPECT_EQ(WaitOf(board, event), std::nullopt);
}

TEST(BaselineBoardTest, FewWaitsAreNoBaseline) {
  BaselineBoard board;
  Post(board, Baseline("1", 60'000, 29), 5);
  EXPECT_EQ(WaitOf(board, AtNine(), 30), std::nullopt);
  EXPECT_EQ(WaitOf(board, AtNine(), 29), 60'000);
  EXPECT_EQ(WaitOf(board, AtNine(), 0), std::nullopt);
}

TEST(BaselineBoardTest, ARepeatedVersionTakesNoRoom) {
  BaselineBoard board;
  Post(board, Baseline("1", 60'000), 5);
  Post(board, Baseline("1", 60'000), 6);
  EXPECT_EQ(board.size(), 1u);
}

TEST(BaselineBoardTest, TheOneThatCountsAtTheLowWaterMarkIsKept) {
  BaselineBoard board;
  for (int i = 1; i <= 4; ++i) Post(board, Baseline(std::to_string(i), 1000 * i), 10 * i);
  board.Forget(30);
  EXPECT_EQ(board.size(), 3u);  // of 20, 30 and 40
  board.Forget(31);
  EXPECT_EQ(board.size(), 2u);
  board.Forget(1000);
  EXPECT_EQ(board.size(), 1u);
  EXPECT_EQ(WaitOf(board, AtNine()), 4000);
}

TEST(BaselineBoardTest, DamagedRecordsAreFound) {
  BaselineBoard board;
  EXPECT_EQ(board.Restore("baseline x", "", true).code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(board.Restore("baseline -1", "", true).code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(board.Restore("baseline 1", "\x0a", true).code(), absl::StatusCode::kDataLoss);
}

// Baselines at random offsets; a board that is restored at some commit and reads on from
// the low-water mark of then answers at each offset like one that was never restarted.
TEST(BaselineBoardTest, ARestoredBoardGoesOnAsIfNothingHadHappened) {
  EXPECT_TRUE(rc::check([] {
    const auto count = *rc::gen::inRange(1, 12);
    std::vector<std::string> log;  // the version at each offset; empty = another record
    for (int i = 0; i < count * 3; ++i) {
      log.push_back(*rc::gen::inRange(0, 3) == 0 ? std::to_string(*rc::gen::inRange(1, 4)) : "");
    }
    const auto size = static_cast<int64_t>(log.size());
    const int64_t committed = *rc::gen::inRange<int64_t>(0, size + 1);
    const int64_t low_water_mark = *rc::gen::inRange<int64_t>(0, committed + 1);
    std::map<std::string, std::string> changelog;
    const auto write = [&](BaselineBoard& board) {
      for (const BaselineBoard::Record& record : board.TakeUnwritten()) {
        if (record.value) {
          changelog[record.key] = *record.value;
        } else {
          changelog.erase(record.key);
        }
      }
    };
    const auto take = [&](BaselineBoard& board, int64_t offset) {
      const std::string& version = log[static_cast<size_t>(offset)];
      if (!version.empty()) Post(board, Baseline(version, std::stoll(version) * 1000), offset);
    };
    std::vector<std::optional<int64_t>> expected;
    BaselineBoard board;
    for (int64_t offset = 0; offset < size; ++offset) {
      if (*rc::gen::inRange(0, 2) == 0 && offset <= committed) {
        board.Forget(std::min(offset, low_water_mark));
        write(board);
      }
      if (offset == committed) write(board);
      take(board, offset);
      expected.push_back(WaitOf(board, AtNine()));
    }
    if (committed == size) write(board);
    BaselineBoard restored;
    for (const auto& [key, value] : changelog) RC_ASSERT(restored.Restore(key, value, true).ok());
    restored.Resume(low_water_mark);
    for (int64_t offset = low_water_mark; offset < size; ++offset) {
      take(restored, offset);
      RC_ASSERT(WaitOf(restored, AtNine()) == expected[static_cast<size_t>(offset)]);
    }
  }));
}

}  // namespace
}  // namespace peakend::journey
