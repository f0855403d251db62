// Why a customer felt something: the kind of evidence behind an impression.
#ifndef PEAKEND_PROCESSORS_JOURNEY_CAUSE_H_
#define PEAKEND_PROCESSORS_JOURNEY_CAUSE_H_

#include <cstdint>
#include <optional>
#include <string_view>

namespace peakend::journey {

// Numbers are written to the changelog: a new one goes to the end.
enum class Cause : uint8_t {
  kTurn,  // the customer said it
  // What the service did.
  kQueueWait,
  kAnnouncedWaitExceeded,
  kHold,
  kTransferred,
  kAuthenticatedAgain,
  kWrongSkill,
  kNotUnderstood,
  kHumanRefused,
  kInterrupted,
  kTalkedOver,
  kSilence,
  kDropped,
  kPageError,
  kPoorAudio,
  // What the customer did outside.
  kLowReview,
  kOutsideComplaint,
  // How the contact ended.
  kAbandoned,
  kHungUpOnHold,
  kResolved,
  // What was promised, and what became of it.
  kPromiseKept,
  kPromiseBroken,
  kPromiseAtRisk,  // names alerts; nobody was hurt yet
  // Silence where somebody should have spoken.
  kFirstResponse,
  kNextResponse,
  kUnanswered,
  kLeftUnanswered,  // the customer did not answer: an end
  // What follows from more than one contact.
  kRepeatContact,
  kFollowedUp,
  kRecovered,
  kReturned,  // names alerts about what a customer remembers
  // What was announced to many did not come true in time.
  kNoticeBroken,
  // What the customer did with what they had bought.
  kOrderReturned,
  kOrderCancelled,
  kLeftService,
  kRenewed,
};
inline constexpr int kCauses = 36;

// What the service did, which ImpressionPolicy can weigh; not turns and the ends of a
// contact, which MomentPolicy does.
bool IsServiceCause(Cause cause);

// SERVQUAL (Parasuraman, Zeithaml, Berry 1988), in their order of importance.
enum class Dimension : uint8_t {
  kReliability,
  kResponsiveness,
  kAssurance,
  kEmpathy,
  kTangibles,
  kNone,  // a feeling that was spoken says nothing about its object
};
inline constexpr int kDimensions = 5;  // without kNone

// KANO (Kano, Seraku, Takahashi, Tsuji 1984): what fulfilment can do.
enum class Kano : uint8_t {
  kBasic,        // only disappoint
  kPerformance,  // both
  kExcitement,   // only delight
  kNone,
};

// As in Evidence.cause, .servqual and .kano; empty for the two kNone.
std::string_view CauseName(Cause cause);
std::string_view DimensionName(Dimension dimension);
std::string_view KanoName(Kano kano);

Dimension DimensionOf(Cause cause);

// What has the name; nothing when nothing does. KanoNamed knows kNone as "none".
std::optional<Cause> CauseNamed(std::string_view name);
std::optional<Kano> KanoNamed(std::string_view name);

}  // namespace peakend::journey

#endif  // PEAKEND_PROCESSORS_JOURNEY_CAUSE_H_
