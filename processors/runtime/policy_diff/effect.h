// What a change of a policy means for those who work with it.
//
// Thread-safety: constants.
#ifndef PEAKEND_PROCESSORS_RUNTIME_POLICY_DIFF_EFFECT_H_
#define PEAKEND_PROCESSORS_RUNTIME_POLICY_DIFF_EFFECT_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace peakend::runtime {

enum class Language : uint8_t { kEnglish, kChinese };

enum class Effect : uint8_t {
  kNone,
  kRaisesSooner,
  kRaisesLater,
  kRecoversSooner,
  kRecoversLater,
  kMoreSevere,
  kLessSevere,
  kInterrupts,
  kListed,
  kQuietLonger,
  kQuietShorter,
  kCallBackLater,
  kCallBackSooner,
  kInterruptsLate,
  kListsLate,
  kMoreContacts,
  kFewerContacts,
  kOtherContacts,
  kWatchesElse,
  kFixedTime,
  kExpectedTime,
  kUnused,
  kLongerContacts,
  kShorterContacts,
  kLongerJourneys,
  kShorterJourneys,
  kTakesLater,
  kTakesFewer,
  kFewerAbandons,
  kMoreAbandons,
  kRememberedLonger,
  kForgottenSooner,
  kMoreRepeats,
  kFewerRepeats,
  kCountsLonger,
  kCountsShorter,
  kMorePeaks,
  kFewerPeaks,
  kBetter,
  kWorse,
  kWeighsMore,
  kWeighsLess,
  kPleasesMore,
  kPleasesLess,
  kToleratesMore,
  kStricter,
  kMoreFollowUps,
  kFewerFollowUps,
  kMoreInterrupts,
  kFewerInterrupts,
  kNoLimit,
  kLimit,
  kMoreCards,
  kFewerCards,
  kLinksMore,
  kLinksFewer,
  kEscalatesLater,
  kEscalatesSooner,
  kAhead,
  kBehind,
};
inline constexpr size_t kEffects = 60;

// For programs: "raises_sooner". Empty for kNone.
std::string_view EffectName(Effect effect);

// For people: "raises sooner", "更早预警". Empty for kNone.
std::string_view EffectWords(Effect effect, Language language);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_POLICY_DIFF_EFFECT_H_
