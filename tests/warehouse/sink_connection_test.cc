#include "processors/warehouse/sink_connection.h"

#include <gmock/gmock.h>

#include "tests/warehouse/test_database.h"

namespace peakend::warehouse {
namespace {

using testing::ElementsAre;

class SinkConnectionTest : public DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    Migrate();
  }

  SinkConnection Connection(std::string conninfo = TestConninfo()) {
    RowSinkOptions options;
    options.conninfo = std::move(conninfo);
    options.schema = schema_;
    SinkConnectionHooks hooks;
    hooks.stop = [this] { return stop_; };
    hooks.pause = [this](absl::Duration pause) { pauses_.push_back(pause); };
    hooks.on_retry = [this](const absl::Status&, absl::Duration) {
      if (++retries_ == stop_after_) stop_ = true;
    };
    hooks.on_back = [this] { ++backs_; };
    return {std::move(options), {&table_}, std::move(hooks)};
  }

  const RowTable table_ = RowTables()[publish::IndexOf(RowKind::kJourney)];
  bool stop_ = false;
  int retries_ = 0;
  int stop_after_ = 0;
  int backs_ = 0;
  std::vector<absl::Duration> pauses_;
};

TEST_F(SinkConnectionTest, WaitsDoubleUntilAStop) {
  stop_after_ = 9;
  SinkConnection connection = Connection("host=/tmp/no-such-folder dbname=x");
  const absl::Status status = connection.Run([](RowSink&) { return absl::OkStatus(); });
  EXPECT_TRUE(absl::IsCancelled(status)) << status;
  const auto ms = [](int64_t number) { return absl::Milliseconds(number); };
  EXPECT_THAT(pauses_, ElementsAre(ms(100), ms(200), ms(400), ms(800), ms(1600), ms(3200), ms(6400),
                                   ms(10000), ms(10000)));
  EXPECT_EQ(backs_, 0);
}

TEST_F(SinkConnectionTest, WorkIsRepeatedOnANewConnection) {
  SinkConnection connection = Connection();
  std::vector<int> sessions;
  const absl::Status status = connection.Run([&](RowSink& sink) {
    sessions.push_back(sink.process_id());
    if (sessions.size() == 1) Terminate(sink.process_id());
    return sink.Offsets("rows").status();
  });
  EXPECT_TRUE(status.ok()) << status;
  ASSERT_EQ(sessions.size(), 2U);
  EXPECT_NE(sessions[0], sessions[1]);
  EXPECT_EQ(retries_, 1);
  EXPECT_EQ(backs_, 1);
}

TEST_F(SinkConnectionTest, WhatIsFinalIsNotRepeated) {
  SinkConnection connection = Connection();
  int calls = 0;
  const absl::Status status = connection.Run([&](RowSink&) {
    ++calls;
    return absl::AbortedError("fenced");
  });
  EXPECT_TRUE(absl::IsAborted(status));
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(retries_, 0);
}

TEST_F(SinkConnectionTest, TablesThatDoNotFitAreFinal) {
  Run("ALTER TABLE journeys DROP tier CASCADE");
  SinkConnection connection = Connection();
  const absl::Status status = connection.Run([](RowSink&) { return absl::OkStatus(); });
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
}

}  // namespace
}  // namespace peakend::warehouse
