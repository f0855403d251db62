#include "processors/adapters/json_reader.h"

#include <string>
#include <vector>

#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"
#include "peakend/v1/interaction_event.pb.h"
#include "peakend/v1/policy.pb.h"
#include "processors/publish/json.h"
#include "tests/adapters/kinds.h"

namespace peakend::adapters {
namespace {

using google::protobuf::util::JsonStringToMessage;

// What the reader says about the text; the message as compact JSON when it takes it.
std::string Said(std::string_view json) {
  JsonReader reader;
  const auto message = NewKinds();
  const absl::Status status = reader.Read(json, message.get());
  if (!status.ok()) return std::string(status.message());
  std::string out;
  publish::AppendJson(*message, publish::JsonDefaults::kOmit, &out);
  return out;
}

struct Case {
  std::string json;
  std::string said;
};

// What is taken, and whatever both refuse: protobuf's parser says the same.
const std::vector<Case>& Agreed() {
  static const std::vector<Case> cases = {
      // names
      {R"({"int_a":1})", R"({"int_a":1})"},
      {R"({"intA":1})", R"({"int_a":1})"},
      {R"({"int_\u0061":1})", R"({"int_a":1})"},
      {R"({"renamed":1})", R"({"renamed":1})"},
      {R"({"@new":1})", R"({"renamed":1})"},
      {R"({"inta":1})", "unknown field `inta`"},
      {R"({"":1})", "unknown field ``"},
      {R"({"child":{"children":[{},{"intd":1}]}})", "unknown field `child.children.intd`"},
      {"{\"in\\u0007\":1}", "unknown field `in\\007`"},
      // whole numbers
      {R"({"int_a":2147483647,"int_b":-2147483648,"int_c":-1})",
       R"({"int_a":2147483647,"int_b":-2147483648,"int_c":-1})"},
      {R"({"int_a":"2147483647","uint_a":"4294967295","long_a":"-9223372036854775808"})",
       R"({"int_a":2147483647,"uint_a":4294967295,"long_a":-9223372036854775808})"},
      {R"({"ulong_a":18446744073709551615,"ulong_b":"18446744073709551615"})",
       R"({"ulong_a":18446744073709551615,"ulong_b":18446744073709551615})"},
      {R"({"int_a":1.0,"int_b":1e3,"int_c":-2.50e1,"uint_a":0.4E1,"long_a":1e18})",
       R"({"int_a":1,"int_b":1000,"int_c":-25,"uint_a":4,"long_a":1000000000000000000})"},
      {R"({"uint_a":-0,"ulong_a":-0.0})", "{}"},
      {R"({"int_a":2147483648})", "int_a: out of range"},
      {R"({"int_b":"-2147483649"})", "int_b: out of range"},
      {R"({"int_c":2.2e9})", "int_c: out of range"},
      {R"({"uint_a":-1})", "uint_a: out of range"},
      {R"({"uint_b":4294967296})", "uint_b: out of range"},
      {R"({"long_a":9223372036854775808})", "long_a: out of range"},
      {R"({"long_b":9223372036854775808.0})", "long_b: out of range"},
      {R"({"ulong_a":18446744073709551616})", "ulong_a: out of range"},
      {R"({"ulong_b":1e400})", "ulong_b: out of range"},
      {R"({"int_a":1.5})", "int_a: not a whole number"},
      {R"({"int_a":"1.0"})", "int_a: not a whole number"},
      {R"({"int_a":" 1"})", "int_a: not a whole number"},
      {R"({"int_a":""})", "int_a: not a whole number"},
      {R"({"int_a":"one"})", "int_a: not a whole number"},
      {R"({"int_a":{}})", "int_a: not a whole number"},
      {R"({"int_a":[1]})", "int_a: not a whole number"},
      {R"({"uint_a":"-1"})", "uint_a: not a whole number"},
      {R"({"long_a":"NaN"})", "long_a: not a whole number"},
      // reals
      {R"({"wide":1,"real":0.1})", R"({"real":0.1,"wide":1})"},
      {R"({"wide":0.30000000000000004,"maybe":4e-324})",
       R"({"wide":0.30000000000000004,"maybe":5e-324})"},
      {R"({"wide":"1.5e3","real":"-2"})", R"({"real":-2,"wide":1500})"},
      {R"({"maybe":0})", R"({"maybe":0})"},
      {R"({"wide":"NaN","maybe":"-Infinity","real":"Infinity"})",
       R"({"real":null,"wide":null,"maybe":null})"},
      {R"({"real":1e-60,"wide":12345678901234567890})", R"({"wide":12345678901234567168})"},
      {R"({"wide":1e400})", "wide: out of range"},
      {R"({"wide":"-1e400"})", "wide: out of range"},
      {R"({"real":3.5e38})", "real: out of range"},
      {R"({"real":"-1e39"})", "real: out of range"},
      {R"({"wide":"1,5"})", "wide: not a number"},
      {R"({"wide":"-"})", "wide: not a number"},
      {R"({"wide":"inf"})", "wide: not a number"},
      {R"({"real":"nan"})", "real: not a number"},
      {R"({"child":{"maybe":{}}})", "child.maybe: not a number"},
      // the other scalars
      {R"({"flag":true})", R"({"flag":true})"},
      {R"({"flag":false})", "{}"},
      {R"({"flag":1})", "flag: neither true nor false"},
      {R"({"text":"a\u00e9\n\uD83D\uDE00😀\u0000\/"})", R"({"text":"aé\n😀😀\u0000/"})"},
      {R"({"text":1})", "text: not a string"},
      {R"({"text":true})", "text: not a string"},
      {R"({"raw":"AP8Q"})", R"({"raw":"AP8Q"})"},
      {R"({"raw":"-_8="})", R"({"raw":"+/8="})"},
      {R"({"raw":"+/8"})", R"({"raw":"+/8="})"},
      {R"({"raw":""})", "{}"},
      {R"({"raw":"A"})", "raw: not base64"},
      {R"({"raw":"AB=="})", "raw: not base64"},
      {R"({"raw":"A P8Q"})", "raw: not base64"},
      {R"({"raw":"-_8/"})", "raw: not base64"},
      {R"({"raw":7})", "raw: not a string"},
      {R"({"tone":"LOUD"})", R"({"tone":"LOUD"})"},
      {R"({"tone":5})", R"({"tone":"LOUD"})"},
      {R"({"tone":-3.0})", R"({"tone":"LOW"})"},
      {R"({"tone":77})", R"({"tone":77})"},
      {R"({"tone":"SHRILL"})", "tone: no such name"},
      {R"({"tone":2147483648})", "tone: out of range"},
      {R"({"tone":{}})", "tone: neither a name nor a whole number"},
      // null, arrays, maps, messages, oneofs
      {R"({"int_a":null,"ints":null,"counts":null,"child":null,"tone":null,"one":null})", "{}"},
      {R"({"ints":[],"texts":["b","a"],"tones":["LOUD",9],"wides":[1,"NaN"],"raws":["AA"]})",
       R"({"texts":["b","a"],"tones":["LOUD",9],"wides":[1,null],"raws":["AA=="]})"},
      {R"({"ints":[1,"2",3.0],"children":[{},{"int_a":1}]})",
       R"({"ints":[1,2,3],"children":[{},{"int_a":1}]})"},
      {R"({"children":[1]})", "children: not an object"},
      {R"({"child":{}})", R"({"child":{}})"},
      {R"({"child":1})", "child: not an object"},
      {R"({"counts":{"b":1,"":2},"names":{"-7":"x"},"sides":{"true":{"int_a":1}}})",
       R"({"counts":{"":2,"b":1},"names":{"-7":"x"},"sides":{"true":{"int_a":1}}})"},
      {R"({"moods":{"4294967295":"LOUD"},"sides":{"false":{"counts":{"a":1}}}})",
       R"({"sides":{"false":{"counts":{"a":1}}},"moods":{"4294967295":"LOUD"}})"},
      {R"({"counts":{"a":"b"}})", "counts: not a whole number"},
      {R"({"counts":1})", "counts: not an object"},
      {R"({"names":{"x":"y"}})", "names: a key is not a whole number"},
      {R"({"moods":{"-1":1}})", "moods: a key is not a whole number"},
      {R"({"sides":{"true":{"flag":0}}})", "sides.flag: neither true nor false"},
      {R"({"counts":{"a":1,"a":2}})", "counts: a key is there twice"},
      {R"({"one":1})", R"({"one":1})"},
      {R"({"two":{},"one":null})", R"({"two":{}})"},
      {R"({"one":0,"three":""})", "three: another field of `choice` is there"},
      {R"({"three":"","two":{}})", "two: another field of `choice` is there"},
      // the text as a whole
      {" \t\r\n{ } \n", "{}"},
      {"", "not JSON from byte 1 on"},
      {"{", "not JSON from byte 2 on"},
      {"{} x", "not JSON from byte 4 on"},
      {"{}{}", "not JSON from byte 3 on"},
      {R"({"int_a":01})", "not JSON from byte 11 on"},
      {R"({"int_a":+1})", "not JSON from byte 10 on"},
      {"{\"text\":\"\xED\xA0\x80\"}", "not JSON from byte 10 on"},
      {"{\"text\":\"a\xFF\"}", "not JSON from byte 11 on"},
      {R"({"text":"\uD83D"})", "not JSON from byte 16 on"},
      {R"({"text":"\uDE00\uD83D"})", "not JSON from byte 11 on"},
      {"[]", "not a JSON object"},
      {"7", "not a JSON object"},
      {R"("{}")", "not a JSON object"},
  };
  return cases;
}

// Where we are stricter.
const std::vector<Case>& Refused() {
  static const std::vector<Case> cases = {
      {"{'int_a':1}", "not JSON from byte 2 on"},
      {"{int_a:1}", "not JSON from byte 2 on"},
      {R"({"int_a":1,})", "not JSON from byte 12 on"},
      {R"({"ints":[1,]})", "not JSON from byte 12 on"},
      {R"({"int_a":1,"int_a":1})", "int_a: is there twice"},
      {R"({"int_a":1,"intA":1})", "int_a: is there twice"},
      {R"({"child":{},"int_a":1,"child":{}})", "child: is there twice"},
      {R"({"child":{"ints":[],"ints":[]}})", "child.ints: is there twice"},
      {R"({"flag":"true"})", "flag: neither true nor false"},
      {R"({"tone":"5"})", "tone: no such name"},
      {R"({"ints":1})", "ints: not an array"},
      {R"({"ints":[1,[2]]})", "ints: not a whole number"},
      {R"({"ints":[1,null]})", "ints: null is no value here"},
      {R"({"counts":{"a":null}})", "counts: null is no value here"},
      {R"({"sides":{"yes":{}}})", "sides: a key is neither true nor false"},
      {R"({"children":{}})", "children: not an array"},
      {R"({"int_a":"+1"})", "int_a: not a whole number"},
      {R"({"wide":".5"})", "wide: not a number"},
      {R"({"wide":1e-400})", "wide: out of range"},
      {R"({"long_a":-9223372036854775809})", "long_a: out of range"},
  };
  return cases;
}

TEST(JsonReaderTest, ReadsAndRefusesAsTheMappingSays) {
  for (const Case& one : Agreed()) {
    SCOPED_TRACE(one.json);
    EXPECT_EQ(Said(one.json), one.said);
    const auto theirs = NewKinds();
    const bool taken = JsonStringToMessage(one.json, theirs.get()).ok();
    EXPECT_EQ(taken, one.said[0] == '{');
    if (!taken || one.said[0] != '{') continue;
    const auto ours = NewKinds();
    ASSERT_TRUE(JsonReader().Read(one.json, ours.get()).ok());
    EXPECT_EQ(ours->SerializeAsString().size(), theirs->SerializeAsString().size());
  }
}

TEST(JsonReaderTest, IsStricterWhereTheHeaderSaysSo) {
  for (const Case& one : Refused()) {
    SCOPED_TRACE(one.json);
    EXPECT_EQ(Said(one.json), one.said);
    EXPECT_TRUE(JsonStringToMessage(one.json, NewKinds().get()).ok());
  }
}

std::string Nested(int levels) {
  std::string json = "{";
  for (int i = 1; i < levels; ++i) json += "\"child\":{";
  return json + std::string(static_cast<size_t>(levels), '}');
}

// As the mapping of protobuf has it.
TEST(JsonReaderTest, DurationsAreStrings) {
  const auto read = [](const std::string& gap) {
    v1::WindowPolicy windows;
    JsonReader reader;
    const absl::Status status = reader.Read("{\"contact_gap\":\"" + gap + "\"}", &windows);
    if (!status.ok()) return std::string(status.message());
    std::string out;
    publish::AppendJson(windows, publish::JsonDefaults::kOmit, &out);
    return out;
  };
  for (const char* gap : {"0s", "1800s", "1.5s", "0.000000001s", "-2.25s", "315576000000s"}) {
    EXPECT_EQ(read(gap), "{\"contact_gap\":\"" + std::string(gap) + "\"}");
  }
  EXPECT_EQ(read("1.500s"), R"({"contact_gap":"1.5s"})");
  for (const char* gap : {"", "s", "1", "1m", ".5s", "1.0000000001s", "1e3s", "+1s", "--1s", "1 s",
                          "315576000001s", "99999999999999999999s"}) {
    EXPECT_EQ(read(gap), "contact_gap: not a duration such as 1.5s") << gap;
  }
}

TEST(JsonReaderTest, DepthHasABound) {
  EXPECT_EQ(Said(Nested(100)), Nested(100));
  EXPECT_EQ(Said(Nested(101)), "more than 100 levels deep");
  EXPECT_TRUE(JsonStringToMessage(Nested(100), NewKinds().get()).ok());
  EXPECT_FALSE(JsonStringToMessage(Nested(101), NewKinds().get()).ok());
}

TEST(JsonReaderTest, LongNamesAreCut) {
  EXPECT_EQ(Said("{\"" + std::string(1000, 'x') + "\":1}"),
            "unknown field `" + std::string(64, 'x') + "...`");
}

TEST(JsonReaderTest, NothingIsLeftOfTheTextBefore) {
  JsonReader reader;
  v1::InteractionEvent event;
  for (const char* json : {R"({"event_id":"a","attributes":{"k":"v"},"turn":{"text":"\n)", "{} x",
                           R"({"turn":{"is_final":1}})", R"({"turn":{}, "even)"}) {
    EXPECT_FALSE(reader.Read(json, &event).ok());
    ASSERT_TRUE(reader.Read(R"({"source":"s","attributes":{"k":"v"}})", &event).ok());
    EXPECT_EQ(event.source(), "s");
    EXPECT_EQ(event.attributes_size(), 1);
    EXPECT_EQ(event.ByteSizeLong(), 3 + 3 + 6);
  }
}

}  // namespace
}  // namespace peakend::adapters
