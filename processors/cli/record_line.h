// A stored record of one of our topics as a line: JSON for programs, text for
// people.
//
// Thread-safety: const after construction.
#ifndef PEAKEND_PROCESSORS_CLI_RECORD_LINE_H_
#define PEAKEND_PROCESSORS_CLI_RECORD_LINE_H_

#include <memory>
#include <optional>
#include <string>

#include "google/protobuf/message.h"
#include "peakend/v1/config.pb.h"
#include "processors/publish/rows/framing.h"
#include "processors/runtime/kafka_reader.h"

namespace peakend::cli {

// What a user may call a topic: a short name (alerts, journeys, moments, rejected,
// late, state, events, bi.journey, ...) or the topic's own.
std::string FindTopic(const v1::TopicsConfig& topics, const std::string& name);

class RecordLine {
 public:
  // `topic` is a topic's own name; one that is not ours is shown as text.
  RecordLine(const v1::Config& config, std::string topic);

  // {"topic":...,"key":...,"value":{...}} and a line feed. A value that is not what
  // the topic should hold is shown as a JSON string, a null value as null.
  void AppendJson(const runtime::StoredRecord& record, std::string* out) const;

  // Time, key and what matters most of the value, and a line feed.
  void AppendText(const runtime::StoredRecord& record, std::string* out) const;

 private:
  // Null when the value is not what the topic should hold.
  std::unique_ptr<google::protobuf::Message> Parse(const runtime::StoredRecord& record) const;

  const std::string topic_;
  bool rejected_ = false;
  bool state_ = false;                                    // the changelog
  const google::protobuf::Message* prototype_ = nullptr;  // null = a topic of others
  std::optional<publish::RowFraming> framing_;            // of rows for warehouses
};

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_RECORD_LINE_H_
