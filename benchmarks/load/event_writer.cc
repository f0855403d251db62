#include "benchmarks/load/event_writer.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "benchmarks/load/distributions.h"
#include "benchmarks/load/duration_us.h"
#include "benchmarks/load/embedded.h"

namespace peakend::load {
namespace {

using Kind = ScriptedEvent::Kind;

constexpr uint64_t kSources = 16;
constexpr int kBase = 36;
// Far above the values that there are.
constexpr auto kUnknownChannel = static_cast<v1::Channel>(1000);
constexpr std::string_view kEmoji[] = {"😡", "😞", "🙂", "👍", "❤️"};

void AppendNumber(uint64_t number, int base, std::string* out) {
  char digits[24];
  const auto end = std::to_chars(std::begin(digits), std::end(digits), number, base);
  out->append(digits, static_cast<size_t>(end.ptr - digits));
}

// With leading zeros up to `width`.
void AppendPadded(uint64_t number, size_t width, std::string* out) {
  char digits[24];
  const auto end = std::to_chars(std::begin(digits), std::end(digits), number);
  const auto length = static_cast<size_t>(end.ptr - digits);
  if (length < width) out->append(width - length, '0');
  out->append(digits, length);
}

v1::Channel ChannelOf(Medium medium) {
  switch (medium) {
    case Medium::kVoice:
      return v1::CHANNEL_VOICE;
    case Medium::kChat:
      return v1::CHANNEL_CHAT;
    case Medium::kMail:
      return v1::CHANNEL_EMAIL;
    case Medium::kPost:
      return v1::CHANNEL_SOCIAL;
  }
  return v1::CHANNEL_UNSPECIFIED;
}

void SetContactId(const ContactPlan& plan, std::string* id) {
  *id = "l";
  AppendNumber(plan.number, kBase, id);
}

int64_t FloorToMs(int64_t us) { return us / 1000 - (us % 1000 < 0 ? 1 : 0); }

}  // namespace

EventWriter::EventWriter(const v1::LoadProfile& profile, uint64_t seed, int64_t start_at_ms)
    : profile_(profile),
      seed_(seed),
      start_at_ms_(start_at_ms),
      english_(kEnglishTexts),
      chinese_(kChineseTexts) {
  const double spread_us = RealUs(profile.feed().clock_skew());
  for (uint64_t source = 0; source < kSources; ++source) {
    RandomStream stream(seed, Purpose::kSource, source);
    skews_us_.push_back(static_cast<int64_t>(spread_us * Normal(stream)));
    std::string& name = sources_.emplace_back("load/" + profile.name() + "/");
    AppendNumber(source, 10, &name);
  }
  skews_us_[0] += static_cast<int64_t>(profile.feed().wrong_clock() * kSecondUs);
}

int64_t EventWriter::OccurredAtMs(const ContactPlan& plan, const ScriptedEvent& event) const {
  return start_at_ms_ + FloorToMs(event.at_us + skews_us_[plan.number % kSources]);
}

EventWriter::Record EventWriter::Write(const ContactPlan& plan, const ScriptedEvent& event,
                                       int64_t due_us) {
  WriteEnvelope(plan, event, due_us);
  switch (event.kind) {
    case Kind::kState:
      WriteState(event);
      break;
    case Kind::kCustomerTurn:
    case Kind::kAgentTurn:
      WriteTurn(plan, event);
      break;
    case Kind::kPromise:
    case Kind::kKept:
      WritePromise(plan, event);
      break;
    case Kind::kSurvey:
      WriteSurvey(plan, event);
      break;
  }
  key_ = event_.tenant_id();
  key_ += '/';
  key_ += event_.customer().customer_id();
  value_.clear();
  event_.AppendToString(&value_);
  return {key_, value_};
}

void EventWriter::WriteEnvelope(const ContactPlan& plan, const ScriptedEvent& event,
                                int64_t due_us) {
  std::string* const id = event_.mutable_event_id();
  SetContactId(plan, id);
  *id += '.';
  AppendNumber(event.seq, kBase, id);
  *id += '.';
  AppendNumber(static_cast<uint64_t>(due_us), kBase, id);
  event_.set_source(sources_[plan.number % kSources]);
  event_.set_tenant_id(profile_.tenant());
  event_.set_occurred_at_ms(OccurredAtMs(plan, event));
  event_.set_recorded_at_ms(start_at_ms_ + FloorToMs(due_us));
  event_.set_time_quality(v1::TIME_QUALITY_EXACT);
  std::string* const customer = event_.mutable_customer()->mutable_customer_id();
  *customer = "c";
  AppendPadded(plan.customer, 9, customer);
  SetContactId(plan, event_.mutable_contact()->mutable_contact_id());
  event_.set_channel(ChannelOf(plan.medium));
  // Drawn only where it is asked for: most loads shall not pay for it.
  if (const double unknown = profile_.feed().unknown_values();
      unknown > 0 &&
      RandomStream(seed_, Purpose::kOddity, plan.number << 12 ^ event.seq).Chance(unknown)) {
    event_.set_channel(kUnknownChannel);
  }
  event_.set_direction(v1::DIRECTION_INBOUND);
  std::string* const queue = event_.mutable_queue()->mutable_id();
  *queue = "q";
  AppendPadded(plan.queue, 3, queue);
  if (event.agent > 0) {
    std::string* const agent = event_.mutable_agent()->mutable_id();
    *agent = "a";
    AppendPadded(event.agent, 7, agent);
    event_.mutable_agent()->set_kind(v1::Agent::KIND_HUMAN);
  } else {
    event_.clear_agent();
  }
  event_.set_language(plan.chinese ? "zh-CN" : "en");
}

void EventWriter::WriteTurn(const ContactPlan& plan, const ScriptedEvent& event) {
  v1::Turn& turn = *event_.mutable_turn();
  const bool customer = event.kind == Kind::kCustomerTurn;
  turn.set_role(customer ? v1::Turn::CUSTOMER : v1::Turn::AGENT);
  turn.mutable_item_id()->clear();
  AppendNumber(event.item, 10, turn.mutable_item_id());
  turn.clear_begin_ms();
  turn.clear_end_ms();
  if (plan.medium == Medium::kVoice) {
    const int64_t end_ms = (event.at_us - plan.arrives_us) / 1000;
    turn.set_begin_ms(std::max<int64_t>(0, end_ms - event.lasts_us / 1000));
    turn.set_end_ms(end_ms);
  }
  turn.set_is_final(!event.partial);
  std::string* const text = turn.mutable_text();
  text->clear();
  turn.clear_sentiment();
  RandomStream stream(seed_, Purpose::kText, plan.number << 12 ^ event.seq);
  if (stream.Chance(profile_.text().share())) {
    const Wording& wording = plan.chinese ? chinese_ : english_;
    const Say say = event.partial ? Say::kTalk : event.say;
    wording.Say(say, event.feeling, stream, text);
    const size_t bytes = profile_.text().bytes();
    while (text->size() < bytes) {
      *text += ' ';
      wording.Say(say, event.feeling, stream, text);
    }
    if (plan.medium == Medium::kChat && stream.Chance(profile_.text().emoji())) {
      *text += kEmoji[Wording::FeelingOf(event.feeling)];
    }
  }
  if (!customer || event.partial || !stream.Chance(profile_.feeling().measured())) return;
  v1::Sentiment& sentiment = *turn.mutable_sentiment();
  sentiment.set_score(std::round(event.feeling * 100) / 100);
  sentiment.set_level(v1::Sentiment::UTTERANCE);
  sentiment.set_producer("load");
}

void EventWriter::WriteState(const ScriptedEvent& event) {
  v1::Lifecycle& lifecycle = *event_.mutable_lifecycle();
  lifecycle.Clear();
  lifecycle.set_state(event.state);
  lifecycle.set_ended_by(event.ended_by);
  const int64_t lasts_ms = event.lasts_us / 1000;
  switch (event.state) {
    case v1::Lifecycle::QUEUED:
      if (lasts_ms > 0) lifecycle.set_announced_wait_ms(lasts_ms);
      break;
    case v1::Lifecycle::CONNECTED:
    case v1::Lifecycle::ABANDONED:
      lifecycle.set_wait_ms(lasts_ms);
      break;
    default:
      if (lasts_ms > 0) lifecycle.set_duration_ms(lasts_ms);
      break;
  }
}

void EventWriter::WritePromise(const ContactPlan& plan, const ScriptedEvent& event) {
  v1::Promise& promise = *event_.mutable_promise();
  promise.Clear();
  SetContactId(plan, promise.mutable_promise_id());
  promise.mutable_promise_id()->append("-callback");
  promise.set_kind(v1::Promise::CALLBACK);
  promise.set_basis(v1::Promise::EXPLICIT);
  const int64_t at_ms = event_.occurred_at_ms();
  promise.set_due_at_ms(at_ms + event.lasts_us / 1000);
  if (event.kind == Kind::kKept) {
    promise.set_fulfilled_at_ms(at_ms);
  } else {
    promise.set_promised_at_ms(at_ms);
  }
}

void EventWriter::WriteSurvey(const ContactPlan& plan, const ScriptedEvent& event) {
  v1::Survey& survey = *event_.mutable_survey();
  survey.Clear();
  survey.set_kind(v1::Survey::CSAT);
  survey.set_status(v1::Survey::ANSWERED);
  survey.set_raw(std::clamp(std::round(3 + 2 * event.feeling), 1.0, 5.0));
  survey.set_raw_min(1);
  survey.set_raw_max(5);
  SetContactId(plan, survey.mutable_for_contact_id());
  survey.set_answered_at_ms(event_.occurred_at_ms());
}

EventWriter::Record EventWriter::Spoil(const Record& good, RandomStream& stream) {
  switch (stream.Below(3)) {
    case 0:
      // The last byte is of the payload, whose length then is wrong.
      return {good.key, good.value.substr(0, good.value.size() - 1)};
    case 1:
      spoilt_ = "\xff\xff not an event";
      return {good.key, spoilt_};
    default:
      // Fields that a reader knows, but neither an id nor a time nor a customer.
      event_.Clear();
      event_.set_language("en");
      spoilt_ = event_.SerializeAsString();
      return {{}, spoilt_};
  }
}

EventWriter::Record EventWriter::BreakText(const Record& good) {
  // The language, which each event names: tag, length and text, so that it is nothing else.
  std::string field = "\x92\x01";
  field += static_cast<char>(event_.language().size());
  const size_t text = field.size();
  field += event_.language();
  spoilt_ = good.value;
  if (const size_t at = spoilt_.find(field); at != std::string::npos) spoilt_[at + text] = '\xff';
  return {good.key, spoilt_};
}

std::optional<int64_t> DueOfEventId(std::string_view event_id) {
  const size_t dot = event_id.rfind('.');
  if (event_id.empty() || event_id[0] != 'l' || dot == std::string_view::npos) return std::nullopt;
  const char* const begin = event_id.data() + dot + 1;
  const char* const end = event_id.data() + event_id.size();
  int64_t due_us = 0;
  const auto read = std::from_chars(begin, end, due_us, kBase);
  if (begin == end || read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return due_us;
}

std::optional<uint64_t> CustomerOfId(std::string_view customer_id) {
  if (customer_id.empty() || customer_id[0] != 'c') return std::nullopt;
  const char* const begin = customer_id.data() + 1;
  const char* const end = customer_id.data() + customer_id.size();
  uint64_t number = 0;
  const auto read = std::from_chars(begin, end, number);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return number;
}

}  // namespace peakend::load
