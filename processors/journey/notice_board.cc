#include "processors/journey/notice_board.h"

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

#include "processors/journey/identifier.h"

namespace peakend::journey {
namespace {

// `area` is `addressed` or lies in it.
bool LiesIn(std::string_view area, std::string_view addressed) {
  return area.substr(0, addressed.size()) == addressed &&
         (area.size() == addressed.size() || area[addressed.size()] == '/');
}

bool Addresses(const v1::Notice& notice, const ingest::EventView& event) {
  if (notice.areas().empty() && notice.segments().empty()) return true;
  const auto holds_area = [&](const std::string& area) {
    return !area.empty() && LiesIn(event.area, area);
  };
  const auto names_segment = [&](const std::string& segment) {
    return std::find(event.segments.begin(), event.segments.end(), segment) != event.segments.end();
  };
  return std::any_of(notice.areas().begin(), notice.areas().end(), holds_area) ||
         std::any_of(notice.segments().begin(), notice.segments().end(), names_segment);
}

bool SpeaksOf(const v1::Notice& notice, const ingest::EventView& event) {
  return notice.touchpoint_id().empty() || notice.touchpoint_id() == event.touchpoint_id;
}

bool IsOpenAt(const v1::Notice& notice, int64_t at_ms) {
  return !notice.withdrawn() && (notice.fulfilled_at_ms() == 0 || at_ms < notice.fulfilled_at_ms());
}

// Of two notices about one event the smaller counts.
auto RankOf(const NoticeFacts& notice, int64_t at_ms) {
  constexpr int64_t kLast = std::numeric_limits<int64_t>::max();
  return std::make_tuple(!notice.OverdueAt(at_ms), notice.due_ms > 0 ? notice.due_ms : kLast,
                         notice.notice_id);
}

}  // namespace

int64_t NoticeBoard::Posted::UntilMs(const Windows& windows) const {
  return std::max(notice.due_at_ms(), said.at_ms) + window_ms.value_or(windows.notice_window_ms);
}

int64_t NoticeBoard::Posted::OverAtMs(const Windows& windows) const {
  return UntilMs(windows) + windows.allowed_lateness_ms;
}

NoticeFacts NoticeBoard::Posted::facts() const {
  // What is announced ahead cannot be late before it begins.
  const int64_t starts_ms = notice.starts_at_ms();
  const bool begins = starts_ms > said.at_ms && starts_ms < notice.due_at_ms();
  return {notice.notice_id(), notice.touchpoint_id(), begins ? starts_ms : said.at_ms,
          notice.due_at_ms()};
}

NoticeBoard::NoticeBoard(const v1::ProgressRecord& record) {
  for (const v1::ProgressRecord::PostedNotice& saved : record.notices()) {
    posted_.push_back({saved.tenant_id(),
                       saved.notice(),
                       {saved.said_at_ms(), saved.event_hash()},
                       saved.has_window_ms() ? std::optional(saved.window_ms()) : std::nullopt,
                       saved.from_offset(),
                       saved.has_to_offset() ? saved.to_offset() : kNever});
  }
  for (const Posted& posted : posted_) bytes_ += posted.notice.ByteSizeLong();
  if (record.has_notices_through()) through_ = record.notices_through();
}

void NoticeBoard::Save(v1::ProgressRecord* record) const {
  for (const Posted& posted : posted_) {
    v1::ProgressRecord::PostedNotice& saved = *record->add_notices();
    saved.set_tenant_id(posted.tenant_id);
    *saved.mutable_notice() = posted.notice;
    saved.set_said_at_ms(posted.said.at_ms);
    saved.set_event_hash(posted.said.hash);
    if (posted.window_ms) saved.set_window_ms(*posted.window_ms);
    saved.set_from_offset(posted.from_offset);
    if (!posted.current()) saved.set_to_offset(posted.to_offset);
  }
  if (through_ >= 0) record->set_notices_through(through_);
}

NoticeBoard::Posted* NoticeBoard::FindCurrent(std::string_view tenant_id,
                                              std::string_view notice_id) {
  for (Posted& posted : posted_) {
    if (posted.current() && posted.tenant_id == tenant_id &&
        posted.notice.notice_id() == notice_id) {
      return &posted;
    }
  }
  return nullptr;
}

void NoticeBoard::Post(const ingest::EventView& event, int64_t offset, int64_t watermark_ms,
                       const Windows& windows) {
  if (offset <= through_) return;
  through_ = offset;
  const EventTime said{event.occurred_at_ms, EventHash(event.source, event.event_id)};
  Posted* before = FindCurrent(event.tenant_id, event.notice->notice_id());
  // One that is over may have been forgotten, so it does not count.
  const bool over = before != nullptr && before->OverAtMs(windows) < watermark_ms;
  if (before != nullptr && !over && said <= before->said) return;
  if (before != nullptr) before->to_offset = offset;
  posted_.push_back({std::string(event.tenant_id), *event.notice, said, windows.notice_window_ms,
                     offset, kNever});
  // What this version does not know has no bound.
  posted_.back().notice.DiscardUnknownFields();
  bytes_ += posted_.back().notice.ByteSizeLong();
  MakeRoom(offset, watermark_ms, windows);
}

void NoticeBoard::MakeRoom(int64_t offset, int64_t watermark_ms, const Windows& windows) {
  const auto counts = [&](const Posted& posted) {
    return posted.current() && posted.OverAtMs(windows) >= watermark_ms;
  };
  size_t count = 0;
  size_t bytes = 0;
  for (const Posted& posted : posted_) {
    if (!counts(posted)) continue;
    ++count;
    bytes += posted.notice.ByteSizeLong();
  }
  const auto place = [&](const Posted& posted) {
    return std::make_tuple(posted.UntilMs(windows), std::string_view(posted.tenant_id),
                           std::string_view(posted.notice.notice_id()));
  };
  while (count > 1 && (count > kMost || bytes > kMostBytes)) {
    Posted* first = nullptr;
    for (Posted& posted : posted_) {
      if (&posted == &posted_.back() || !counts(posted)) continue;
      if (first == nullptr || place(posted) < place(*first)) first = &posted;
    }
    --count;
    bytes -= first->notice.ByteSizeLong();
    first->to_offset = offset;
  }
}

std::optional<NoticeFacts> NoticeBoard::About(const ingest::EventView& event, int64_t offset,
                                              int64_t watermark_ms, const Windows& windows) const {
  const int64_t at_ms = event.occurred_at_ms;
  std::optional<NoticeFacts> first;
  for (const Posted& posted : posted_) {
    if (!posted.CountsAt(offset) || posted.tenant_id != event.tenant_id) continue;
    if (posted.said.at_ms > at_ms || !IsOpenAt(posted.notice, at_ms)) continue;
    if (posted.UntilMs(windows) < at_ms || posted.OverAtMs(windows) < watermark_ms) {
      continue;
    }
    if (!SpeaksOf(posted.notice, event) || !Addresses(posted.notice, event)) continue;
    const NoticeFacts facts = posted.facts();
    if (!first || RankOf(facts, at_ms) < RankOf(*first, at_ms)) first = facts;
  }
  return first;
}

void NoticeBoard::Forget(int64_t low_water_mark, int64_t watermark_ms, const Windows& windows) {
  std::erase_if(posted_, [&](const Posted& posted) {
    return posted.to_offset < low_water_mark || posted.OverAtMs(windows) < watermark_ms;
  });
  bytes_ = 0;
  for (const Posted& posted : posted_) bytes_ += posted.notice.ByteSizeLong();
}

}  // namespace peakend::journey
