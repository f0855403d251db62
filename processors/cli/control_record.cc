#include "processors/cli/control_record.h"

#include <ostream>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "processors/cli/kafka_talk.h"
#include "processors/cli/run_settings.h"
#include "processors/ingest/decoder.h"
#include "processors/publish/json.h"
#include "processors/publish/topic_names.h"
#include "processors/runtime/kafka_producer.h"

namespace peakend::cli {

std::string RefusalOf(const ControlRecord& record, const v1::Config& config) {
  const std::string value = record.event.SerializeAsString();
  ingest::Decoder decoder(IngestLimits(config));
  const ingest::Decoder::Result decoded =
      decoder.Decode({record.key, value, !record.key.empty(), 0});
  if (decoded.event != nullptr) return "";
  return absl::StrCat(absl::AsciiStrToLower(v1::RejectReason_Name(decoded.reject.reason)), " (",
                      std::string(decoded.reject.field), ")");
}

ExitCode PrintRecord(const ControlRecord& record, Invocation& call) {
  std::string line;
  publish::AppendJson(record.event, publish::JsonDefaults::kOmit, &line);
  *call.out << line << "\n";
  return ExitCode::kOk;
}

Delivery WriteRecord(const ControlRecord& record, const v1::Config& config, Invocation& call) {
  auto producer = runtime::KafkaProducer::Open(config, publish::InputTopicName(config.topics()),
                                               KafkaTalk(call), kClusterLimit);
  if (!producer.ok()) return {ReportKafkaError(producer.status(), call), 0, 0};
  const std::string value = record.event.SerializeAsString();
  runtime::ProducedRecord produced;
  produced.value = value;
  if (!record.key.empty()) produced.key = record.key;
  absl::Status status =
      record.key.empty() ? (*producer)->SendToAll(produced) : (*producer)->Send(produced);
  if (status.ok()) status = (*producer)->Flush(kDeliveryLimit);
  Delivery delivery{ExitCode::kOk, (*producer)->delivered(), (*producer)->partitions()};
  if (!status.ok()) {
    *call.err << "help: call it again; a record that is written twice does no harm\n";
    delivery.code = ReportKafkaError(status, call);
  }
  return delivery;
}

}  // namespace peakend::cli
