"""Opening cards: what the one who says hello is told of a customer who brings something along."""

from oracle_levels import ONE
from oracle_memory import days_since, is_empty, nano_of
from oracle_messages import OpeningCard, Promise
from oracle_rows import channel_name, fill_memory

MAX_PROMISES = 8
LEVELS = {"unrecovered_peak": -3 * ONE // 10, "bad_end": -3 * ONE // 10, "good_end": 3 * ONE // 10}
AGO_EN, AGO_ZH = ("today", "yesterday", "{} days ago"), ("今天", "昨天", "{}天前")


def open_promises(held, contact):
    """(promise, whether it is overdue) of what was promised before a contact and is open then, the earliest due first."""
    begins, index = contact.first[0], held.contacts.index(contact)
    found = []
    for span in held.journeys():
        contacts = held.contacts[span.begin:min(span.end, index)]
        for place, earlier in enumerate(contacts):
            found += [promise for promise in earlier.promises.kept
                      if promise.due and promise.made.place[0] <= begins
                      and not promise.is_moved_on(contacts[place + 1:], begins)
                      and not any(promise.fate(held.settlements.kept, begins))]
    found.sort(key=lambda promise: promise.is_due_at())
    return [(promise, promise.is_due_at() < begins) for promise in found[:MAX_PROMISES]]


def fits(opening, memory, promises, notice, before):
    level = LEVELS.get(opening.when) if opening.level is None else opening.level
    if opening.when == "promise_overdue":
        return promises != [] and promises[0][1]
    if opening.when == "promise_open":
        return promises != []
    if opening.when in ("notice", "notice_overdue"):
        return notice is not None and (notice.overdue or opening.when == "notice")
    if opening.when == "unrecovered_peak":
        return memory.unrecovered and nano_of(memory.worst) <= level
    if opening.when == "bad_end":
        return memory.end is not None and nano_of(memory.end) <= level
    if opening.when == "good_end":
        return memory.end is not None and nano_of(memory.end) >= level
    return before > 0 or opening.when == "known" and not is_empty(memory)


def said(text, words, days):
    ago = words[min(days, 2)].format(days)
    return text.replace("{ago}", ago)


def card_row(customer, story, journey_id, contact):
    """The card of a contact that has just begun, or None where there is nothing to say."""
    memory = customer.memories.at(story, contact)
    promises = open_promises(customer.held, contact)
    before = story.contacts.index(contact)
    notice = contact.notice() and contact.notice().notice
    opening = next((one for one in story.policy.openings if fits(one, memory, promises, notice, before)), None)
    if opening is None:
        return None
    minute = {"unrecovered_peak": memory.worst_minute, "bad_end": memory.end_minute,
              "good_end": memory.end_minute}.get(opening.when, memory.last_minute)
    days = days_since(minute, contact.first[0])
    row = OpeningCard(
        card_id=customer.contact_key(contact), tenant_id=customer.tenant, customer_id=customer.id,
        journey_id=journey_id, contact_id=contact.id, channel=channel_name(contact.channel),
        queue_id=contact.latest("queue"), opened_at_ms=contact.first[0], reason=opening.when,
        say_en=said(opening.say_en, AGO_EN, days), say_zh=said(opening.say_zh, AGO_ZH, days), contacts_before=before,
        policy_version=story.policy.stamp)
    fill_memory(row.memory, memory)
    for promise, overdue in promises:
        known = promise.kind in Promise.Kind.values()
        row.open_promises.add(promise_id=promise.id, due_at_ms=promise.is_due_at(), overdue=overdue,
                              kind=Promise.Kind.Name(promise.kind) if known else f"kind_{promise.kind}")
    if notice:
        row.notice.notice_id, row.notice.touchpoint_id = notice.id, notice.touchpoint
        row.notice.due_at_ms, row.notice.overdue = notice.due, notice.overdue
    return row


def withdrawn(customer, card_id):
    return OpeningCard(card_id=card_id, is_deleted=True, tenant_id=customer.tenant,
                       customer_id=customer.id, policy_version=customer.policy.stamp)
