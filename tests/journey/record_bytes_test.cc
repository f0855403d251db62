// The bytes that are written against those that the generated code gives for the same message.
#include "processors/journey/record_bytes.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "peakend/v1/customer_state.pb.h"

namespace peakend::journey {
namespace {

using Saved = v1::CustomerState;

TEST(RecordBytesTest, NumbersOfEachKindAreWrittenAsTheGeneratedCodeDoes) {
  for (const int64_t value :
       {int64_t{0}, int64_t{1}, int64_t{-1}, int64_t{127}, int64_t{128}, int64_t{1} << 42,
        std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max()}) {
    v1::ImpressionsState::Earlier earlier;
    earlier.set_count(value);
    earlier.set_sum(value);
    RecordBytes bytes;
    bytes.Int(v1::ImpressionsState::Earlier::kCountFieldNumber, value);
    bytes.Signed(v1::ImpressionsState::Earlier::kSumFieldNumber, value);
    EXPECT_EQ(bytes.view(), earlier.SerializeAsString()) << value;

    Saved::Survey survey;
    survey.set_score(static_cast<double>(value));
    survey.set_kind(static_cast<int32_t>(value));
    bytes.Clear();
    bytes.Double(Saved::Survey::kScoreFieldNumber, static_cast<double>(value));
    bytes.Int(Saved::Survey::kKindFieldNumber, static_cast<int32_t>(value));
    EXPECT_EQ(bytes.view(), survey.SerializeAsString()) << value;

    v1::ImpressionState impression;
    impression.set_event_hash(static_cast<uint64_t>(value));
    impression.set_valence(static_cast<int32_t>(value));
    impression.set_confidence(static_cast<int32_t>(value));
    bytes.Clear();
    bytes.Fixed64(v1::ImpressionState::kEventHashFieldNumber, static_cast<uint64_t>(value));
    bytes.Fixed32(v1::ImpressionState::kValenceFieldNumber, static_cast<uint32_t>(value));
    bytes.PresentFixed32(v1::ImpressionState::kConfidenceFieldNumber, static_cast<uint32_t>(value));
    EXPECT_EQ(bytes.view(), impression.SerializeAsString()) << value;

    Saved::Memory memory;
    memory.set_end(static_cast<int32_t>(value));
    bytes.Clear();
    bytes.PresentSigned(Saved::Memory::kEndFieldNumber, static_cast<int32_t>(value));
    EXPECT_EQ(bytes.view(), memory.SerializeAsString()) << value;
  }
}

TEST(RecordBytesTest, WhatIsAbsentIsToldFromWhatIsZero) {
  RecordBytes bytes;
  bytes.Int(Saved::Tally::kCountFieldNumber, 0);
  bytes.Bytes(Saved::Tally::kEventIdFieldNumber, "");
  EXPECT_EQ(bytes.view(), "");
  bytes.PresentInt(Saved::Tally::kAmountFieldNumber, 0);
  Saved::Tally tally;
  tally.set_amount(0);
  EXPECT_EQ(bytes.view(), tally.SerializeAsString());
}

// Lengths of one, two, three and four bytes, of messages in messages.
TEST(RecordBytesTest, AMessageHasItsLengthBeforeIt) {
  for (const size_t size : {0, 1, 100, 120, 127, 128, 200, 16'370, 16'383, 16'384, 2'100'000}) {
    const std::string id(size, 'x');
    Saved record;
    record.set_format(10);
    Saved::Contact& contact = *record.mutable_open()->mutable_contacts()->add_contacts();
    contact.set_contact_id(id);
    contact.mutable_first()->set_at_ms(7);
    record.mutable_open()->set_absorbed(3);
    RecordBytes bytes;
    bytes.Int(Saved::kFormatFieldNumber, 10);
    bytes.Message(Saved::kOpenFieldNumber, [&] {
      bytes.Message(Saved::Open::kContactsFieldNumber, [&] {
        bytes.Message(Saved::Contacts::kContactsFieldNumber, [&] {
          bytes.Bytes(Saved::Contact::kContactIdFieldNumber, id);
          bytes.Message(Saved::Contact::kFirstFieldNumber,
                        [&] { bytes.Int(Saved::EventTime::kAtMsFieldNumber, 7); });
        });
      });
      bytes.Int(Saved::Open::kAbsorbedFieldNumber, 3);
    });
    EXPECT_TRUE(bytes.view() == record.SerializeAsString()) << size;
  }
}

TEST(RecordBytesTest, ListsOfNumbersArePacked) {
  Saved::SeenEvents seen;
  Saved::Contact contact;
  RecordBytes bytes;
  RecordBytes answers;
  bytes.Message(Saved::SeenEvents::kOldFieldNumber, [&] {
    for (uint64_t hash = 1; hash != 0; hash *= 16) {
      seen.add_old(hash);
      bytes.AddFixed64(hash);
    }
  });
  answers.Message(Saved::Contact::kHumanAnswersFieldNumber, [&] {
    for (const int64_t step_ms : {int64_t{1} << 42, int64_t{0}, int64_t{-5}}) {
      contact.add_human_answers(step_ms);
      answers.AddSigned(step_ms);
    }
  });
  EXPECT_EQ(bytes.view(), seen.SerializeAsString());
  EXPECT_EQ(answers.view(), contact.SerializeAsString());
}

TEST(RecordBytesTest, FieldsAreTakenOverAndReadAgain) {
  Saved identity;
  identity.set_host_id("host");
  identity.set_recalled(true);
  RecordBytes bytes;
  bytes.Int(Saved::kAppliedFieldNumber, 9);
  bytes.Fields(identity.SerializeAsString());
  Saved record;
  ASSERT_TRUE(bytes.ReadInto(&record));
  EXPECT_EQ(record.applied(), 9);
  EXPECT_EQ(record.host_id(), "host");
  EXPECT_TRUE(record.recalled());
}

}  // namespace
}  // namespace peakend::journey
