#include "processors/cli/rated_source.h"

#include <CLI/CLI.hpp>
#include <boost/json/serialize.hpp>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <fstream>
#include <functional>
#include <memory>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "peakend/v1/interaction_event.pb.h"
#include "processors/adapters/json_document.h"
#include "processors/adapters/json_reader.h"
#include "processors/calibration/activity_outcome.h"
#include "processors/calibration/journey_rows.h"
#include "processors/cli/event_reader.h"
#include "processors/cli/kafka_talk.h"
#include "processors/cli/line_reader.h"
#include "processors/cli/loaded_config.h"
#include "processors/cli/record_line.h"
#include "processors/runtime/kafka_reader.h"

namespace peakend::cli {
namespace {

using calibration::Activities;
using calibration::ActivityOutcome;
using calibration::JourneyRows;
using calibration::RatedJourneys;
using calibration::Ratings;

constexpr int64_t kDayMs = 86'400'000;
constexpr absl::Duration kRowsWait = absl::Milliseconds(100);
constexpr size_t kRowsBatch = 1000;

// Opens `name` (- = standard input) and hands it over.
absl::Status WithFile(const std::string& name, Invocation& call,
                      const std::function<absl::Status(std::istream&)>& read) {
  if (name == "-") return read(*call.in);
  std::ifstream in(name, std::ios::binary);
  if (!in) return absl::NotFoundError(absl::StrCat(name, ": ", std::strerror(errno)));
  return read(in);
}

absl::Status WithLines(
    const std::string& name, Invocation& call,
    const std::function<absl::Status(std::string_view line, int64_t number)>& take) {
  return WithFile(name, call, [&](std::istream& in) {
    LineReader lines(in);
    while (true) {
      const absl::StatusOr<std::optional<std::string_view>> line = lines.Next();
      absl::Status status = line.status();
      if (status.ok() && !line->has_value()) return status;
      if (status.ok()) status = take(**line, lines.number());
      if (!status.ok()) {
        return absl::Status(status.code(),
                            absl::StrCat(name, ":", lines.number(), ": ", status.message()));
      }
    }
  });
}

// Rows of the two topics; records of others are passed over.
class RowReader {
 public:
  explicit RowReader(JourneyRows& rows) : rows_(rows) {}

  absl::Status Take(std::string_view line) {
    if (line.empty()) return absl::OkStatus();
    const absl::StatusOr<boost::json::value> record = adapters::ParseJson(line);
    if (!record.ok()) return record.status();
    const boost::json::object* object = record->if_object();
    const boost::json::value* value = object != nullptr ? object->if_contains("value") : nullptr;
    const boost::json::object* row = value != nullptr ? value->if_object() : nullptr;
    if (row == nullptr) {
      return absl::InvalidArgumentError("no record with a topic and a value, as `run` prints them");
    }
    if (row->contains("moment_id")) return TakeAs(*row, moment_);
    if (row->contains("end_grade") && row->contains("journey_id")) return TakeAs(*row, journey_);
    return absl::OkStatus();
  }

 private:
  template <typename Row>
  absl::Status TakeAs(const boost::json::object& row, Row& message) {
    absl::Status status = json_.Read(boost::json::serialize(row), &message);
    if (status.ok()) rows_.Take(message);
    return status;
  }

  JourneyRows& rows_;
  adapters::JsonReader json_;
  v1::Journey journey_;
  v1::Moment moment_;
};

template <typename Row>
absl::Status ReadTopic(const v1::Config& config, const std::string& name, JourneyRows& rows,
                       Invocation& call) {
  const std::string topic = FindTopic(config.topics(), name);
  const auto reader = runtime::KafkaReader::Open(config, topic, runtime::kBeginning,
                                                 KafkaTalk(call), kClusterLimit);
  if (!reader.ok()) return reader.status();
  Row row;
  while (!(*reader)->at_end()) {
    const auto records = (*reader)->Read(kRowsWait, kRowsBatch);
    if (!records.ok()) return records.status();
    for (const runtime::StoredRecord& record : *records) {
      if (record.value && row.ParseFromString(*record.value)) rows.Take(row);
    }
  }
  return absl::OkStatus();
}

absl::Status ReadTopics(JourneyRows& rows, Invocation& call) {
  const std::optional<LoadedConfig> loaded = LoadCallConfig(call);
  if (!loaded) return absl::FailedPreconditionError("");
  absl::Status status = ReadTopic<v1::Journey>(loaded->config, "journeys", rows, call);
  if (status.ok()) status = ReadTopic<v1::Moment>(loaded->config, "moments", rows, call);
  return status;
}

absl::Status TakeRating(std::string_view line, int64_t number, Ratings& ratings) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  const std::vector<std::string> cells = absl::StrSplit(std::string(line), ',');
  if (number == 1) {
    if (cells == std::vector<std::string>{"id", "rating", "min", "max"}) {
      return absl::OkStatus();
    }
    return absl::InvalidArgumentError("the first line must be id,rating,min,max");
  }
  double rating = 0;
  double low = 0;
  double high = 0;
  const bool good = cells.size() == 4 && !cells[0].empty() && absl::SimpleAtod(cells[1], &rating) &&
                    absl::SimpleAtod(cells[2], &low) && absl::SimpleAtod(cells[3], &high);
  if (!good) {
    return absl::InvalidArgumentError("not a contact or journey id and three numbers");
  }
  // NaN fails every comparison.
  if (!(low < high && low <= rating && rating <= high && std::isfinite(high - low))) {
    return absl::InvalidArgumentError("the rating does not lie between min and max");
  }
  ratings[cells[0]] = (rating - low) / (high - low);
  return absl::OkStatus();
}

bool Counts(const v1::Activity& activity, ActivityOutcome outcome) {
  if (outcome == ActivityOutcome::kChurn) return activity.kind() == v1::Activity::CHURN;
  return activity.kind() == v1::Activity::ORDER || activity.kind() == v1::Activity::PAY ||
         activity.kind() == v1::Activity::PURCHASE || activity.kind() == v1::Activity::RENEW;
}

absl::Status ReadActivities(const std::string& name, ActivityOutcome outcome,
                            Activities& activities, Invocation& call) {
  return WithFile(name, call, [&](std::istream& in) {
    EventReader events(in, EventFormat::kJson);
    v1::InteractionEvent event;
    while (true) {
      const auto record = events.Next();
      if (!record.ok()) {
        return absl::Status(record.status().code(),
                            absl::StrCat(name, ": ", record.status().message()));
      }
      if (!record->has_value()) return absl::OkStatus();
      if ((*record)->malformed || !event.ParseFromString(std::string((*record)->value))) continue;
      activities.last_ms = std::max(activities.last_ms, event.occurred_at_ms());
      if (!event.has_activity() || !Counts(event.activity(), outcome)) continue;
      activities.at_ms[absl::StrCat(event.tenant_id(), "/", event.customer().customer_id())]
          .push_back(event.occurred_at_ms());
    }
  });
}

absl::Status RateByEvents(const RatedSource& source, RatedJourneys& journeys, Invocation& call) {
  const ActivityOutcome outcome =
      source.outcome == "churn" ? ActivityOutcome::kChurn : ActivityOutcome::kRepurchase;
  if (source.events.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--outcome ", source.outcome, " needs --events with what customers did"));
  }
  Activities activities;
  for (const std::string& name : source.events) {
    absl::Status status = ReadActivities(name, outcome, activities, call);
    if (!status.ok()) return status;
  }
  RateByActivities(activities, outcome, source.within_days * kDayMs, journeys);
  return absl::OkStatus();
}

}  // namespace

void AddRatedSource(CLI::App& app, RatedSource& source) {
  app.add_option("ROWS", source.rows,
                 "Files of journeys and moments as `run` and `tail --json` print them; - reads "
                 "standard input; without any the topics are read");
  app.add_option("--ratings", source.ratings,
                 "Answers that are not in the rows: a table with the head id,rating,min,max, "
                 "where id is a contact's or a journey's");
  app.add_option("--outcome", source.outcome,
                 "survey, repurchase (orders, pays or renews within --within) or churn")
      ->check(CLI::IsMember({"survey", "repurchase", "churn"}))
      ->capture_default_str();
  app.add_option("--within", source.within_days, "Days after the journey, of repurchase and churn")
      ->check(CLI::Range(1, 3650))
      ->capture_default_str();
  app.add_option("--events", source.events, "Files of events, of repurchase and churn");
}

absl::StatusOr<RatedJourneys> ReadRated(const RatedSource& source,
                                        const std::vector<std::string>& rows, Invocation& call) {
  JourneyRows read;
  RowReader reader(read);
  absl::Status status;
  for (const std::string& name : rows) {
    status.Update(WithLines(
        name, call, [&](std::string_view line, int64_t /*number*/) { return reader.Take(line); }));
  }
  if (rows.empty()) status = ReadTopics(read, call);
  Ratings ratings;
  for (const std::string& name : source.ratings) {
    status.Update(WithLines(name, call, [&](std::string_view line, int64_t number) {
      return TakeRating(line, number, ratings);
    }));
  }
  if (!status.ok()) return status;
  RatedJourneys journeys = read.Collect(ratings);
  if (source.outcome != "survey") status = RateByEvents(source, journeys, call);
  if (!status.ok()) return status;
  return journeys;
}

ExitCode ReportUnread(const absl::Status& status, Invocation& call) {
  switch (status.code()) {
    case absl::StatusCode::kFailedPrecondition:
      if (status.message().empty()) return ExitCode::kConfigError;
      return ReportKafkaError(status, call);
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kDataLoss:
    case absl::StatusCode::kResourceExhausted:
      *call.err << "error: " << status.message() << "\n";
      return ExitCode::kUsage;
    default:
      return ReportKafkaError(status, call);
  }
}

}  // namespace peakend::cli
