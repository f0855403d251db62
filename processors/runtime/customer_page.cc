#include "processors/runtime/customer_page.h"

#include <functional>
#include <memory_resource>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "peakend/v1/inspection.pb.h"
#include "peakend/v1/opening_card.pb.h"
#include "processors/publish/customer_inspection.h"
#include "processors/publish/customer_packer.h"
#include "processors/publish/customer_record.h"
#include "processors/publish/json.h"
#include "processors/publish/opening_card.h"
#include "processors/runtime/percent_decoding.h"

namespace peakend::runtime {
namespace {

constexpr std::string_view kJsonType = "application/json";

AdminAnswer Refusal(int status, std::string_view why) {
  std::string body = "{\"error\":";
  publish::AppendJsonString(why, &body);
  body += "}\n";
  return {status, kJsonType, std::move(body)};
}

// The answer about a customer who was found.
using Show = std::function<AdminAnswer(std::string_view key, const CommittedRecord& found)>;

AdminAnswer JsonOf(const google::protobuf::Message& message) {
  AdminAnswer answer{200, kJsonType, {}};
  publish::AppendJson(message, &answer.body);
  answer.body += "\n";
  return answer;
}

AdminAnswer ShowCustomer(std::string_view key, const CommittedRecord& found) {
  absl::StatusOr<v1::CustomerInspection> customer = publish::InspectCustomer(key, found.value);
  if (!customer.ok()) return Refusal(500, std::string(customer.status().message()));
  v1::CustomerAtCommit shown;
  *shown.mutable_customer() = *std::move(customer);
  shown.set_partition(found.partition);
  shown.set_committed_offset(found.committed_offset);
  return JsonOf(shown);
}

AdminAnswer ShowCard(std::string_view key, const CommittedRecord& found) {
  const publish::Policy& policy = *found.policy;
  std::pmr::memory_resource* const memory = std::pmr::new_delete_resource();
  absl::StatusOr<publish::RestoredCustomer> restored =
      publish::CustomerRecordReader().Restore(key, found.value, memory);
  if (!restored.ok()) return Refusal(500, std::string(restored.status().message()));
  publish::CustomerPacker(policy.rules, policy.windows, memory).Unpack(restored->customer);
  v1::OpeningCard card;
  if (!publish::FillCardThatIsOut(restored->customer, policy, &card)) {
    return Refusal(404,
                   "no opening card of the customer is out: no contact is going on, or the "
                   "policy has no opening for what they bring along");
  }
  return JsonOf(card);
}

AdminAnswer Answer(std::string_view encoded_key, CustomerQuestions* questions,
                   std::string_view path, const LaterAnswer& later, const Show& show) {
  if (questions == nullptr) {
    return Refusal(404, "customers are not shown here; admin.customers: true turns it on");
  }
  const std::optional<std::string> key = PercentDecode(encoded_key);
  if (!key || key->find('/') == std::string::npos) {
    return Refusal(400, absl::StrCat("after ", std::string(path),
                                     " the key is expected, TENANT/CUSTOMER percent-encoded"));
  }
  const auto answer = [key = *key, show](const CustomerQuestions::Answer& found) {
    if (found.ok()) return show(key, *found);
    return Refusal(absl::IsNotFound(found.status()) ? 404 : 503,
                   std::string(found.status().message()));
  };
  // Reading a large record back takes longer than writing it: not on the worker's thread.
  const bool asked = questions->Ask(*key, [answer, later](CustomerQuestions::Answer found) {
    later([answer, found = std::move(found)] { return answer(found); });
  });
  if (!asked) return Refusal(503, "too many questions about customers are waiting, try again");
  AdminAnswer waiting = Refusal(503,
                                "the worker did not answer in time: it is restoring, or waits for "
                                "a commit; see /readyz and try again");
  waiting.provisional = true;
  return waiting;
}

}  // namespace

AdminAnswer AnswerAboutCustomer(std::string_view encoded_key, CustomerQuestions* questions,
                                const LaterAnswer& later) {
  return Answer(encoded_key, questions, kCustomersPath, later, ShowCustomer);
}

AdminAnswer AnswerWithCard(std::string_view encoded_key, CustomerQuestions* questions,
                           const LaterAnswer& later) {
  return Answer(encoded_key, questions, kCardsPath, later, ShowCard);
}

}  // namespace peakend::runtime
