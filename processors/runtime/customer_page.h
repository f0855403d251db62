// The admin port's pages about one customer.
//
//   GET /v1/customers/{key}      200  v1.CustomerAtCommit
//   GET /v1/opening-cards/{key}  200  v1.OpeningCard, the one that is out
// and instead of it
//   400  the key cannot be decoded, or is not TENANT/CUSTOMER
//   404  no partition of this worker has them; no card is out; or the pages are turned off
//   503  not now: replaying, too many questions, or no answer in time
// All JSON; other than 200 {"error":...}, which does not repeat the key.
//
// Thread-safety: may be called from any thread.
#ifndef PEAKEND_PROCESSORS_RUNTIME_CUSTOMER_PAGE_H_
#define PEAKEND_PROCESSORS_RUNTIME_CUSTOMER_PAGE_H_

#include <string_view>

#include "processors/runtime/admin_answer.h"
#include "processors/runtime/customer_questions.h"

namespace peakend::runtime {

// The key stands behind them, percent-encoded; a customer id may hold slashes.
inline constexpr std::string_view kCustomersPath = "/v1/customers/";
inline constexpr std::string_view kCardsPath = "/v1/opening-cards/";

// `encoded_key` is what stands behind the path. `questions` null = turned off; else the
// answer is provisional while a question is under way, and `later` gets the final one.
AdminAnswer AnswerAboutCustomer(std::string_view encoded_key, CustomerQuestions* questions,
                                const LaterAnswer& later);
// As above.
AdminAnswer AnswerWithCard(std::string_view encoded_key, CustomerQuestions* questions,
                           const LaterAnswer& later);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_CUSTOMER_PAGE_H_
