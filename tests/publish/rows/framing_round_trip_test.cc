// Every kind of row in every framing: what is written is read, and no bytes crash a reader.
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "google/protobuf/stubs/logging.h"
#include "google/protobuf/util/json_util.h"
#include "google/protobuf/util/message_differencer.h"
#include "processors/publish/rows/framing.h"
#include "processors/publish/rows/row_kind.h"
#include "rapidcheck.h"
#include "tests/publish/random_message.h"

namespace peakend::publish {
namespace {

using google::protobuf::Message;
using google::protobuf::util::MessageDifferencer;

constexpr Framing kAllFramings[] = {Framing::kProtobuf, Framing::kProtobufConfluent, Framing::kJson,
                                    Framing::kConnectJson};

struct Case {
  Framing framing;
  std::unique_ptr<Message> row;
  RowFraming framed;
  std::string value;
};

const Message& RandomKind() {
  return RowPrototype(kRowKinds[*rc::gen::inRange<size_t>(0, kRowKinds.size())]);
}

Case RandomCase() {
  const Message& empty = RandomKind();
  const Framing framing = kAllFramings[*rc::gen::inRange(0, 4)];
  Case made{framing, std::unique_ptr<Message>(empty.New()),
            RowFraming(framing, 7, *empty.GetDescriptor()), ""};
  FillAtRandom(made.row.get());
  made.framed.Append(*made.row, &made.value);
  return made;
}

TEST(RowFramingProperty, WhatIsWrittenIsRead) {
  EXPECT_TRUE(rc::check([] {
    const Case it = RandomCase();
    const std::unique_ptr<Message> back(it.row->New());
    FillAtRandom(back.get());
    RC_ASSERT(it.framed.Read(it.value, back.get()).ok());
    RC_ASSERT(MessageDifferencer::Equals(*it.row, *back));
    std::string again;
    it.framed.Append(*back, &again);
    RC_ASSERT(again == it.value);
  }));
}

TEST(RowFramingProperty, ProtobufsOwnParserReadsTheJson) {
  EXPECT_TRUE(rc::check([] {
    const std::unique_ptr<Message> row(RandomKind().New());
    FillAtRandom(row.get());
    std::string json;
    RowFraming(Framing::kJson, 0, *row->GetDescriptor()).Append(*row, &json);
    const std::unique_ptr<Message> back(row->New());
    RC_ASSERT(google::protobuf::util::JsonStringToMessage(json, back.get()).ok());
    RC_ASSERT(MessageDifferencer::Equals(*row, *back));
  }));
}

TEST(RowFramingProperty, NoTruncatedTextIsARow) {
  EXPECT_TRUE(rc::check([] {
    const google::protobuf::LogSilencer quiet;
    const Case it = RandomCase();
    const std::unique_ptr<Message> back(it.row->New());
    const bool is_text = it.framing == Framing::kJson || it.framing == Framing::kConnectJson;
    for (size_t size = 0; size < it.value.size(); ++size) {
      const absl::Status status = it.framed.Read({it.value.data(), size}, back.get());
      if (is_text) RC_ASSERT(!status.ok());
      if (!status.ok()) RC_ASSERT(status.code() == absl::StatusCode::kInvalidArgument);
    }
  }));
}

TEST(RowFramingProperty, FlippedBitsAreReadOrRefused) {
  EXPECT_TRUE(rc::check([] {
    const google::protobuf::LogSilencer quiet;
    Case it = RandomCase();
    if (it.value.empty()) return;
    const std::unique_ptr<Message> back(it.row->New());
    for (int n = *rc::gen::inRange(1, 20); n > 0; --n) {
      const size_t at = *rc::gen::inRange<size_t>(0, it.value.size());
      it.value[at] = static_cast<char>(it.value[at] ^ (1 << *rc::gen::inRange(0, 8)));
      const absl::Status status = it.framed.Read(it.value, back.get());
      if (!status.ok()) RC_ASSERT(status.code() == absl::StatusCode::kInvalidArgument);
    }
  }));
}

}  // namespace
}  // namespace peakend::publish
