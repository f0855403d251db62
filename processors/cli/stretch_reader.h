// The records of a stretch of the input topic, one after the other.
//
// Thread-safety: one thread.
#ifndef PEAKEND_PROCESSORS_CLI_STRETCH_READER_H_
#define PEAKEND_PROCESSORS_CLI_STRETCH_READER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "peakend/v1/config.pb.h"
#include "processors/cli/input_stretch.h"
#include "processors/cli/invocation.h"
#include "processors/runtime/kafka_reader.h"

namespace peakend::cli {

class StretchReader {
 public:
  // Begins with the partition, or with the first record of the broker timestamp `since_ms` or a
  // later one. `call` outlives the reader. Errors: those of KafkaReader.
  static absl::StatusOr<StretchReader> Open(const v1::Config& config, const InputStretch& stretch,
                                            std::optional<int64_t> since_ms, Invocation& call);

  // The next record, nothing at the end of the stretch or of the log; valid until the next call.
  // On a terminal it is told now and then how many were read. Errors: those of KafkaReader::Read.
  absl::StatusOr<const runtime::StoredRecord*> Next();

  // Of the input topic.
  int32_t partitions() const { return reader_->partitions(); }
  // Offset of the record that came first; nothing without one.
  std::optional<int64_t> first() const { return first_; }

 private:
  StretchReader(std::unique_ptr<runtime::KafkaReader> reader, int64_t last, Invocation& call)
      : reader_(std::move(reader)), last_(last), call_(&call) {}
  void Tell();

  std::unique_ptr<runtime::KafkaReader> reader_;
  int64_t last_;
  Invocation* call_;
  std::vector<runtime::StoredRecord> records_;
  size_t at_ = 0;
  bool done_ = false;
  std::optional<int64_t> first_;
  int64_t read_ = 0;
  int64_t told_ = 0;
};

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_STRETCH_READER_H_
