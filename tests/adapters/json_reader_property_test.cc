// The reader against protobuf's own parser, on what our printer writes and on what
// becomes of that when it is damaged.
#include <memory>
#include <regex>
#include <string>
#include <utility>
#include <vector>

#include "google/protobuf/util/json_util.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"
#include "peakend/v1/alert.pb.h"
#include "peakend/v1/interaction_event.pb.h"
#include "processors/adapters/json_reader.h"
#include "processors/publish/json.h"
#include "rapidcheck.h"
#include "tests/adapters/kinds.h"
#include "tests/publish/random_message.h"

namespace peakend::adapters {
namespace {

using google::protobuf::Message;
using google::protobuf::util::JsonStringToMessage;
using google::protobuf::util::MessageDifferencer;

// What JSON consists of, between its marks; strings are kept whole.
std::vector<std::string> Pieces(const std::string& json) {
  static const std::regex piece(R"re("([^"\\]|\\.)*"|[][{},:]|[^][{},:"]+|")re");
  std::vector<std::string> pieces;
  for (std::sregex_iterator i(json.begin(), json.end(), piece), end; i != end; ++i) {
    pieces.push_back(i->str());
  }
  return pieces;
}

std::string RandomPiece() {
  static const std::vector<std::string> pieces = {"null",
                                                  "true",
                                                  "false",
                                                  "1.5",
                                                  "-0.0",
                                                  "-1",
                                                  "1e3",
                                                  "{}",
                                                  "[]",
                                                  "[null]",
                                                  "[{}]",
                                                  "1e400",
                                                  "\"NaN\"",
                                                  "\"12\"",
                                                  "\"x\"",
                                                  "\"-Infinity\"",
                                                  "\"AA\"",
                                                  "\"CHANNEL_CHAT\"",
                                                  "\"\\ud800\"",
                                                  "\"\\ud83d\\ude00\"",
                                                  "9223372036854775808",
                                                  "\"turn\"",
                                                  "\"eventId\"",
                                                  ",",
                                                  ":",
                                                  "}",
                                                  " "};
  return *rc::gen::elementOf(pieces);
}

std::string Damaged(const std::string& json) {
  std::string text = json;
  for (int times = *rc::gen::inRange(1, 3); times > 0; --times) {
    std::vector<std::string> pieces = Pieces(text);
    if (pieces.empty()) return text;
    const auto at = [&] { return *rc::gen::inRange<size_t>(0, pieces.size()); };
    const size_t byte = *rc::gen::inRange<size_t>(0, text.size());
    switch (*rc::gen::inRange(0, 8)) {
      case 0:
        text.resize(byte);
        continue;
      case 1:
        text[byte] = *rc::gen::arbitrary<char>();
        continue;
      case 2:
        text.erase(byte, 1);
        continue;
      case 3:
        std::swap(pieces[at()], pieces[at()]);
        break;
      case 4:
        pieces.insert(pieces.begin() + static_cast<long>(at()), pieces[at()]);
        break;
      default:
        pieces[at()] = RandomPiece();
    }
    text.clear();
    for (const std::string& piece : pieces) text += piece;
  }
  return text;
}

// Whether protobuf's parser may take what we refuse with these words.
bool IsStricter(const std::string& said, const std::string& json) {
  static const std::regex always(
      "not JSON from byte .*|.* twice|.* neither true nor false|.* no such name|.* not an array|"
      ".* null is no value here");
  static const std::regex odd_number(R"(not a (whole )?number)");
  static const std::regex tiny_number("[eE]-[0-9]{3}");
  static const std::regex odd_text(R"re("[+.]|"-?\.|"[-+]?(inf|nan))re", std::regex::icase);
  if (std::regex_match(said, always)) return true;
  // Too small for a double: they take it for 0.
  if (said.ends_with("out of range")) return std::regex_search(json, tiny_number);
  return std::regex_search(said, odd_number) && std::regex_search(json, odd_text);
}

void Agree(const std::string& json, JsonReader* reader, Message* ours, Message* theirs) {
  const absl::Status status = reader->Read(json, ours);
  const bool taken = JsonStringToMessage(json, theirs).ok();
  const std::string said(status.message());
  if (status.ok() && !taken) RC_FAIL("only we take: " + json);
  if (status.ok() && !MessageDifferencer::Equals(*ours, *theirs)) RC_FAIL("differs: " + json);
  if (!status.ok() && taken && !IsStricter(said, json)) RC_FAIL(said + ", only they take: " + json);
}

void AgreeOnRandomTexts(Message* message, int deepest, JsonReader* reader) {
  publish::FillAtRandom(message, deepest);
  if (auto* event = dynamic_cast<v1::InteractionEvent*>(message)) {
    for (int n = *rc::gen::inRange(0, 3); n > 0; --n) {
      (*event->mutable_attributes())[std::string(static_cast<size_t>(n), 'k')] = "v";
    }
  }
  const std::unique_ptr<Message> ours(message->New());
  const std::unique_ptr<Message> theirs(message->New());
  for (const auto defaults : {publish::JsonDefaults::kPrint, publish::JsonDefaults::kOmit}) {
    std::string json;
    publish::AppendJson(*message, defaults, &json);
    RC_ASSERT(reader->Read(json, ours.get()).ok());
    if (!MessageDifferencer::Equals(*message, *ours)) RC_FAIL("not read back: " + json);
    Agree(json, reader, ours.get(), theirs.get());
    for (int n = 0; n < 10; ++n) Agree(Damaged(json), reader, ours.get(), theirs.get());
  }
}

TEST(JsonReaderPropertyTest, AgreesWithProtobufOnRandomTexts) {
  JsonReader reader;
  EXPECT_TRUE(rc::check("InteractionEvent", [&] {
    v1::InteractionEvent event;
    AgreeOnRandomTexts(&event, 8, &reader);
  }));
  EXPECT_TRUE(rc::check("Alert", [&] {
    v1::Alert alert;
    AgreeOnRandomTexts(&alert, 8, &reader);
  }));
  EXPECT_TRUE(rc::check("Kinds", [&] { AgreeOnRandomTexts(NewKinds().get(), 2, &reader); }));
}

}  // namespace
}  // namespace peakend::adapters
