#include "processors/runtime/schema_registry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "processors/runtime/schema_ids.h"
#include "tests/runtime/fake_registry.h"

namespace peakend::runtime {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr char kLookUp[] = "POST /root/subjects/t-value";
constexpr char kCompatible[] = "POST /root/compatibility/subjects/t-value/versions/latest";
constexpr char kRegister[] = "POST /root/subjects/t-value/versions";

const Reply kNone{404, R"({"error_code":40401,"message":"Subject 't-value' not found."})"};
const Reply kSilent{0, "", Reply::Kind::kSilence};

class SchemaRegistryTest : public testing::Test {
 protected:
  SchemaRegistryOptions OptionsFor(const FakeRegistry& fake) {
    SchemaRegistryOptions options;
    options.url = {"127.0.0.1", fake.port(), "/root"};
    options.sleep = [this](absl::Duration pause) { pauses_.push_back(pause); };
    return options;
  }
  absl::StatusOr<int> Ask(const FakeRegistry& fake) {
    return SchemaRegistry(OptionsFor(fake)).IdOf("t-value", "message \"T\" {}\n");
  }

  std::vector<absl::Duration> pauses_;
};

TEST_F(SchemaRegistryTest, LooksUpWhatIsThereWithoutWriting) {
  const FakeRegistry fake({{200, R"({"subject":"t-value","id":41,"version":3})"}});
  EXPECT_EQ(*Ask(fake), 41);
  ASSERT_THAT(fake.lines(), ElementsAre(kLookUp));
  EXPECT_EQ(fake.asked()[0].content_type, "application/vnd.schemaregistry.v1+json");
  EXPECT_EQ(fake.asked()[0].authorization, "");
  EXPECT_EQ(fake.asked()[0].body, R"({"schemaType":"PROTOBUF","schema":"message \"T\" {}\n"})");
}

TEST_F(SchemaRegistryTest, RegistersWhatIsNew) {
  const FakeRegistry first({kNone, kNone, {200, R"({"id":1})"}});
  EXPECT_EQ(*Ask(first), 1);
  EXPECT_THAT(first.lines(), ElementsAre(kLookUp, kCompatible, kRegister));
  const FakeRegistry next({{404, ""}, {200, R"({"is_compatible":true})"}, {200, R"({"id":2})"}});
  EXPECT_EQ(*Ask(next), 2);
  EXPECT_THAT(next.lines(), ElementsAre(kLookUp, kCompatible, kRegister));
  EXPECT_EQ(next.asked()[2].body, next.asked()[0].body);
}

TEST_F(SchemaRegistryTest, AsksOnceForEachSubjectAndSchema) {
  const FakeRegistry fake({{200, R"({"id":1})"}, {200, R"({"id":2})"}, {200, R"({"id":3})"}});
  SchemaRegistry registry(OptionsFor(fake));
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(*registry.IdOf("a-value", "s"), 1);
    EXPECT_EQ(*registry.IdOf("b/value", "s"), 2);
    EXPECT_EQ(*registry.IdOf("a-value", "t"), 3);
  }
  EXPECT_THAT(fake.lines(),
              ElementsAre("POST /root/subjects/a-value", "POST /root/subjects/b%2Fvalue",
                          "POST /root/subjects/a-value"));
}

TEST_F(SchemaRegistryTest, AnErrorIsNotKept) {
  const FakeRegistry fake({{401, ""}, {200, R"({"id":1})"}});
  SchemaRegistry registry(OptionsFor(fake));
  EXPECT_TRUE(absl::IsPermissionDenied(registry.IdOf("a", "s").status()));
  EXPECT_EQ(*registry.IdOf("a", "s"), 1);
}

TEST_F(SchemaRegistryTest, TriesAgainWhatMayGoAway) {
  const FakeRegistry fake({{503, ""}, {429, ""}, {200, R"({"id":1})"}});
  EXPECT_EQ(*Ask(fake), 1);
  EXPECT_THAT(pauses_, ElementsAre(absl::Milliseconds(200), absl::Milliseconds(400)));
}

TEST_F(SchemaRegistryTest, ErrorsSayWhatToDo) {
  const struct {
    std::vector<Reply> script;
    absl::StatusCode code;
    const char* text;
    size_t requests;
  } cases[] = {
      {{{500, R"({"error_code":50001,"message":"store\nbroken"})"},
        {502, ""},
        {500, R"({"message":"x"})"}},
       absl::StatusCode::kUnavailable,
       "500: x; see the registry's own log",
       3},
      {{{401, ""}}, absl::StatusCode::kPermissionDenied, "check bi.registry.username", 1},
      {{kNone, kNone, {403, R"({"message":"no\u001b[31m"})"}},
       absl::StatusCode::kPermissionDenied,
       "403: no\\033[31m; check bi.registry.username",
       3},
      {{kNone, {200, R"({"is_compatible":false})"}},
       absl::StatusCode::kFailedPrecondition,
       "not compatible with the latest schema there; give the rows a topic of another name",
       2},
      {{kNone, {200, R"({"is_compatible":true})"}, {409, R"({"message":"field 3"})"}},
       absl::StatusCode::kFailedPrecondition,
       "latest schema there: field 3; give the rows",
       3},
      {{kNone, {422, R"({"error_code":42201,"message":"Invalid schema"})"}},
       absl::StatusCode::kInvalidArgument,
       "422: Invalid schema; the registry does not take",
       2},
      {{{404, "<html>"}, {404, "<html>"}, {404, "<html>"}},
       absl::StatusCode::kInvalidArgument,
       "404; bi.registry.url must name the root",
       3},
      {{{302, ""}}, absl::StatusCode::kInvalidArgument, "302; bi.registry.url must name", 1},
      {{{200, "<html>"}}, absl::StatusCode::kInvalidArgument, "no number of a schema", 1},
      {{{200, R"({"id":"1"})"}}, absl::StatusCode::kInvalidArgument, "no number of a schema", 1},
      {{{200, R"({"id":0})"}}, absl::StatusCode::kInvalidArgument, "no number of a schema", 1},
      {{{200, R"({"id":2147483648})"}}, absl::StatusCode::kInvalidArgument, "no number of", 1},
      {{kNone, {200, R"({"is_compatible":"yes"})"}},
       absl::StatusCode::kInvalidArgument,
       "does not say whether a schema is compatible",
       2},
      {{{0, "SSH-2.0-x\r\n", Reply::Kind::kRaw}},
       absl::StatusCode::kInvalidArgument,
       "its answer is not one of HTTP",
       1},
      {{{200, std::string((1 << 20) + 1, ' ')}},
       absl::StatusCode::kInvalidArgument,
       "body limit",
       1},
  };
  for (const auto& [script, code, text, requests] : cases) {
    const FakeRegistry fake(script);
    const absl::Status status = Ask(fake).status();
    EXPECT_EQ(status.code(), code) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(text));
    EXPECT_EQ(fake.asked().size(), requests) << text;
  }
}

TEST_F(SchemaRegistryTest, ItMayBeAway) {
  const Reply cut{0, "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{", Reply::Kind::kRaw};
  const Reply gone{0, "", Reply::Kind::kRaw};
  const FakeRegistry fake({cut, gone, kSilent});
  SchemaRegistryOptions options = OptionsFor(fake);
  options.timeout = absl::Milliseconds(500);
  const absl::Status silent = SchemaRegistry(options).IdOf("a", "s").status();
  EXPECT_TRUE(absl::IsUnavailable(silent)) << silent;
  EXPECT_THAT(std::string(silent.message()),
              HasSubstr("no answer within 500ms; check bi.registry.url, or set schema_id"));
  EXPECT_EQ(fake.asked().size(), 3u);
  SchemaRegistryOptions nobody = OptionsFor(FakeRegistry({}));
  const absl::Status refused = SchemaRegistry(nobody).IdOf("a", "s").status();
  EXPECT_TRUE(absl::IsUnavailable(refused)) << refused;
  EXPECT_THAT(std::string(refused.message()),
              HasSubstr(absl::StrCat("schema registry 127.0.0.1:", nobody.url.port,
                                     ": it cannot be reached: Connection refused")));
}

class SchemaIdsTest : public testing::Test {
 protected:
  SchemaIdsTest() {
    auto& bi = *config_.mutable_bi();
    for (v1::RowsConfig* rows : {bi.mutable_moment(), bi.mutable_journey(), bi.mutable_survey()}) {
      rows->set_enabled(true);
      rows->set_format("protobuf_confluent");
    }
    config_.mutable_topics()->mutable_bi_moment()->set_name("m");
    config_.mutable_topics()->mutable_bi_journey()->set_name("j");
    config_.mutable_topics()->mutable_bi_survey()->set_name("s");
    bi.mutable_registry()->mutable_timeout()->set_seconds(5);
  }
  void Use(const FakeRegistry& fake) {
    config_.mutable_bi()->mutable_registry()->set_url(
        absl::StrCat("http://127.0.0.1:", fake.port(), "/"));
  }

  v1::Config config_;
};

TEST_F(SchemaIdsTest, ThoseThatAreMissingAreAskedFor) {
  config_.mutable_bi()->mutable_alert()->set_format("protobuf_confluent");
  config_.mutable_bi()->mutable_contact()->set_enabled(true);
  config_.mutable_bi()->mutable_contact()->set_format("json");
  config_.mutable_bi()->mutable_survey()->set_schema_id(9);
  const FakeRegistry fake({{200, R"({"id":4})"}, {200, R"({"id":5})"}});
  Use(fake);
  ASSERT_TRUE(ResolveSchemaIds(&config_).ok());
  EXPECT_EQ(config_.bi().moment().schema_id(), 4u);
  EXPECT_EQ(config_.bi().journey().schema_id(), 5u);
  EXPECT_EQ(config_.bi().survey().schema_id(), 9u);
  EXPECT_EQ(config_.bi().alert().schema_id(), 0u);
  EXPECT_EQ(config_.bi().contact().schema_id(), 0u);
  ASSERT_THAT(fake.lines(), ElementsAre("POST /subjects/m-value", "POST /subjects/j-value"));
  EXPECT_THAT(fake.asked()[1].body, HasSubstr("package peakend.bi.v1;\\n\\nmessage JourneyRow {"));
  EXPECT_THAT(fake.asked()[1].body, HasSubstr("  optional double score = "));
  EXPECT_THAT(fake.asked()[1].body, Not(HasSubstr("import")));
}

TEST_F(SchemaIdsTest, AnErrorNamesTheRows) {
  const FakeRegistry fake({{200, R"({"id":4})"}, {401, ""}});
  Use(fake);
  const absl::Status status = ResolveSchemaIds(&config_);
  EXPECT_TRUE(absl::IsPermissionDenied(status));
  EXPECT_THAT(std::string(status.message()), testing::StartsWith("bi.journey: schema registry "));
}

TEST_F(SchemaIdsTest, NobodyIsAskedForNothing) {
  for (v1::RowsConfig* rows :
       {config_.mutable_bi()->mutable_moment(), config_.mutable_bi()->mutable_journey()}) {
    rows->set_format("protobuf");
  }
  config_.mutable_bi()->mutable_survey()->set_schema_id(1);
  config_.mutable_bi()->mutable_registry()->set_url("http://127.0.0.1:1");
  EXPECT_TRUE(ResolveSchemaIds(&config_).ok());
}

TEST_F(SchemaIdsTest, TheUserIsAuthenticatedByTheFile) {
  const std::string path = testing::TempDir() + "/registry_password";
  std::ofstream(path) << "s3:cret\r\n";
  const FakeRegistry fake({{401, ""}});
  Use(fake);
  config_.mutable_bi()->mutable_registry()->set_username("u");
  config_.mutable_bi()->mutable_registry()->set_password_file(path);
  const absl::Status status = ResolveSchemaIds(&config_);
  ASSERT_EQ(fake.asked().size(), 1u);
  EXPECT_EQ(fake.asked()[0].authorization, "Basic dTpzMzpjcmV0");
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("cret")));
  config_.mutable_bi()->mutable_registry()->set_password_file(path + ".none");
  EXPECT_TRUE(absl::IsNotFound(ResolveSchemaIds(&config_)));
  EXPECT_EQ(fake.asked().size(), 1u);
}

TEST_F(SchemaIdsTest, AnAddressThatCannotBeAskedIsRefused) {
  for (const char* url : {"", "https://registry", "registry:8081"}) {
    config_.mutable_bi()->mutable_registry()->set_url(url);
    const absl::Status status = ResolveSchemaIds(&config_);
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
    EXPECT_THAT(std::string(status.message()), testing::StartsWith("bi.registry.url: "));
  }
}

}  // namespace
}  // namespace peakend::runtime
