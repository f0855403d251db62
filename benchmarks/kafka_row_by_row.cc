// The simplest program that brings rows into PostgreSQL: a consumer, a prepared upsert for each
// row, a transaction for each 500 rows. What the sink is compared with.
//
//   row_by_row --broker HOST:PORT --group NAME --postgres CONNINFO --schema NAME --records N
//              [--contact TOPIC] [--journey TOPIC]
//
// Makes one table for each topic, of the sink's columns and with the key alone as its index, and
// ends when it has written N records of bare messages. Offsets go to Kafka behind the rows: at
// least once.
#include <libpq-fe.h>
#include <librdkafka/rdkafka.h>

#include <CLI/CLI.hpp>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "processors/runtime/kafka_handle.h"
#include "processors/warehouse/row_table.h"

namespace peakend::benchmarks {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using warehouse::Column;
using warehouse::Quoted;
using warehouse::RowTable;

constexpr int kRowsOfTransaction = 500;
constexpr int kWaitMs = 100;
// 30 s without a record.
constexpr int kEmptyPolls = 30'000 / kWaitMs;

struct Options {
  std::string broker, group, postgres, schema;
  int64_t records = 0;
  std::map<std::string, publish::RowKind> topics;
};

[[noreturn]] void Give(const std::string& why) {
  std::fprintf(stderr, "row_by_row: %s\n", why.c_str());
  std::exit(EXIT_FAILURE);
}

using Answer = std::unique_ptr<PGresult, decltype(&PQclear)>;
using Connection = std::unique_ptr<PGconn, decltype(&PQfinish)>;

void Check(PGconn* postgres, PGresult* answer) {
  const Answer owner(answer, PQclear);
  const ExecStatusType status = PQresultStatus(answer);
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) Give(PQerrorMessage(postgres));
}

void Execute(PGconn* postgres, const std::string& sql) {
  Check(postgres, PQexec(postgres, sql.c_str()));
}

std::string TextOf(const Message& row, const Column& column) {
  const auto& get = *row.GetReflection();
  switch (column.field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT64:
      return absl::StrCat(get.GetInt64(row, column.field));
    case FieldDescriptor::CPPTYPE_INT32:
      return absl::StrCat(get.GetInt32(row, column.field));
    case FieldDescriptor::CPPTYPE_DOUBLE: {
      std::array<char, 32> text{};
      std::snprintf(text.data(), text.size(), "%.17g", get.GetDouble(row, column.field));
      return text.data();
    }
    case FieldDescriptor::CPPTYPE_BOOL:
      return get.GetBool(row, column.field) ? "t" : "f";
    default:
      return get.GetString(row, column.field);
  }
}

// One topic's way into its table.
class Upsert {
 public:
  Upsert(PGconn* postgres, const std::string& schema, const RowTable& table)
      : postgres_(postgres), name_(table.name), row_(table.prototype->New()) {
    for (const Column& column : table.columns) {
      if (column.field != nullptr) columns_.push_back(column);
    }
    const std::string target = absl::StrCat(Quoted(schema), ".", Quoted(table.name));
    std::vector<std::string> definitions;
    std::vector<std::string> names;
    std::vector<std::string> values;
    std::vector<std::string> changes;
    for (const Column& column : columns_) {
      const std::string name = Quoted(column.name);
      definitions.push_back(absl::StrCat(name, " ", std::string(warehouse::SqlType(column.type))));
      names.push_back(name);
      values.push_back(absl::StrCat("$", values.size() + 1));
      changes.push_back(absl::StrCat(name, " = excluded.", name));
    }
    const std::string key = Quoted(table.key());
    Execute(postgres, absl::StrCat("CREATE TABLE ", target, " (", absl::StrJoin(definitions, ", "),
                                   ", PRIMARY KEY (", key, "))"));
    const std::string upsert =
        absl::StrCat("INSERT INTO ", target, " AS t (", absl::StrJoin(names, ", "), ") VALUES (",
                     absl::StrJoin(values, ", "), ") ON CONFLICT (", key, ") DO UPDATE SET ",
                     absl::StrJoin(changes, ", "), " WHERE excluded.row_version > t.row_version");
    Check(postgres, PQprepare(postgres, name_.c_str(), upsert.c_str(), 0, nullptr));
  }

  void Write(const rd_kafka_message_t& record) {
    if (!row_->ParseFromArray(record.payload, static_cast<int>(record.len))) Give("not a row");
    texts_.clear();
    for (const Column& column : columns_) texts_.push_back(TextOf(*row_, column));
    values_.clear();
    for (size_t i = 0; i < columns_.size(); ++i) {
      const FieldDescriptor* field = columns_[i].field;
      const bool absent = field->has_presence() && !row_->GetReflection()->HasField(*row_, field);
      values_.push_back(absent ? nullptr : texts_[i].c_str());
    }
    Check(postgres_, PQexecPrepared(postgres_, name_.c_str(), static_cast<int>(values_.size()),
                                    values_.data(), nullptr, nullptr, 0));
  }

 private:
  PGconn* const postgres_;
  const std::string name_;
  const std::unique_ptr<Message> row_;
  std::vector<Column> columns_;
  std::vector<std::string> texts_;
  std::vector<const char*> values_;
};

runtime::KafkaHandle Consumer(const Options& options) {
  rd_kafka_conf_t* settings = rd_kafka_conf_new();
  const std::map<std::string, std::string> wanted = {{"bootstrap.servers", options.broker},
                                                     {"group.id", options.group},
                                                     {"auto.offset.reset", "earliest"},
                                                     {"enable.auto.commit", "false"},
                                                     {"isolation.level", "read_committed"}};
  std::array<char, 512> why{};
  for (const auto& [name, value] : wanted) {
    if (rd_kafka_conf_set(settings, name.c_str(), value.c_str(), why.data(), why.size()) !=
        RD_KAFKA_CONF_OK) {
      Give(why.data());
    }
  }
  runtime::KafkaHandle kafka(rd_kafka_new(RD_KAFKA_CONSUMER, settings, why.data(), why.size()));
  if (kafka == nullptr) Give(why.data());
  rd_kafka_poll_set_consumer(kafka.get());
  const runtime::KafkaPartitions list(rd_kafka_topic_partition_list_new(2));
  for (const auto& [topic, kind] : options.topics) {
    rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), RD_KAFKA_PARTITION_UA);
  }
  if (rd_kafka_subscribe(kafka.get(), list.get()) != RD_KAFKA_RESP_ERR_NO_ERROR) {
    Give("cannot subscribe");
  }
  return kafka;
}

void Run(const Options& options) {
  const Connection postgres(PQconnectdb(options.postgres.c_str()), PQfinish);
  if (PQstatus(postgres.get()) != CONNECTION_OK) Give(PQerrorMessage(postgres.get()));
  Execute(postgres.get(), absl::StrCat("CREATE SCHEMA ", Quoted(options.schema)));
  const std::vector<RowTable> tables = warehouse::RowTables();
  std::map<std::string, Upsert> upserts;
  for (const auto& [topic, kind] : options.topics) {
    upserts.try_emplace(topic, postgres.get(), options.schema, tables[static_cast<size_t>(kind)]);
  }
  const runtime::KafkaHandle kafka = Consumer(options);
  int64_t written = 0;
  for (int empty = 0; written < options.records && empty < kEmptyPolls;) {
    const runtime::KafkaMessage record(rd_kafka_consumer_poll(kafka.get(), kWaitMs));
    empty = record == nullptr ? empty + 1 : 0;
    if (record == nullptr || record->err != RD_KAFKA_RESP_ERR_NO_ERROR) continue;
    if (written % kRowsOfTransaction == 0) Execute(postgres.get(), "BEGIN");
    upserts.at(rd_kafka_topic_name(record->rkt)).Write(*record);
    ++written;
    if (written % kRowsOfTransaction != 0 && written != options.records) continue;
    Execute(postgres.get(), "COMMIT");
    rd_kafka_commit(kafka.get(), nullptr, 1);
  }
  if (written < options.records) Give(absl::StrCat("no record for 30 s after ", written));
  rd_kafka_consumer_close(kafka.get());
}

int Main(int argc, char** argv) {
  Options options;
  std::string contact;
  std::string journey;
  CLI::App app{"Rows into PostgreSQL, one by one"};
  app.add_option("--broker", options.broker, "HOST:PORT")->required();
  app.add_option("--group", options.group, "of the consumer")->required();
  app.add_option("--postgres", options.postgres, "as libpq takes it")->required();
  app.add_option("--schema", options.schema, "is made")->required();
  app.add_option("--records", options.records, "ends after them")
      ->required()
      ->check(CLI::PositiveNumber);
  app.add_option("--contact", contact, "topic of ContactRow");
  app.add_option("--journey", journey, "topic of JourneyRow");
  CLI11_PARSE(app, argc, argv);
  if (!contact.empty()) options.topics[contact] = publish::RowKind::kContact;
  if (!journey.empty()) options.topics[journey] = publish::RowKind::kJourney;
  Run(options);
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace peakend::benchmarks

int main(int argc, char** argv) { return peakend::benchmarks::Main(argc, argv); }
