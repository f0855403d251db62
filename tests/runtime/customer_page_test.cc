// GET /v1/customers/{key} and /v1/opening-cards/{key}: which key is meant, and what each outcome
// looks like.
#include "processors/runtime/customer_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <memory_resource>
#include <optional>
#include <string>
#include <utility>

#include "processors/alerts/rule.h"
#include "processors/publish/customer_record.h"
#include "processors/publish/step.h"
#include "processors/runtime/admin_pages.h"
#include "processors/runtime/percent_decoding.h"

namespace peakend::runtime {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST(PercentDecodingTest, Cases) {
  struct Case {
    const char* encoded;
    std::optional<std::string> decoded;
  };
  const Case cases[] = {
      {"", ""},
      {"acme/c1", "acme/c1"},
      {"acme%2Fc1", "acme/c1"},
      {"acme%2fc1", "acme/c1"},
      {"acme/a/b", "acme/a/b"},
      {"acme/a%2Fb", "acme/a/b"},
      {"acme/a+b", "acme/a+b"},
      {"acme/a%20b%2B", "acme/a b+"},
      {"acme/%C3%A4", "acme/\xC3\xA4"},
      {"acme/\xC3\xA4", "acme/\xC3\xA4"},
      {"acme/%25", "acme/%"},
      {"acme/%2525", "acme/%25"},
      {"acme/%3Fx%23", "acme/?x#"},
      {"a%00/b", std::string("a\0/b", 4)},
      {"%FF", "\xFF"},
      {"%", std::nullopt},
      {"a%2", std::nullopt},
      {"%%", std::nullopt},
      {"%%41", std::nullopt},
      {"%G0", std::nullopt},
      {"%0G", std::nullopt},
      {"%-1", std::nullopt},
      {"%+1", std::nullopt},
      {"% 1", std::nullopt},
      {"%0x", std::nullopt},
  };
  for (const Case& one : cases) EXPECT_EQ(PercentDecode(one.encoded), one.decoded) << one.encoded;
}

// The record of somebody who has done nothing yet, as a worker at `offset` has it.
CommittedRecord RecordOf(std::string_view tenant, std::string_view customer, int64_t offset) {
  const alerts::Rules rules;
  CommittedRecord record{3, offset, {}, std::make_shared<const publish::Policy>()};
  publish::CustomerRecordWriter(rules).Append(publish::CustomerState(tenant, customer),
                                              {offset - 1, 0xab, false}, &record.value);
  return record;
}

// Somebody in whose second contact an opening card is out.
CommittedRecord RecordWithCard(const publish::Policy& policy) {
  publish::Step step(policy, std::pmr::get_default_resource());
  publish::CustomerState customer("acme", "c1");
  publish::OutputBatch outputs;
  publish::StepCounts counts;
  for (const int64_t day : {1, 2}) {
    v1::InteractionEvent event;
    event.set_event_id(std::to_string(day));
    event.set_occurred_at_ms(day * 86'400'000);
    event.mutable_contact()->set_contact_id(event.event_id());
    event.mutable_turn()->set_role(v1::Turn::CUSTOMER);
    step.Apply(customer, journey::ReadFacts(ingest::ViewOf(event)), {0, 0, "events", 0, day},
               outputs, counts);
  }
  CommittedRecord record{3, 42, {}, std::make_shared<const publish::Policy>(policy)};
  publish::CustomerRecordWriter(policy.rules).Append(customer, {41, 0, false}, &record.value);
  return record;
}

class CustomerPageTest : public ::testing::Test {
 protected:
  CustomerPageTest() { pages_.customers = &questions_; }

  // The first answer to a GET of the page.
  AdminAnswer Get(const std::string& target) { return Ask("GET", target); }
  AdminAnswer Ask(const std::string& method, const std::string& target) {
    return AnswerTo(pages_, method, target, absl::UnixEpoch(),
                    [this](const std::function<AdminAnswer()>& make) { later_ = make(); });
  }
  // The final answer, with the worker's in between.
  AdminAnswer GetAnd(const std::string& target, const CustomerQuestions::Answer& answer) {
    EXPECT_TRUE(Get(target).provisional);
    questions_.AnswerAll([&](std::string_view key) {
      asked_ = std::string(key);
      return answer;
    });
    return later_.value_or(AdminAnswer{});
  }

  CustomerQuestions questions_;
  publish::Policy policy_;
  AdminPages pages_;
  std::optional<AdminAnswer> later_;
  std::string asked_;
};

TEST_F(CustomerPageTest, IsOffUnlessTurnedOn) {
  pages_.customers = nullptr;
  for (const char* target :
       {"/v1/customers/acme/c1", "/v1/customers/%", "/v1/opening-cards/acme/c1"}) {
    const AdminAnswer answer = Get(target);
    EXPECT_EQ(answer.status, 404);
    EXPECT_FALSE(answer.provisional);
    EXPECT_THAT(answer.body, HasSubstr("admin.customers: true"));
  }
}

TEST_F(CustomerPageTest, EverythingBehindThePathIsTheKey) {
  for (const char* target :
       {"/v1/customers/acme/a/b", "/v1/customers/acme%2Fa%2fb", "/v1/customers/acme/a/b?x=y"}) {
    GetAnd(target, absl::NotFoundError("nobody"));
    EXPECT_EQ(asked_, "acme/a/b") << target;
  }
}

TEST_F(CustomerPageTest, KeysThatAreNoneAreRefusedAtOnce) {
  for (const char* key : {"", "acme", "acme/%", "acme/%zz", "?acme/c1"}) {
    const AdminAnswer answer = Get(std::string("/v1/customers/") + key);
    EXPECT_EQ(answer.status, 400) << key;
    EXPECT_FALSE(answer.provisional);
  }
  EXPECT_EQ(Get("/v1/customers").status, 404);
  EXPECT_EQ(Get("/v2/customers/acme/c1").status, 404);
}

TEST_F(CustomerPageTest, OnlyReads) {
  EXPECT_EQ(Ask("POST", "/v1/customers/acme/c1").status, 405);
  EXPECT_EQ(Ask("DELETE", "/v1/customers/acme/c1").status, 405);
  EXPECT_TRUE(Ask("HEAD", "/v1/customers/acme/c1").provisional);
}

TEST_F(CustomerPageTest, ShowsTheCustomerWithPartitionAndOffset) {
  const AdminAnswer answer = GetAnd("/v1/customers/acme/a/b", RecordOf("acme", "a/b", 42));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.content_type, "application/json");
  EXPECT_EQ(answer.body,
            R"({"customer":{"tenant_id":"acme","customer_id":"a/b","status":"idle",)"
            R"("applied_offset":41,"digest":"00000000000000ab","previous_journey_id":"",)"
            R"("open_journeys":0,"contacts":[],"alerts":[],"rows":[],"surveys":0,)"
            R"("known_events":0,"settlements":[],"guests":[],"absorbed_guests":0},"partition":3,)"
            R"("committed_offset":42})"
            "\n");
}

TEST_F(CustomerPageTest, ShowsTheOpeningCardThatIsOut) {
  policy_.openings = {{publish::Brings::kAgain, 0, "Hello again.", ""}};
  const AdminAnswer answer = GetAnd("/v1/opening-cards/acme/c1", RecordWithCard(policy_));
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.body, HasSubstr(R"("row_version":1,"is_deleted":false)"));
  EXPECT_THAT(answer.body, HasSubstr(R"("reason":"again","say_en":"Hello again.")"));
}

TEST_F(CustomerPageTest, WithoutACardThereIsNone) {
  const AdminAnswer answer = GetAnd("/v1/opening-cards/acme/c1", RecordOf("acme", "c1", 42));
  EXPECT_EQ(answer.status, 404);
  EXPECT_THAT(answer.body, HasSubstr("no opening card"));
}

TEST_F(CustomerPageTest, WhyNotIsSaidWithoutTheKey) {
  const std::pair<CustomerQuestions::Answer, int> cases[] = {
      {absl::NotFoundError("another worker"), 404},
      {absl::UnavailableError("replaying"), 503},
      {CommittedRecord{0, 1, "\xFFnothing that parses", std::make_shared<const publish::Policy>()},
       500},
  };
  for (const char* target : {"/v1/customers/acme/c1", "/v1/opening-cards/acme/c1"}) {
    for (const auto& [found, status] : cases) {
      const AdminAnswer answer = GetAnd(target, found);
      EXPECT_EQ(answer.status, status);
      EXPECT_EQ(answer.content_type, "application/json");
      EXPECT_THAT(answer.body, StartsWith("{\"error\":\""));
      EXPECT_THAT(answer.body, Not(HasSubstr("c1")));
    }
  }
}

TEST_F(CustomerPageTest, WhyNotIsValidJson) {
  const AdminAnswer answer = GetAnd("/v1/customers/acme/c1", absl::NotFoundError("a \"b\""));
  EXPECT_EQ(answer.body, "{\"error\":\"a \\\"b\\\"\"}\n");
}

TEST_F(CustomerPageTest, WithoutAnAnswerItIsNotNow) {
  const AdminAnswer answer = Get("/v1/customers/acme/c1");
  EXPECT_EQ(answer.status, 503);
  EXPECT_THAT(answer.body, HasSubstr("did not answer in time"));
}

TEST_F(CustomerPageTest, TooManyAreTurnedAway) {
  for (size_t i = 0; i < CustomerQuestions::kMostWaiting; ++i) {
    EXPECT_TRUE(Get("/v1/customers/acme/c1").provisional);
  }
  const AdminAnswer answer = Get("/v1/customers/acme/c1");
  EXPECT_EQ(answer.status, 503);
  EXPECT_FALSE(answer.provisional);
  EXPECT_THAT(answer.body, HasSubstr("too many"));
}

}  // namespace
}  // namespace peakend::runtime
