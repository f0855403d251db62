// What one row for warehouses costs in each framing: to write, to read, and its bytes.
#include <benchmark/benchmark.h>

#include <memory>
#include <string>

#include "benchmarks/cost.h"
#include "processors/publish/rows/framing.h"
#include "processors/publish/rows/row_kind.h"

namespace peakend::benchmarks {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using publish::Framing;
using publish::RowFraming;
using publish::RowKind;

// A journey, whose row is the widest, with texts and levels as long as real ones.
std::unique_ptr<Message> Row() {
  std::unique_ptr<Message> row(publish::RowPrototype(RowKind::kJourney).New());
  const auto& reflection = *row->GetReflection();
  for (int i = 0; i < row->GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* const field = row->GetDescriptor()->field(i);
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        reflection.SetString(row.get(), field, i % 4 == 0 ? std::string(32, 'a') : "voice");
        break;
      case FieldDescriptor::CPPTYPE_INT64:
        reflection.SetInt64(row.get(), field, 1'736'159'400'000 + i);
        break;
      case FieldDescriptor::CPPTYPE_INT32:
        reflection.SetInt32(row.get(), field, i);
        break;
      case FieldDescriptor::CPPTYPE_DOUBLE:
        reflection.SetDouble(row.get(), field, static_cast<double>(i * 123'457 % 1'000'000) / 1e6);
        break;
      default:
        break;
    }
  }
  return row;
}

void WriteRow(benchmark::State& state, Framing framing) {
  const std::unique_ptr<Message> row = Row();
  const RowFraming framed(framing, 7, *row->GetDescriptor());
  std::string value;
  framed.Append(*row, &value);
  Cost cost;
  for (auto _ : state) {
    value.clear();
    framed.Append(*row, &value);
    benchmark::DoNotOptimize(value.data());
  }
  cost.Report(state);
  state.SetItemsProcessed(state.iterations());
  state.counters["bytes"] = static_cast<double>(value.size());
}

void ReadRow(benchmark::State& state, Framing framing) {
  const std::unique_ptr<Message> row = Row();
  const RowFraming framed(framing, 7, *row->GetDescriptor());
  std::string value;
  framed.Append(*row, &value);
  Cost cost;
  for (auto _ : state) {
    if (!framed.Read(value, row.get()).ok()) return state.SkipWithError("refused");
  }
  cost.Report(state);
  state.SetItemsProcessed(state.iterations());
}

BENCHMARK_CAPTURE(WriteRow, protobuf, Framing::kProtobuf);
BENCHMARK_CAPTURE(WriteRow, protobuf_confluent, Framing::kProtobufConfluent);
BENCHMARK_CAPTURE(WriteRow, json, Framing::kJson);
BENCHMARK_CAPTURE(WriteRow, connect_json, Framing::kConnectJson);
BENCHMARK_CAPTURE(ReadRow, protobuf, Framing::kProtobuf);
BENCHMARK_CAPTURE(ReadRow, protobuf_confluent, Framing::kProtobufConfluent);
BENCHMARK_CAPTURE(ReadRow, json, Framing::kJson);
BENCHMARK_CAPTURE(ReadRow, connect_json, Framing::kConnectJson);

}  // namespace
}  // namespace peakend::benchmarks
