// The schema of a flat row as Kafka Connect's JsonConverter puts it before the payload.
//
// Thread-safety: pure.
#ifndef PEAKEND_PROCESSORS_PUBLISH_ROWS_CONNECT_SCHEMA_H_
#define PEAKEND_PROCESSORS_PUBLISH_ROWS_CONNECT_SCHEMA_H_

#include <string>

#include "google/protobuf/descriptor.h"

namespace peakend::publish {

// {"type":"struct","name":"peakend.bi.v1.JourneyRow","optional":false,"fields":[...]}, fields in
// the order of the .proto. Types are string, boolean, int32, int64 and double; optional fields are
// those with presence. REQUIRES: the fields are single scalars of those types.
std::string ConnectSchema(const google::protobuf::Descriptor& row);

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_ROWS_CONNECT_SCHEMA_H_
