// Files of rated conversations -> InteractionEvents.
//
// One line of such a file is one conversation as a JSON object:
//   {"conversation_id":"c1","customer_id":"p1","language":"en","channel":"CHAT",
//    "turn_scale":[1,5],
//    "turns":[{"seq":1,"role":"customer","text":"hello","ratings":[3,4]},
//             {"seq":2,"role":"agent","text":"hi","sentiment":3}]}
// The files have no times: turns are spaced kTurnSpacingMs apart, conversations
// kConversationSpacingMs. A turn's feeling is the mean of its `ratings`, or its
// `sentiment`, on turn_scale; a turn with neither has none. Other fields are not
// read: the outcome of a conversation never enters the stream.
//
// Thread-safety: pure. Error texts name fields, never their content.
#ifndef PEAKEND_PROCESSORS_ADAPTERS_CONVERSATIONS_H_
#define PEAKEND_PROCESSORS_ADAPTERS_CONVERSATIONS_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "peakend/v1/interaction_event.pb.h"

namespace peakend::adapters {

inline constexpr int64_t kConversationsBaseMs = 1'736'154'000'000;  // 2025-01-06T09:00:00Z
inline constexpr int64_t kConversationSpacingMs = 60'000;
inline constexpr int64_t kTurnSpacingMs = 20'000;

// When the conversation on the `index`-th line (from 0) starts, ms since the epoch.
constexpr int64_t ConversationStartMs(int64_t index) {
  return kConversationsBaseMs + index * kConversationSpacingMs;
}

// The turns of the conversation in `line` as events in time order, the first at
// `start_ms`. Ids are kept; an event's id is conversation_id + "/" + seq, its source
// is `source`. Empty when the conversation has no turns. Errors: InvalidArgument
// names the field at fault, e.g. "turns[3].ratings: outside turn_scale".
absl::StatusOr<std::vector<v1::InteractionEvent>> ReadConversation(std::string_view line,
                                                                   std::string_view source,
                                                                   int64_t start_ms);

}  // namespace peakend::adapters

#endif  // PEAKEND_PROCESSORS_ADAPTERS_CONVERSATIONS_H_
