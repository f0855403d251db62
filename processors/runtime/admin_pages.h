// What the admin port answers: which page stands behind which path.
//
//   /livez    200 or 503  JSON  the worker's loop turns
//   /readyz   200 or 503  JSON  partitions assigned, replay done, Kafka there
//   /metrics  200         Prometheus text
//   /version  200         JSON
//   /configz  200         the configuration in force, secrets shown as ***
//   /v1/customers/{key}, /v1/opening-cards/{key}
//                         one customer, if that is turned on; see customer_page.h
//   POST /-/reload        the policy file again, if that is turned on; ?strict=true takes no
//                         warnings: 200 JSON, 409, 422 or 503 text
// Anything else is a 404 that lists these; another method a 405.
//
// Thread-safety: AnswerTo may be called from any thread when `metrics` may.
#ifndef PEAKEND_PROCESSORS_RUNTIME_ADMIN_PAGES_H_
#define PEAKEND_PROCESSORS_RUNTIME_ADMIN_PAGES_H_

#include <functional>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "processors/runtime/admin_answer.h"
#include "processors/runtime/customer_questions.h"
#include "processors/runtime/health.h"

namespace peakend::runtime {

struct AdminPages {
  // Must outlive the pages.
  const HealthBoard* health = nullptr;
  std::function<std::string(absl::Time now)> metrics;
  std::string version_json;  // one JSON object
  std::string config_yaml;   // already redacted
  // Must outlive the pages. Null = customers are not shown.
  CustomerQuestions* customers = nullptr;
  // Reloads the policy, and answers on some thread; false = too much is waiting. Empty = it is
  // not done here.
  std::function<bool(bool strict, std::function<void(AdminAnswer)> on_done)> reload = nullptr;
};

// `method` as sent ("GET"), `target` with or without a query, which only a reload looks at. What is
// not known at once goes to `later`, and the answer here is provisional.
AdminAnswer AnswerTo(const AdminPages& pages, std::string_view method, std::string_view target,
                     absl::Time now, const LaterAnswer& later);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_ADMIN_PAGES_H_
