// The table of customers against std::map, with hashes that collide on purpose.
#include "processors/runtime/customer_table.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>
#include <set>
#include <string>
#include <utility>

namespace peakend::runtime {
namespace {

using Slot = CustomerTable::Slot;
using Name = std::pair<std::string, std::string>;  // tenant, customer

// Three hashes for all customers: long chains.
uint64_t HashOf(const Name& name) { return (name.first.size() + name.second.size()) % 3; }

TEST(CustomerTableTest, BehavesLikeAMap) {
  EXPECT_TRUE(rc::check([] {
    CustomerTable table;
    std::map<Name, Slot> model;
    const int steps = *rc::gen::inRange(1, 200);
    for (int i = 0; i < steps; ++i) {
      const Name name{std::string(*rc::gen::inRange<size_t>(0, 3), 't'),
                      std::string(*rc::gen::inRange<size_t>(1, 12), 'c')};
      const uint64_t hash = HashOf(name);
      const auto known = model.find(name);
      const auto found = table.Find(hash, name.first, name.second);
      RC_ASSERT(found.has_value() == (known != model.end()));
      if (found) RC_ASSERT(*found == known->second);
      if (*rc::gen::inRange(0, 3) == 0 && found) {
        table.Erase(*found);
        RC_ASSERT(!table.Holds(*found, hash));
        model.erase(known);
      } else {
        const Slot slot = table.FindOrCreate(hash, name.first, name.second);
        model[name] = slot;
        RC_ASSERT(table.Holds(slot, hash));
        RC_ASSERT(table.hash(slot) == hash);
      }
      RC_ASSERT(table.size() == model.size());
      for (const auto& [who, slot] : model) {
        RC_ASSERT(table[slot].tenant_id() == who.first);
        RC_ASSERT(table[slot].customer_id() == who.second);
      }
    }
  }));
}

TEST(CustomerTableTest, SlotsAreReusedAndStartAfresh) {
  CustomerTable table;
  const Slot slot = table.FindOrCreate(7, "t", "a");
  table[slot].last_event_ms = 5;
  table.digest(slot) = 9;
  table.Erase(slot);
  EXPECT_FALSE(table.Holds(slot, 7));
  EXPECT_EQ(table.FindOrCreate(8, "t", "b"), slot);
  EXPECT_TRUE(table.Holds(slot, 8));
  EXPECT_FALSE(table.Holds(slot, 7));
  EXPECT_EQ(table[slot].last_event_ms, journey::PartitionClock::kUnset);
  EXPECT_EQ(table.digest(slot), 0U);
}

TEST(CustomerTableTest, ASlashInAnIdConfusesNobody) {
  CustomerTable table;
  const Slot first = table.FindOrCreate(1, "a/b", "c");
  const Slot second = table.FindOrCreate(1, "a", "b/c");
  EXPECT_NE(first, second);
  EXPECT_EQ(table.Find(1, "a/b", "c"), first);
  EXPECT_EQ(table.Find(1, "a", "b/c"), second);
}

TEST(CustomerTableTest, StateStaysInPlaceWhileTheTableGrows) {
  CustomerTable table;
  publish::CustomerState* const first = &table[table.FindOrCreate(0, "t", "c0")];
  for (uint64_t i = 1; i < 10'000; ++i) table.FindOrCreate(i * i, "t", "c" + std::to_string(i));
  EXPECT_EQ(&table[*table.Find(0, "t", "c0")], first);
  EXPECT_EQ(table.size(), 10'000U);
}

TEST(CustomerTableTest, ComingAndGoingTakesNoMoreMemory) {
  CustomerTable table;
  for (uint64_t i = 0; i < 1000; ++i) table.FindOrCreate(i, "t", "c");
  const size_t full = table.bytes();
  for (int round = 0; round < 20; ++round) {
    for (Slot slot = 0; slot < 1000; ++slot) table.Erase(slot);
    for (uint64_t i = 0; i < 1000; ++i) table.FindOrCreate(i + 1000, "t", "c");
  }
  EXPECT_LE(table.bytes(), 2 * full);
}

}  // namespace
}  // namespace peakend::runtime
