#include "processors/runtime/health.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace peakend::runtime {
namespace {

using ::testing::HasSubstr;

const absl::Time kStart = absl::FromUnixSeconds(1'700'000'000);

void PassAll(HealthBoard& board) {
  board.SetAssigned(true);
  board.SetReplayLeft(0);
  board.SetKafka(true, "");
}

TEST(Health, LivesWhileTheLoopTurnsAndNotLonger) {
  HealthBoard board(absl::Seconds(10), kStart);
  EXPECT_TRUE(board.Liveness(kStart + absl::Seconds(10)).ok);
  EXPECT_FALSE(board.Liveness(kStart + absl::Milliseconds(10'001)).ok);

  board.Tick(kStart + absl::Seconds(15));
  const HealthReport report = board.Liveness(kStart + absl::Seconds(20));
  EXPECT_TRUE(report.ok);
  EXPECT_EQ(report.json, R"({"status":"live","worker_silent_ms":5000,"limit_ms":10000})");
}

TEST(Health, AClockSetBackDoesNotKill) {
  HealthBoard board(absl::Seconds(10), kStart);
  EXPECT_TRUE(board.Liveness(kStart - absl::Hours(1)).ok);
}

TEST(Health, BrokerDoesNotDecideAboutLife) {
  HealthBoard board(absl::Seconds(10), kStart);
  board.SetKafka(false, "localhost:9092 refuses the connection");
  EXPECT_TRUE(board.Liveness(kStart).ok);
  EXPECT_FALSE(board.Readiness(kStart).ok);
}

TEST(Health, StartsUnready) {
  const HealthBoard board(absl::Seconds(10), kStart);
  const HealthReport report = board.Readiness(kStart);
  EXPECT_FALSE(report.ok);
  EXPECT_EQ(report.json,
            R"({"status":"not_ready","checks":{"worker":{"ok":true},"assignment":{"ok":false},)"
            R"("replay":{"ok":false},"kafka":{"ok":false,"detail":"not connected yet"}}})");
}

TEST(Health, IsReadyOnlyWhenEveryCheckPasses) {
  HealthBoard board(absl::Seconds(10), kStart);
  PassAll(board);
  EXPECT_TRUE(board.Readiness(kStart).ok);
  EXPECT_THAT(board.Readiness(kStart).json, HasSubstr(R"("status":"ready")"));

  board.SetAssigned(false);
  EXPECT_FALSE(board.Readiness(kStart).ok);
  PassAll(board);
  board.SetReplayLeft(17);
  EXPECT_FALSE(board.Readiness(kStart).ok);
  EXPECT_THAT(board.Readiness(kStart).json, HasSubstr(R"("records_left":17)"));
  PassAll(board);
  board.SetKafka(false, "all brokers \"down\"\n");
  EXPECT_FALSE(board.Readiness(kStart).ok);
  EXPECT_THAT(board.Readiness(kStart).json, HasSubstr(R"("detail":"all brokers \"down\"\n")"));
  PassAll(board);
  EXPECT_TRUE(board.Readiness(kStart).ok);
  EXPECT_FALSE(board.Readiness(kStart + absl::Seconds(11)).ok);
}

TEST(Health, DrainingIsNotReadyButAlive) {
  HealthBoard board(absl::Seconds(10), kStart);
  PassAll(board);
  board.StartDraining();
  EXPECT_FALSE(board.Readiness(kStart).ok);
  EXPECT_THAT(board.Readiness(kStart).json, HasSubstr(R"("status":"draining")"));
  EXPECT_TRUE(board.Liveness(kStart).ok);
}

}  // namespace
}  // namespace peakend::runtime
