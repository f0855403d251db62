#include "processors/warehouse/row_format.h"

#include <limits>

namespace peakend::warehouse {

bool ReadBareRow(std::string_view bytes, google::protobuf::Message* row) {
  if (bytes.size() > static_cast<size_t>(std::numeric_limits<int>::max())) return false;
  return row->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

}  // namespace peakend::warehouse
