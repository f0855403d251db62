// Input that was removed too early: refused with its range, or left out when that is
// accepted.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "processors/runtime/memory_log.h"
#include "processors/runtime/worker.h"
#include "tests/runtime/engine/stay.h"
#include "tests/runtime/engine/stream.h"

namespace peakend::runtime {
namespace {

class LossTest : public testing::Test {
 protected:
  LossTest() {
    for (int n = 0; n < 200; ++n) {
      MemoryLog::Record record;
      record.offset = -1;
      record.key = absl::StrCat("acme/c", n % 12);
      record.value = CustomerTurn(absl::StrCat("e", n), absl::StrCat("c", n % 12), "k", n, -0.5)
                         .SerializeAsString();
      log_.Append(n % 2, std::move(record));
    }
    Stay first(log_, log_, policy_, Options(), {});
    for (int i = 0; i < 3; ++i) first.Turn();
  }
  static WorkerOptions Options() { return Stay::Options(7, absl::Milliseconds(20)); }
  int64_t Committed(int32_t partition) { return *log_.Committed(partition); }
  int64_t End(int32_t partition) { return log_.input(partition).back().offset + 1; }
  // The first error of a worker that starts now, or what it says of the loss.
  std::string Start(bool accept_loss) {
    WorkerOptions options = Options();
    options.accept_loss = accept_loss;
    WorkerHooks hooks;
    std::string said;
    hooks.on_loss = [&](int32_t, const std::string& lost) { said = lost; };
    hooks.on_digest_difference = [](int32_t partition) { ADD_FAILURE() << partition; };
    Stay stay(log_, log_, policy_, options, std::move(hooks));
    const absl::Status status = stay.worker.RunOnce().status();
    if (!status.ok()) {
      EXPECT_TRUE(absl::IsOutOfRange(status)) << status;
      return std::string(status.message());
    }
    stay.RunToTheEnd();
    lost_ = stay.worker.stats().records_lost;
    return said;
  }

  const publish::Policy policy_ = DefaultPolicy();
  MemoryLog log_{2};
  int64_t lost_ = 0;
};

TEST_F(LossTest, ALogThatLostWhatAReplayNeedsIsRefused) {
  const int64_t start = Committed(0) - 1;
  log_.Trim(0, start);
  const std::string lost = absl::StrCat("records 0 to ", start - 1,
                                        ", which the state still needs, were removed from the log");
  EXPECT_THAT(Start(false), testing::HasSubstr(lost + "; `peakend run --accept-loss`"));
  EXPECT_EQ(Start(true), lost);
  EXPECT_EQ(lost_, start);
  // What came of it is the state from now on.
  EXPECT_EQ(Start(false), "");
}

TEST_F(LossTest, ALogThatLostWhatWasNotReadIsRefused) {
  log_.Trim(0, End(0) - 1);
  ASSERT_LT(Committed(0), End(0) - 1);
  const std::string lost = absl::StrCat("records 0 to ", End(0) - 2, ", some of which were not");
  EXPECT_THAT(Start(false), testing::HasSubstr(lost));
  EXPECT_THAT(Start(true), testing::HasSubstr(lost));
  EXPECT_EQ(Committed(0), End(0));
  EXPECT_EQ(Start(false), "");
}

}  // namespace
}  // namespace peakend::runtime
