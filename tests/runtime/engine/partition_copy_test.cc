// Copying a partition's state into pieces of a snapshot.
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "processors/runtime/partition.h"
#include "processors/runtime/snapshot_piece.h"
#include "tests/runtime/engine/stream.h"

namespace peakend::runtime {
namespace {

TEST(PartitionCopyTest, ItEndsHoweverMuchTheBoardsHold) {
  const publish::Policy policy = DefaultPolicy();
  Partition partition(3, "events", policy, Durability::kChangelog);
  partition.Resume(0, 0);
  v1::InteractionEvent event;
  v1::Baseline& baseline = *event.mutable_control()->mutable_baseline();
  baseline.set_version("b");
  for (int i = 0; i < 100; ++i) baseline.add_cells()->set_queue_id("q" + std::to_string(i));
  ingest::Decoder decoder({});
  publish::OutputBatch outputs;
  EngineStats stats;
  const std::string stated = event.SerializeAsString();
  partition.Process(InputRecord{3, 0, kEpoch, {}, stated, false, true}, decoder, outputs, stats);
  constexpr int kCustomers = 5;
  for (int i = 0; i < kCustomers; ++i) {
    const std::string customer = "c" + std::to_string(i);
    const std::string turn =
        CustomerTurn("e" + customer, customer, "k", 0, 0.5).SerializeAsString();
    partition.Process(InputRecord{3, 1 + i, kEpoch, "acme/" + customer, turn, true, true}, decoder,
                      outputs, stats);
  }
  // A byte at a time: a customer each.
  std::optional<CustomerTable::Slot> next = 0;
  std::string records;
  for (int copies = 0; next && copies <= kCustomers; ++copies) {
    std::string piece;
    next = partition.CopyState(*next, 1 + kCustomers, 1, piece, outputs);
    records += piece;
  }
  EXPECT_FALSE(next.has_value());
  EXPECT_EQ(CountSnapshotRecords(records), 1u + kCustomers);
}

}  // namespace
}  // namespace peakend::runtime
