// What was announced to many at once, as one partition knows it: an outage until 18:00 in
// an area, a launch date for a segment.
//
// A notice counts for the records that follow its own in the log. So the board knows at
// which offset each statement came and went, and answers for any record that a replay may
// show it again.
//
// Bounded: kMost notices that are not over and kMostBytes of them; what is over first gives
// way. What was stated before is kept beside them as long as a replay may ask for it: whoever
// keeps the low-water mark raises it when bytes() grows.
//
// Thread-safety: none.
#ifndef PEAKEND_PROCESSORS_JOURNEY_NOTICE_BOARD_H_
#define PEAKEND_PROCESSORS_JOURNEY_NOTICE_BOARD_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "peakend/v1/control.pb.h"
#include "peakend/v1/progress_record.pb.h"
#include "processors/ingest/event_view.h"
#include "processors/journey/event_facts.h"
#include "processors/journey/event_time.h"
#include "processors/journey/windows.h"

namespace peakend::journey {

class NoticeBoard {
 public:
  static constexpr size_t kMost = 100;
  static constexpr size_t kMostBytes = size_t{256} << 10;

  NoticeBoard() = default;
  // The board that Save wrote.
  explicit NoticeBoard(const v1::ProgressRecord& record);
  // REQUIRES: `record` has no notices.
  void Save(v1::ProgressRecord* record) const;

  // Takes in what the record at `offset` states; of one notice the statement that was said
  // last counts. A record that was taken in before changes nothing.
  // REQUIRES: event.notice, and `event` passed ingest.
  void Post(const ingest::EventView& event, int64_t offset, int64_t watermark_ms,
            const Windows& windows);

  // What the customer of `event` was told and may hold against us: of several the one that
  // is overdue, then the one that is due first. Nothing when no notice is about it.
  std::optional<NoticeFacts> About(const ingest::EventView& event, int64_t offset,
                                   int64_t watermark_ms, const Windows& windows) const;

  // Forgets what no record from `low_water_mark` on can ask for; `watermark_ms` is the
  // watermark there.
  void Forget(int64_t low_water_mark, int64_t watermark_ms, const Windows& windows);

  // Of all statements that are kept.
  size_t bytes() const { return bytes_; }
  bool empty() const { return posted_.empty(); }
  size_t size() const { return posted_.size(); }

 private:
  static constexpr int64_t kNever = INT64_MAX;

  struct Posted {
    std::string tenant_id;
    v1::Notice notice;
    EventTime said;
    // Windows::notice_window_ms when it came: one that is over stays over under any policy.
    // Nothing in older records.
    std::optional<int64_t> window_ms;
    // Counts for records behind `from_offset`, up to and with `to_offset`.
    int64_t from_offset = -1;
    int64_t to_offset = kNever;

    bool CountsAt(int64_t offset) const { return from_offset < offset && offset <= to_offset; }
    bool current() const { return to_offset == kNever; }
    // Events until then can be about it.
    int64_t UntilMs(const Windows& windows) const;
    // Nobody asks after it any more once the watermark has passed this.
    int64_t OverAtMs(const Windows& windows) const;
    NoticeFacts facts() const;
  };

  Posted* FindCurrent(std::string_view tenant_id, std::string_view notice_id);
  // Makes room beside the newest, as of the record at `offset`.
  void MakeRoom(int64_t offset, int64_t watermark_ms, const Windows& windows);

  std::vector<Posted> posted_;  // in the order of the log
  size_t bytes_ = 0;
  int64_t through_ = -1;  // offset of the newest record that was taken in
};

}  // namespace peakend::journey

#endif  // PEAKEND_PROCESSORS_JOURNEY_NOTICE_BOARD_H_
