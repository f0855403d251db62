// Fills the schema ids that the configuration leaves to the registry.
//
// Thread-safety: none. Waits for the registry on the caller's thread.
#ifndef PEAKEND_PROCESSORS_RUNTIME_SCHEMA_IDS_H_
#define PEAKEND_PROCESSORS_RUNTIME_SCHEMA_IDS_H_

#include <string>

#include "absl/status/status.h"
#include "google/protobuf/descriptor.h"
#include "peakend/v1/config.pb.h"

namespace peakend::runtime {

// What is registered for rows of type `row`: the text of its own .proto, without comments.
std::string SchemaText(const google::protobuf::Descriptor& row);

// Sets schema_id of all rows that are enabled, in protobuf_confluent and without one, to what
// bi.registry gives for the subject TOPIC-value; asks nobody if there are none. Errors: those of
// schema_registry.h, after the name of the rows; ids that came before the error are set.
// REQUIRES: `config` is a loaded one.
absl::Status ResolveSchemaIds(v1::Config* config);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_SCHEMA_IDS_H_
