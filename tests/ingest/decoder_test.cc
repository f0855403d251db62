// What ingest accepts, normalises and refuses, each reason by a record of its own.
#include "processors/ingest/decoder.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

namespace peakend::ingest {
namespace {

constexpr int64_t kNow = 1'767'225'600'000;  // 2026-01-01

v1::InteractionEvent ValidEvent() {
  v1::InteractionEvent event;
  event.set_event_id("e1");
  event.set_source("test");
  event.set_tenant_id("acme");
  event.set_occurred_at_ms(kNow);
  event.mutable_customer()->set_customer_id("c1");
  event.mutable_turn()->set_role(v1::Turn::CUSTOMER);
  return event;
}

class DecoderTest : public testing::Test {
 protected:
  v1::RejectReason ReasonFor(const v1::InteractionEvent& event, std::string_view key = "acme/c1") {
    const std::string bytes = event.SerializeAsString();
    return ReasonForBytes(bytes, key);
  }
  v1::RejectReason ReasonForBytes(std::string_view bytes, std::string_view key = "acme/c1") {
    const Decoder::Result result = decoder_.Decode({key, bytes, !key.empty(), kNow});
    EXPECT_NE(result.event == nullptr, result.reject.reason == v1::REJECT_REASON_UNSPECIFIED);
    return result.reject.reason;
  }

  Decoder decoder_{Limits{}};
};

TEST_F(DecoderTest, AcceptsAValidEvent) {
  EXPECT_EQ(ReasonFor(ValidEvent()), v1::REJECT_REASON_UNSPECIFIED);
}

TEST_F(DecoderTest, RefusesEachReason) {
  EXPECT_EQ(ReasonForBytes(""), v1::EMPTY_VALUE);
  EXPECT_EQ(ReasonForBytes(std::string(2 << 20, 'x')), v1::TOO_LARGE);
  const std::string whole = ValidEvent().SerializeAsString();
  EXPECT_EQ(ReasonForBytes(whole.substr(0, whole.size() - 1)), v1::TRUNCATED);
  EXPECT_EQ(ReasonForBytes(whole + std::string("\x02\x01x", 3)), v1::TRUNCATED);  // field 0
  EXPECT_EQ(ReasonForBytes(whole + "\xc9\xa7\xf5\xd6\xc3\x32"), v1::TRUNCATED);  // a tag of 6 bytes

  v1::InteractionEvent event = ValidEvent();
  event.clear_event_id();
  EXPECT_EQ(ReasonFor(event), v1::NO_EVENT_ID);

  EXPECT_EQ(ReasonFor(ValidEvent(), ""), v1::NO_KEY);
  EXPECT_EQ(ReasonFor(ValidEvent(), "acme/other"), v1::KEY_MISMATCH);
  EXPECT_EQ(ReasonFor(ValidEvent(), "acmec1"), v1::KEY_MISMATCH);
  event = ValidEvent();
  event.set_tenant_id("acme/c");
  event.mutable_customer()->set_customer_id("1");
  EXPECT_EQ(ReasonFor(event, "acme/c/1"), v1::KEY_MISMATCH) << "it could be c/1 of acme";
  event = ValidEvent();
  event.clear_customer();
  EXPECT_EQ(ReasonFor(event, "acme/c1"), v1::REJECT_REASON_UNSPECIFIED);
  EXPECT_EQ(ReasonFor(event, "acme/\xff"), v1::INVALID_UTF8);

  event = ValidEvent();
  event.set_occurred_at_ms(0);
  EXPECT_EQ(ReasonFor(event), v1::NO_TIME);
  event.set_occurred_at_ms(kNow + int64_t{10} * 365 * 86'400'000);
  EXPECT_EQ(ReasonFor(event), v1::TIME_TOO_FAR_AHEAD);

  event = ValidEvent();
  event.mutable_turn()->mutable_sentiment()->set_score(std::nan(""));
  EXPECT_EQ(ReasonFor(event), v1::NOT_A_NUMBER);
  event.mutable_turn()->mutable_sentiment()->set_score(1.5);
  EXPECT_EQ(ReasonFor(event), v1::OUT_OF_RANGE);

  event = ValidEvent();
  event.set_event_id(std::string(257, 'e'));
  EXPECT_EQ(ReasonFor(event), v1::FIELD_TOO_LONG);
}

TEST_F(DecoderTest, ReservedIdsAreRejected) {
  v1::InteractionEvent event = ValidEvent();
  for (const std::string id : {"/", "/i/0123", "/c/c1", "//"}) {
    event.mutable_customer()->set_customer_id(id);
    EXPECT_EQ(ReasonFor(event, "acme/" + id), v1::KEY_MISMATCH) << id;
    event.clear_customer();
    EXPECT_EQ(ReasonFor(event, "acme/" + id), v1::KEY_MISMATCH) << "named by the key: " << id;
  }
  event.mutable_customer()->set_customer_id("c/1");
  EXPECT_EQ(ReasonFor(event, "acme/c/1"), v1::REJECT_REASON_UNSPECIFIED);
  event.clear_tenant_id();
  EXPECT_EQ(ReasonFor(event, "/c/1"), v1::REJECT_REASON_UNSPECIFIED) << "c/1 of no tenant";
  event.mutable_customer()->set_customer_id("/c/1");
  EXPECT_EQ(ReasonFor(event, "//c/1"), v1::KEY_MISMATCH);
}

// An identity record to c1 of acme.
v1::InteractionEvent LabelFrom(const std::string& sender) {
  v1::InteractionEvent event;
  event.set_tenant_id("acme");
  event.mutable_control()->mutable_identity()->set_from(sender);
  event.mutable_control()->mutable_identity()->mutable_label()->set_customer_id("a");
  return event;
}

TEST_F(DecoderTest, IdentityRecordsAreForTheirKey) {
  v1::InteractionEvent event = LabelFrom("/i/0123");
  const std::string bytes = event.SerializeAsString();
  const Decoder::Result result = decoder_.Decode({"acme/c1", bytes, true, kNow});
  ASSERT_NE(result.event, nullptr) << "neither time nor event id is asked for";
  EXPECT_EQ(result.event->customer_id, "c1");
  ASSERT_TRUE(result.event->identity);
  EXPECT_EQ(result.event->identity->from(), "/i/0123");
  EXPECT_EQ(ReasonFor(event, "acme//i/0123"), v1::REJECT_REASON_UNSPECIFIED) << "to a home";
  EXPECT_EQ(ReasonFor(event, ""), v1::NO_KEY);
  EXPECT_EQ(ReasonFor(event, "acme/"), v1::NO_KEY);
  EXPECT_EQ(ReasonFor(event, "other/c1"), v1::KEY_MISMATCH);
  event.mutable_customer()->set_customer_id("c1");
  EXPECT_EQ(ReasonFor(event, "acme/c1"), v1::REJECT_REASON_UNSPECIFIED);
  EXPECT_EQ(ReasonFor(event, "acme/c2"), v1::KEY_MISMATCH);
}

TEST_F(DecoderTest, IdentityRecordsMayBeLargerThanEvents) {
  const auto sized = [](v1::InteractionEvent event, size_t bytes) {
    event.set_raw(std::string(bytes, 'x'));
    event.set_raw(std::string(2 * bytes - event.ByteSizeLong(), 'x'));
    EXPECT_EQ(event.ByteSizeLong(), bytes);
    return event;
  };
  const size_t most = Limits{}.max_record_bytes;
  const v1::InteractionEvent label = LabelFrom("c2");
  EXPECT_EQ(ReasonFor(sized(label, most + 4096)), v1::REJECT_REASON_UNSPECIFIED);
  EXPECT_EQ(ReasonFor(sized(label, most + 4097)), v1::TOO_LARGE);
  EXPECT_EQ(ReasonFor(sized(label, most + 4096), "other/c1"), v1::KEY_MISMATCH);
  EXPECT_EQ(ReasonFor(sized(ValidEvent(), most)), v1::REJECT_REASON_UNSPECIFIED);
  EXPECT_EQ(ReasonFor(sized(ValidEvent(), most + 1)), v1::TOO_LARGE);
  v1::InteractionEvent notice = ValidEvent();
  notice.mutable_control()->mutable_notice()->set_notice_id("n");
  EXPECT_EQ(ReasonFor(sized(notice, most + 1)), v1::TOO_LARGE);
  // What nobody can read is large first.
  const std::string torn = sized(label, most + 2).SerializeAsString();
  EXPECT_EQ(ReasonForBytes(torn.substr(0, most + 1)), v1::TOO_LARGE);
  EXPECT_EQ(ReasonForBytes(torn.substr(0, most)), v1::TRUNCATED);
}

TEST_F(DecoderTest, IdentityRecordsAreWhole) {
  const auto reason = [&](const auto& change, const std::string& key = "acme/c1") {
    v1::InteractionEvent event = LabelFrom("c2");
    change(*event.mutable_control()->mutable_identity());
    return ReasonFor(event, key);
  };
  const auto unchanged = [](v1::IdentityRecord&) {};
  EXPECT_EQ(reason(unchanged), v1::REJECT_REASON_UNSPECIFIED);
  EXPECT_EQ(reason([](auto& r) { r.clear_from(); }), v1::MISSING_FIELD);
  EXPECT_EQ(reason([](auto& r) { r.clear_label(), r.clear_from(); }), v1::REJECT_REASON_UNSPECIFIED)
      << "a kind of a later version";
  EXPECT_EQ(reason([](auto& r) { r.mutable_unmerge(), r.clear_from(); }),
            v1::REJECT_REASON_UNSPECIFIED);
  EXPECT_EQ(reason([](auto& r) { r.mutable_event()->set_late(true); }), v1::MISSING_FIELD);
  EXPECT_EQ(reason([](auto& r) { r.mutable_event()->set_event("e"); }),
            v1::REJECT_REASON_UNSPECIFIED);
  // A customer has 256 bytes; the home of their id three more.
  const std::string longest(256, 'c');
  EXPECT_EQ(reason([&](auto& r) { r.set_from(longest); }), v1::REJECT_REASON_UNSPECIFIED);
  EXPECT_EQ(reason([&](auto& r) { r.set_from(longest + "c"); }), v1::FIELD_TOO_LONG);
  EXPECT_EQ(reason([&](auto& r) { r.set_from("/c/" + longest); }), v1::REJECT_REASON_UNSPECIFIED);
  EXPECT_EQ(reason([&](auto& r) { r.set_from("/c/" + longest + "c"); }), v1::FIELD_TOO_LONG);
  EXPECT_EQ(reason(unchanged, "acme/" + longest), v1::REJECT_REASON_UNSPECIFIED);
  EXPECT_EQ(reason(unchanged, "acme/" + longest + "c"), v1::FIELD_TOO_LONG);
  EXPECT_EQ(reason(unchanged, "acme//c/" + longest), v1::REJECT_REASON_UNSPECIFIED);
  EXPECT_EQ(reason(unchanged, "acme//c/" + longest + "c"), v1::FIELD_TOO_LONG);

  const auto label = [&](const auto& change) {
    return reason([&](v1::IdentityRecord& record) { change(*record.mutable_label()); });
  };
  EXPECT_EQ(label([](auto& l) { l.clear_customer_id(); }), v1::REJECT_REASON_UNSPECIFIED);
  EXPECT_EQ(label([&](auto& l) { l.set_customer_id(longest + "c"); }), v1::FIELD_TOO_LONG);
  EXPECT_EQ(label([](auto& l) { l.set_customer_id("/i/0123"); }), v1::OUT_OF_RANGE);
  EXPECT_EQ(label([](auto& l) { l.mutable_way()->Resize(9, 1); }), v1::REJECT_REASON_UNSPECIFIED);
  EXPECT_EQ(label([](auto& l) { l.mutable_way()->Resize(10, 1); }), v1::OUT_OF_RANGE);
}

TEST_F(DecoderTest, TellsInvalidUtf8FromATornMessage) {
  std::string bytes = ValidEvent().SerializeAsString();
  const size_t id = bytes.find("e1");
  ASSERT_NE(id, std::string::npos);
  bytes[id] = '\xff';
  EXPECT_EQ(ReasonForBytes(bytes), v1::INVALID_UTF8);
}

TEST_F(DecoderTest, RefusesBytesOfAnotherSchema) {
  // Field 1000, a varint: well formed, and nothing of ours.
  EXPECT_EQ(ReasonForBytes(std::string("\xc0\x3e\x01", 3)), v1::UNKNOWN_SCHEMA);
}

TEST_F(DecoderTest, ReadsTheCustomerFromTheKeyWhereTheEventNamesNone) {
  v1::InteractionEvent event = ValidEvent();
  event.clear_customer();
  const std::string bytes = event.SerializeAsString();
  const Decoder::Result result = decoder_.Decode({"acme/c9", bytes, true, kNow});
  ASSERT_NE(result.event, nullptr);
  EXPECT_EQ(result.event->customer_id, "c9");
}

TEST_F(DecoderTest, KeepsUnknownEnumValues) {
  v1::InteractionEvent event = ValidEvent();
  event.set_channel(static_cast<v1::Channel>(77));
  const std::string bytes = event.SerializeAsString();
  const Decoder::Result result = decoder_.Decode({"acme/c1", bytes, true, kNow});
  ASSERT_NE(result.event, nullptr);
  EXPECT_EQ(result.event->channel, 77);
}

TEST_F(DecoderTest, NormalisesARawScaleToAScore) {
  v1::InteractionEvent event = ValidEvent();
  v1::Sentiment* sentiment = event.mutable_turn()->mutable_sentiment();
  sentiment->set_raw(2);
  sentiment->set_raw_min(1);
  sentiment->set_raw_max(5);
  const std::string bytes = event.SerializeAsString();
  const Decoder::Result result = decoder_.Decode({"acme/c1", bytes, true, kNow});
  ASSERT_NE(result.event, nullptr);
  EXPECT_DOUBLE_EQ(*result.event->sentiment->score, -0.5);
}

TEST_F(DecoderTest, ForgetsThePayloadOfTheEventBefore) {
  v1::InteractionEvent event = ValidEvent();
  event.mutable_turn()->set_text("words");
  ASSERT_EQ(ReasonFor(event), v1::REJECT_REASON_UNSPECIFIED);
  event = ValidEvent();
  event.mutable_lifecycle()->set_state(v1::Lifecycle::QUEUED);
  const std::string queued = event.SerializeAsString();
  EXPECT_EQ(decoder_.Decode({"acme/c1", queued, true, kNow}).event->payload,
            v1::InteractionEvent::kLifecycle);
  event.clear_payload();
  const std::string none = event.SerializeAsString();
  EXPECT_EQ(decoder_.Decode({"acme/c1", none, true, kNow}).event->payload,
            v1::InteractionEvent::PAYLOAD_NOT_SET);
}

TEST_F(DecoderTest, SurvivesEveryPrefixAndEveryFlippedByte) {
  const std::string whole = ValidEvent().SerializeAsString();
  for (size_t i = 0; i < whole.size(); ++i) {
    ReasonForBytes(whole.substr(0, i));
    std::string flipped = whole;
    flipped[i] = static_cast<char>(flipped[i] ^ 0x80);
    ReasonForBytes(flipped);
  }
}

}  // namespace
}  // namespace peakend::ingest
