#include "benchmarks/engine_input.h"

#include <google/protobuf/io/zero_copy_stream_impl.h>
#include <google/protobuf/util/delimited_message_util.h>

#include <fstream>

#include "absl/strings/str_cat.h"
#include "benchmarks/contact_day.h"
#include "processors/publish/partitioner.h"

namespace peakend::benchmarks {
namespace {

EngineInput InputOf(const v1::InteractionEvent& event, int32_t partitions) {
  EngineInput input;
  input.key = event.tenant_id() + "/" + event.customer().customer_id();
  input.value = event.SerializeAsString();
  input.partition = publish::PartitionFor(input.key, partitions);
  return input;
}

}  // namespace

std::vector<EngineInput> MakeInputs(int64_t events, int32_t partitions) {
  ContactDay day(200'000, 100, 7);
  std::vector<EngineInput> inputs;
  inputs.reserve(static_cast<size_t>(events));
  for (int64_t i = 0; i < events; ++i) inputs.push_back(InputOf(day.Next(), partitions));
  return inputs;
}

absl::StatusOr<std::vector<EngineInput>> ReadInputs(const std::string& file, int32_t partitions) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return absl::NotFoundError(absl::StrCat("cannot read ", file));
  google::protobuf::io::IstreamInputStream stream(&in);
  std::vector<EngineInput> inputs;
  v1::InteractionEvent event;
  bool clean_end = false;
  while (google::protobuf::util::ParseDelimitedFromZeroCopyStream(&event, &stream, &clean_end)) {
    inputs.push_back(InputOf(event, partitions));
    event.Clear();
  }
  if (!clean_end) return absl::DataLossError(absl::StrCat(file, " holds no events, or is cut off"));
  return inputs;
}

}  // namespace peakend::benchmarks
