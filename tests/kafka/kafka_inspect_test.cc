// peakend inspect on a changelog in a real broker.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "peakend/v1/customer_state.pb.h"
#include "peakend/v1/progress_record.pb.h"
#include "processors/publish/partitioner.h"
#include "tests/kafka/kafka_command_call.h"

namespace peakend::runtime {
namespace {

using cli::ExitCode;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class KafkaInspectTest : public KafkaCommandCall {
 protected:
  static std::string Customer(bool open, int64_t applied) {
    v1::CustomerState customer;
    customer.set_format(1);
    customer.set_tenant_bytes(4);
    customer.set_applied(applied);
    customer.set_last_event_ms(1736154240000);
    if (open) customer.mutable_open()->set_open_journeys(1);
    return customer.SerializeAsString();
  }
  static std::string Progress(int32_t partition) {
    v1::ProgressRecord progress;
    progress.set_format(1);
    progress.set_partition(partition);
    progress.set_committed_offset(120);
    progress.set_low_water_mark(100);
    progress.set_now_ms(1736154240000);
    progress.set_policy_version("default@1+0123abcd");
    return progress.SerializeAsString();
  }
};

TEST_F(KafkaInspectTest, ShowsTheNewestRecordOfTheCustomerAndTheirPartition) {
  const int32_t partition = publish::PartitionFor("acme/c1", kPartitions);
  PutState(partition, "acme/c1", Customer(false, 90));
  PutState(partition, "acme/c1", Customer(true, 110));
  PutState(partition, "acme/c2", Customer(false, 111));
  PutState(partition, "progress", Progress(partition));
  const CommandResult text = Call({"inspect", "customer", "acme/c1"});
  EXPECT_EQ(text.code, ExitCode::kOk) << text.err;
  EXPECT_THAT(text.out, AllOf(HasSubstr("status          open\n"),
                              HasSubstr("last event      2025-01-06T09:04:00.000Z\n"),
                              HasSubstr("applied         through offset 110\n"),
                              HasSubstr("committed       offset 120 of the input\n"),
                              HasSubstr("policy          default@1+0123abcd\n")));
  const CommandResult json = Call({"inspect", "customer", "acme/c1", "--json"});
  EXPECT_EQ(json.code, ExitCode::kOk) << json.err;
  EXPECT_THAT(json.out, AllOf(HasSubstr(R"("customer_id":"c1","status":"open")"),
                              HasSubstr(R"("committed_offset":120,"low_water_mark":100)")));
}

TEST_F(KafkaInspectTest, AnUnknownCustomerIsOneClearLine) {
  const CommandResult result = Call({"inspect", "customer", "acme/nobody"});
  EXPECT_EQ(result.code, ExitCode::kChecksFailed);
  EXPECT_THAT(result.out, IsEmpty());
  EXPECT_THAT(result.err, AllOf(HasSubstr("no such customer"), Not(HasSubstr("nobody"))));
}

TEST_F(KafkaInspectTest, CountsWhatAPartitionKeeps) {
  PutState(1, "acme/c1", Customer(true, 1));
  PutState(1, "acme/c2", Customer(false, 2));
  PutState(1, "progress", Progress(1));
  PutState(1, "progress", Progress(1));
  const CommandResult text = Call({"inspect", "partition", "1"});
  EXPECT_EQ(text.code, ExitCode::kOk) << text.err;
  EXPECT_THAT(text.out,
              AllOf(HasSubstr("replay from  offset 100\n"), HasSubstr("open         1 customers\n"),
                    HasSubstr("idle         1 customers\n"), HasSubstr("4 records")));
  const CommandResult empty = Call({"inspect", "partition", "2", "--json"});
  EXPECT_EQ(empty.code, ExitCode::kOk) << empty.err;
  EXPECT_THAT(empty.out, HasSubstr(R"("partition":2,"open":0)"));
  const CommandResult none = Call({"inspect", "partition", "4"});
  EXPECT_EQ(none.code, ExitCode::kChecksFailed);
  EXPECT_THAT(none.err, HasSubstr("the changelog has 0 to 3"));
}

}  // namespace
}  // namespace peakend::runtime
