// One finding for all partitions that have the same trouble, with the numbers of the
// first: a thousand partitions must not mean a thousand findings.
//
// Thread-safety: none; one owner.
#ifndef PEAKEND_PROCESSORS_RUNTIME_SHARED_FINDING_H_
#define PEAKEND_PROCESSORS_RUNTIME_SHARED_FINDING_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "peakend/v1/doctor_report.pb.h"

namespace peakend::runtime {

class SharedFinding {
 public:
  // `meaning` is kept of the first.
  void Add(int32_t partition, std::string meaning) {
    if (partitions_.empty()) meaning_ = std::move(meaning);
    partitions_.push_back(partition);
  }

  void Report(v1::Finding::Severity severity, const char* code, const std::string& remedy,
              std::vector<v1::Finding>* findings, const std::string& topic = "") const {
    if (partitions_.empty()) return;
    const bool one = partitions_.size() == 1;
    const size_t named = std::min(partitions_.size(), kNamed);
    std::string numbers = absl::StrJoin(partitions_.begin(),
                                        partitions_.begin() + static_cast<ptrdiff_t>(named), ", ");
    if (named < partitions_.size()) {
      absl::StrAppend(&numbers, " and ", partitions_.size() - named, " more");
    }
    v1::Finding& finding = findings->emplace_back();
    finding.set_severity(severity);
    finding.set_code(code);
    finding.set_subject(absl::StrCat(topic.empty() ? "" : absl::StrCat("topic ", topic, " "),
                                     one ? "partition " : "partitions ", numbers));
    finding.set_meaning(
        one ? meaning_ : absl::StrCat("for one, partition ", partitions_.front(), ": ", meaning_));
    finding.set_remedy(remedy);
  }

 private:
  static constexpr size_t kNamed = 8;

  std::vector<int32_t> partitions_;
  std::string meaning_;
};

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_SHARED_FINDING_H_
