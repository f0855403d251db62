// InteractionEvents from a file or pipe: protobuf JSON, one a line (plain or gzip),
// or binary, each record behind its length as a varint.
//
// Thread-safety: none. The stream outlives the reader.
#ifndef PEAKEND_PROCESSORS_CLI_EVENT_READER_H_
#define PEAKEND_PROCESSORS_CLI_EVENT_READER_H_

#include <cstdint>
#include <istream>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "peakend/v1/interaction_event.pb.h"
#include "processors/adapters/json_reader.h"
#include "processors/cli/line_reader.h"

namespace peakend::cli {

enum class EventFormat { kJson, kBinary };

// A record for the input topic. Views are valid until the next call of Next.
struct EventRecord {
  // tenant_id + "/" + customer_id; nothing when the event names no customer.
  std::optional<std::string> key;
  std::string_view value;  // serialised InteractionEvent; binary: as it came
  // A notice or a baseline: it has to stand in every partition.
  bool for_everybody = false;
  // Not an event at all (only JSON): the line as it came, and why.
  bool malformed = false;
  std::string problem;
};

class EventReader {
 public:
  EventReader(std::istream& in, EventFormat format);

  // The next record, nothing at the end. Blank lines are passed over. Errors:
  // DataLoss = the rest of the stream cannot be read, ResourceExhausted = this
  // record is longer than 16 MiB and was skipped (JSON) or ends the stream (binary).
  absl::StatusOr<std::optional<EventRecord>> Next();

  // Number of the line or record that Next gave last, from 1.
  int64_t number() const { return number_; }

 private:
  absl::StatusOr<std::optional<EventRecord>> NextJson();
  absl::StatusOr<std::optional<EventRecord>> NextBinary();

  std::istream& in_;
  const EventFormat format_;
  LineReader lines_;
  adapters::JsonReader json_;
  v1::InteractionEvent event_;
  std::string bytes_;
  int64_t number_ = 0;
};

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_EVENT_READER_H_
