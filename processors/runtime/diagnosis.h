// From what a cluster tells about a job to what is wrong with it, what that means
// and what to do.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_RUNTIME_DIAGNOSIS_H_
#define PEAKEND_PROCESSORS_RUNTIME_DIAGNOSIS_H_

#include <vector>

#include "peakend/v1/config.pb.h"
#include "peakend/v1/doctor_report.pb.h"
#include "peakend/v1/policy.pb.h"

namespace peakend::runtime {

// The worst first; in the order of topics and partitions otherwise. A fact that is
// absent leads to no finding.
std::vector<v1::Finding> Diagnose(const v1::JobFacts& facts, const v1::Config& config,
                                  const v1::Policy& policy);

// The part of Diagnose that looks at topics, group and settings, and the part that
// looks into partitions.
void DiagnoseCluster(const v1::JobFacts& facts, const v1::Config& config, const v1::Policy& policy,
                     std::vector<v1::Finding>* findings);
void DiagnosePartitions(const v1::JobFacts& facts, const v1::Config& config,
                        const v1::Policy& policy, std::vector<v1::Finding>* findings);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_DIAGNOSIS_H_
