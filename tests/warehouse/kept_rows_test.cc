#include "processors/warehouse/kept_rows.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "tests/warehouse/row_records.h"

namespace peakend::warehouse {
namespace {

struct Case {
  const char* name;
  // "a2": version 2 of the journey a, "/" and a day of January behind it, "x" before that: it is
  // deleted; "-a": a tombstone; "!": a broken record.
  const char* topic;
  const char* latest;  // offsets that are kept
  const char* all;
  int64_t faulty = 0;
  const char* since = "";  // days of January
  const char* until = "";
};

const std::vector<Case>& Cases() {
  static const auto* const kCases = new std::vector<Case>{
      {"nothing", "", "", ""},
      {"the newest version of each key", "a1 b1 a2", "1 2", "0 1 2"},
      {"versions in disorder", "a3 a1 a2", "0", "0 1 2"},
      {"of equal versions the first", "a1 a1 a2 a2", "2", "0 2"},
      {"deleted", "a1 a2x b1", "2", "0 1 2"},
      {"deleted and back", "a1 a2x a3", "2", "0 1 2"},
      {"erased", "a1 a2 -a b1", "3", "3"},
      {"erased and written anew", "a1 -a a2", "2", "2"},
      {"erased, then an older version", "a2 -a a1", "", "2"},
      {"a tombstone before its row", "-a a1", "1", "1"},
      {"broken records", "! a1 !", "1", "1", 2},
      {"days outside", "a1/01 b1/02 c1/03", "1", "1", 0, "02", "03"},
      {"a key with two days", "a1/01 a2/02 -b", "0 1", "0 1"},
      {"a key with two days is erased in both", "a1/01 a2/02 -a", "", ""},
  };
  return *kCases;
}

RecordLog LogOf(const std::string& topic) {
  RecordLog log;
  for (const std::string& word :
       std::vector<std::string>(absl::StrSplit(topic, ' ', absl::SkipEmpty()))) {
    if (word == "!") {
      log.AddBytes("broken", "\xff");
    } else if (word[0] == '-') {
      log.AddTombstone(word.substr(1));
    } else {
      const std::vector<std::string> parts = absl::StrSplit(word, '/');
      bi::v1::JourneyRow row = Journey(word.substr(0, 1), word[1] - '0',
                                       "2026-01-" + (parts.size() > 1 ? parts[1] : "31"));
      row.set_is_deleted(parts[0].back() == 'x');
      log.Add(row);
    }
  }
  return log;
}

TEST(KeptRowsTest, WhatCountsIsKept) {
  const RowTable table = RowTables()[static_cast<size_t>(RowKind::kJourney)];
  for (const Case& each : Cases()) {
    for (const bool all : {false, true}) {
      SCOPED_TRACE(std::string(each.name) + (all ? ", all versions" : ""));
      KeptRowsOptions options;
      options.all_versions = all;
      options.since = ParseDay("2026-01-" + std::string(each.since));
      options.until = ParseDay("2026-01-" + std::string(each.until));
      KeptRows kept(table, options);
      const RecordLog log = LogOf(each.topic);
      for (const runtime::InputRecord& record : log.records()) {
        ASSERT_TRUE(kept.Add(record).ok());
      }
      EXPECT_EQ(absl::StrJoin(kept.Take()[0], " "), all ? each.all : each.latest);
      EXPECT_EQ(kept.faulty(), each.faulty);
    }
  }
}

TEST(KeptRowsTest, MoreRowsThanAllowedAreRefused) {
  const RowTable table = RowTables()[static_cast<size_t>(RowKind::kJourney)];
  KeptRows kept(table, {.most_rows = 1});
  const RecordLog log = LogOf("a1 a2 b1");
  EXPECT_TRUE(kept.Add(log.records()[0]).ok());
  EXPECT_TRUE(kept.Add(log.records()[1]).ok());
  EXPECT_TRUE(absl::IsResourceExhausted(kept.Add(log.records()[2])));
}

}  // namespace
}  // namespace peakend::warehouse
