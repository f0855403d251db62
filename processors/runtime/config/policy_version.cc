#include "processors/runtime/config/policy_version.h"

#include <xxhash.h>

#include "absl/strings/str_cat.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"

namespace peakend::runtime {

std::string PolicyDigest(const v1::Policy& policy) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    policy.SerializeToCodedStream(&coded);
  }
  const XXH64_hash_t hash = XXH3_64bits(bytes.data(), bytes.size());
  return absl::StrCat(absl::Hex(hash, absl::kZeroPad16));
}

std::string PolicyVersionStamp(const v1::Policy& policy) {
  return absl::StrCat(policy.name(), "@", policy.version(), "+", PolicyDigest(policy).substr(0, 8));
}

}  // namespace peakend::runtime
