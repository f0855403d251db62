// Two customers by hand, each in a partition of their own: a guest, whose part may be at the
// host's, and the host.
#ifndef PEAKEND_TESTS_PUBLISH_STEP_IDENTITY_H_
#define PEAKEND_TESTS_PUBLISH_STEP_IDENTITY_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <memory_resource>
#include <string>
#include <string_view>
#include <vector>

#include "peakend/v1/alert.pb.h"
#include "peakend/v1/journey.pb.h"
#include "peakend/v1/moment.pb.h"
#include "peakend/v1/opening_card.pb.h"
#include "processors/publish/step.h"
#include "tests/journey/facts.h"
#include "tests/publish/one_rule_policy.h"
#include "tests/publish/read_outputs.h"

namespace peakend::publish {

class StepIdentity : public testing::Test {
 protected:
  StepIdentity() {
    policy_.openings = {{Brings::kKnown, 0, "", ""}};
    guest_.Identify(std::pmr::get_default_resource());
  }

  StepContext At(int64_t watermark_ms, int32_t partition, std::string_view origin = "") {
    return {watermark_ms, watermark_ms, "events", partition, ++offset_, {}, origin};
  }
  // An event of the guest, wherever they are.
  void GuestSays(const journey::EventFacts& facts, int64_t watermark_ms = 0) {
    if (guest_.away()) {
      step_.Apply(host_, facts, At(watermark_ms, kHost, "~o"), outputs_, counts_);
    } else {
      step_.Apply(guest_, facts, At(watermark_ms, kGuest), outputs_, counts_);
    }
  }
  void HostSays(const journey::EventFacts& facts, int64_t watermark_ms = 0) {
    step_.Apply(host_, facts, At(watermark_ms, kHost), outputs_, counts_);
  }
  void Merge(int64_t watermark_ms = 0) {
    for (const v1::Part& part :
         step_.Leave(guest_, "h", At(watermark_ms, kGuest), outputs_, counts_)) {
      step_.Welcome(host_, "~o", part, At(watermark_ms, kHost), outputs_, counts_);
    }
  }
  void Split(int64_t watermark_ms = 0) {
    guest_.identity()->recalled = true;
    for (const v1::Part& part :
         step_.GiveBack(host_, "~o", At(watermark_ms, kHost), outputs_, counts_)) {
      step_.TakeBack(guest_, part, At(watermark_ms, kGuest), outputs_, counts_);
    }
    step_.CloseGuest(host_, "~o", At(watermark_ms, kHost), outputs_, counts_);
  }
  void WakeBoth(int64_t watermark_ms) {
    if (!guest_.idle()) step_.Wake(guest_, At(watermark_ms, kGuest), outputs_, counts_);
    if (!host_.idle()) step_.Wake(host_, At(watermark_ms, kHost), outputs_, counts_);
  }

  template <typename Message>
  std::vector<Message> Read(Topic topic) {
    return ReadOutputs<Message>(outputs_, topic);
  }
  std::vector<v1::Journey> Journeys() { return Read<v1::Journey>(Topic::kJourneys); }
  std::vector<v1::Moment> Moments() { return Read<v1::Moment>(Topic::kMoments); }
  std::vector<v1::Alert> Alerts() { return Read<v1::Alert>(Topic::kAlerts); }
  std::vector<v1::OpeningCard> Cards() { return Read<v1::OpeningCard>(Topic::kCards); }
  // As a reader keeps them: the newest of each id, without those that are deleted.
  std::vector<v1::Journey> Standing() {
    std::vector<v1::Journey> standing;
    for (const v1::Journey& row : Journeys()) {
      std::erase_if(standing, [&](const auto& each) {
        return each.journey_id() == row.journey_id() && each.row_version() < row.row_version();
      });
      standing.push_back(row);
    }
    std::erase_if(standing, [](const v1::Journey& row) { return row.is_deleted(); });
    return standing;
  }

  static constexpr int32_t kGuest = 1;
  static constexpr int32_t kHost = 2;

  Policy policy_ = OneRulePolicy();
  journey::FactMaker make_;
  Step step_{policy_, std::pmr::get_default_resource()};
  CustomerState guest_{"acme", "~o"};
  CustomerState host_{"acme", "h"};
  OutputBatch outputs_;
  StepCounts counts_;
  int64_t offset_ = 0;
};

}  // namespace peakend::publish

#endif  // PEAKEND_TESTS_PUBLISH_STEP_IDENTITY_H_
