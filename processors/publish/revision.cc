#include "processors/publish/revision.h"

#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"

namespace peakend::publish {

void AppendBytes(const google::protobuf::MessageLite& message, std::string* bytes) {
  const size_t begin = bytes->size();
  const size_t size = message.ByteSizeLong();
  bytes->resize(begin + size);
  auto* target = reinterpret_cast<uint8_t*>(bytes->data() + begin);
  google::protobuf::io::ArrayOutputStream stream(target, static_cast<int>(size));
  google::protobuf::io::CodedOutputStream out(&stream);
  out.SetSerializationDeterministic(true);
  message.SerializeWithCachedSizes(&out);
}

}  // namespace peakend::publish
