// The step: one customer's state + one event (or a deadline) -> output records.
//
// The whole engine for one customer: joins journey, moments and alerts and turns
// their decisions into records. Same state, event and context give the same bytes.
//
// Thread-safety: none; one Step per worker. It keeps message objects to reuse.
#ifndef PEAKEND_PROCESSORS_PUBLISH_STEP_H_
#define PEAKEND_PROCESSORS_PUBLISH_STEP_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "peakend/v1/identity_record.pb.h"
#include "peakend/v1/opening_card.pb.h"
#include "processors/ingest/event_view.h"
#include "processors/journey/event_facts.h"
#include "processors/moments/contact_sample.h"
#include "processors/publish/customer_memory.h"
#include "processors/publish/customer_packer.h"
#include "processors/publish/customer_state.h"
#include "processors/publish/identity_counts.h"
#include "processors/publish/messages.h"
#include "processors/publish/output.h"
#include "processors/publish/policy.h"
#include "processors/publish/rows/row_writer.h"

namespace peakend::publish {

// Where and when a step happens. Times come from the log, never from a clock.
struct StepContext {
  int64_t watermark_ms = 0;
  // The partition's clock. A step that was due before stands at an earlier watermark;
  // what it finds may be old by now.
  int64_t clock_ms = 0;
  // Coordinates of the record that causes the step.
  std::string_view topic;
  int32_t partition = 0;
  int64_t offset = 0;
  // Which alerts may interrupt.
  alerts::Bar bar = {};
  // Guest of the customer whose event it is; empty = the customer's own.
  std::string_view origin = {};
  // The event came too late to be news, by the clock of the partition that it came to first.
  bool late = false;
  // Host to whom the customer's own part has just gone; empty = it has not.
  std::string_view merged_into = {};
  // Broker timestamp of the record that causes the step.
  int64_t stored_at_ms = 0;
};

// How much a step changed, to be added up by the caller.
struct StepCounts {
  std::array<int64_t, 5> moments = {};  // revisions by v1::MomentKind
  int64_t journey_revisions = 0;
  int64_t journeys_closed = 0;
  int64_t opening_cards = 0;
  alerts::BudgetCounts budget;
  IdentityCounts identities;
  int64_t open_journeys = 0;  // difference
  struct AlertChange {
    std::string_view rule;  // its name in the policy of the step
    v1::Alert::State state = v1::Alert::STATE_UNSPECIFIED;
    int64_t event_ms = 0;
  };
  std::vector<AlertChange> alerts;
  // Contacts whose end was found for the first time.
  std::vector<moments::ContactSample> samples;

  void Clear();
};

// What an event that is later than allowed is to its customer.
enum class LateEvent : uint8_t {
  kDuplicate,
  kAmends,  // of a journey that can be amended
  kSetAside,
};

class Step {
 public:
  // All must outlive the step. `rows`: which rows for warehouses are written; null = none.
  Step(const Policy& policy, CustomerMemory memory, const RowSettings* rows = nullptr)
      : policy_(policy), packer_(policy.rules, policy.windows, memory), rows_(rows) {}

  // Takes an event in. REQUIRES: the event is this customer's or context.origin's, who has
  // not left, and amends a journey of theirs if it is late.
  // kNoContact: the caller keeps the survey's record on late-events.
  journey::ApplyResult Apply(CustomerState& customer, const journey::EventFacts& facts,
                             const StepContext& context, OutputBatch& outputs, StepCounts& counts);

  // Does what is due at context.watermark_ms; nothing when nothing is. `why`: kTime or kPolicy.
  // REQUIRES: the customer is not idle.
  void Wake(CustomerState& customer, const StepContext& context, OutputBatch& outputs,
            StepCounts& counts, Amendment why = Amendment::kTime);

  // The row of a survey, answered or not, whoever the customer is by now.
  void WriteSurvey(const ingest::EventView& event, const StepContext& context,
                   OutputBatch& outputs);

  // Another policy, with the rules `next`, is about to count: alerts of rules that it does not have
  // are resolved, and the customer is packed, as no step of the other policy can read them else.
  // Wake, of a step of that policy, comes next. REQUIRES: the customer is not idle.
  void Retire(CustomerState& customer, const alerts::Rules& next, const StepContext& context,
              OutputBatch& outputs, StepCounts& counts);

  LateEvent JudgeLate(CustomerState& customer, const journey::EventFacts& facts,
                      const StepContext& context);

  // --- Parts that move; see docs/identity.md. The Control records are the caller's. ---

  // All that is the customer's own, as pieces; their rows are withdrawn, merged into `host`.
  // REQUIRES: the customer has an identity() and is at home.
  std::vector<v1::Part> Leave(CustomerState& customer, std::string_view host,
                              const StepContext& context, OutputBatch& outputs, StepCounts& counts);
  // Takes in a piece of what guest `origin` left with. REQUIRES: the part was checked.
  void Welcome(CustomerState& host, std::string_view origin, const v1::Part& part,
               const StepContext& context, OutputBatch& outputs, StepCounts& counts);
  // All that is the guest's, as pieces, of which the last says so: at least one, and an empty
  // one of somebody unknown. The guest has left until CloseGuest.
  std::vector<v1::Part> GiveBack(CustomerState& host, std::string_view origin,
                                 const StepContext& context, OutputBatch& outputs,
                                 StepCounts& counts);
  // Takes in a piece of the customer's own; with the last they are at home, and their rows go
  // on. REQUIRES: the customer was recalled; the part was checked.
  void TakeBack(CustomerState& customer, const v1::Part& part, const StepContext& context,
                OutputBatch& outputs, StepCounts& counts);
  // What the guest left with has arrived. Nothing happens of one who has not left.
  void CloseGuest(CustomerState& host, std::string_view origin, const StepContext& context,
                  OutputBatch& outputs, StepCounts& counts);
  bool HasLeft(CustomerState& host, std::string_view origin, int64_t watermark_ms);

  // After each call customer.wake_ms() tells when Wake is due next: when the
  // watermark exceeds it.

 private:
  journey::ApplyResult Take(CustomerState& customer, const journey::EventFacts& facts,
                            const StepContext& context, OutputBatch& outputs, StepCounts& counts);
  // What somebody did with an alert of the customer's.
  journey::ApplyResult Act(CustomerState& customer, const journey::EventFacts& facts,
                           const StepContext& context, OutputBatch& outputs, StepCounts& counts);
  // Packs a customer none of whose contacts is live.
  void Rest(CustomerState& customer, int64_t watermark_ms);
  void Settle(CustomerState& customer, const StepContext& context, OutputBatch& outputs,
              StepCounts& counts);
  alerts::Scene SceneOf(const CustomerState& customer, const journey::JourneySpan& span,
                        const StepContext& context) const;
  // Judges the conditions of all journeys; returns when one begins next.
  int64_t JudgeConditions(CustomerState& customer, const journey::JourneySpans& spans,
                          const StepContext& context, OutputBatch& outputs, StepCounts& counts);
  // What all that is written from now on is caused by.
  void Begin(const StepContext& context, Amendment why);
  // The watermark above which the customer's `now` has reached `due_ms`.
  int64_t WakeFor(int64_t due_ms) const;
  void EndContacts(CustomerState& customer, const journey::JourneySpans& spans,
                   const StepContext& context, OutputBatch& outputs, StepCounts& counts);
  void EndJourneys(CustomerState& customer, const journey::JourneySpans& spans,
                   const StepContext& context, OutputBatch& outputs, StepCounts& counts);
  // Until when a journey is kept for what may still become of it.
  int64_t KeptUntilMs(const OpenCustomer& open, const journey::JourneySpan& span) const;
  // Returns whether there was anything to drop.
  bool DropSettled(CustomerState& customer, const journey::JourneySpans& spans,
                   const StepContext& context, OutputBatch& outputs, StepCounts& counts);
  // When the customer must be looked at next, if no event comes before.
  int64_t NextWakeMs(const OpenCustomer& open, const journey::JourneySpans& spans,
                     int64_t next_due_ms, int64_t watermark_ms) const;
  void WithdrawSuperseded(CustomerState& customer, const journey::JourneySpans& spans,
                          const StepContext& context, OutputBatch& outputs, StepCounts& counts);
  // Takes in contacts and memory of a part; returns the contacts that came.
  journey::ContactSet TakePart(CustomerState& customer, std::string_view origin,
                               const v1::Part& part, StepCounts& counts);
  // Whether some of it is of a journey that the customer keeps no more, if it was ever here.
  bool ComesTooLate(const CustomerState& customer, const journey::ContactSet& arrived,
                    const StepContext& context) const;
  // Tells of the active alerts for which `moved` holds once more.
  void Repoint(CustomerState& customer, alerts::Reason reason,
               absl::FunctionRef<bool(const alerts::Alert&)> moved, const StepContext& context,
               OutputBatch& outputs, StepCounts& counts);
  // The cards of contacts that live and had none here.
  void WriteCards(CustomerState& customer, const journey::ContactSet& arrived,
                  const StepContext& context, OutputBatch& outputs, StepCounts& counts);
  void Withdraw(const CustomerState& customer, PublishedRows& rows,
                const journey::JourneySpans& spans, const StepContext& context,
                OutputBatch& outputs, StepCounts& counts);
  // Whether what the rows are about may stand here again, and until when it may.
  static bool MayComeBack(const CustomerState& customer, const PublishedRows& rows);
  int64_t MayComeBackUntilMs(const PublishedRows& rows) const;
  // Versions are remembered so long after the first event, and never forgotten while they are
  // higher than the age in milliseconds.
  int64_t RememberedMs() const;
  // Of rows of which no version is known. Where partitions run at different times, contacts come
  // back to a customer whose own time has moved on further than versions are remembered: above
  // their age no version was forgotten.
  int64_t FirstVersion(const CustomerState& customer, const PublishedRows& rows,
                       int64_t watermark_ms) const;
  // The earliest of more than are kept.
  static void ForgetWithdrawn(OpenCustomer& open);
  void CountInterrupt(const alerts::Transition& transition, alerts::BudgetCounts& counts) const;
  void WriteAlerts(const CustomerState& customer, const journey::JourneySpan& span,
                   const alerts::Transitions& transitions, const StepContext& context,
                   OutputBatch& outputs, StepCounts& counts);
  // The card of contact `index`, which has just begun; nothing when there is nothing to say.
  void WriteCard(CustomerState& customer, size_t index, const StepContext& context,
                 OutputBatch& outputs, StepCounts& counts);
  // Withdraws the card of a contact that is over, or no more.
  void WithdrawCard(const CustomerState& customer, PublishedRows& rows, OutputBatch& outputs);
  void WriteMoments(const Assessed& assessed, PublishedRows& rows, const StepContext& context,
                    OutputBatch& outputs, StepCounts& counts);
  // `survey` is about the journey; null = none is.
  void WriteJourney(const Assessed& assessed, const journey::SurveyAnswer* survey,
                    PublishedRows& rows, const StepContext& context, OutputBatch& outputs,
                    StepCounts& counts);

  // --- Rows for warehouses: step_bundle.cc ---

  // Those of an ended contact that have one version together: its own, its legs' and those of
  // what the service did.
  void WriteContactBundle(const Assessed& assessed, PublishedRows& rows, const StepContext& context,
                          OutputBatch& outputs);
  void WriteLegs(const Assessed& assessed, const PublishedRows& rows, const BundleVersion& before,
                 OutputBatch& outputs);
  void WriteTouchpoints(const Assessed& assessed, const PublishedRows& rows,
                        const BundleVersion& before, OutputBatch& outputs);
  // Those of `gone`; of its promises the first `promises_left` stay.
  void DeleteTouchpoints(const CustomerState& customer, const PublishedRows& rows,
                         const BundleVersion& gone, uint32_t promises_left, OutputBatch& outputs);
  // Those of the promises of an ended journey.
  void WritePromiseBundle(const Assessed& assessed, const journey::Story& story,
                          PublishedRows& rows, const StepContext& context, OutputBatch& outputs);
  // Of `before` rows the first `left` stay.
  void DeletePromises(const CustomerState& customer, const PublishedRows& rows, uint32_t before,
                      uint32_t left, OutputBatch& outputs);
  // All of a contact or journey are no more.
  void WithdrawBundle(const CustomerState& customer, PublishedRows& rows, OutputBatch& outputs);
  void WriteTurn(const CustomerState& customer, const journey::JourneySpan& span,
                 const journey::Contact& contact, const journey::EventFacts& facts,
                 OutputBatch& outputs);
  RowIdentity IdentityOf(const CustomerState& customer, std::string_view key,
                         const journey::EventTime& first, int64_t version, bool is_new) const;
  // `fill` adds the columns of its own; see RowWriter.
  template <typename Fill>
  void WriteRow(RowKind kind, const RowIdentity& identity, OutputBatch& outputs, Fill fill) {
    rows_.Write(kind, identity, cause_, policy_.stamp, outputs, fill);
  }
  // It says no more than which one it is.
  void DeleteRow(RowKind kind, RowIdentity identity, OutputBatch& outputs);

  const Policy& policy_;
  CustomerPacker packer_;
  v1::Alert alert_;
  v1::Moment moment_;
  v1::Journey journey_;
  v1::OpeningCard card_;
  v1::Moment moment_head_;
  v1::Journey journey_head_;
  RowWriter rows_;
  RowCause cause_;
  std::string bytes_;
};

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_STEP_H_
