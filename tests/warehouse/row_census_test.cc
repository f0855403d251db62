#include "processors/warehouse/row_census.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "processors/warehouse/copy_format.h"
#include "tests/warehouse/row_records.h"

namespace peakend::warehouse {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const RowTable& Table() {
  static const RowTable* const kTable =
      new RowTable(RowTables()[static_cast<size_t>(RowKind::kJourney)]);
  return *kTable;
}

// "a2": version 2 of the journey a, whose content follows from both; "~" behind it: another
// content; "^": another policy; "/" and a day of January: its date.
bi::v1::JourneyRow RowOf(std::string_view word) {
  const std::vector<std::string> parts = absl::StrSplit(std::string(word), absl::MaxSplits('/', 1));
  bi::v1::JourneyRow row = Journey(parts[0].substr(0, 1), parts[0][1] - '0',
                                   parts.size() > 1 ? "2026-01-" + parts[1] : "2026-01-31");
  if (absl::StrContains(parts[0], "~")) row.set_score(-0.75);
  if (absl::StrContains(parts[0], "^")) row.set_policy_version("other");
  return row;
}

// A topic of one partition: rows as above, "-a" = a tombstone, "!" = a broken record; "." = one
// that is gone. Offsets count from 0.
void FeedTopic(const std::string& words, RowCensus* census) {
  RecordLog log;
  const std::vector<std::string> records = absl::StrSplit(words, ' ', absl::SkipEmpty());
  for (const std::string& word : records) {
    if (word[0] == '-') {
      log.AddTombstone(word.substr(1));
    } else if (word == "!" || word == ".") {
      log.AddBytes("broken", "\xff\xff");
    } else {
      log.Add(RowOf(word));
    }
  }
  for (size_t i = 0; i < records.size(); ++i) {
    if (records[i] == ".") continue;
    EXPECT_TRUE(census->AddRecord(log.records()[i]).ok());
  }
}

void Erase(bi::v1::JourneyRow* row) {
  bi::v1::JourneyRow blank;
  const google::protobuf::Descriptor& message = *row->GetDescriptor();
  for (int i = 0; i < message.field_count(); ++i) {
    if (message.field(i)->number() <= 12) continue;
    row->GetReflection()->ClearField(row, message.field(i));
  }
  row->set_customer_key("");
  row->set_is_deleted(true);
}

// A table: rows as above, "#" = erased, "@" and the offset of its record.
void FeedTable(const std::string& words, const runtime::Positions& first, RowCensus* census) {
  for (const std::string& word :
       std::vector<std::string>(absl::StrSplit(words, ' ', absl::SkipEmpty()))) {
    const std::vector<std::string> parts = absl::StrSplit(word, '@');
    std::string name = parts[0];
    bi::v1::JourneyRow row = RowOf(name);
    if (absl::StrContains(name, "#")) Erase(&row);
    std::string tuple;
    ASSERT_EQ(AppendCopyRow(Table(), row, {1'800'000'000'000, 0, std::stoi(parts[1])}, &tuple),
              RowFault::kNone);
    const absl::Status status = census->AddTuple(tuple, first);
    EXPECT_TRUE(status.ok()) << status;
  }
}

// What is not 0.
std::string Summary(const CensusReport& report) {
  std::vector<std::string> parts = {
      absl::StrCat(report.rows.kafka_rows, ":", report.rows.postgres_rows)};
  const auto add = [&](const char* name, int64_t count) {
    if (count > 0) parts.push_back(absl::StrCat(name, " ", count));
  };
  add("missing", report.missing);
  add("stale", report.stale);
  add("different", report.different);
  add("extra", report.extra);
  add("expired", report.expired);
  add("dead", report.dead_letters);
  add("cleared", report.cleared_dead_letters);
  return absl::StrJoin(parts, ", ");
}

struct CensusCase {
  const char* name;
  const char* topic;
  const char* table;
  const char* expected;
  int64_t first = 0;               // that the topic holds
  std::vector<int64_t> dead = {};  // offsets in dead_letter
  const char* since = nullptr;     // day of January
  const char* until = nullptr;
};

std::optional<DayNumber> Day(const char* text) {
  if (text == nullptr) return std::nullopt;
  return ParseDay("2026-01-" + std::string(text));
}

const std::vector<CensusCase>& CensusCases() {
  static const auto* const kCases = new std::vector<CensusCase>{
      {"nothing at all", "", "", "0:0"},
      {"all as it should be", "a1 b1 a2", "a2@2 b1@1", "2:2"},
      {"the newest version counts, wherever it stands", "a3 a1 a2", "a3@0", "1:1"},
      {"of equal versions the first counts", "a1 a1~", "a1@0", "1:1"},
      {"of equal versions the second was written", "a1 a1~", "a1~@1", "1:1, different 1"},
      {"a row is missing", "a1 b1", "b1@1", "2:1, missing 1"},
      {"a row is stale", "a1 a2", "a1@0", "1:1, stale 1"},
      {"a column differs", "a1 b1", "a1~@0 b1@1", "2:2, different 1"},
      {"a row was added by hand", "a1", "a1@0 c1@0", "1:2, extra 1"},
      {"a version was made up", "a1", "a2@0", "1:1, extra 1"},
      {"its record has expired", ". . b1", "a1@0 b1@2", "1:1, expired 1", 2},
      {"its newer record has expired", ". a1", "a2@0", "0:0, expired 1", 1},
      {"the first of equal versions has expired", ". a1~", "a1@0", "0:0, expired 1", 1},
      {"a place behind the log's start has not expired", ". . b1", "a1@2 b1@2", "1:2, extra 1", 2},
      {"erased", "a1 -a", "a1#@0", "1:1"},
      {"erased and written anew", "a1 -a a2", "a2@2", "1:1"},
      {"erased, and an old version comes late", "a2 -a a1", "a2#@0", "1:1"},
      {"a tombstone before its row erases nothing", "-a a1", "a1@1", "1:1"},
      {"an erasure that did not happen", "a1 -a", "a1@0", "1:1, different 1"},
      {"erased in the table alone", "a1", "a1#@0", "1:1, different 1"},
      {"erased, and what is left was changed", "a1 -a", "a1^#@0", "1:1, different 1"},
      {"compaction left the tombstone alone", ". -a", "a1#@0", "0:0, expired 1"},
      {"of a key with two dates a tombstone erases both", "a1/01 a1/02 -a", "a1#/01@0 a1#/02@1",
       "2:2"},
      {"dead letters", "! a1 !", "a1@1", "1:1, dead 1, cleared 1", 0, {0}},
      {"PostgreSQL refused a row", "a1 b1", "b1@1", "1:1, dead 1", 0, {0}},
      {"PostgreSQL refused a newer version", "a1 a2", "a1@0", "0:0, dead 1", 0, {1}},
      {"what was refused was written later", "a1 b1", "a1@0 b1@1", "2:2, dead 1", 0, {0}},
      {"the first of equal versions was refused", "a1 a1~", "a1~@1", "1:1, dead 1", 0, {0}},
      {"days outside do not count", "a1/01 b1/02 c1/03", "b1/02@1", "1:1", 0, {}, "02", "03"},
      {"without an end", "a1/01 b1/02 c1/03", "b1/02@1", "2:1, missing 1", 0, {}, "02"},
  };
  return *kCases;
}

TEST(RowCensusTest, EachDifferenceIsCountedAsWhatItIs) {
  for (const CensusCase& each : CensusCases()) {
    SCOPED_TRACE(each.name);
    CensusOptions options;
    options.since = Day(each.since);
    options.until = Day(each.until);
    RowCensus census(Table(), options);
    for (const int64_t offset : each.dead) ASSERT_TRUE(census.AddDeadLetter(0, offset).ok());
    FeedTopic(each.topic, &census);
    FeedTable(each.table, {{0, each.first}}, &census);
    const CensusReport report = census.Finish();
    EXPECT_EQ(Summary(report), each.expected);
    EXPECT_EQ(report.rows.differs(), report.differences() > 0);
  }
}

TEST(RowCensusTest, ADifferenceNamesPlaceDayAndVersions) {
  RowCensus census(Table(), {});
  FeedTopic("a1/05 b1 b2 c3 d4", &census);
  FeedTable("b1@1 c3~@3 d4@4 e5@9", {{0, 0}}, &census);
  const CensusReport report = census.Finish();
  std::vector<std::string> shown;
  for (const DifferingRow& row : report.shown) {
    shown.push_back(absl::StrCat(
        row.partition, "/", row.offset, " ", DayText(row.day), " ", row.kafka_version.value_or(-1),
        " ", row.postgres_version.value_or(-1), " ", std::string(DifferenceName(row.difference))));
  }
  EXPECT_THAT(shown, ElementsAre("0/0 2026-01-05 1 -1 missing", "0/2 2026-01-31 2 1 stale",
                                 "0/3 2026-01-31 3 3 different", "0/9 2026-01-31 -1 5 extra"));
  ASSERT_EQ(report.groups.size(), 2);
  EXPECT_EQ(report.groups.begin()->second.kafka_rows, 1);
}

TEST(RowCensusTest, TheFirstDifferencesAreKept) {
  RowCensus census(Table(), {.most_shown = 2});
  FeedTopic("e1 d1 c1 b1 a1", &census);
  const CensusReport report = census.Finish();
  EXPECT_EQ(report.missing, 5);
  ASSERT_EQ(report.shown.size(), 2);
  EXPECT_EQ(report.shown.rbegin()->offset, 1);
}

TEST(RowCensusTest, ChecksumsDoNotDependOnTheOrder) {
  const auto sum = [](const std::string& topic) {
    RowCensus census(Table(), {});
    FeedTopic(topic, &census);
    return census.Finish().rows.kafka_checksum;
  };
  EXPECT_EQ(sum("a1 b2 c3"), sum("c3 a1 b1 b2"));
  EXPECT_NE(sum("a1 b2"), sum("a2 b1"));
  EXPECT_NE(sum("a1"), sum("a1~"));
}

TEST(RowCensusTest, MoreRowsThanAllowedAreRefusedWithTheRemedy) {
  RowCensus census(Table(), {.most_rows = 2});
  RecordLog log;
  for (const char* key : {"a", "b", "b", "c"}) log.Add(Journey(key, 1));
  for (size_t i = 0; i < 3; ++i) EXPECT_TRUE(census.AddRecord(log.records()[i]).ok());
  const absl::Status status = census.AddRecord(log.records()[3]);
  EXPECT_TRUE(absl::IsResourceExhausted(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("--since"));
}

TEST(RowTupleTest, PiecesOfCopyBecomeTuplesHoweverTheyAreCut) {
  std::vector<std::string> tuples(3);
  for (size_t i = 0; i < tuples.size(); ++i) {
    AppendCopyRow(Table(), Journey(std::string(i * 7, 'k'), 1), {}, &tuples[i]);
  }
  const std::string all = absl::StrCat(std::string(CopyHeader()), tuples[0], tuples[1], tuples[2],
                                       std::string(CopyTrailer()));
  for (const size_t size : {size_t{1}, size_t{5}, size_t{19}, size_t{300}, all.size()}) {
    TupleSplitter splitter;
    std::vector<std::string> found;
    for (size_t at = 0; at < all.size(); at += size) {
      ASSERT_TRUE(splitter
                      .Add(std::string_view(all).substr(at, size),
                           [&](std::string_view tuple) {
                             found.emplace_back(tuple);
                             return absl::OkStatus();
                           })
                      .ok());
    }
    EXPECT_EQ(found, tuples) << size;
  }
}

TEST(RowTupleTest, WhatIsNoTupleOfTheTableIsNothing) {
  std::string tuple;
  AppendCopyRow(Table(), Journey("a", 1), {}, &tuple);
  EXPECT_TRUE(ReadTuple(Table(), tuple).has_value());
  for (const std::string& other :
       {std::string(), tuple.substr(1), tuple + "x", tuple.substr(0, tuple.size() - 1)}) {
    EXPECT_FALSE(ReadTuple(Table(), other).has_value());
  }
  EXPECT_FALSE(ReadTuple(RowTables()[0], tuple).has_value());
}

}  // namespace
}  // namespace peakend::warehouse
