#include "benchmarks/load/event_feed.h"

#include <algorithm>
#include <utility>

#include "benchmarks/load/distributions.h"
#include "benchmarks/load/duration_us.h"

namespace peakend::load {
namespace {

using Kind = ScriptedEvent::Kind;

// So much of the past is planned to know what is under way when a load begins: nearly all calls and
// chats are over within it. But not more contacts than take some seconds.
constexpr double kPastSeconds = 2 * 3600;
constexpr double kPastContacts = 20e6;
// Contacts played out to know how many records one gives, after an hour that fills the queues. In a
// center of this size or less: what matters is the share of those who give up.
constexpr int kPilotContacts = 10'000;
constexpr double kPilotMost = 10;     // contacts a second
constexpr double kPilotRecords = 60;  // a guess of the figure itself

int64_t PastUs(double contacts_per_second) {
  return static_cast<int64_t>(std::min(kPastSeconds, kPastContacts / contacts_per_second) *
                              kSecondUs);
}

}  // namespace

EventFeed::EventFeed(const v1::LoadProfile& profile, const LoadPart& part)
    : EventFeed(profile, part, profile.rate() / RecordsPerContact(profile)) {}

EventFeed::EventFeed(const v1::LoadProfile& profile, const LoadPart& part,
                     double contacts_per_second)
    : profile_(profile),
      part_(part),
      source_(profile, contacts_per_second, part.seed, -PastUs(contacts_per_second),
              part.length_us),
      upcoming_(source_.Next()),
      writer_(profile, part.seed, part.start_at_ms),
      spoiling_(part.seed, Purpose::kFeed, UINT64_MAX) {}

bool EventFeed::Next(LoadRecord& record) {
  // The broken one needs the writer's event, of which the spoilt one leaves nothing.
  if (std::exchange(break_next_, false)) {
    EmitBad(writer_.BreakText(written_), record);
    return true;
  }
  if (std::exchange(spoil_next_, false)) {
    EmitBad(writer_.Spoil(written_, spoiling_), record);
    return true;
  }
  while (left_ == leaving_.size()) {
    if ((bucket_ + 1) * kBucketUs >= part_.length_us) return false;
    EnterBucket();
  }
  Emit(leaving_[left_++], record);
  return true;
}

void EventFeed::Prepare() {
  if (bucket_ < 0) EnterBucket();
}

void EventFeed::EnterBucket() {
  ++bucket_;
  const int64_t end_us = std::min((bucket_ + 1) * kBucketUs, part_.length_us);
  BeginContacts(end_us);
  // Contacts have nothing to do with each other: any order gives the same.
  occurring_.Take(bucket_, &playing_);
  for (const uint32_t index : playing_) PlayUntil(index, end_us);
  // Delays are never negative: nothing that occurs later is due before.
  due_.Take(bucket_, &leaving_);
  std::sort(leaving_.begin(), leaving_.end());
  left_ = 0;
}

void EventFeed::BeginContacts(int64_t end_us) {
  for (; upcoming_.arrives_us < end_us; upcoming_ = source_.Next()) {
    if (upcoming_.customer % part_.shards != part_.shard - 1) continue;
    // Of what was long over only the queues know.
    if (upcoming_.surely_over_us() < 0) continue;
    Begin(upcoming_);
  }
}

void EventFeed::Begin(const ContactPlan& plan) {
  uint32_t index = static_cast<uint32_t>(live_.size());
  Live fresh{.plan = plan,
             .script = ContactScript(profile_, part_.seed, plan),
             .next = {},
             .feed = RandomStream(part_.seed, Purpose::kFeed, plan.number)};
  if (!fresh.script.Next(fresh.next)) return;
  if (free_live_.empty()) {
    live_.push_back(fresh);
  } else {
    index = free_live_.back();
    free_live_.pop_back();
    live_[index] = fresh;
  }
  // What has begun before the load is played out at once, up to its beginning.
  PlayUntil(index, std::max<int64_t>(0, bucket_ * kBucketUs));
}

void EventFeed::PlayUntil(uint32_t index, int64_t end_us) {
  Live& live = live_[index];
  while (!live.over && live.next.at_us < end_us) {
    const ScriptedEvent event = live.next;
    live.over = !live.script.Next(live.next);
    Send(live, index, event);
  }
  if (live.over) {
    ReleaseIfOver(index);
  } else if (live.next.at_us < part_.length_us) {
    occurring_.Push(live.next.at_us, index);
  }
}

void EventFeed::Send(Live& live, uint32_t index, const ScriptedEvent& event) {
  const v1::LoadFeed& feed = profile_.feed();
  // All draws are made whatever comes of them: a changed share then moves no other event.
  const int64_t delay_us = DelayUs(live.plan, event, live.feed);
  const bool lost = live.feed.Chance(feed.losses());
  const bool twice = live.feed.Chance(feed.duplicates());
  const int64_t again_us = static_cast<int64_t>(live.feed.Uniform() * 30 * kSecondUs);
  const int64_t due_us = event.at_us + delay_us;
  if (due_us < 0) return;
  if (lost) {
    tally_.AddLost();
    return;
  }
  Queue({event, due_us, index, false}, due_us);
  if (twice) Queue({event, due_us, index, true}, due_us + again_us);
}

void EventFeed::Queue(const Late& late, int64_t due_us) {
  if (due_us >= part_.length_us) {
    if (!late.duplicate) tally_.AddDueLater();
    return;
  }
  uint32_t index = static_cast<uint32_t>(late_.size());
  if (free_late_.empty()) {
    late_.push_back(late);
  } else {
    index = free_late_.back();
    free_late_.pop_back();
    late_[index] = late;
  }
  Live& live = live_[late.live];
  ++live.waiting;
  // A contact has fewer than 2^12 events that matter for the order of equal times.
  due_.Push(due_us, {due_us, live.plan.number << 12 | (late.event.seq & 0xfff), index});
}

int64_t EventFeed::DelayUs(const ContactPlan& plan, const ScriptedEvent& event,
                           RandomStream& stream) const {
  const v1::LoadFeed& feed = profile_.feed();
  double delay_us = 0;
  if (event.kind != Kind::kCustomerTurn && event.kind != Kind::kAgentTurn) {
    delay_us = LogNormal(stream, RealUs(feed.state_delay()), 1.0);
  } else if (plan.medium == Medium::kVoice) {
    delay_us = LogNormal(stream, RealUs(feed.transcript_delay()), 0.5);
  } else {
    delay_us = LogNormal(stream, RealUs(feed.message_delay()), 0.6);
  }
  const double drawn = stream.Uniform();
  const double further = stream.Uniform();
  if (drawn < feed.lost_hours()) {
    delay_us += (1 + 23 * further) * 3600 * kSecondUs;
  } else if (drawn < feed.lost_hours() + feed.stragglers()) {
    delay_us += (10 + 50 * further) * kSecondUs;
  } else if (drawn < feed.lost_hours() + feed.stragglers() + feed.disorder()) {
    delay_us += 3 * further * kSecondUs;
  }
  return static_cast<int64_t>(delay_us);
}

void EventFeed::Emit(const Due& due, LoadRecord& record) {
  const Late late = late_[due.late];
  free_late_.push_back(due.late);
  Live& live = live_[late.live];
  --live.waiting;
  written_ = writer_.Write(live.plan, late.event, late.first_due_us);
  record = {due.at_us, written_.key, written_.value};
  tally_.AddRecord(record.key, record.value);
  if (late.duplicate) {
    tally_.AddDuplicate();
  } else {
    const int64_t occurred_ms = writer_.OccurredAtMs(live.plan, late.event);
    tally_.AddEvent(live.plan, late.event, occurred_ms);
    if (!live.out) tally_.AddContact();
    live.out = true;
    if (occurred_ms < live.latest_ms) tally_.AddOutOfOrder();
    live.latest_ms = std::max(live.latest_ms, occurred_ms);
  }
  // By the event, so that each shard spoils what is its own.
  spoiling_ = RandomStream(part_.seed, Purpose::kFeed, ~(live.plan.number << 12 ^ late.event.seq));
  spoil_next_ = !late.duplicate && spoiling_.Chance(profile_.feed().bad_records());
  if (const double broken = profile_.feed().broken_text(); broken > 0 && !late.duplicate) {
    RandomStream breaking(part_.seed, Purpose::kOddity, ~(live.plan.number << 12 ^ late.event.seq));
    break_next_ = breaking.Chance(broken);
  }
  ReleaseIfOver(late.live);
}

void EventFeed::EmitBad(const EventWriter::Record& bad, LoadRecord& record) {
  record = {record.due_us, bad.key, bad.value, true};
  tally_.AddBadRecord();
  tally_.AddRecord(bad.key, bad.value);
}

void EventFeed::ReleaseIfOver(uint32_t index) {
  Live& live = live_[index];
  if (!live.over || live.waiting > 0) return;
  // Nothing refers to it any more; what it is asked next is another contact's.
  live.over = false;
  free_live_.push_back(index);
}

double RecordsPerContact(const v1::LoadProfile& profile) {
  v1::LoadProfile level = profile;
  level.mutable_arrivals()->set_shape("flat");
  level.mutable_arrivals()->set_busyness_cv(0);
  level.mutable_arrivals()->set_incidents_per_day(0);
  ContactSource source(level, std::min(profile.rate() / kPilotRecords, kPilotMost), 1,
                       -3600 * kSecondUs, INT64_MAX);
  int64_t records = 0;
  for (int contacts = 0; contacts < kPilotContacts;) {
    const ContactPlan plan = source.Next();
    if (plan.arrives_us < 0) continue;
    ++contacts;
    ContactScript script(level, 1, plan);
    for (ScriptedEvent event; script.Next(event);) ++records;
  }
  const v1::LoadFeed& feed = profile.feed();
  const double each = static_cast<double>(records) / kPilotContacts;
  return each * (1 - feed.losses()) *
         (1 + feed.duplicates() + feed.bad_records() + feed.broken_text());
}

}  // namespace peakend::load
