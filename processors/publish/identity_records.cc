#include "processors/publish/identity_records.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "peakend/v1/interaction_event.pb.h"
#include "processors/publish/partitioner.h"
#include "processors/publish/record_check.h"
#include "processors/publish/revision.h"

namespace peakend::publish {

void AppendIdentity(const IdentitySender& sender, std::string_view to, v1::IdentityRecord record,
                    OutputBatch& outputs) {
  v1::InteractionEvent envelope;
  envelope.set_source("peakend");
  envelope.set_tenant_id(std::string(sender.tenant_id));
  record.set_from(std::string(sender.from));
  *envelope.mutable_control()->mutable_identity() = std::move(record);
  const std::string key = std::string(sender.tenant_id).append("/").append(to);
  const int32_t partition = PartitionFor(key, sender.partitions);
  AppendBytes(envelope, &outputs.OpenInput(sender.cause, partition, key));
}

void AppendLabels(const IdentitySender& sender, const journey::LabelMessages& messages,
                  OutputBatch& outputs) {
  for (const journey::LabelMessage& message : messages) {
    v1::IdentityRecord record;
    v1::Label& label = *record.mutable_label();
    label.mutable_customer_id()->assign(message.label.key);
    label.mutable_way()->Add(message.label.way.begin(), message.label.way.end());
    label.set_ask(message.ask);
    label.set_shared(message.shared);
    AppendIdentity(sender, message.to, std::move(record), outputs);
  }
}

void AppendForwarded(const IdentitySender& sender, std::string_view to, std::string_view event,
                     bool late, OutputBatch& outputs) {
  v1::IdentityRecord record;
  record.mutable_event()->mutable_event()->assign(event);
  record.mutable_event()->set_late(late);
  AppendIdentity(sender, to, std::move(record), outputs);
}

journey::LabelMessage ReadLabel(std::string_view from, const v1::Label& record) {
  journey::LabelMessage message{std::string(from)};
  message.label.key = record.customer_id();
  message.label.way.assign(record.way().begin(), record.way().end());
  message.ask = record.ask();
  message.shared = record.shared();
  return message;
}

absl::Status CheckPart(const v1::Part& part) {
  RecordCheck check;
  check.Contacts(part.contacts());
  for (const v1::CustomerState::Alert& alert : part.alerts()) check.Alert(alert);
  check.Memory(part.memory());
  check.Time(part.last_event_ms(), "last_event_ms");
  if (check.broken() == nullptr) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("damaged part: ", check.broken()));
}

}  // namespace peakend::publish
