#include "processors/publish/output.h"

#include <utility>

namespace peakend::publish {

std::string& OutputBatch::Open(Topic topic, int32_t partition, std::string_view key) {
  entries_.push_back({topic, partition, partition, static_cast<uint32_t>(key.size())});
  entries_.back().begin = buffer_.size();
  buffer_.append(key);
  return buffer_;
}

std::string& OutputBatch::OpenInput(int32_t cause, int32_t to, std::string_view key) {
  std::string& buffer = Open(Topic::kInput, to, key);
  entries_.back().cause = cause;
  return buffer;
}

void OutputBatch::Append(Topic topic, int32_t partition, std::string_view key,
                         std::string_view value) {
  Open(topic, partition, key).append(value);
}

void OutputBatch::AppendOriginal(const Output& original, std::vector<Header> headers) {
  Append(original.topic, original.partition, original.key, original.value);
  Entry& entry = entries_.back();
  entry.has_key = original.has_key;
  entry.has_value = original.has_value;
  entry.headers = static_cast<int32_t>(headers_.size());
  headers_.push_back(std::move(headers));
}

Output OutputBatch::operator[](size_t i) const {
  const Entry& entry = entries_[i];
  const size_t end = i + 1 < entries_.size() ? entries_[i + 1].begin : buffer_.size();
  const std::string_view bytes(buffer_.data() + entry.begin, end - entry.begin);
  Output output{entry.topic,
                entry.partition,
                entry.cause,
                bytes.substr(0, entry.key_size),
                bytes.substr(entry.key_size),
                entry.has_key,
                entry.has_value};
  if (entry.headers >= 0) output.headers = &headers_[entry.headers];
  return output;
}

void OutputBatch::AppendTombstone(Topic topic, int32_t partition, std::string_view key) {
  Append(topic, partition, key, {});
  entries_.back().has_value = false;
}

void OutputBatch::AppendFrom(const OutputBatch& other, size_t i) { AppendCopy(other[i]); }

void OutputBatch::AppendCopy(const Output& output) {
  if (output.headers != nullptr) return AppendOriginal(output, *output.headers);
  Append(output.topic, output.partition, output.key, output.value);
  Entry& entry = entries_.back();
  entry.cause = output.cause;
  entry.has_key = output.has_key;
  entry.has_value = output.has_value;
}

void OutputBatch::Truncate(size_t size) {
  if (size == entries_.size()) return;
  buffer_.resize(entries_[size].begin);
  for (size_t i = size; i < entries_.size(); ++i) {
    // Headers were appended in the same order as their records.
    if (entries_[i].headers >= 0) {
      headers_.resize(static_cast<size_t>(entries_[i].headers));
      break;
    }
  }
  entries_.erase(entries_.begin() + static_cast<ptrdiff_t>(size), entries_.end());
}

void OutputBatch::PrependHeaders(size_t i, const std::vector<Header>& headers) {
  std::vector<Header>& own = headers_[entries_[i].headers];
  own.insert(own.begin(), headers.begin(), headers.end());
}

void OutputBatch::Clear() {
  buffer_.clear();
  entries_.clear();
  headers_.clear();
}

}  // namespace peakend::publish
