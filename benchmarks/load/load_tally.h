// Counts what a load holds, for its manifest.
//
// Thread-safety: none; one owner.
#ifndef PEAKEND_BENCHMARKS_LOAD_LOAD_TALLY_H_
#define PEAKEND_BENCHMARKS_LOAD_LOAD_TALLY_H_

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "benchmarks/load/contact_plan.h"
#include "benchmarks/load/contact_script.h"
#include "peakend/v1/load_manifest.pb.h"

namespace peakend::load {

class LoadTally {
 public:
  // A record of an event that occurred at `occurred_ms`.
  void AddEvent(const ContactPlan& plan, const ScriptedEvent& event, int64_t occurred_ms);
  void AddDuplicate() { ++content_.duplicates; }
  void AddBadRecord() { ++content_.bad_records; }
  // Any record.
  void AddRecord(std::string_view key, std::string_view value);
  void AddLost() { ++content_.lost; }
  void AddDueLater() { ++content_.due_later; }
  void AddOutOfOrder() { ++content_.out_of_order; }
  void AddContact() { ++content_.contacts; }

  void Fill(v1::LoadManifest* manifest) const;
  int64_t records() const { return content_.records; }
  int64_t bytes() const { return content_.bytes; }
  uint64_t digest() const { return content_.digest; }

 private:
  struct Content {
    int64_t records = 0;
    int64_t events = 0;
    int64_t bytes = 0;
    int64_t customers = 0;
    int64_t contacts = 0;
    int64_t duplicates = 0;
    int64_t bad_records = 0;
    int64_t lost = 0;
    int64_t due_later = 0;
    int64_t out_of_order = 0;
    int64_t first_ms = INT64_MAX;
    int64_t last_ms = INT64_MIN;
    uint64_t digest = 0;
  };
  struct Planted {
    int64_t abandoned = 0;
    int64_t shocks = 0;
    int64_t holds = 0;
    int64_t transfers = 0;
    int64_t promises = 0;
    int64_t promises_kept = 0;
    int64_t resolved = 0;
    int64_t surveys = 0;
    int64_t bad_turns = 0;
    int64_t returns = 0;
  };

  void Plant(const ContactPlan& plan, const ScriptedEvent& event);

  Content content_;
  Planted planted_;
  std::array<int64_t, 6> by_kind_ = {};
  std::vector<bool> customers_;  // by number: who was seen
};

}  // namespace peakend::load

#endif  // PEAKEND_BENCHMARKS_LOAD_LOAD_TALLY_H_
