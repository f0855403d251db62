#include "processors/runtime/customer_page.h"

#include <optional>
#include <string>
#include <utility>

#include "peakend/v1/inspection.pb.h"
#include "processors/publish/customer_inspection.h"
#include "processors/publish/json.h"
#include "processors/runtime/percent_decoding.h"

namespace peakend::runtime {
namespace {

constexpr std::string_view kJson = "application/json";

AdminAnswer Refusal(int status, std::string_view why) {
  std::string body = "{\"error\":";
  publish::AppendJsonString(why, &body);
  body += "}\n";
  return {status, kJson, std::move(body)};
}

AdminAnswer Show(std::string_view key, const CustomerQuestions::Answer& found) {
  if (!found.ok()) {
    return Refusal(absl::IsNotFound(found.status()) ? 404 : 503,
                   std::string(found.status().message()));
  }
  absl::StatusOr<v1::CustomerInspection> customer = publish::InspectCustomer(key, found->value);
  if (!customer.ok()) return Refusal(500, std::string(customer.status().message()));
  v1::CustomerAtCommit shown;
  *shown.mutable_customer() = *std::move(customer);
  shown.set_partition(found->partition);
  shown.set_committed_offset(found->committed_offset);
  AdminAnswer answer{200, kJson, {}};
  publish::AppendJson(shown, &answer.body);
  answer.body += "\n";
  return answer;
}

}  // namespace

AdminAnswer AnswerAboutCustomer(std::string_view encoded_key, CustomerQuestions* questions,
                                const LaterAnswer& later) {
  if (questions == nullptr) {
    return Refusal(404, "customers are not shown here; admin.customers: true turns it on");
  }
  const std::optional<std::string> key = PercentDecode(encoded_key);
  if (!key || key->find('/') == std::string::npos) {
    return Refusal(400,
                   "after /v1/customers/ the key is expected, TENANT/CUSTOMER percent-encoded");
  }
  // Reading a large record back takes longer than writing it: not on the worker's thread.
  const bool asked = questions->Ask(*key, [key = *key, later](CustomerQuestions::Answer found) {
    later([key, found = std::move(found)] { return Show(key, found); });
  });
  if (!asked) return Refusal(503, "too many questions about customers are waiting, try again");
  AdminAnswer answer = Refusal(503,
                               "the worker did not answer in time: it is restoring, or waits for a "
                               "commit; see /readyz and try again");
  answer.provisional = true;
  return answer;
}

}  // namespace peakend::runtime
