#include "processors/publish/opening_card.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "peakend/v1/promise.pb.h"
#include "processors/moments/remember.h"
#include "processors/publish/channel_name.h"
#include "processors/publish/customer_ids.h"
#include "processors/publish/customer_journeys.h"
#include "processors/publish/evidence.h"

namespace peakend::publish {
namespace {

using journey::Contact;
using journey::JourneySpan;
using journey::JourneySpans;
using journey::Memory;
using journey::Promise;

constexpr int kMostPromises = 8;

double LevelOf(journey::RememberedLevel level) {
  return affect::ToDouble(journey::FromRemembered(level));
}

std::string PromiseName(int kind) {
  return v1::Promise::Kind_IsValid(kind)
             ? v1::Promise::Kind_Name(static_cast<v1::Promise::Kind>(kind))
             : absl::StrCat("kind_", kind);
}

// What was promised in `journey` before its contact `end` and is not settled by `at_ms`.
void AddOpenPromises(const journey::ContactSet& contacts, JourneySpan journey, size_t end,
                     int64_t at_ms, v1::OpeningCard* card) {
  journey.end = std::min(journey.end, end);
  if (journey.begin >= journey.end) return;
  const journey::Story story = contacts.StoryOf(journey, at_ms);
  for (size_t i = 0; i < story.journey.size(); ++i) {
    for (const Promise& promise : story.journey[i].promises().all()) {
      if (!promise.due || promise.made.at.at_ms > at_ms || MovedOn(story, i, promise)) continue;
      if (!FateOf(promise, story.settlements, at_ms).unknown()) continue;
      v1::OpenPromise& open = *card->add_open_promises();
      open.set_promise_id(Text(promise.id));
      open.set_kind(PromiseName(promise.kind));
      open.set_due_at_ms(promise.DueMs());
      open.set_overdue(promise.DueMs() < at_ms);
    }
  }
}

void KeepEarliestPromises(v1::OpeningCard* card) {
  auto& promises = *card->mutable_open_promises();
  std::stable_sort(promises.begin(), promises.end(),
                   [](const auto& a, const auto& b) { return a.due_at_ms() < b.due_at_ms(); });
  while (promises.size() > kMostPromises) promises.RemoveLast();
}

void FillNotice(const journey::NoticeGiven& given, v1::NoticeGiven* notice) {
  notice->set_notice_id(Text(given.notice_id));
  notice->set_touchpoint_id(Text(given.touchpoint_id));
  notice->set_due_at_ms(given.due_ms);
  notice->set_overdue(given.overdue());
}

bool Fits(const Opening& opening, const Memory& memory, const v1::OpeningCard& card) {
  switch (opening.when) {
    case Brings::kPromiseOverdue:
      return card.open_promises_size() > 0 && card.open_promises(0).overdue();
    case Brings::kPromiseOpen:
      return card.open_promises_size() > 0;
    case Brings::kNoticeOverdue:
      return card.notice().overdue();
    case Brings::kNotice:
      return card.has_notice();
    case Brings::kUnrecoveredPeak:
      return memory.unrecovered && journey::FromRemembered(memory.worst) <= opening.level;
    case Brings::kBadEnd:
      return memory.has_end && journey::FromRemembered(memory.end) <= opening.level;
    case Brings::kGoodEnd:
      return memory.has_end && journey::FromRemembered(memory.end) >= opening.level;
    case Brings::kAgain:
      return card.contacts_before() > 0;
    case Brings::kKnown:
      return !memory.empty() || card.contacts_before() > 0;
  }
  return false;
}

// The minute that an opening speaks of.
uint32_t MinuteOf(const Opening& opening, const Memory& memory) {
  switch (opening.when) {
    case Brings::kUnrecoveredPeak:
      return memory.worst_minute;
    case Brings::kBadEnd:
    case Brings::kGoodEnd:
      return memory.end_minute;
    default:
      return memory.last_minute;
  }
}

void Say(const Opening& opening, int64_t days, v1::OpeningCard* card) {
  const std::string en = days == 0   ? "today"
                         : days == 1 ? "yesterday"
                                     : absl::StrCat(days, " days ago");
  const std::string zh = days == 0 ? "今天" : days == 1 ? "昨天" : absl::StrCat(days, "天前");
  card->set_say_en(absl::StrReplaceAll(opening.say_en, {{"{ago}", en}}));
  card->set_say_zh(absl::StrReplaceAll(opening.say_zh, {{"{ago}", zh}}));
}

}  // namespace

void FillMemory(const Memory& faded, v1::Memory* memory) {
  if (faded.worst_minute != 0) {
    memory->set_worst(LevelOf(faded.worst));
    memory->set_worst_at_ms(journey::MinuteMs(faded.worst_minute));
  }
  if (faded.best_minute != 0) {
    memory->set_best(LevelOf(faded.best));
    memory->set_best_at_ms(journey::MinuteMs(faded.best_minute));
  }
  if (faded.has_end) {
    memory->set_end(LevelOf(faded.end));
    memory->set_end_at_ms(journey::MinuteMs(faded.end_minute));
  }
  if (faded.usual_journeys > 0) {
    memory->set_usual(LevelOf(faded.usual));
    memory->set_usual_journeys(faded.usual_journeys);
  }
  memory->set_unrecovered(faded.unrecovered);
  memory->set_resolved(faded.resolved);
  if (faded.empty()) return;
  memory->set_last_channel(ChannelName(faded.channel));
  memory->set_last_contact_at_ms(journey::MinuteMs(faded.last_minute));
}

int64_t DaysSince(uint32_t minute, int64_t at_ms) {
  if (minute == 0) return 0;
  return std::max<int64_t>(0, at_ms - journey::MinuteMs(minute)) / 86'400'000;
}

bool FillOpeningCard(const CustomerState& customer, const Policy& policy,
                     const JourneySpans& journeys, size_t index, v1::OpeningCard* card) {
  const journey::ContactSet& contacts = customer.open()->contacts();
  const Contact& contact = contacts.contacts()[index];
  const int64_t at_ms = contact.first().at_ms;
  const auto own = std::find_if(journeys.begin(), journeys.end(),
                                [&](const JourneySpan& span) { return index < span.end; });
  card->Clear();
  card->set_contacts_before(static_cast<int32_t>(index - own->begin));
  for (auto span = journeys.begin(); span <= own; ++span) {
    AddOpenPromises(contacts, *span, index, at_ms, card);
  }
  KeepEarliestPromises(card);
  if (contact.notice()) FillNotice(*contact.notice(), card->mutable_notice());
  const Memory memory = moments::MemoryAt(contacts.StoryOf(*own, at_ms), index - own->begin,
                                          policy.windows, policy.model);
  const auto opening = std::find_if(policy.openings.begin(), policy.openings.end(),
                                    [&](const Opening& each) { return Fits(each, memory, *card); });
  if (opening == policy.openings.end()) return false;
  card->set_tenant_id(Text(customer.tenant_id()));
  card->set_customer_id(Text(customer.customer_id()));
  card->set_card_id(journey::ToHex(IdOf(customer, contact)));
  card->set_journey_id(journey::ToHex(IdOf(customer, *own)));
  card->set_contact_id(Text(contact.id()));
  card->set_channel(ChannelName(contact.channel()));
  card->set_queue_id(Text(contact.queue_id()));
  card->set_opened_at_ms(at_ms);
  card->set_reason(Text(BringsName(opening->when)));
  Say(*opening, DaysSince(MinuteOf(*opening, memory), at_ms), card);
  FillMemory(memory, card->mutable_memory());
  card->set_policy_version(policy.stamp);
  return true;
}

bool FillCardThatIsOut(const CustomerState& customer, const Policy& policy, v1::OpeningCard* card) {
  if (customer.open() == nullptr) return false;
  const OpenCustomer& open = *customer.open();
  for (size_t i = open.contacts().contacts().size(); i-- > 0;) {
    const journey::Identifier id = IdOf(customer, open.contacts().contacts()[i]);
    const auto rows = std::find_if(open.rows.begin(), open.rows.end(), [&](const auto& each) {
      return each.id == id && each.card_version != 0;
    });
    if (rows == open.rows.end()) continue;
    if (!FillOpeningCard(customer, policy, JourneysOf(customer, policy), i, card)) return false;
    card->set_row_version(rows->card_version);
    return true;
  }
  return false;
}

}  // namespace peakend::publish
