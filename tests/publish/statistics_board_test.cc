// Cells of statistics: what is counted where, when rows leave, and how cells come back.
#include "processors/publish/statistics_board.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "processors/journey/partition_clock.h"
#include "tests/durations.h"

namespace peakend::publish {
namespace {

using moments::ContactSample;

constexpr int64_t kFirstHour = 480'000 * kHour;

class StatisticsBoardTest : public ::testing::Test {
 protected:
  StatisticsBoardTest() { policy_.stages["pay"] = "checkout"; }

  static ContactSample Sample(int64_t settled_at_ms, const std::string& queue = "q") {
    ContactSample sample;
    sample.tenant_id = "t";
    sample.queue_id = queue;
    sample.touchpoint_id = "pay";
    sample.channel = v1::CHANNEL_VOICE;
    sample.hour = 9;
    sample.settled_at_ms = settled_at_ms;
    return sample;
  }
  std::vector<v1::TouchpointStatistics> Close(StatisticsBoard& board, int64_t watermark_ms) {
    OutputBatch outputs;
    board.Close(watermark_ms, outputs);
    std::vector<v1::TouchpointStatistics> rows;
    for (size_t i = 0; i < outputs.size(); ++i) {
      EXPECT_EQ(outputs[i].topic, Topic::kStatistics);
      v1::TouchpointStatistics& row = rows.emplace_back();
      EXPECT_TRUE(row.ParseFromString(std::string(outputs[i].value)));
      EXPECT_EQ(outputs[i].key, row.row_id());
    }
    return rows;
  }
  // Applies what the board writes to a changelog.
  void Write(StatisticsBoard& board) {
    OutputBatch outputs;
    board.WriteState(outputs);
    for (size_t i = 0; i < outputs.size(); ++i) {
      EXPECT_EQ(outputs[i].topic, Topic::kState);
      EXPECT_EQ(outputs[i].key.find('/'), std::string_view::npos) << "that is a customer's key";
      if (outputs[i].has_value) {
        changelog_[std::string(outputs[i].key)] = outputs[i].value;
      } else {
        changelog_.erase(std::string(outputs[i].key));
      }
    }
  }
  void Restore(StatisticsBoard& board) {
    for (const auto& [key, value] : changelog_) {
      EXPECT_TRUE(board.Restore(key, value, true).ok());
    }
  }

  Policy policy_;
  StatisticsBoard board_{3, policy_};
  std::map<std::string, std::string> changelog_;
};

TEST_F(StatisticsBoardTest, CountsContactsOfOneKindTogether) {
  ContactSample bad = Sample(kFirstHour + 1);
  bad.negative_peak = true;
  bad.left = true;
  bad.wait_met = false;
  bad.score = -500'000'000;
  ContactSample good = Sample(kFirstHour + 2);
  good.positive_peak = true;
  good.wait_met = true;
  good.answered_after_ms = 31;
  good.score = 100'000'000;
  good.ended_above_mean = true;
  good.gaps = 2;
  good.gap_sum = -7;
  board_.Add(bad);
  board_.Add(good);
  const auto rows = Close(board_, kFirstHour + kHour);
  ASSERT_EQ(rows.size(), 1u);
  const v1::TouchpointStatistics& row = rows[0];
  EXPECT_EQ(row.partition(), 3);
  EXPECT_EQ(row.window_start_ms(), kFirstHour);
  EXPECT_EQ(row.window_end_ms(), kFirstHour + kHour);
  EXPECT_EQ(row.stage(), "checkout");
  EXPECT_EQ(row.channel(), "voice");
  EXPECT_EQ(row.hour(), 9);
  EXPECT_EQ(row.contacts(), 2);
  EXPECT_EQ(row.negative_peaks(), 1);
  EXPECT_EQ(row.positive_peaks(), 1);
  EXPECT_EQ(row.left(), 1);
  EXPECT_EQ(row.waits(), 2);
  EXPECT_EQ(row.waits_met(), 1);
  EXPECT_EQ(row.gaps(), 2);
  EXPECT_EQ(row.gap_sum(), -7);
  EXPECT_EQ(row.scored(), 2);
  EXPECT_EQ(row.score_sum(), -400'000'000);
  EXPECT_EQ(row.ended_above_mean(), 1);
  EXPECT_EQ(row.answered_after().counts(0), 1);
}

TEST_F(StatisticsBoardTest, ARowLeavesWhenTheWatermarkReachesTheEndOfItsWindow) {
  EXPECT_EQ(board_.NextCloseMs(), journey::PartitionClock::kEndOfTime);
  board_.Add(Sample(kFirstHour));
  board_.Add(Sample(kFirstHour + kHour));
  EXPECT_EQ(board_.NextCloseMs(), kFirstHour + kHour);
  EXPECT_TRUE(Close(board_, kFirstHour + kHour - 1).empty());
  EXPECT_EQ(Close(board_, kFirstHour + kHour).size(), 1u);
  EXPECT_EQ(board_.NextCloseMs(), kFirstHour + 2 * kHour);
  EXPECT_EQ(Close(board_, journey::PartitionClock::kEndOfTime).size(), 1u);
  EXPECT_EQ(board_.size(), 0u);
}

TEST_F(StatisticsBoardTest, RowsLeaveInOrderOfTimeWhateverTheOrderOfTheirQueues) {
  board_.Add(Sample(kFirstHour, "b"));
  board_.Add(Sample(kFirstHour, "a"));
  board_.Add(Sample(kFirstHour + kHour, "a"));
  const auto rows = Close(board_, kFirstHour + 9 * kHour);
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[2].window_start_ms(), kFirstHour + kHour);
  StatisticsBoard other(3, policy_);
  other.Add(Sample(kFirstHour, "a"));
  other.Add(Sample(kFirstHour, "b"));
  EXPECT_EQ(Close(other, kFirstHour + kHour)[0].queue_id(), rows[0].queue_id());
}

TEST_F(StatisticsBoardTest, ARestoredBoardCountsOn) {
  board_.Add(Sample(kFirstHour));
  Write(board_);
  board_.Add(Sample(kFirstHour + 1));
  ContactSample answered = Sample(kFirstHour + kHour);
  answered.answered_after_ms = 60'000;
  board_.Add(answered);
  Write(board_);
  EXPECT_FALSE(board_.HasUnwritten());
  StatisticsBoard restored(3, policy_);
  Restore(restored);
  for (StatisticsBoard* board : {&board_, &restored}) {
    board->Add(Sample(kFirstHour + kHour + 1));
  }
  OutputBatch as_it_was;
  OutputBatch as_it_is;
  board_.Close(kFirstHour + 9 * kHour, as_it_was);
  restored.Close(kFirstHour + 9 * kHour, as_it_is);
  ASSERT_EQ(as_it_is.size(), as_it_was.size());
  for (size_t i = 0; i < as_it_is.size(); ++i) EXPECT_EQ(as_it_is[i].value, as_it_was[i].value);
}

TEST_F(StatisticsBoardTest, WhatHasLeftLeavesTheChangelog) {
  board_.Add(Sample(kFirstHour));
  Write(board_);
  EXPECT_EQ(changelog_.size(), 1u);
  Close(board_, kFirstHour + kHour);
  Write(board_);
  EXPECT_TRUE(changelog_.empty());
}

TEST_F(StatisticsBoardTest, ASnapshotHoldsWhatTheChangelogHolds) {
  board_.Add(Sample(kFirstHour, "a"));
  board_.Add(Sample(kFirstHour, "b"));
  Write(board_);
  std::map<std::string, std::string> snapshot;
  board_.ForEach([&](std::string_view key, std::string_view value) {
    snapshot[std::string(key)] = std::string(value);
  });
  EXPECT_EQ(snapshot, changelog_);
}

TEST_F(StatisticsBoardTest, TooManyKindsAreCountedTogether) {
  const int more = 100;
  for (size_t i = 0; i < StatisticsBoard::kMostCells + more; ++i) {
    board_.Add(Sample(kFirstHour, "q" + std::to_string(i)));
  }
  EXPECT_EQ(board_.size(), StatisticsBoard::kMostCells + 1);
  int64_t contacts = 0;
  int64_t others = 0;
  for (const v1::TouchpointStatistics& row : Close(board_, kFirstHour + kHour)) {
    contacts += row.contacts();
    if (row.others()) others += row.contacts();
  }
  EXPECT_EQ(contacts, static_cast<int64_t>(StatisticsBoard::kMostCells) + more);
  EXPECT_EQ(others, more);
}

TEST_F(StatisticsBoardTest, DamagedRecordsAreFound) {
  EXPECT_EQ(board_.Restore("statistics 12", "\x0a", true).code(), absl::StatusCode::kDataLoss);
  v1::TouchpointStatistics row;
  row.set_row_id("13");
  EXPECT_EQ(board_.Restore("statistics 12", row.SerializeAsString(), true).code(),
            absl::StatusCode::kDataLoss);
  row.set_row_id("12");
  row.mutable_answered_after()->add_buckets(1);
  EXPECT_EQ(board_.Restore("statistics 12", row.SerializeAsString(), true).code(),
            absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace peakend::publish
