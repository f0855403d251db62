// What was announced to many and bears on a contact: kept of its earliest event that was
// about it.
#ifndef PEAKEND_PROCESSORS_JOURNEY_NOTICE_GIVEN_H_
#define PEAKEND_PROCESSORS_JOURNEY_NOTICE_GIVEN_H_

#include <cstdint>
#include <memory_resource>
#include <string>

#include "peakend/v1/customer_state.pb.h"
#include "processors/journey/event_facts.h"
#include "processors/journey/event_time.h"
#include "processors/journey/record_bytes.h"

namespace peakend::journey {

struct NoticeGiven {
  // REQUIRES: facts.notice.
  NoticeGiven(const EventFacts& facts, std::pmr::memory_resource* memory)
      : at{facts.at_ms, facts.hash},
        event_id(facts.event_id, memory),
        notice_id(facts.notice->notice_id, memory),
        touchpoint_id(facts.notice->touchpoint_id, memory),
        base_ms(facts.notice->base_ms),
        due_ms(facts.notice->due_ms) {}
  // A copy that lives in `memory`.
  NoticeGiven(const NoticeGiven& other, std::pmr::memory_resource* memory)
      : at(other.at),
        event_id(other.event_id, memory),
        notice_id(other.notice_id, memory),
        touchpoint_id(other.touchpoint_id, memory),
        base_ms(other.base_ms),
        due_ms(other.due_ms) {}
  // The notice that Save wrote.
  NoticeGiven(const v1::CustomerState::NoticeGiven& record, std::pmr::memory_resource* memory);
  // Writes the fields of its record.
  void Save(RecordBytes& record) const;

  // Its time was over at the event, and what was announced had not come true.
  bool overdue() const { return NoticeFacts{{}, {}, base_ms, due_ms}.OverdueAt(at.at_ms); }

  EventTime at;
  std::pmr::string event_id;
  std::pmr::string notice_id;
  std::pmr::string touchpoint_id;  // that it speaks of; empty = any
  int64_t base_ms = 0;             // when it was said, or what it speaks of begins
  int64_t due_ms = 0;              // 0 = open
};

}  // namespace peakend::journey

#endif  // PEAKEND_PROCESSORS_JOURNEY_NOTICE_GIVEN_H_
