#include "processors/publish/json.h"

#include <cmath>
#include <limits>
#include <string>

#include "google/protobuf/util/json_util.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"
#include "peakend/v1/alert.pb.h"
#include "peakend/v1/experience.pb.h"
#include "peakend/v1/interaction_event.pb.h"
#include "peakend/v1/rejected_record.pb.h"
#include "rapidcheck.h"
#include "tests/publish/random_message.h"

namespace peakend::publish {
namespace {

using google::protobuf::Message;
using google::protobuf::util::JsonStringToMessage;
using google::protobuf::util::MessageDifferencer;

std::string Json(const Message& message, JsonDefaults defaults = JsonDefaults::kPrint) {
  std::string out;
  AppendJson(message, defaults, &out);
  return out;
}

std::string Quoted(std::string_view text) {
  std::string out;
  AppendJsonString(text, &out);
  return out;
}

// The text of one double, through a field with presence.
std::string Number(double value) {
  v1::Evidence evidence;
  evidence.set_valence(value);
  const std::string json = Json(evidence, JsonDefaults::kOmit);
  const std::string prefix = "{\"valence\":";
  EXPECT_EQ(json.substr(0, prefix.size()), prefix);
  return json.substr(prefix.size(), json.size() - prefix.size() - 1);
}

TEST(JsonTest, FieldsWithoutPresenceArePrintedAndAbsentOnesLeftOut) {
  EXPECT_EQ(Json(v1::Evidence()), R"({"event_id":"","at_ms":0,"cause":""})");
  v1::RejectedRecord record;
  EXPECT_EQ(Json(record),
            R"({"reason":"REJECT_REASON_UNSPECIFIED","stage":"","timestamp_ms":0,"key":"",)"
            R"("value":"","field":""})");
  record.mutable_source();
  EXPECT_EQ(Json(record), R"({"reason":"REJECT_REASON_UNSPECIFIED","stage":"",)"
                          R"("source":{"topic":"","partition":0,"offset":0},)"
                          R"("timestamp_ms":0,"key":"","value":"","field":""})");
}

TEST(JsonTest, CompactFormLeavesDefaultsOutButKeepsPresentZeros) {
  v1::Evidence evidence;
  evidence.set_valence(0);
  EXPECT_EQ(Json(evidence, JsonDefaults::kOmit), R"({"valence":0})");
  EXPECT_EQ(Json(v1::Alert(), JsonDefaults::kOmit), "{}");
}

TEST(JsonTest, RepeatedFieldsAreArraysAndMapsAreOrderedObjects) {
  v1::Alert alert;
  alert.add_evidence()->set_event_id("b");
  alert.add_evidence()->set_event_id("a");
  (*alert.mutable_message_params())["z"] = "1";
  (*alert.mutable_message_params())["a\""] = "2";
  (*alert.mutable_message_params())["m"] = "3";
  EXPECT_EQ(Json(alert, JsonDefaults::kOmit), R"({"evidence":[{"event_id":"b"},{"event_id":"a"}],)"
                                              R"("message_params":{"a\"":"2","m":"3","z":"1"}})");
  EXPECT_NE(Json(v1::Alert()).find(R"("evidence":[],"message_params":{})"), std::string::npos);
}

TEST(JsonTest, EnumsByNameAndUnknownOnesAsNumbers) {
  v1::Alert alert;
  alert.set_state(v1::Alert::FOLLOW_UP);
  alert.set_severity(static_cast<v1::Alert::Severity>(77));
  EXPECT_EQ(Json(alert, JsonDefaults::kOmit), R"({"state":"FOLLOW_UP","severity":77})");
}

TEST(JsonTest, WideIntegersAreNumbersAndBytesAreBase64) {
  v1::RejectedRecord record;
  record.set_timestamp_ms(std::numeric_limits<int64_t>::min());
  record.set_value(std::string("\0\xFF\x10", 3));
  EXPECT_EQ(Json(record, JsonDefaults::kOmit),
            R"({"timestamp_ms":-9223372036854775808,"value":"AP8Q"})");
}

TEST(JsonTest, NumbersAreShortestAndWholeOnesPlain) {
  EXPECT_EQ(Number(0), "0");
  EXPECT_EQ(Number(-1), "-1");
  EXPECT_EQ(Number(0.5), "0.5");
  EXPECT_EQ(Number(0.1), "0.1");
  EXPECT_EQ(Number(-0.300000001), "-0.300000001");
  EXPECT_EQ(Number(100000), "100000");
  EXPECT_EQ(Number(1e20), "100000000000000000000");
  EXPECT_EQ(Number(1e-9), "1e-09");
  EXPECT_EQ(Number(std::nan("")), "null");
  EXPECT_EQ(Number(std::numeric_limits<double>::infinity()), "null");
  v1::Turn turn;
  turn.set_loudness(0.1F);
  EXPECT_EQ(Json(turn, JsonDefaults::kOmit), R"({"loudness":0.1})");
}

TEST(JsonTest, StringsAreEscapedAndUtf8IsKept) {
  EXPECT_EQ(Quoted("a\"b\\c/\b\f\n\r\t\x01\x1f\x7f"),
            "\"a\\\"b\\\\c/\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\"");
  EXPECT_EQ(Quoted(std::string_view("\0", 1)), "\"\\u0000\"");
  EXPECT_EQ(Quoted("关键时刻 é 😀"), "\"关键时刻 é 😀\"");
}

TEST(JsonTest, BrokenUtf8BecomesReplacementCharacters) {
  EXPECT_EQ(Quoted("\x80"), "\"\uFFFD\"");
  EXPECT_EQ(Quoted("a\xE5\x85"
                   "b"),
            "\"a\uFFFDb\"");                                    // cut in the middle
  EXPECT_EQ(Quoted("\xE5\x85"), "\"\uFFFD\"");                  // cut at the end
  EXPECT_EQ(Quoted("\xC0\xAF"), "\"\uFFFD\uFFFD\"");            // overlong
  EXPECT_EQ(Quoted("\xED\xA0\x80"), "\"\uFFFD\uFFFD\uFFFD\"");  // surrogate
  EXPECT_EQ(Quoted("\xF4\x90\x80\x80"), "\"\uFFFD\uFFFD\uFFFD\uFFFD\"");
  EXPECT_EQ(Quoted("\xF0\x9F\x98"
                   "\""),
            "\"\uFFFD\\\"\"");
}

TEST(JsonTest, LineHasTopicKeyAndValue) {
  v1::Evidence evidence;
  evidence.set_event_id("e1");
  std::string out = "before\n";
  AppendJsonLine("journeys", "k\"1", evidence, &out);
  EXPECT_EQ(out,
            "before\n"
            R"({"topic":"journeys","key":"k\"1","value":{"event_id":"e1","at_ms":0,"cause":""}})"
            "\n");
}

template <typename T>
void ReadsBack() {
  T message;
  FillAtRandom(&message);
  for (const JsonDefaults defaults : {JsonDefaults::kPrint, JsonDefaults::kOmit}) {
    const std::string json = Json(message, defaults);
    T back;
    const auto status = JsonStringToMessage(json, &back);
    if (!status.ok()) RC_FAIL(status.ToString() + "\n" + json);
    if (!MessageDifferencer::Equals(message, back)) RC_FAIL("differs: " + json);
  }
}

TEST(JsonTest, RandomMessagesReadBackEqual) {
  EXPECT_TRUE(rc::check("InteractionEvent", ReadsBack<v1::InteractionEvent>));
  EXPECT_TRUE(rc::check("Alert", ReadsBack<v1::Alert>));
  EXPECT_TRUE(rc::check("Score", ReadsBack<v1::Score>));
}

TEST(JsonTest, AnyBytesInAStringGiveParsableJson) {
  EXPECT_TRUE(rc::check([](const std::string& bytes) {
    std::string json = "{\"text\":";
    AppendJsonString(bytes, &json);
    json += "}";
    v1::Turn turn;
    RC_ASSERT(JsonStringToMessage(json, &turn).ok());
  }));
}

}  // namespace
}  // namespace peakend::publish
