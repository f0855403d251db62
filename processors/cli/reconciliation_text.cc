#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "processors/cli/reconciliation.h"
#include "processors/cli/text_table.h"
#include "processors/publish/json.h"

namespace peakend::cli {
namespace {

using warehouse::CensusGroup;
using warehouse::CensusReport;
using warehouse::DifferingRow;

std::string Hex(uint64_t number) { return absl::StrFormat("%016x", number); }

std::string VersionText(const std::optional<int64_t>& version) {
  return version ? absl::StrCat(*version) : "-";
}

int64_t Differences(const Reconciliation& found) {
  int64_t sum = 0;
  for (const TableReconciliation& table : found) sum += table.differences();
  return sum;
}

void AppendTables(const Reconciliation& found, std::string* out) {
  TextTable text;
  text.Add({"table", "in Kafka", "in PostgreSQL", "missing", "stale", "different", "extra", "lost",
            "expired", "dead letters", "lag", "checksum"});
  for (const TableReconciliation& table : found) {
    const CensusReport& census = table.census;
    text.Add({table.table, absl::StrCat(census.rows.kafka_rows),
              absl::StrCat(census.rows.postgres_rows), absl::StrCat(census.missing),
              absl::StrCat(census.stale), absl::StrCat(census.different),
              absl::StrCat(census.extra), absl::StrCat(table.lost), absl::StrCat(census.expired),
              absl::StrCat(census.dead_letters), absl::StrCat(table.lag),
              census.rows.differs() ? "differs" : Hex(census.rows.kafka_checksum)});
  }
  text.Append(out);
}

void AppendShown(const Reconciliation& found, std::string* out) {
  TextTable text;
  text.Add({"table", "row", "partition", "offset", "business_date", "version in Kafka",
            "in PostgreSQL"});
  bool any = false;
  for (const TableReconciliation& table : found) {
    for (const DifferingRow& row : table.census.shown) {
      any = true;
      text.Add({table.table, std::string(warehouse::DifferenceName(row.difference)),
                absl::StrCat(row.partition), absl::StrCat(row.offset), warehouse::DayText(row.day),
                VersionText(row.kafka_version), VersionText(row.postgres_version)});
    }
  }
  if (!any) return;
  out->push_back('\n');
  text.Append(out);
}

void AppendNotes(const Reconciliation& found, std::string* out) {
  for (const TableReconciliation& table : found) {
    if (table.lost > 0) {
      absl::StrAppend(out, table.topic, ": up to ", table.lost,
                      " records left the log before the sink had read them\n");
    }
    if (table.census.cleared_dead_letters > 0) {
      absl::StrAppend(out, table.topic, ": ", table.census.cleared_dead_letters,
                      " faulty records are not in dead_letter; somebody may have removed them\n");
    }
  }
}

void AppendVersion(const char* name, const std::optional<int64_t>& version, std::string* out) {
  absl::StrAppend(out, R"(,")", name, R"(":)", version ? absl::StrCat(*version) : "null");
}

void AppendGroup(const CensusGroup& group, std::string* out) {
  absl::StrAppend(out, R"("kafka_rows":)", group.kafka_rows, R"(,"postgres_rows":)",
                  group.postgres_rows, R"(,"kafka_checksum":")", Hex(group.kafka_checksum),
                  R"(","postgres_checksum":")", Hex(group.postgres_checksum), R"(")");
}

void AppendDetails(const CensusReport& census, std::string* out) {
  absl::StrAppend(out, R"(,"groups":[)");
  for (const auto& [place, group] : census.groups) {
    absl::StrAppend(out, out->back() == '[' ? "" : ",", R"({"partition":)", place.first,
                    R"(,"business_date":")", warehouse::DayText(place.second), R"(",)");
    AppendGroup(group, out);
    out->push_back('}');
  }
  absl::StrAppend(out, R"(],"rows":[)");
  for (const DifferingRow& row : census.shown) {
    const std::string name(warehouse::DifferenceName(row.difference));
    absl::StrAppend(out, out->back() == '[' ? "" : ",", R"({"difference":")", name,
                    R"(","partition":)", row.partition, R"(,"offset":)", row.offset,
                    R"(,"business_date":")", warehouse::DayText(row.day), R"(")");
    AppendVersion("kafka_version", row.kafka_version, out);
    AppendVersion("postgres_version", row.postgres_version, out);
    out->push_back('}');
  }
  out->push_back(']');
}

void AppendTableJson(const TableReconciliation& table, std::string* out) {
  const CensusReport& census = table.census;
  absl::StrAppend(out, R"({"table":")", table.table, R"(","topic":)");
  publish::AppendJsonString(table.topic, out);
  out->push_back(',');
  AppendGroup(census.rows, out);
  absl::StrAppend(out, R"(,"records":)", census.records, R"(,"missing":)", census.missing,
                  R"(,"stale":)", census.stale, R"(,"different":)", census.different);
  absl::StrAppend(out, R"(,"extra":)", census.extra, R"(,"lost":)", table.lost, R"(,"expired":)",
                  census.expired, R"(,"dead_letters":)", census.dead_letters);
  absl::StrAppend(out, R"(,"cleared_dead_letters":)", census.cleared_dead_letters, R"(,"lag":)",
                  table.lag);
  AppendDetails(census, out);
  out->push_back('}');
}

}  // namespace

std::string ReconciliationText(const Reconciliation& found) {
  std::string out;
  AppendTables(found, &out);
  AppendShown(found, &out);
  const int64_t differences = Differences(found);
  out.push_back('\n');
  AppendNotes(found, &out);
  if (differences == 0) {
    absl::StrAppend(&out, "no difference\n");
  } else {
    absl::StrAppend(&out, differences, differences == 1 ? " difference\n" : " differences\n");
  }
  return out;
}

std::string ReconciliationJson(const Reconciliation& found) {
  std::string out = absl::StrCat(R"({"differences":)", Differences(found), R"(,"tables":[)");
  for (const TableReconciliation& table : found) {
    if (out.back() != '[') out.push_back(',');
    AppendTableJson(table, &out);
  }
  return out + "]}\n";
}

}  // namespace peakend::cli
