#include "processors/cli/record_line.h"

#include <map>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "peakend/v1/alert.pb.h"
#include "peakend/v1/interaction_event.pb.h"
#include "peakend/v1/journey.pb.h"
#include "peakend/v1/moment.pb.h"
#include "peakend/v1/opening_card.pb.h"
#include "peakend/v1/progress_record.pb.h"
#include "peakend/v1/rejected_record.pb.h"
#include "peakend/v1/touchpoint_statistics.pb.h"
#include "processors/cli/inspection_text.h"
#include "processors/cli/text_table.h"
#include "processors/journey/baseline_board.h"
#include "processors/publish/customer_inspection.h"
#include "processors/publish/json.h"
#include "processors/publish/rejected.h"
#include "processors/publish/rows/row_kind.h"
#include "processors/publish/statistics_board.h"
#include "processors/publish/topic_names.h"
#include "processors/runtime/checkpoint.h"
#include "processors/runtime/policy_board.h"

namespace peakend::cli {
namespace {

using publish::Topic;

std::string Level(bool present, double level) {
  return present ? absl::StrFormat("%+.2f", level) : std::string("-");
}

std::string Lower(const std::string& name) { return absl::AsciiStrToLower(name); }

std::string Parts(const v1::Score& score) {
  return absl::StrCat("score ", Level(score.has_score(), score.score()), "  opening ",
                      Level(score.has_opening(), score.opening()), "  peak+ ",
                      Level(score.has_peak_positive(), score.peak_positive()), "  peak- ",
                      Level(score.has_peak_negative(), score.peak_negative()), "  end ",
                      Level(score.has_end(), score.end()), "  mean ",
                      Level(score.has_mean(), score.mean()));
}

std::string Text(const v1::Alert& alert) {
  std::string text = absl::StrCat(TimeText(alert.occurred_at_ms()), "  ",
                                  Lower(v1::Alert::Severity_Name(alert.severity())), "  ",
                                  Lower(v1::Alert::State_Name(alert.state())), "  ", alert.rule(),
                                  "  ", alert.customer_id(), "  ", Parts(alert.score()));
  if (alert.reason() == "escalated") {
    absl::StrAppend(&text, "  to ", absl::StrJoin(alert.recipients(), ", "));
  }
  if (alert.snoozed_until_ms() > 0) {
    absl::StrAppend(&text, "  until ", TimeText(alert.snoozed_until_ms()));
  }
  return text;
}

std::string Text(const v1::RejectedRecord& record) {
  return absl::StrCat(TimeText(record.timestamp_ms()), "  ",
                      Lower(v1::RejectReason_Name(record.reason())), "  ", record.field(), "  ",
                      record.source().topic(), "/", record.source().partition(), "/",
                      record.source().offset(), "  ", record.value().size(), " bytes");
}

// What a record of the changelog says; null when it is damaged or a tombstone.
std::unique_ptr<google::protobuf::Message> Inspection(const runtime::StoredRecord& record) {
  if (!record.value.has_value()) return nullptr;
  const std::string key = record.key.value_or("");
  if (key == runtime::kProgressKey) {
    v1::ProgressRecord progress;
    if (!progress.ParseFromString(*record.value)) return nullptr;
    return std::make_unique<v1::ProgressInspection>(publish::InspectProgress(progress));
  }
  if (key.starts_with(publish::StatisticsBoard::kKeyPrefix)) {
    auto cell = std::make_unique<v1::TouchpointStatistics>();
    return cell->ParseFromString(*record.value) ? std::move(cell) : nullptr;
  }
  if (key.starts_with(journey::BaselineBoard::kKeyPrefix)) {
    auto baseline = std::make_unique<v1::Baseline>();
    return baseline->ParseFromString(*record.value) ? std::move(baseline) : nullptr;
  }
  if (key.starts_with(runtime::PolicyBoard::kKeyPrefix)) {
    auto policy = std::make_unique<v1::PolicyRecord>();
    return policy->ParseFromString(*record.value) ? std::move(policy) : nullptr;
  }
  auto customer = publish::InspectCustomer(key, *record.value);
  if (!customer.ok()) return nullptr;
  return std::make_unique<v1::CustomerInspection>(*std::move(customer));
}

std::string JsonOf(const google::protobuf::Message& message) {
  std::string json;
  publish::AppendJson(message, publish::JsonDefaults::kOmit, &json);
  return json;
}

}  // namespace

std::string FindTopic(const v1::TopicsConfig& topics, const std::string& name) {
  static constexpr std::pair<const char*, Topic> kShort[] = {
      {"alerts", Topic::kAlerts},     {"moments", Topic::kMoments},
      {"journeys", Topic::kJourneys}, {"rejected", Topic::kRejected},
      {"late", Topic::kLate},         {"state", Topic::kState},
      {"cards", Topic::kCards},       {"statistics", Topic::kStatistics}};
  for (const publish::RowKind kind : publish::kRowKinds) {
    if (name == absl::StrCat("bi.", std::string(publish::RowKindName(kind)))) {
      return publish::TopicName(topics, publish::TopicOf(kind));
    }
  }
  if (name == "events") return publish::InputTopicName(topics);
  for (const auto& [short_name, topic] : kShort) {
    if (name == short_name) return publish::TopicName(topics, topic);
  }
  return name;
}

RecordLine::RecordLine(const v1::Config& config, std::string topic) : topic_(std::move(topic)) {
  const v1::TopicsConfig& topics = config.topics();
  const std::map<std::string, const google::protobuf::Message*> prototypes = {
      {publish::InputTopicName(topics), &v1::InteractionEvent::default_instance()},
      {publish::TopicName(topics, Topic::kAlerts), &v1::Alert::default_instance()},
      {publish::TopicName(topics, Topic::kMoments), &v1::Moment::default_instance()},
      {publish::TopicName(topics, Topic::kJourneys), &v1::Journey::default_instance()},
      {publish::TopicName(topics, Topic::kRejected), &v1::RejectedRecord::default_instance()},
      {publish::TopicName(topics, Topic::kCards), &v1::OpeningCard::default_instance()},
      {publish::TopicName(topics, Topic::kStatistics),
       &v1::TouchpointStatistics::default_instance()},
      {publish::TopicName(topics, Topic::kLate), &v1::InteractionEvent::default_instance()}};
  const auto found = prototypes.find(topic_);
  if (found != prototypes.end()) prototype_ = found->second;
  state_ = topic_ == publish::TopicName(topics, Topic::kState);
  rejected_ = topic_ == publish::TopicName(topics, Topic::kRejected);
  for (const publish::RowKind kind : publish::kRowKinds) {
    if (topic_ != publish::TopicName(topics, publish::TopicOf(kind))) continue;
    prototype_ = &publish::RowPrototype(kind);
    const std::string& format = publish::RowsConfigOf(config.bi(), kind).format();
    framing_.emplace(publish::FramingNamed(format).value_or(publish::Framing::kProtobuf), 0,
                     *prototype_->GetDescriptor());
  }
}

std::unique_ptr<google::protobuf::Message> RecordLine::Parse(
    const runtime::StoredRecord& record) const {
  if (rejected_) {
    return std::make_unique<v1::RejectedRecord>(
        publish::ReadRejected(record.key.value_or(""), record.value.value_or(""), record.headers));
  }
  if (state_) return Inspection(record);
  if (prototype_ == nullptr || !record.value.has_value()) return nullptr;
  std::unique_ptr<google::protobuf::Message> message(prototype_->New());
  const bool reads = framing_ ? framing_->Read(*record.value, message.get()).ok()
                              : message->ParseFromString(*record.value);
  if (!reads) return nullptr;
  return message;
}

void RecordLine::AppendJson(const runtime::StoredRecord& record, std::string* out) const {
  const auto message = Parse(record);
  if (message != nullptr) {
    publish::AppendJsonLine(topic_, record.key.value_or(""), *message, out);
    return;
  }
  out->append("{\"topic\":");
  publish::AppendJsonString(topic_, out);
  out->append(",\"key\":");
  publish::AppendJsonString(record.key.value_or(""), out);
  out->append(",\"value\":");
  if (record.value.has_value()) {
    publish::AppendJsonString(*record.value, out);
  } else {
    out->append("null");
  }
  out->append("}\n");
}

void RecordLine::AppendText(const runtime::StoredRecord& record, std::string* out) const {
  const auto message = Parse(record);
  if (message == nullptr) {
    absl::StrAppend(out, TimeText(record.timestamp_ms), "  ", record.key.value_or(""), "  ");
    publish::AppendJsonString(record.value.value_or(""), out);
  } else if (const auto* alert = dynamic_cast<const v1::Alert*>(message.get())) {
    out->append(Text(*alert));
  } else if (const auto* rejected = dynamic_cast<const v1::RejectedRecord*>(message.get())) {
    out->append(Text(*rejected));
  } else if (const auto* customer = dynamic_cast<const v1::CustomerInspection*>(message.get())) {
    absl::StrAppend(out, TimeText(record.timestamp_ms), "  ", InspectionLine(*customer));
  } else if (const auto* progress = dynamic_cast<const v1::ProgressInspection*>(message.get())) {
    absl::StrAppend(out, TimeText(record.timestamp_ms), "  ", InspectionLine(*progress));
  } else {
    absl::StrAppend(out, TimeText(record.timestamp_ms), "  ", JsonOf(*message));
  }
  out->push_back('\n');
}

}  // namespace peakend::cli
