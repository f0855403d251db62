// What the transactional sink writes, takes back and refuses, by who caused it and where it
// goes. How it lives with failures stands in tests/simulation and tests/kafka.
#include "processors/runtime/transactional_sink.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace peakend::runtime {
namespace {

using publish::Topic;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using Kind = TransactionAnswer::Kind;

constexpr size_t kMostBytes = 100;

// A cluster that does what it is asked, once.
class Cluster : public TransactionClient, public Progress {
 public:
  struct Record {
    Topic topic = Topic::kAlerts;
    int32_t partition = 0;
    std::string value;
    friend bool operator==(const Record&, const Record&) = default;
  };

  TransactionAnswer Start() override { return {}; }
  TransactionAnswer Begin() override {
    open_.clear();
    refused_.clear();
    return {};
  }
  TransactionAnswer Produce(const publish::Output& output) override {
    if (output.value.size() > kMostBytes) refused_.push_back(open_.size());
    open_.push_back({output.topic, output.partition, std::string(output.value)});
    return {};
  }
  TransactionAnswer SendOffsets(const Positions& positions) override {
    sent_ = positions;
    if (!std::exchange(answers_, true)) return {Kind::kRetry, "no answer yet"};
    return {};
  }
  TransactionAnswer Commit() override {
    if (!std::exchange(decides_, true)) return {Kind::kRetry, "not decided yet"};
    if (!refused_.empty()) return {Kind::kAbort, "one is too large"};
    written.insert(written.end(), open_.begin(), open_.end());
    for (const auto& [partition, position] : sent_) committed[partition] = position;
    return {};
  }
  TransactionAnswer Abort() override { return {}; }
  bool HasUnansweredRequest() const override { return false; }
  std::vector<size_t> Undeliverable() const override { return refused_; }
  absl::StatusOr<int64_t> Committed(int32_t partition) override {
    const auto known = committed.find(partition);
    return known == committed.end() ? kNothingCommitted : known->second;
  }

  // The next positions of a transaction have to be sent twice.
  void DoNotAnswer() { answers_ = false; }
  // The next commit has to be asked for twice.
  void DoNotDecide() { decides_ = false; }
  const Positions& sent() const { return sent_; }

  std::vector<Record> written;
  Positions committed;

 private:
  std::vector<Record> open_;
  std::vector<size_t> refused_;
  Positions sent_;
  bool answers_ = true;
  bool decides_ = true;
};

using Record = Cluster::Record;

class TransactionalSinkTest : public testing::Test {
 protected:
  void AppendAlert(int32_t partition, const std::string& value) {
    outputs_.Append(Topic::kAlerts, partition, "alert", value);
  }
  void AppendInput(int32_t cause, int32_t to, const std::string& value) {
    outputs_.OpenInput(cause, to, "acme/c1").append(value);
  }
  absl::Status Commit(const Positions& positions) {
    EXPECT_TRUE(sink_.Append(outputs_).ok());
    outputs_.Clear();
    return sink_.Commit(positions);
  }

  Cluster cluster_;
  std::vector<std::string> left_behind_;
  TransactionalSink sink_{cluster_, cluster_, [this](const publish::Output& output) {
                            left_behind_.emplace_back(output.value);
                          }};
  publish::OutputBatch outputs_;
};

TEST_F(TransactionalSinkTest, ForgetsWhatALostPartitionCaused) {
  AppendAlert(0, "alert of 0");
  AppendInput(0, 1, "from 0 to 1");
  AppendAlert(1, "alert of 1");
  ASSERT_TRUE(sink_.Append(outputs_).ok());
  outputs_.Clear();
  sink_.Forget({0});
  ASSERT_TRUE(Commit({{1, 5}}).ok());
  EXPECT_THAT(cluster_.written, ElementsAre(Record{Topic::kAlerts, 1, "alert of 1"}));
  EXPECT_EQ(cluster_.committed, (Positions{{1, 5}}));
}

TEST_F(TransactionalSinkTest, ForgetsWhatALostPartitionCausedInTheOpenTransaction) {
  AppendInput(0, 1, "from 0 to 1");
  AppendInput(1, 0, "from 1 to 0");
  cluster_.DoNotAnswer();
  EXPECT_TRUE(absl::IsUnavailable(Commit({{0, 4}, {1, 5}})));
  sink_.Forget({0});
  ASSERT_TRUE(Commit({{1, 5}}).ok());
  EXPECT_THAT(cluster_.written, ElementsAre(Record{Topic::kInput, 0, "from 1 to 0"}));
  EXPECT_EQ(cluster_.committed, (Positions{{1, 5}}));
}

TEST_F(TransactionalSinkTest, KeepsWhatGoesToALostPartition) {
  AppendInput(1, 0, "from 1 to 0");
  ASSERT_TRUE(sink_.Append(outputs_).ok());
  outputs_.Clear();
  sink_.Forget({0});
  ASSERT_TRUE(Commit({{1, 5}}).ok());
  EXPECT_THAT(cluster_.written, ElementsAre(Record{Topic::kInput, 0, "from 1 to 0"}));
}

// Else a zombie of the cause would not be fenced, and one of the destination would be asked
// for a position that it does not have.
TEST_F(TransactionalSinkTest, SendsThePositionOfTheCause) {
  ASSERT_TRUE(Commit({{0, 4}, {1, 5}}).ok());
  AppendInput(0, 1, "from 0 to 1");
  ASSERT_TRUE(Commit({{0, 4}, {1, 5}}).ok());
  EXPECT_EQ(cluster_.sent(), (Positions{{0, 4}}));
}

TEST_F(TransactionalSinkTest, LeavesBehindWhatNobodyTakes) {
  AppendAlert(0, std::string(kMostBytes + 1, 'x'));
  AppendAlert(0, "alert");
  EXPECT_TRUE(absl::IsUnavailable(Commit({{0, 4}})));
  ASSERT_TRUE(Commit({{0, 4}}).ok());
  EXPECT_THAT(cluster_.written, ElementsAre(Record{Topic::kAlerts, 0, "alert"}));
  EXPECT_THAT(left_behind_, ElementsAre(std::string(kMostBytes + 1, 'x')));
}

// The numbers of what was refused are those of the transaction, not of what is left of it.
TEST_F(TransactionalSinkTest, LeavesBehindNothingElseWhenSomethingWasForgotten) {
  AppendAlert(0, std::string(kMostBytes + 1, 'x'));
  AppendAlert(1, "alert of 1");
  cluster_.DoNotDecide();
  EXPECT_TRUE(absl::IsUnavailable(Commit({{0, 4}, {1, 5}})));
  sink_.Forget({0});
  absl::Status committed = Commit({{1, 5}});
  if (absl::IsUnavailable(committed)) committed = Commit({{1, 5}});
  ASSERT_TRUE(committed.ok()) << committed;
  EXPECT_THAT(cluster_.written, ElementsAre(Record{Topic::kAlerts, 1, "alert of 1"}));
  EXPECT_THAT(left_behind_, IsEmpty());
}

TEST_F(TransactionalSinkTest, InputIsNeverLeftBehind) {
  AppendAlert(0, std::string(kMostBytes + 1, 'x'));
  AppendInput(0, 7, std::string(kMostBytes + 2, 'y'));
  AppendAlert(0, "alert");
  // However often it is tried.
  for (int i = 0; i < 3; ++i) {
    const absl::Status status = Commit({{0, 4}});
    ASSERT_TRUE(absl::IsInvalidArgument(status)) << status;
    EXPECT_THAT(std::string(status.message()),
                testing::AllOf(HasSubstr("102 bytes"), HasSubstr("its partition 7"),
                               HasSubstr("max.message.bytes"), Not(HasSubstr("acme"))));
  }
  EXPECT_THAT(cluster_.written, IsEmpty());
  EXPECT_THAT(cluster_.committed, IsEmpty());
  EXPECT_THAT(left_behind_, IsEmpty());
}

}  // namespace
}  // namespace peakend::runtime
