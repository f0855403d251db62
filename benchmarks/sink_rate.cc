// What it costs to bring rows into PostgreSQL: the sink's batches, where their time goes, and the
// same rows one by one for comparison. Run by sink.sh, which starts a server.
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "processors/warehouse/migrations.h"
#include "processors/warehouse/row_sink.h"

namespace peakend::warehouse {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr int kBatches = 20;
constexpr int kRows = 10'000;
constexpr int kDays = 7;

// A row as full as rows are: ids of 32 digits, short words, every number set.
void FillRow(int64_t number, Message* row) {
  for (int i = 0; i < row->GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* field = row->GetDescriptor()->field(i);
    const google::protobuf::Reflection& set = *row->GetReflection();
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT64:
        set.SetInt64(row, field, 1'790'000'000'000 + number);
        break;
      case FieldDescriptor::CPPTYPE_INT32:
        set.SetInt32(row, field, static_cast<int32_t>(number % 5));
        break;
      case FieldDescriptor::CPPTYPE_DOUBLE:
        set.SetDouble(row, field, static_cast<double>(number % 200) / 100 - 1);
        break;
      case FieldDescriptor::CPPTYPE_BOOL:
        set.SetBool(row, field, false);
        break;
      default:
        if (field->number() == 1) {
          set.SetString(row, field,
                        absl::StrFormat("%016x%016x", number * 0x9E3779B97F4A7C15, number));
        } else if (field->name() == "business_date") {
          set.SetString(row, field, absl::StrCat("2026-03-0", 1 + number % kDays));
        } else if (field->name() == "tenant_id") {
          set.SetString(row, field, "acme");
        } else if (field->name() == "customer_key") {
          set.SetString(row, field, absl::StrFormat("%032x", number / 3));
        } else if (field->name() == "superseded_by" || field->name() == "contact_id") {
          set.SetString(row, field, "");
        } else {
          set.SetString(row, field, absl::StrCat(field->name().substr(0, 6), number % 50));
        }
    }
  }
}

struct Records {
  std::vector<std::string> keys;
  std::vector<std::string> values;
};

Records Make(const RowTable& table, int64_t begin, int64_t version) {
  Records made;
  const std::unique_ptr<Message> row(table.prototype->New());
  const FieldDescriptor* version_field = row->GetDescriptor()->FindFieldByName("row_version");
  const FieldDescriptor* reason_field = row->GetDescriptor()->FindFieldByName("amend_reason");
  for (int64_t i = begin; i < begin + kRows; ++i) {
    FillRow(i, row.get());
    row->GetReflection()->SetInt64(row.get(), version_field, version);
    row->GetReflection()->SetString(row.get(), reason_field, version == 1 ? "new" : "event");
    made.keys.push_back(row->GetReflection()->GetString(*row, table.columns.front().field));
    made.values.push_back(row->SerializeAsString());
  }
  return made;
}

double CpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// Of another process of this machine.
double CpuSecondsOf(int pid) {
  std::ifstream stat(absl::StrCat("/proc/", pid, "/stat"));
  std::string text((std::istreambuf_iterator<char>(stat)), std::istreambuf_iterator<char>());
  // Behind the name, which may hold anything, user and system time are the 12th and 13th.
  const std::vector<std::string> parts = absl::StrSplit(text.substr(text.rfind(')') + 2), ' ');
  return (std::stod(parts.at(11)) + std::stod(parts.at(12))) /
         static_cast<double>(sysconf(_SC_CLK_TCK));
}

[[noreturn]] void Give(const absl::Status& status) {
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  std::exit(1);
}

// Seconds of each step over all batches.
struct Sum {
  double total = 0, cpu = 0, server = 0, encode = 0, days = 0, straight = 0, copy = 0, upsert = 0,
         revisions = 0, keys = 0, commit = 0;
  void Add(const WriteReport& report) {
    days += absl::ToDoubleSeconds(report.days);
    straight += absl::ToDoubleSeconds(report.straight);
    copy += absl::ToDoubleSeconds(report.copy);
    upsert += absl::ToDoubleSeconds(report.upsert);
    revisions += absl::ToDoubleSeconds(report.revisions);
    keys += absl::ToDoubleSeconds(report.keys);
    commit += absl::ToDoubleSeconds(report.commit);
  }
};

void Print(const char* what, const RowTable& table, const Sum& sum) {
  const double rows = static_cast<double>(kBatches) * kRows;
  std::printf(
      "%-12s %-9s %8.0f rows/s, CPU us/row ours %.2f server %.2f | us/row: encode %.2f days %.2f "
      "straight %.2f copy %.2f upsert %.2f revisions %.2f keys %.2f commit %.2f\n",
      table.name.c_str(), what, rows / sum.total, sum.cpu / rows * 1e6, sum.server / rows * 1e6,
      sum.encode / rows * 1e6, sum.days / rows * 1e6, sum.straight / rows * 1e6,
      sum.copy / rows * 1e6, sum.upsert / rows * 1e6, sum.revisions / rows * 1e6,
      sum.keys / rows * 1e6, sum.commit / rows * 1e6);
}

// Writes all batches with `version`; offsets go on from `*offset`.
void Batches(RowSink& sink, const RowTable& table, int64_t version, const char* what,
             int64_t* offset) {
  Sum sum;
  KnownKeys known(1'000'000);
  RowBatch batch(table, known);
  for (int b = 0; b < kBatches; ++b) {
    const Records records = Make(table, static_cast<int64_t>(b) * kRows, version);
    const double cpu = CpuSeconds();
    const double server = CpuSecondsOf(sink.process_id());
    const absl::Time begin = absl::Now();
    batch.Clear();
    const int64_t first = *offset;
    for (size_t i = 0; i < records.keys.size(); ++i) {
      runtime::InputRecord record;
      record.offset = (*offset)++;
      record.timestamp_ms = 1'790'000'000'000;
      record.key = records.keys[i];
      record.value = records.values[i];
      record.has_key = record.has_value = true;
      batch.Add(record);
    }
    sum.encode += absl::ToDoubleSeconds(absl::Now() - begin);
    const absl::StatusOr<WriteReport> report = sink.Write(table.name, batch, {{0, first}});
    if (!report.ok()) Give(report.status());
    for (const DimensionKey& key : batch.NewKeys({})) {
      known.Add(KeyHash(key.dimension, key.tenant, key.id));
    }
    sum.Add(*report);
    sum.total += absl::ToDoubleSeconds(absl::Now() - begin);
    sum.cpu += CpuSeconds() - cpu;
    sum.server += CpuSecondsOf(sink.process_id()) - server;
  }
  Print(what, table, sum);
}

// The same upsert, a statement per row, one transaction per batch.
void OneByOne(const std::string& conninfo, const std::string& schema, const RowTable& table) {
  auto postgres = Postgres::Connect(conninfo);
  if (!postgres.ok()) Give(postgres.status());
  std::string sql = RowSql(schema).Upsert(table);
  std::string values = "VALUES (";
  std::string types;
  for (size_t i = 0; i < table.columns.size(); ++i) {
    absl::StrAppend(&values, i == 0 ? "$" : ", $", i + 1);
    absl::StrAppend(&types, i == 0 ? "" : ", ", std::string(SqlType(table.columns[i].type)));
  }
  const size_t select = sql.find("SELECT");
  sql.replace(select, sql.find("ON CONFLICT") - select, values + ") ");
  absl::Status status = (*postgres)->Execute(absl::StrCat("PREPARE one (", types, ") AS ", sql));
  if (!status.ok()) Give(status);
  const std::unique_ptr<Message> row(table.prototype->New());
  double total = 0;
  constexpr int kOneByOneBatches = 3;
  for (int b = 0; b < kOneByOneBatches; ++b) {
    const absl::Time begin = absl::Now();
    status = (*postgres)->Execute("BEGIN");
    for (int i = 0; i < kRows && status.ok(); ++i) {
      FillRow(static_cast<int64_t>(kBatches + b) * kRows + i, row.get());
      std::string call = "EXECUTE one (";
      for (size_t c = 0; c + 3 < table.columns.size(); ++c) {
        const Column& column = table.columns[c];
        const google::protobuf::Reflection& get = *row->GetReflection();
        if (c > 0) call += ", ";
        switch (column.type) {
          case ColumnType::kBigint:
            absl::StrAppend(&call, get.GetInt64(*row, column.field));
            break;
          case ColumnType::kInteger:
            absl::StrAppend(&call, get.GetInt32(*row, column.field));
            break;
          case ColumnType::kDouble:
            absl::StrAppend(&call, get.GetDouble(*row, column.field));
            break;
          case ColumnType::kBoolean:
            call += "false";
            break;
          default:
            absl::StrAppend(&call, "'", get.GetString(*row, column.field), "'");
        }
      }
      status = (*postgres)->Execute(call + ", 0, 0, 0)");
    }
    if (status.ok()) status = (*postgres)->Execute("COMMIT");
    if (!status.ok()) Give(status);
    total += absl::ToDoubleSeconds(absl::Now() - begin);
  }
  std::printf("%-12s one by one %8.0f rows/s\n", table.name.c_str(),
              kOneByOneBatches * kRows / total);
}

void Run() {
  const char* conninfo = std::getenv("PEAKEND_TEST_POSTGRES");
  if (conninfo == nullptr) Give(absl::InvalidArgumentError("run it by benchmarks/sink.sh"));
  RowSinkOptions options;
  options.conninfo = conninfo;
  options.clock = absl::Now;
  auto postgres = Postgres::Connect(conninfo);
  if (!postgres.ok()) Give(postgres.status());
  const auto applied = Migrate(**postgres, RowSql(options.schema), Migrations());
  if (!applied.ok()) Give(applied.status());
  const std::vector<RowTable> tables = RowTables();
  for (const RowKind kind : {RowKind::kPromise, RowKind::kTouchpoint, RowKind::kJourney}) {
    const RowTable& table = tables[static_cast<size_t>(kind)];
    auto sink = RowSink::Open(options, {&table});
    if (!sink.ok()) Give(sink.status());
    if (absl::Status status = (*sink)->BeginAt(table.name, 0, 0); !status.ok()) Give(status);
    int64_t offset = 0;
    Batches(**sink, table, 1, "new", &offset);
    Batches(**sink, table, 1, "repeated", &offset);
    Batches(**sink, table, 2, "amended", &offset);
    OneByOne(conninfo, options.schema, table);
  }
}

}  // namespace
}  // namespace peakend::warehouse

int main() { peakend::warehouse::Run(); }
