#include "processors/warehouse/row_batch.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <tuple>
#include <utility>

#include "processors/warehouse/copy_format.h"
#include "processors/warehouse/row_tuple.h"

namespace peakend::warehouse {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

RowBatch::RowBatch(const RowTable& table, const KnownKeys& known)
    : table_(&table),
      known_(&known),
      message_(table.prototype->New()),
      reflection_(*message_->GetReflection()) {
  const Descriptor& row = *table.prototype->GetDescriptor();
  tenant_field_ = row.FindFieldByName("tenant_id");
  date_field_ = row.FindFieldByName("business_date");
  detected_field_ = row.FindFieldByName("detected_at_ms");
  reason_field_ = row.FindFieldByName("amend_reason");
  for (size_t i = 0; i < kDimensions.size(); ++i) {
    const FieldDescriptor* field = row.FindFieldByName(std::string(kDimensions[i].column));
    if (field != nullptr) dimension_fields_.push_back({i, field});
  }
  Clear();
}

void RowBatch::Clear() {
  records_ = 0;
  raw_.clear();
  copy_.clear();
  rows_.clear();
  segments_.assign(1, {});
  erased_.clear();
  first_rows_.clear();
  faults_.clear();
  days_.clear();
  keys_.clear();
  key_index_.clear();
  row_keys_.clear();
  next_.clear();
}

void RowBatch::Add(const runtime::InputRecord& record) {
  ++records_;
  next_[record.partition] = record.offset + 1;
  RowFault fault = RowFault::kNoKey;
  if (record.has_key && !record.key.empty()) {
    // No row has a key with a byte 0, so there is nothing to erase, and PostgreSQL could not look.
    const bool nul = std::memchr(record.key.data(), 0, record.key.size()) != nullptr;
    fault = nul ? RowFault::kNulByte : RowFault::kNone;
    if (fault == RowFault::kNone && !record.has_value) return Erase(record);
    if (fault == RowFault::kNone) fault = AddRow(record);
  }
  if (fault != RowFault::kNone) faults_.emplace_back(Keep(record), fault);
}

RowFault RowBatch::AddRow(const runtime::InputRecord& record) {
  if (!table_->framing.Read(record.value, message_.get()).ok()) return RowFault::kUnreadable;
  if (Text(table_->columns.front().field) != record.key) return RowFault::kKeyDiffers;
  const std::optional<DayNumber> day = ParseDay(Text(date_field_));
  if (!day) return RowFault::kBadDate;
  const RowFault fault = AppendCopyRow(
      *table_, *message_, {record.timestamp_ms, record.partition, record.offset}, &copy_);
  if (fault != RowFault::kNone) return fault;
  if (erased_.contains(absl::string_view(record.key.data(), record.key.size()))) {
    segments_.push_back({rows_.size(), rows_.size(), {}, {}});
    erased_.clear();
    first_rows_.clear();
  }
  days_.insert(*day);
  AddKeys();
  rows_.push_back({copy_.size(), row_keys_.size(), IsNewKey(record.key), Keep(record)});
  segments_.back().end = rows_.size();
  return RowFault::kNone;
}

bool RowBatch::IsNewKey(std::string_view key) {
  const auto [first, is_only] = first_rows_.try_emplace(KeyHash(key), rows_.size());
  if (!is_only) rows_[first->second].is_new = false;
  return is_only && Text(reason_field_) == "new";
}

void RowBatch::Erase(const runtime::InputRecord& record) {
  Segment& segment = segments_.back();
  const auto [found, is_new] = erased_.try_emplace(std::string(record.key), segment.erased.size());
  if (is_new) {
    segment.erased.emplace_back(record.key);
    segment.erased_at.emplace_back();
  }
  segment.erased_at[found->second] = {record.timestamp_ms, record.partition, record.offset};
}

void RowBatch::AddKeys() {
  for (const DimensionField& dimension : dimension_fields_) {
    const std::string_view id = Text(dimension.field);
    const bool of_tenant = kDimensions[dimension.dimension].of_tenant;
    const std::string_view tenant = of_tenant ? Text(tenant_field_) : std::string_view();
    if (id.empty() || id.size() + tenant.size() > kMostKeyBytes) continue;
    const uint64_t hash = KeyHash(dimension.dimension, tenant, id);
    if (known_->Knows(hash)) continue;
    const auto [entry, is_new] = key_index_.try_emplace(hash, static_cast<uint32_t>(keys_.size()));
    if (is_new) {
      const int64_t seen = reflection_.GetInt64(*message_, detected_field_);
      keys_.push_back({dimension.dimension, std::string(tenant), std::string(id), seen});
    }
    row_keys_.push_back(entry->second);
  }
}

RowBatch::Raw RowBatch::Keep(const runtime::InputRecord& record) {
  Raw raw;
  raw.begin = raw_.size();
  raw.key_size = static_cast<uint32_t>(record.key.size());
  raw.value_size = static_cast<uint32_t>(record.value.size());
  raw.partition = record.partition;
  raw.offset = record.offset;
  raw.has_key = record.has_key;
  raw.has_value = record.has_value;
  raw_.append(record.key);
  raw_.append(record.value);
  return raw;
}

SourceRecord RowBatch::View(const Raw& raw) const {
  const std::string_view bytes(raw_);
  return {raw.partition,
          raw.offset,
          bytes.substr(raw.begin, raw.key_size),
          bytes.substr(raw.begin + raw.key_size, raw.value_size),
          raw.has_key,
          raw.has_value};
}

std::string_view RowBatch::Text(const FieldDescriptor* field) {
  return reflection_.GetStringReference(*message_, field, &scratch_);
}

std::string_view RowBatch::CopyRows(size_t begin, size_t end) const {
  if (begin >= end) return {};
  const size_t first = begin == 0 ? 0 : rows_[begin - 1].copy_end;
  return std::string_view(copy_).substr(first, rows_[end - 1].copy_end - first);
}

SourceRecord RowBatch::RecordOf(size_t row) const { return View(rows_[row].raw); }

std::vector<RowBatch::Fault> RowBatch::Faults() const {
  std::vector<Fault> faults;
  faults.reserve(faults_.size());
  for (const auto& [raw, reason] : faults_) faults.push_back({View(raw), reason});
  return faults;
}

std::vector<DayNumber> RowBatch::Days() const {
  std::vector<DayNumber> days(days_.begin(), days_.end());
  std::sort(days.begin(), days.end());
  return days;
}

std::vector<DimensionKey> RowBatch::NewKeys(const std::vector<size_t>& refused) const {
  std::vector<bool> wanted(keys_.size());
  for (size_t row = 0; row < rows_.size(); ++row) {
    if (std::binary_search(refused.begin(), refused.end(), row)) continue;
    for (size_t i = row == 0 ? 0 : rows_[row - 1].keys_end; i < rows_[row].keys_end; ++i) {
      wanted[row_keys_[i]] = true;
    }
  }
  std::vector<DimensionKey> keys;
  for (size_t i = 0; i < keys_.size(); ++i) {
    if (wanted[i]) keys.push_back(keys_[i]);
  }
  // Two processes that write the same keys in different orders would block each other.
  std::sort(keys.begin(), keys.end(), [](const DimensionKey& a, const DimensionKey& b) {
    return std::tie(a.dimension, a.tenant, a.id) < std::tie(b.dimension, b.tenant, b.id);
  });
  return keys;
}

}  // namespace peakend::warehouse
