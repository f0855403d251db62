"""What makes an impression: the causes by their numbers, which order equals in time."""

(TURN, QUEUE_WAIT, ANNOUNCED_WAIT_EXCEEDED, HOLD, TRANSFERRED, AUTHENTICATED_AGAIN, WRONG_SKILL, NOT_UNDERSTOOD,
 HUMAN_REFUSED, INTERRUPTED, TALKED_OVER, SILENCE, DROPPED, PAGE_ERROR, POOR_AUDIO, LOW_REVIEW, OUTSIDE_COMPLAINT,
 ABANDONED, HUNG_UP_ON_HOLD, RESOLVED, PROMISE_KEPT, PROMISE_BROKEN, PROMISE_AT_RISK, FIRST_RESPONSE, NEXT_RESPONSE,
 UNANSWERED, LEFT_UNANSWERED, REPEAT_CONTACT, FOLLOWED_UP, RECOVERED, RETURNED, NOTICE_BROKEN, ORDER_RETURNED,
 ORDER_CANCELLED, LEFT_SERVICE, RENEWED) = range(36)
NAMES = ("turn", "queue_wait", "announced_wait_exceeded", "hold", "transferred", "authenticated_again", "wrong_skill",
         "not_understood", "human_refused", "interrupted", "talked_over", "silence", "dropped", "page_error",
         "poor_audio", "low_review", "outside_complaint", "abandoned", "hung_up_on_hold", "resolved", "promise_kept",
         "promise_broken", "promise_at_risk", "first_response", "next_response", "unanswered", "left_unanswered",
         "repeat_contact", "followed_up", "recovered", "returned", "notice_broken", "order_returned",
         "order_cancelled", "left_service", "renewed")

# SERVQUAL dimensions and the causes that tell about them.
DIMENSIONS = {"reliability": (ANNOUNCED_WAIT_EXCEEDED, PROMISE_KEPT, PROMISE_BROKEN, REPEAT_CONTACT, NOTICE_BROKEN,
                              ORDER_RETURNED, ORDER_CANCELLED, LEFT_SERVICE, RENEWED),
              "responsiveness": (QUEUE_WAIT, HOLD, NOT_UNDERSTOOD, HUMAN_REFUSED, FIRST_RESPONSE, NEXT_RESPONSE,
                                 UNANSWERED),
              "assurance": (TRANSFERRED, AUTHENTICATED_AGAIN, WRONG_SKILL),
              "empathy": (INTERRUPTED, TALKED_OVER, SILENCE, FOLLOWED_UP, RECOVERED),
              "tangibles": (DROPPED, PAGE_ERROR, POOR_AUDIO)}
SERVQUAL = {cause: name for name, members in DIMENSIONS.items() for cause in members}
