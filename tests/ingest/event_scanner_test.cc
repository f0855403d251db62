// The scanner against the generated parser: whatever the bytes, both ways of
// decoding come to one verdict and one view; and ordinary events are scanned.
#include "processors/ingest/event_scanner.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/stubs/logging.h"
#include "processors/ingest/decoder.h"
#include "tests/ingest/random_event.h"

namespace peakend::ingest {
namespace {

constexpr int64_t kNow = 1'767'225'600'000;  // 2026-01-01

v1::InteractionEvent Envelope() {
  v1::InteractionEvent event;
  event.set_event_id("e1");
  event.set_source("connect/contact-events/test");
  event.set_type("dev.peakend.turn.final.1");
  event.set_tenant_id("acme");
  event.set_occurred_at_ms(kNow);
  event.set_recorded_at_ms(kNow + 1);
  event.mutable_customer()->set_customer_id("c1");
  event.mutable_customer()->add_identities()->set_type("phone");
  event.mutable_customer()->mutable_identities(0)->set_value("+49 30 1");
  event.mutable_customer()->add_segments("launch-2026");
  event.mutable_contact()->set_contact_id("chat-1");
  event.mutable_contact()->set_leg_id("leg");
  event.set_channel(v1::CHANNEL_CHAT);
  event.mutable_queue()->set_id("billing");
  event.mutable_agent()->set_id("a1");
  event.mutable_agent()->set_kind(v1::Agent::KIND_BOT);
  event.set_language("zh-CN");
  event.mutable_touchpoint()->set_touchpoint_id("chat");
  (*event.mutable_attributes())["city"] = "北京";
  event.set_raw("\xff\x00 of the vendor");
  return event;
}

v1::InteractionEvent Turn() {
  v1::InteractionEvent event = Envelope();
  v1::Turn* turn = event.mutable_turn();
  turn->set_role(v1::Turn::CUSTOMER);
  turn->set_item_id("item");
  turn->set_is_final(true);
  turn->set_begin_ms(1000);
  turn->set_text("我的订单在哪里？");
  turn->set_loudness(-12.5F);
  turn->set_customer_id("c1");
  v1::Sentiment* sentiment = turn->mutable_sentiment();
  sentiment->set_label(v1::Sentiment::NEGATIVE);
  sentiment->set_raw(2);
  sentiment->set_raw_min(1);
  sentiment->set_raw_max(5);
  sentiment->set_scale_id("likert-1-5");
  sentiment->set_magnitude(3);
  sentiment->set_confidence(0.9);
  return event;
}

v1::InteractionEvent Lifecycle() {
  v1::InteractionEvent event = Envelope();
  event.mutable_lifecycle()->set_state(v1::Lifecycle::ABANDONED);
  event.mutable_lifecycle()->set_reason("timeout");
  event.mutable_lifecycle()->set_duration_ms(60'000);
  event.mutable_lifecycle()->set_wait_ms(300'000);
  event.mutable_lifecycle()->set_queue_position(3);
  return event;
}

bool Scans(const std::string& bytes) {
  EventView view;
  return ScanEvent(bytes, &view);
}

class EventScannerTest : public testing::Test {
 protected:
  // The parser writes a line about each text that is not UTF-8.
  EventScannerTest() : log_(google::protobuf::SetLogHandler(nullptr)) {}
  ~EventScannerTest() override { google::protobuf::SetLogHandler(log_); }

  void ExpectOneVerdict(const std::string& bytes) {
    // Without the zero behind a string, so that a sanitizer sees a step too far.
    const std::vector<char> exact(bytes.begin(), bytes.end());
    const RawRecord record{"acme/c1", {exact.data(), exact.size()}, true, kNow};
    const Decoder::Result quick = quick_.Decode(record);
    const Decoder::Result full = full_.DecodeInFull(record);
    ASSERT_EQ(quick.reject.reason, full.reject.reason) << testing::PrintToString(bytes);
    ASSERT_EQ(quick.reject.field, full.reject.field) << testing::PrintToString(bytes);
    ASSERT_EQ(quick.event == nullptr, full.event == nullptr);
    if (quick.event == nullptr) return;
    ASSERT_TRUE(*quick.event == *full.event) << testing::PrintToString(bytes);
    ++(Scans(bytes) ? scanned_ : parsed_);
  }

  google::protobuf::LogHandler* log_;
  Decoder quick_{Limits{}};
  Decoder full_{Limits{}};
  int scanned_ = 0;  // accepted ones
  int parsed_ = 0;
};

TEST_F(EventScannerTest, ScansOrdinaryEvents) {
  for (const v1::InteractionEvent& event : {Turn(), Lifecycle(), Envelope()}) {
    const std::string bytes = event.SerializeAsString();
    EventView view;
    ASSERT_TRUE(ScanEvent(bytes, &view)) << event.ShortDebugString();
    EXPECT_TRUE(view == ViewOf(event)) << event.ShortDebugString();
  }
}

TEST_F(EventScannerTest, ReadsIdentities) {
  v1::InteractionEvent event = Turn();
  event.mutable_customer()->clear_identities();
  const auto add = [&](const std::string& type, const std::string& value,
                       const std::string& previous = "") {
    v1::Identity& identity = *event.mutable_customer()->add_identities();
    identity.set_type(type);
    identity.set_value(value);
    identity.set_previous_value(previous);
    return &identity;
  };
  const std::string longest(256, 'x');
  add("phone", "+49 30 1", "+49 30 2")->set_verified(true);
  add("", "no type");
  add("phone", "");
  add("phone", "", "was this")->set_verified(false);
  for (const int place : {0, 1, 2}) {
    std::string texts[] = {"mail", "a@b.example", "c@d.example"};
    texts[place] = longest;
    add(texts[0], texts[1], texts[2]);
    texts[place] += "x";
    add(texts[0], texts[1], texts[2]);
  }
  for (int i = 0; i < 4; ++i) add("device", "d" + std::to_string(i));

  const std::string bytes = event.SerializeAsString();
  EventView view;
  ASSERT_TRUE(ScanEvent(bytes, &view));
  const std::vector<IdentityView> read(view.identities.begin(), view.identities.end());
  const std::vector<IdentityView> expected = {{"phone", "+49 30 1", "+49 30 2", true},
                                              {"phone", "", "was this", false},
                                              {longest, "a@b.example", "c@d.example", false},
                                              {"mail", longest, "c@d.example", false},
                                              {"mail", "a@b.example", longest, false},
                                              {"device", "d0", "", false},
                                              {"device", "d1", "", false},
                                              {"device", "d2", "", false}};
  EXPECT_TRUE(read == expected);
  EXPECT_TRUE(view == ViewOf(event));
  EXPECT_TRUE(EventView().identities == EventView().identities);
  EXPECT_FALSE(view.identities == EventView().identities);
  event.mutable_customer()->mutable_identities(0)->set_verified(false);
  EXPECT_FALSE(view == ViewOf(event));
  ExpectOneVerdict(bytes);
}

TEST_F(EventScannerTest, ScansUnknownFieldsOfEachWireType) {
  // Field 100, one of each type.
  const std::string unknown = std::string("\xa0\x06\x01") + "\xa1\x06" + "12345678" +
                              "\xa2\x06\x02xy" + "\xa5\x06" + "1234";
  const std::string bytes = Turn().SerializeAsString() + unknown;
  v1::InteractionEvent event;
  ASSERT_TRUE(event.ParseFromString(bytes));
  ASSERT_FALSE(event.GetReflection()->GetUnknownFields(event).empty());
  EXPECT_TRUE(Scans(bytes));
  ExpectOneVerdict(bytes);
}

TEST_F(EventScannerTest, OneVerdictAboutMessagesThatStandTwice) {
  for (const v1::InteractionEvent& first : {Turn(), Lifecycle(), Envelope()}) {
    for (v1::InteractionEvent second : {Turn(), Lifecycle(), Envelope()}) {
      second.set_event_id("e2");
      second.mutable_contact()->clear_contact_id();
      second.mutable_turn()->mutable_sentiment()->set_score(0.5);
      second.mutable_turn()->clear_role();
      ExpectOneVerdict(first.SerializeAsString() + second.SerializeAsString());
      ExpectOneVerdict(second.SerializeAsString() + first.SerializeAsString());
    }
  }
}

TEST_F(EventScannerTest, OneVerdictAboutEmptyPayloads) {
  v1::InteractionEvent event = Envelope();
  event.mutable_turn();
  ExpectOneVerdict(event.SerializeAsString());
  event.mutable_turn()->mutable_sentiment();
  ExpectOneVerdict(event.SerializeAsString());
  event.mutable_lifecycle();
  ExpectOneVerdict(event.SerializeAsString());
  // A role on the wire that says nothing.
  event.clear_payload();
  ExpectOneVerdict(event.SerializeAsString() + std::string("\xfa\x01\x02\x08\x00", 5));
}

TEST_F(EventScannerTest, OneVerdictAboutEachPrefixAndEachByte) {
  for (const v1::InteractionEvent& event : {Turn(), Lifecycle()}) {
    const std::string whole = event.SerializeAsString();
    for (size_t i = 0; i < whole.size(); ++i) {
      ExpectOneVerdict(whole.substr(0, i));
      std::string changed = whole;
      for (int byte = 0; byte < 256 && !HasFatalFailure(); ++byte) {
        changed[i] = static_cast<char>(byte);
        ExpectOneVerdict(changed);
      }
    }
  }
}

TEST_F(EventScannerTest, OneVerdictAboutRandomEvents) {
  Random random(20260105);
  for (int i = 0; i < 100'000 && !HasFatalFailure(); ++i) {
    ExpectOneVerdict(RandomEvent(random).SerializeAsString());
  }
  EXPECT_GT(scanned_, 20'000);
  EXPECT_GT(parsed_, 1000);
}

TEST_F(EventScannerTest, OneVerdictAboutMutatedBytes) {
  Random random(20260106);
  for (int i = 0; i < 200'000 && !HasFatalFailure(); ++i) {
    std::string bytes =
        i % 2 == 0 ? RandomEvent(random).SerializeAsString() : Turn().SerializeAsString();
    for (uint64_t changes = 1 + random() % 3; changes > 0; --changes) Mutate(random, &bytes);
    ExpectOneVerdict(bytes);
  }
  EXPECT_GT(scanned_, 20'000);
  EXPECT_GT(parsed_, 1000);
}

// A text or message of the contract that the scanner took for an unknown field
// would be accepted unread; so each one is broken once, new ones too.
class BrokenFields {
 public:
  explicit BrokenFields(const google::protobuf::Descriptor* type) { Visit(type, {}); }
  const std::vector<std::string>& bytes() const { return bytes_; }

 private:
  using Path = std::vector<int>;

  void Visit(const google::protobuf::Descriptor* type, const Path& path) {
    for (int i = 0; i < type->field_count(); ++i) {
      const auto* field = type->field(i);
      Path here = path;
      here.push_back(field->number());
      if (field->type() == google::protobuf::FieldDescriptor::TYPE_STRING) Add(here, "\xff");
      if (field->message_type() == nullptr) continue;
      Add(here, "\x07");
      Visit(field->message_type(), here);
    }
  }
  void Add(const Path& path, std::string content) {
    for (auto number = path.rbegin(); number != path.rend(); ++number) {
      const auto tag = static_cast<uint32_t>(*number) << 3 | 2;
      std::string field;
      if (tag >= 0x80) field += static_cast<char>(tag | 0x80);
      field += static_cast<char>(tag >= 0x80 ? tag >> 7 : tag);
      field += static_cast<char>(content.size());
      content = field + content;
    }
    bytes_.push_back(content);
  }

  std::vector<std::string> bytes_;
};

TEST_F(EventScannerTest, ScansNoBrokenTextOrMessage) {
  const BrokenFields broken(v1::InteractionEvent::descriptor());
  ASSERT_GT(broken.bytes().size(), 80);
  for (const std::string& field : broken.bytes()) {
    v1::InteractionEvent event;
    EXPECT_FALSE(event.ParseFromString(field)) << testing::PrintToString(field);
    EXPECT_FALSE(Scans(Envelope().SerializeAsString() + field)) << testing::PrintToString(field);
  }
}

}  // namespace
}  // namespace peakend::ingest
