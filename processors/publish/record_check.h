// Notes the first thing that is wrong with parts of a customer's record.
//
// Thread-safety: none.
#ifndef PEAKEND_PROCESSORS_PUBLISH_RECORD_CHECK_H_
#define PEAKEND_PROCESSORS_PUBLISH_RECORD_CHECK_H_

#include <cstddef>
#include <cstdint>
#include <limits>

#include "peakend/v1/customer_state.pb.h"
#include "peakend/v1/identity_state.pb.h"

namespace peakend::publish {

class RecordCheck {
 public:
  static constexpr size_t kMaxIdBytes = UINT16_MAX;

  // Null = nothing is wrong so far; nobody's data stands in it.
  const char* broken() const { return broken_; }

  void Open(const v1::CustomerState::Open& open);
  void Contacts(const v1::CustomerState::Contacts& contacts);
  void Alert(const v1::CustomerState::Alert& alert);
  void Memory(const v1::CustomerState::Memory& memory);
  // Of a customer or of the home of an identity.
  void Identity(const v1::CustomerState& record);
  void Time(int64_t at_ms, const char* what) { Number(at_ms, -kMaxTimeMs, kMaxTimeMs, what); }
  void Require(bool holds, const char* what) {
    if (!holds && broken_ == nullptr) broken_ = what;
  }

 private:
  static constexpr int kMaxContacts = 1024;  // the upper bound of WindowPolicy.max_contacts
  // Sums of two times, or of a time and a window, stay in range.
  static constexpr int64_t kMaxTimeMs = std::numeric_limits<int64_t>::max() / 2;

  // Times that are subtracted from each other and multiplied by a policy's share.
  void Stated(int64_t at_ms, const char* what) {
    Number(at_ms, -kMaxTimeMs / 1024, kMaxTimeMs / 1024, what);
  }
  void Number(int64_t value, int64_t min, int64_t max, const char* what) {
    Require(value >= min && value <= max, what);
  }
  void Contact(const v1::CustomerState::Contact& contact);
  void HumanAnswers(const v1::CustomerState::Contact& contact);
  void Notice(const v1::CustomerState::NoticeGiven& notice);
  void Promise(const v1::CustomerState::Promise& promise);
  void Settlement(const v1::CustomerState::Settlement& settlement);
  void Legs(const v1::CustomerState::Contact& contact);
  void Need(const v1::CustomerState::Need& need);
  void Tally(const v1::CustomerState::Tally& tally);
  void Mark(const v1::CustomerState::Mark& mark);
  void Impressions(const v1::ImpressionsState& impressions);
  void Impression(const v1::ImpressionState& impression);
  void Guests(const v1::CustomerState::Open& open);
  void Label(const v1::IdentityState::Label& label);
  void Rows(const v1::CustomerState::PublishedRows& rows);

  const char* broken_ = nullptr;
};

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_RECORD_CHECK_H_
