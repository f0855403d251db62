#include "tests/kafka/output_rows.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <sstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "peakend/v1/alert.pb.h"
#include "peakend/v1/interaction_event.pb.h"
#include "peakend/v1/journey.pb.h"
#include "peakend/v1/moment.pb.h"
#include "peakend/v1/opening_card.pb.h"
#include "peakend/v1/touchpoint_statistics.pb.h"
#include "processors/adapters/json_reader.h"
#include "processors/publish/json.h"
#include "processors/publish/topic_names.h"
#include "tests/kafka/contact_center.h"

namespace peakend::runtime {
namespace {

using publish::Topic;

constexpr Topic kRowTopics[] = {Topic::kAlerts, Topic::kMoments, Topic::kJourneys,
                                Topic::kCards,  Topic::kLate,    Topic::kStatistics};
constexpr size_t kShown = 5;

std::string_view NameOf(Topic topic) {
  return publish::kDefaultTopicNames[static_cast<size_t>(topic)];
}

std::unique_ptr<google::protobuf::Message> NewRow(Topic topic) {
  if (topic == Topic::kAlerts) return std::make_unique<v1::Alert>();
  if (topic == Topic::kMoments) return std::make_unique<v1::Moment>();
  if (topic == Topic::kJourneys) return std::make_unique<v1::Journey>();
  if (topic == Topic::kCards) return std::make_unique<v1::OpeningCard>();
  if (topic == Topic::kLate) return std::make_unique<v1::InteractionEvent>();
  return std::make_unique<v1::TouchpointStatistics>();
}

// Of a customer who came a month later: the row of the statistics that counts them is still
// open when a job stops.
bool ComesMonthLater(const google::protobuf::Message& row) {
  if (const auto* counted = dynamic_cast<const v1::TouchpointStatistics*>(&row)) {
    return IsMonthLater(counted->queue_id());
  }
  if (const auto* late = dynamic_cast<const v1::InteractionEvent*>(&row)) {
    return IsMonthLater(late->customer().customer_id());
  }
  return IsMonthLater(
      row.GetReflection()->GetString(row, row.GetDescriptor()->FindFieldByName("customer_id")));
}

// All rows that have versions have these fields under the same names.
const google::protobuf::FieldDescriptor* Field(const google::protobuf::Message& row,
                                               const char* name) {
  return row.GetDescriptor()->FindFieldByName(name);
}

void Add(Topic topic, const std::string& key, const std::string& value,
         google::protobuf::Message& row, OutputRows* rows) {
  if (ComesMonthLater(row)) return;
  ++rows->records;
  const google::protobuf::Reflection& fields = *row.GetReflection();
  RowId id{topic, key, 1};
  if (topic == Topic::kLate)
    absl::StrAppend(&id.key, " ", fields.GetString(row, Field(row, "event_id")));
  const auto* version = Field(row, "row_version");
  if (version != nullptr) {
    id.row_version = fields.GetInt64(row, version);
    fields.ClearField(&row, Field(row, "source"));
  }
  Row read{value, "", ""};
  publish::AppendJson(row, &read.content);
  const auto* deleted = Field(row, "is_deleted");
  if (deleted != nullptr && !fields.GetBool(row, deleted)) {
    fields.ClearField(&row, version);
    publish::AppendJson(row, &read.state);
  }
  const auto [held, is_new] = rows->rows.try_emplace(id, read);
  if (!is_new && (held->second.value != value || held->second.content != read.content)) {
    rows->contradictions.push_back(id);
  }
}

// Names the first few of `ids`.
void Say(const char* what, const std::vector<RowId>& ids, std::string* text) {
  if (ids.empty()) return;
  absl::StrAppend(text, ids.size(), " ", what, ":");
  for (size_t i = 0; i < std::min(ids.size(), kShown); ++i) {
    std::ostringstream id;
    id << ids[i];
    absl::StrAppend(text, "\n  ", id.str());
  }
  absl::StrAppend(text, "\n");
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const RowId& id) {
  return out << NameOf(id.topic) << " " << id.key << " version " << id.row_version;
}

size_t OutputRows::Count(Topic topic) const {
  return static_cast<size_t>(std::count_if(
      rows.begin(), rows.end(), [topic](const auto& row) { return row.first.topic == topic; }));
}

OutputRows RowsOfLines(std::string_view lines) {
  OutputRows rows;
  adapters::JsonReader reader;
  for (const absl::string_view line :
       absl::StrSplit(absl::string_view(lines.data(), lines.size()), '\n')) {
    for (const Topic topic : kRowTopics) {
      const std::string begin =
          absl::StrCat("{\"topic\":\"", NameOf(topic).data(), "\",\"key\":\"");
      if (line.substr(0, begin.size()) != begin) continue;
      const auto row = NewRow(topic);
      const size_t key_end = line.find("\",\"value\":", begin.size());
      const absl::string_view value = line.substr(key_end + 10, line.size() - key_end - 11);
      const absl::Status read = reader.Read({value.data(), value.size()}, row.get());
      EXPECT_TRUE(read.ok()) << read << line;
      Add(topic, std::string(line.substr(begin.size(), key_end - begin.size())), "", *row, &rows);
    }
  }
  return rows;
}

void AddRecords(Topic topic, const std::vector<StoredRecord>& records, OutputRows* rows) {
  for (const StoredRecord& record : records) {
    const auto row = NewRow(topic);
    EXPECT_TRUE(row->ParseFromString(record.value.value_or("no value")));
    Add(topic, record.key.value_or("no key"), record.value.value_or(""), *row, rows);
  }
}

OutputRows RowsOfTopics(const v1::TopicsConfig& topics, const StoredTopic& stored) {
  OutputRows rows;
  for (const Topic topic : kRowTopics) {
    AddRecords(topic, stored(publish::TopicName(topics, topic)), &rows);
  }
  return rows;
}

OutputRows Finals(const OutputRows& rows) {
  OutputRows finals;
  for (const auto& [id, row] : rows.rows) {
    if (id.topic != Topic::kMoments && id.topic != Topic::kJourneys) continue;
    // Versions of a key come in order.
    const RowId last{id.topic, id.key, 0};
    if (row.state.empty()) {
      finals.rows.erase(last);
    } else {
      finals.rows[last] = {"", row.state, row.state};
    }
  }
  finals.records = finals.rows.size();
  return finals;
}

std::string Differences(const OutputRows& expected, const OutputRows& rows) {
  std::vector<RowId> missing;
  std::vector<RowId> otherwise;
  std::vector<RowId> unexpected;
  for (const auto& [id, row] : expected.rows) {
    const auto found = rows.rows.find(id);
    if (found == rows.rows.end()) {
      missing.push_back(id);
    } else if (found->second.content != row.content) {
      otherwise.push_back(id);
    }
  }
  for (const auto& [id, row] : rows.rows) {
    if (!expected.rows.contains(id)) unexpected.push_back(id);
  }
  std::string text;
  Say("missing", missing, &text);
  Say("unexpected", unexpected, &text);
  Say("with another content", otherwise, &text);
  if (!otherwise.empty()) {
    absl::StrAppend(&text, "expected ", expected.rows.at(otherwise[0]).content, "\n     got ",
                    rows.rows.at(otherwise[0]).content, "\n");
  }
  return text;
}

}  // namespace peakend::runtime
