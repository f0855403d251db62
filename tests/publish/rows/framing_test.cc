#include "processors/publish/rows/framing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "google/protobuf/util/message_differencer.h"
#include "peakend/bi/v1/promise_row.pb.h"
#include "peakend/bi/v1/survey_row.pb.h"

namespace peakend::publish {
namespace {

using bi::v1::PromiseRow;
using bi::v1::SurveyRow;
using google::protobuf::util::MessageDifferencer;
using testing::HasSubstr;

template <size_t N>
std::string Bytes(const char (&literal)[N]) {
  return std::string(literal, N - 1);
}

SurveyRow Answer() {
  SurveyRow row;
  row.set_survey_key("s\"1");
  row.set_row_version(9007199254740993);  // no double
  row.set_source_partition(-1);
  row.set_score(0.1);
  row.set_raw(0);
  return row;
}

std::string Framed(Framing framing, uint32_t id, const google::protobuf::Message& row) {
  std::string out = "before";
  RowFraming(framing, id, *row.GetDescriptor()).Append(row, &out);
  EXPECT_EQ(out.substr(0, 6), "before");
  return out.substr(6);
}

template <typename Row>
absl::Status Read(Framing framing, uint32_t id, std::string_view value, Row* row) {
  return RowFraming(framing, id, *Row::descriptor()).Read(value, row);
}

std::string ReadError(Framing framing, uint32_t id, std::string_view value) {
  SurveyRow row;
  const absl::Status status = Read(framing, id, value, &row);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  return std::string(status.message());
}

const std::string kAnswerBytes = Bytes(
    "\x0a\x03s\"1\x10\x81\x80\x80\x80\x80\x80\x80\x10\x58\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"
    "\xa9\x01\x9a\x99\x99\x99\x99\x99\xb9\x3f\xb1\x01\x00\x00\x00\x00\x00\x00\x00\x00");

constexpr std::string_view kAnswerJson =
    R"({"survey_key":"s\"1","row_version":9007199254740993,"is_deleted":false,"amend_reason":"",)"
    R"("tenant_id":"","customer_key":"","business_date":"","detected_at_ms":0,"policy_version":"",)"
    R"("source_topic":"","source_partition":-1,"source_offset":0,"contact_id":"",)"
    R"("kind":"","status":"","occurred_at_ms":null,"asked_at_ms":null,"score":0.1,"raw":0,)"
    R"("raw_min":null,"raw_max":null,"channel":"","queue_id":"","agent_id":"","touchpoint_id":"",)"
    R"("tier":"","event_id":""})";

TEST(RowFraming, HasTheNamesOfTheConfiguration) {
  EXPECT_EQ(FramingNamed("protobuf"), Framing::kProtobuf);
  EXPECT_EQ(FramingNamed("protobuf_confluent"), Framing::kProtobufConfluent);
  EXPECT_EQ(FramingNamed("json"), Framing::kJson);
  EXPECT_EQ(FramingNamed("connect_json"), Framing::kConnectJson);
  for (const char* name : {"", "Protobuf", "json ", "avro"}) {
    EXPECT_FALSE(FramingNamed(name).has_value()) << name;
  }
}

TEST(RowFraming, ProtobufIsTheBareMessage) {
  EXPECT_EQ(Framed(Framing::kProtobuf, 7, Answer()), kAnswerBytes);
  EXPECT_EQ(Framed(Framing::kProtobuf, 7, SurveyRow()), "");
}

TEST(RowFraming, ConfluentHasMagicIdAndIndexBeforeTheMessage) {
  EXPECT_EQ(Framed(Framing::kProtobufConfluent, 0x01020384, Answer()),
            Bytes("\x00\x01\x02\x03\x84\x00") + kAnswerBytes);
  EXPECT_EQ(Framed(Framing::kProtobufConfluent, 1, SurveyRow()), Bytes("\x00\x00\x00\x00\x01\x00"));
}

TEST(RowFraming, JsonHasEveryField) { EXPECT_EQ(Framed(Framing::kJson, 0, Answer()), kAnswerJson); }

TEST(RowFraming, OfASerialisedRowIsThatOfTheRow) {
  for (const Framing framing :
       {Framing::kProtobuf, Framing::kProtobufConfluent, Framing::kJson, Framing::kConnectJson}) {
    auto scratch = Answer();
    std::string out = "before";
    RowFraming(framing, 7, *scratch.GetDescriptor())
        .AppendSerialised(Answer().SerializeAsString(), &scratch, &out);
    EXPECT_EQ(out, "before" + Framed(framing, 7, Answer()));
  }
}

TEST(RowFraming, JsonIsHarmlessWhateverTheRowHolds) {
  SurveyRow row;
  row.set_survey_key("\xff\n");
  row.set_score(std::nan(""));
  row.set_raw(-std::numeric_limits<double>::infinity());
  row.set_raw_min(1e300);
  row.set_raw_max(-0.0);
  const std::string json = Framed(Framing::kJson, 0, row);
  EXPECT_THAT(json, HasSubstr("{\"survey_key\":\"\xEF\xBF\xBD\\n\","));
  EXPECT_THAT(json, HasSubstr(R"("score":null,"raw":null,"raw_min":1e+300,"raw_max":-0,)"));
}

TEST(RowFraming, ConnectJsonHasTheSchemaBeforeThePayload) {
  PromiseRow row;
  row.set_promise_key("j:promise:1");
  row.set_due_at_ms(5);
  EXPECT_EQ(
      Framed(Framing::kConnectJson, 0, row),
      R"({"schema":{"type":"struct","name":"peakend.bi.v1.PromiseRow","optional":false,"fields":[)"
      R"({"field":"promise_key","type":"string","optional":false},)"
      R"({"field":"row_version","type":"int64","optional":false},)"
      R"({"field":"is_deleted","type":"boolean","optional":false},)"
      R"({"field":"amend_reason","type":"string","optional":false},)"
      R"({"field":"tenant_id","type":"string","optional":false},)"
      R"({"field":"customer_key","type":"string","optional":false},)"
      R"({"field":"business_date","type":"string","optional":false},)"
      R"({"field":"detected_at_ms","type":"int64","optional":false},)"
      R"({"field":"policy_version","type":"string","optional":false},)"
      R"({"field":"source_topic","type":"string","optional":false},)"
      R"({"field":"source_partition","type":"int32","optional":false},)"
      R"({"field":"source_offset","type":"int64","optional":false},)"
      R"({"field":"journey_id","type":"string","optional":false},)"
      R"({"field":"contact_id","type":"string","optional":false},)"
      R"({"field":"promise_id","type":"string","optional":false},)"
      R"({"field":"kind","type":"string","optional":false},)"
      R"({"field":"promised_at_ms","type":"int64","optional":true},)"
      R"({"field":"due_at_ms","type":"int64","optional":true},)"
      R"({"field":"fulfilled_at_ms","type":"int64","optional":true},)"
      R"({"field":"status","type":"string","optional":false},)"
      R"({"field":"queue_id","type":"string","optional":false},)"
      R"({"field":"agent_id","type":"string","optional":false},)"
      R"({"field":"channel","type":"string","optional":false}]},"payload":)"
      R"({"promise_key":"j:promise:1","row_version":0,"is_deleted":false,"amend_reason":"",)"
      R"("tenant_id":"","customer_key":"","business_date":"","detected_at_ms":0,)"
      R"("policy_version":"","source_topic":"","source_partition":0,"source_offset":0,)"
      R"("journey_id":"","contact_id":"","promise_id":"","kind":"","promised_at_ms":null,)"
      R"("due_at_ms":5,"fulfilled_at_ms":null,"status":"","queue_id":"","agent_id":"",)"
      R"("channel":""}})");
}

TEST(RowFraming, ConfluentReadsBothFormsOfTheIndexAndAnyIdIfNoneIsSet) {
  const std::string value = Bytes("\x00\x00\x00\x01\x00\x00") + kAnswerBytes;
  const std::string at_length = Bytes("\x00\x00\x00\x01\x00\x02\x00") + kAnswerBytes;
  for (const std::string& form : {value, at_length}) {
    for (const uint32_t id : {0u, 256u}) {
      SurveyRow row;
      ASSERT_TRUE(Read(Framing::kProtobufConfluent, id, form, &row).ok());
      EXPECT_TRUE(MessageDifferencer::Equals(row, Answer()));
    }
  }
}

TEST(RowFraming, ConfluentSaysWhatIsWrong) {
  const struct {
    std::string value;
    const char* problem;
  } cases[] = {
      {"", "only 0 bytes: less than magic byte, schema id and message index"},
      {Bytes("\x00\x00\x00\x00\x07"), "only 5 bytes"},
      {Bytes("\x01\x00\x00\x00\x07\x00"), "the first byte is 1 instead of 0: not under a schema"},
      {Bytes("\x00\x00\x00\x00\x08\x00"), "schema id 8 instead of 7"},
      {Bytes("\x00\xff\xff\xff\xff\x00"), "schema id 4294967295 instead of 7"},
      {Bytes("\x00\x00\x00\x00\x07\x02\x02"), "its message is not the first of its schema"},
      {Bytes("\x00\x00\x00\x00\x07\x02"), "its message is not the first of its schema"},
      {Bytes("\x00\x00\x00\x00\x07\x04\x00\x00"), "its message is not the first of its schema"},
      {Bytes("\x00\x00\x00\x00\x07\x00\x0a"), "no SurveyRow in protobuf"},
  };
  for (const auto& [value, problem] : cases) {
    EXPECT_THAT(ReadError(Framing::kProtobufConfluent, 7, value), HasSubstr(problem));
  }
}

TEST(RowFraming, FieldsOfAnotherVersionArePassedOver) {
  const SurveyRow want = [] {
    SurveyRow row;
    row.set_survey_key("s");
    return row;
  }();
  const std::string object =
      R"({"new":1,"n":{"survey_key":"x","payload":[{}]},"l":[{"survey_key":2},"y"],)"
      R"( "survey_key":"s", "f":false, "z":null})";
  const struct {
    Framing framing;
    std::string value;
  } cases[] = {
      {Framing::kProtobuf, Bytes("\x0a\x01s\xc2\x3e\x02xy")},
      {Framing::kJson, object},
      {Framing::kJson, R"({"survey_key":"s"})"},
      {Framing::kConnectJson, R"({"payload":)" + object + "}"},
      {Framing::kConnectJson,
       R"( {"schema":{"payload":{"survey_key":"x"}},"survey_key":"x","m":[],)"
       R"("payload":)" +
           object + R"(,"after":{"survey_key":"x"}} )"},
      {Framing::kConnectJson, R"({"schema":null,"payload":{"survey_key":"s"}})"},
  };
  for (const auto& [framing, value] : cases) {
    SurveyRow row = Answer();
    const absl::Status status = Read(framing, 0, value, &row);
    ASSERT_TRUE(status.ok()) << status << value;
    row.DiscardUnknownFields();
    EXPECT_TRUE(MessageDifferencer::Equals(row, want)) << row.DebugString();
  }
}

TEST(RowFraming, JsonSaysWhatIsWrong) {
  const struct {
    Framing framing;
    const char* value;
    const char* problem;
  } cases[] = {
      {Framing::kJson, "", "not JSON from byte 1 on"},
      {Framing::kJson, "{", "not JSON from byte 2 on"},
      {Framing::kJson, R"({"tier":"x"}})", "not JSON from byte 13 on"},
      {Framing::kJson, R"([{"tier":"x"}])", "not a JSON object"},
      {Framing::kJson, "null", "not a JSON object"},
      {Framing::kJson, R"({"tier":1})", "tier: not a string"},
      {Framing::kJson, R"({"tier":{}})", "tier: not a string"},
      {Framing::kJson, R"({"tier":["x"]})", "tier: not a string"},
      {Framing::kJson, R"({"row_version":1.5})", "row_version: not a whole number"},
      {Framing::kJson, R"({"row_version":9223372036854775808})", "row_version: out of range"},
      {Framing::kJson, R"({"source_partition":2147483648})", "source_partition: out of range"},
      {Framing::kJson, R"({"is_deleted":1})", "is_deleted: neither true nor false"},
      {Framing::kJson, R"({"tier":"a","tier":"b"})", "tier: is there twice"},
      {Framing::kConnectJson, R"({"tier":"x"})", "an object without `payload`"},
      {Framing::kConnectJson, R"({"schema":{},"payload":null})", "`payload` is not an object"},
      {Framing::kConnectJson, R"({"payload":[{}]})", "`payload` is not an object"},
      {Framing::kConnectJson, R"({"payload":"{}"})", "`payload` is not an object"},
      {Framing::kConnectJson, R"({"payload":{},"payload":{}})", "`payload` is there twice"},
      {Framing::kConnectJson, R"({"payload":{"tier":1}})", "tier: not a string"},
      {Framing::kConnectJson, "[]", "not a JSON object"},
  };
  for (const auto& [framing, value, problem] : cases) {
    EXPECT_THAT(ReadError(framing, 0, value), HasSubstr(problem)) << value;
  }
  EXPECT_EQ(ReadError(Framing::kJson, 0, "{\"x\":" + std::string(10'000, '[')),
            "more than 32 levels deep");
}

}  // namespace
}  // namespace peakend::publish
