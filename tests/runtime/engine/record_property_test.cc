// A customer who was written, destroyed and restored at any moment goes on exactly
// like one who was not: the same outputs, byte for byte, and the same counts
// (10,000 random cases).
//
// Two runs of a plain engine over one random stream; in one of them everybody is
// restored into fresh memory at random moments. Some customers have guests, who stay or left,
// and links.
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <memory_resource>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "processors/journey/event_facts.h"
#include "processors/journey/partition_clock.h"
#include "processors/publish/customer_packer.h"
#include "processors/publish/customer_record.h"
#include "processors/publish/step.h"
#include "tests/runtime/engine/random_stream.h"

namespace peakend::runtime {
namespace {

using journey::PartitionClock;

// The customers of one life of the process.
struct Life {
  explicit Life(const publish::Policy& policy)
      : packer(policy.rules, policy.windows, &memory), step(policy, &memory) {}

  std::pmr::unsynchronized_pool_resource memory;
  publish::CustomerPacker packer;
  publish::Step step;
  std::map<std::string, publish::CustomerState> customers;
};

// What a partition does, without a table, a heap or a decoder.
class Engine {
 public:
  // With `guests`, whose events these are is drawn from the events.
  Engine(const publish::Policy& policy, bool guests)
      : policy_(policy),
        guests_(guests),
        life_(std::make_unique<Life>(policy)),
        writer_(policy.rules) {}

  void Process(const v1::InteractionEvent& event) {
    context_.offset = ++offset_;
    if (clock_.Advance(event.occurred_at_ms(), 0)) FireDue();
    const ingest::EventView view = ingest::ViewOf(event);
    journey::EventFacts facts = journey::ReadFacts(view);
    journey::ReadPhrases(view, policy_.phrases, facts);
    // Announced half a second ago and due at about now.
    if (offset_ % 3 == 0) {
      facts.notice = {"n", view.touchpoint_id, facts.at_ms - 500, facts.at_ms + offset_ % 5 - 2};
    }
    const std::string& tenant = event.tenant_id();
    const std::string& name = event.customer().customer_id();
    const auto [place, created] =
        life_->customers.try_emplace(absl::StrCat(tenant, "/", name), tenant, name);
    publish::CustomerState& customer = place->second;
    const std::string origin = OriginOf(facts.hash);
    context_.origin = origin;
    if (guests_) Meet(customer, facts.hash);
    context_.late = facts.at_ms < context_.watermark_ms - policy_.windows.allowed_lateness_ms;
    if (context_.late) {
      const publish::LateEvent late = life_->step.JudgeLate(customer, facts, context_);
      absl::StrAppend(&said_, "late ", static_cast<int>(late), "\n");
      if (late != publish::LateEvent::kAmends) return;
    }
    const auto result = life_->step.Apply(customer, facts, context_, outputs_, counts_);
    absl::StrAppend(&said_, "result ", static_cast<int>(result), "\n");
    Hear();
  }

  void Finish() {
    clock_.Advance(PartitionClock::kEndOfTime, 0);
    FireDue();
  }

  // Another process takes over. Returns the first thing that a record got wrong.
  std::string Move() {
    auto next = std::make_unique<Life>(policy_);
    for (const auto& [key, customer] : life_->customers) {
      const publish::RecordStamp stamp{offset_, journey::Hash64(said_), false};
      const std::string bytes = Bytes(customer, stamp);
      if (bytes != Bytes(customer, stamp)) return "two records of one state differ";
      auto restored = reader_.Restore(key, bytes, &next->memory);
      if (!restored.ok()) return restored.status().ToString();
      if (restored->stamp != stamp) return "another stamp";
      if (Bytes(restored->customer, stamp) != bytes) return "another record after the restore";
      next->customers.emplace(key, std::move(restored->customer));
    }
    life_ = std::move(next);
    return "";
  }

  // Outputs, results and counts so far.
  const std::string& said() const { return said_; }

 private:
  // Guests 0 to 2, who may have left, or the customer.
  std::string OriginOf(uint64_t hash) const {
    return guests_ && hash % 4 != 3 ? absl::StrCat("guest", hash % 4) : "";
  }

  // Guests leave and arrive, identities are said and homes tell.
  void Meet(publish::CustomerState& customer, uint64_t hash) {
    if (!customer.idle()) {
      publish::OpenCustomer& open = life_->packer.Unpack(customer);
      journey::ContactParts& parts = open.parts;
      const std::string origin = OriginOf(hash);
      if (hash % 11 == 0 && !origin.empty()) parts.Leave(origin, policy_.windows);
      parts.Close(origin);
      if (hash % 13 == 0) parts.Leave("left", policy_.windows);
      // As many events may be others now.
      for (publish::PublishedRows& rows : open.rows) rows.fact_digest = 0;
    }
    publish::CustomerIdentity& identity = customer.Identify(&life_->memory);
    const std::string home = absl::StrCat("/i/", hash % 5);
    journey::LabelMessage told;
    told.label = journey::Label::OwnOf(absl::StrCat("a", hash % 3));
    told.shared = hash % 7 == 0;
    absl::StrAppend(&said_, identity.links.Say(customer.customer_id(), home, offset_, {}).size());
    absl::StrAppend(&said_, identity.links.Hear(customer.customer_id(), home, told, {true}).size(),
                    " ", std::string(identity.links.label().key), "\n");
    identity.host_id = identity.links.label().key;
    identity.recalled = identity.away() && hash % 3 == 0;
    identity.heard_ms = context_.watermark_ms;
  }

  std::string Bytes(const publish::CustomerState& customer, const publish::RecordStamp& stamp) {
    std::string bytes;
    writer_.Append(customer, stamp, &bytes);
    return bytes;
  }

  void FireDue() {
    context_.watermark_ms = clock_.WatermarkMs(policy_.windows.max_out_of_orderness_ms);
    context_.clock_ms = clock_.now_ms();
    for (auto& [key, customer] : life_->customers) {
      while (customer.wake_ms() < context_.watermark_ms) {
        life_->step.Wake(customer, context_, outputs_, counts_);
        Hear();
      }
    }
  }

  void Hear() {
    for (size_t i = 0; i < outputs_.size(); ++i) {
      said_.append(outputs_[i].key).append(" ").append(outputs_[i].value).append("\n");
    }
    for (const int64_t moments : counts_.moments) absl::StrAppend(&said_, moments, " ");
    absl::StrAppend(&said_, counts_.open_journeys, " ", counts_.journeys_closed, " ",
                    counts_.journey_revisions, " ", counts_.alerts.size(), "\n");
    outputs_.Clear();
    counts_.Clear();
  }

  const publish::Policy& policy_;
  const bool guests_;
  std::unique_ptr<Life> life_;
  publish::CustomerRecordWriter writer_;
  publish::CustomerRecordReader reader_;
  PartitionClock clock_;
  publish::StepContext context_{PartitionClock::kUnset, PartitionClock::kUnset, "events", 0, 0};
  publish::OutputBatch outputs_;
  publish::StepCounts counts_;
  std::string said_;
  int64_t offset_ = 0;
};

// Bounds and cooldowns that a stream reaches.
publish::Policy RandomPolicy(Random& random) {
  publish::Policy policy = SmallWindows();
  static constexpr int64_t kCooldowns[] = {0, 100, 1000, 300'000};
  std::vector<alerts::Rule> rules(policy.rules.begin(), policy.rules.end());
  for (alerts::Rule& rule : rules) {
    rule.cooldown_ms = kCooldowns[Draw(random, 0, 3)];
    rule.exit = rule.enter;
  }
  policy.rules = alerts::Rules(std::move(rules));
  if (Draw(random, 0, 2) == 0)
    policy.windows.max_contacts = static_cast<size_t>(Draw(random, 1, 4));
  if (Draw(random, 0, 2) == 0) {
    policy.windows.max_event_ids = static_cast<size_t>(Draw(random, 2, 40));
  }
  if (Draw(random, 0, 2) == 0) policy.windows.memory_ms = Draw(random, 1, 5000);
  return policy;
}

StreamShape RandomShape(Random& random) {
  switch (Draw(random, 0, 3)) {
    case 0:
      return {1, 160, 60};
    case 1:
      return {1, 80, 1099};
    default:
      return {};
  }
}

// Who took the contact, where it waited and for how long; e-mail beside chat.
void Staff(Random& random, std::vector<v1::InteractionEvent>& events) {
  for (v1::InteractionEvent& event : events) {
    if (Draw(random, 0, 3) == 0) {
      event.mutable_queue()->set_id(absl::StrCat("q", Draw(random, 0, 3)));
    }
    if (Draw(random, 0, 3) == 0) {
      event.mutable_agent()->set_id(absl::StrCat("a", Draw(random, 0, 3)));
    }
    if (Draw(random, 0, 9) == 0) event.set_channel(v1::CHANNEL_EMAIL);
    if (event.has_lifecycle() && Draw(random, 0, 1) == 0) {
      event.mutable_lifecycle()->set_wait_ms(Draw(random, 0, 40));
    }
    if (event.has_survey()) {
      event.mutable_survey()->set_kind(static_cast<v1::Survey::Kind>(Draw(random, 0, 2)));
    }
  }
}

// In some order, some twice, some far too late.
std::vector<v1::InteractionEvent> RandomArrivals(Random& random) {
  std::vector<v1::InteractionEvent> events = RandomStream(random, RandomShape(random));
  Staff(random, events);
  events = Duplicate(random, Shuffle(random, events));
  if (Draw(random, 0, 1) == 0) {
    const auto late = static_cast<size_t>(Draw(random, 0, static_cast<int64_t>(events.size()) - 1));
    events.push_back(events[late]);
    events[late].set_event_id("late");
  }
  return events;
}

TEST(RecordPropertyTest, ARestoredCustomerGoesOnAsIfNothingHadHappened) {
  for (int seed = 0; seed < Cases(); ++seed) {
    Random random(static_cast<uint64_t>(seed));
    const int64_t factor = Draw(random, 0, 1) == 0 ? 1 : kSlow;
    const publish::Policy policy = Slowed(RandomPolicy(random), factor);
    const std::vector<v1::InteractionEvent> events = Slowed(RandomArrivals(random), factor);
    const bool guests = Draw(random, 0, 2) == 0;
    Engine undisturbed(policy, guests);
    Engine moved(policy, guests);
    const int64_t rarely = Draw(random, 1, 20);
    for (const v1::InteractionEvent& event : events) {
      undisturbed.Process(event);
      moved.Process(event);
      if (Draw(random, 0, rarely) == 0) {
        ASSERT_EQ(moved.Move(), "") << "seed " << seed;
      }
    }
    undisturbed.Finish();
    moved.Finish();
    ASSERT_EQ(undisturbed.said(), moved.said()) << "seed " << seed;
  }
}

}  // namespace
}  // namespace peakend::runtime
