"""What a customer's record in the changelog must say, from the reference's lists of events."""

from oracle_contacts import END_OF_TIME
from oracle_differences import differences
from oracle_facts import ABANDONED, ANSWER, RESOLVED
from oracle_memory import is_empty
from oracle_messages import CustomerState, MomentKind
from oracle_needs import NAMES
from oracle_parts import EARLIEST, LATEST
from oracle_phrases import ACTS
from oracle_tallies import KINDS


def record_differences(customer, record):
    """Fields in which the record is not what the reference holds; `record` loses its hashes of rows and facts."""
    wanted = record_of(customer)
    # Of the record itself, and of bytes that are compared within a tolerance elsewhere.
    wanted.format, wanted.applied, wanted.digest = record.format, record.applied, record.digest
    for rows in record.open.rows if record.HasField("open") else ():
        rows.facts = 0
        for row in rows.rows:
            row.digest = 0
    return [] if wanted == record else differences(wanted, record)


def record_of(customer):
    record = CustomerState(tenant_bytes=len(customer.tenant.encode()))
    if customer.last_event is not None:
        record.last_event_ms = customer.last_event
    if customer.wake != END_OF_TIME:
        record.wake_ms = customer.wake
    if customer.previous:
        set_id(record.previous_journey, customer.previous)
    if not is_empty(customer.memories.stored):
        fill_remembered(customer.memories.stored, record.memory)
    if customer.held is not None:
        fill_open(customer, record.open)
    return record


def fill_remembered(memory, record):
    levels = memory._asdict()
    for wait in levels.pop("waits"):
        record.usual_waits.add(**wait._asdict())
    for name, value in levels.items():
        if value is not None:
            setattr(record, name, value)


def set_place(message, place):
    message.at_ms, message.hash = place
    message.SetInParent()


def set_id(message, text):
    message.high, message.low = int(text[:16], 16), int(text[16:], 16)
    message.SetInParent()


def fill_open(customer, record):
    record.SetInParent()
    record.open_journeys = customer.open_journeys
    held, contacts = customer.held, record.contacts
    contacts.SetInParent()
    for contact in held.contacts:
        fill_contact(contact, contacts.contacts.add())
    for survey in held.surveys:
        fill_survey(survey, contacts.surveys.add())
    contacts.seen.SetInParent()
    contacts.seen.young.extend(sorted(held.seen))
    contacts.seen.old.extend(sorted(held.seen_before))
    contacts.seen.forgot = held.forgot_ids
    contacts.joined = held.joined
    for settlement in held.settlements.kept:
        fill_settlement(settlement, contacts.settlements.add())
    contacts.forgot_settlements = held.settlements.forgot
    for alert in sorted(customer.alerts.held, key=lambda alert: alert.asleep):
        fill_alert(alert, record.alerts.add())
    for rows in customer.rows.kept.values():
        fill_rows(rows, record.rows.add())


def fill_survey(survey, record):
    set_place(record.at, survey.place)
    record.score, record.kind, record.contact_id = survey.survey_score, survey.survey_kind, survey.contact.encode()


def fill_settlement(settlement, record):
    set_place(record.at, settlement.place)
    record.promise_id, record.event_id = settlement.promise.encode(), settlement.id.encode()
    record.fulfilled, record.time_ms = settlement.fulfilled, settlement.time


def fill_contact(contact, record):
    record.contact_id = contact.id.encode()
    record.channel = contact.channel
    set_place(record.first, contact.first)
    set_place(record.last, contact.last)
    record.event_count = len(contact.events)
    marks = contact.marks
    if contact.queued():
        fill_event(contact.queued(), record.queued, "event_id")
    if marks[ANSWER]:
        record.answered_at_ms = marks[ANSWER][0].at
    if contact.ended_at() is not None:
        record.ended_at_ms = contact.ended_at()
    for kind, mark in ((ABANDONED, record.abandoned), (RESOLVED, record.resolved)):
        if marks[kind]:
            newest = marks[kind][-1]
            set_place(mark.at, newest.place)
            mark.event_id = newest.id.encode()
            if kind == ABANDONED and newest.wait is not None:
                mark.wait_ms = newest.wait
    for name, kept in (("queue", record.queue), ("agent", record.agent), ("tier", record.tier),
                       ("touchpoint", record.touchpoint), ("producer", record.producer)):
        named = contact.naming(name)
        if named is not None:
            set_place(kept.at, named.place)
            kept.name = getattr(named, name).encode()
    if contact.impressions:
        fill_impressions(contact.impressions, record.impressions)
    fill_tallies(contact, record)
    if contact.messages:
        record.first_message_ms = contact.messages[0].at
    if contact.answered_last():
        set_place(record.answered_last, contact.answered_last().place)
    for fact, named in ((contact.last_message(), record.last_message), (contact.last_question(), record.last_question)):
        if fact:
            fill_event(fact, named, "name")
    fill_need(contact.need(), record)
    for promise in contact.promises.kept:
        fill_promise(promise, record.promises.add())
    fill_told(contact, record)
    record.forgot_promises, record.order_only = contact.promises.forgot, contact.order_only
    record.counted = contact.in_statistics
    if contact.baseline():
        set_place(record.baseline.at, contact.baseline().place)
        record.baseline.wait_ms = contact.baseline().baseline
    fill_legs(contact, record)


def fill_legs(contact, record):
    """Who had it, and who ended it."""
    for (named, name), facts in contact.legs():
        leg = record.legs.add(name=name.encode(), named=named, event_count=len(facts))
        set_place(leg.first, facts[0].place)
        set_place(leg.last, facts[-1].place)
        for field, kept in (("agent", leg.agent), ("queue", leg.queue)):
            fact = next((fact for fact in reversed(facts) if getattr(fact, field)), None)
            if fact and (named or field == "queue"):  # an agent's leg is named by the agent
                set_place(kept.at, fact.place)
                kept.name = getattr(fact, field).encode()
    record.forgot_legs = contact.forgot_legs()
    ended = contact.naming("ended_by")
    if ended:
        set_place(record.ended_by.at, ended.place)
        record.ended_by.by = ended.ended_by


def fill_told(contact, record):
    """What agents did and when, and what was announced."""
    record.acts = sum(1 << number for number, act in enumerate(ACTS) if act in contact.acts)
    answers = contact.human_answers()
    record.human_answers.extend(at - before for before, at in zip([0, *answers], answers))
    record.forgot_human_answers = contact.forgot_human_answers()
    fact = contact.notice()
    if fact:
        given, kept = fact.notice, record.notice
        set_place(kept.at, fact.place)
        kept.event_id, kept.notice_id = fact.id.encode(), given.id.encode()
        kept.touchpoint_id, kept.base_ms, kept.due_ms = given.touchpoint.encode(), given.base, given.due


def fill_event(fact, message, field):
    set_place(message.at, fact.place)
    setattr(message, field, fact.id.encode())
    message.SetInParent()


def fill_need(need, record):
    started = need.started
    if started:
        set_place(record.need.started, started.place)
        record.need.direction, record.need.initiation = started.direction, started.initiation
        record.need.started_event_id = started.id.encode()
    for name, field in zip(NAMES, ("chain", "case_id", "intent", "touchpoint")):
        fact = need.named[name]
        if fact:
            kept = getattr(record.need, field)
            set_place(kept.at, fact.place)
            kept.hash = need.hash(name)


def fill_promise(promise, record):
    record.promise_id = promise.id.encode()
    record.kind, record.statements = promise.kind, promise.statements
    for name in ("made", "due"):
        statement = getattr(promise, name)
        if statement:
            kept = getattr(record, name)
            set_place(kept.at, statement.place)
            kept.time_ms, kept.event_id = statement.time, statement.id.encode()


def fill_tallies(contact, record):
    for kind in KINDS:
        tally = contact.tally(kind)
        if tally is None:
            continue
        kept = record.tallies.add(kind=kind, count=tally.count, event_id=tally.fact.id.encode())
        set_place(kept.at, tally.fact.place)
        if tally.amount is not None:
            kept.amount = tally.amount


def fill_impressions(impressions, record):
    for impression in impressions[-LATEST:]:
        fill_impression(impression, record.latest.add())
    if len(impressions) <= LATEST:
        return
    earlier = record.earlier
    earlier.count = len(impressions)
    earlier.sum = sum(impression.valence for impression in impressions)
    for sign, kept in ((1, earlier.strongest_positive), (-1, earlier.strongest_negative)):
        felt = [impression for impression in impressions if impression.valence * sign > 0]
        if felt:
            fill_impression(max(felt, key=lambda i: (i.weight, i.at, i.id, i.hash)), kept)
    for impression in impressions[:EARLIEST]:
        fill_impression(impression, earlier.earliest.add())


def fill_impression(impression, record):
    record.at_ms, record.event_hash = impression.at, impression.hash
    record.event_id = impression.id.encode()
    record.valence = impression.valence
    if impression.given:
        record.confidence = impression.confidence


def fill_alert(alert, record):
    set_id(record.journey_id, alert.journey_id)
    record.rule = alert.rule.name.encode()
    record.state, record.row_version = alert.state, alert.version
    record.cause = alert.cause
    set_place(record.raised, alert.raised)
    record.value = alert.value
    record.updated_at_ms, record.follow_up_due_at_ms = alert.updated_at, alert.follow_up_due
    record.quiet_until_ms = alert.quiet_until
    record.contact_id, record.trigger_event_id = alert.contact_id.encode(), alert.event_id.encode()
    if alert.due_at is not None:
        record.due_at_ms = alert.due_at
    record.escalate_at_ms, record.escalations = alert.escalate_at, alert.escalations
    record.snoozed_until_ms = alert.snoozed_until
    record.acknowledged_at_ms, record.actor_id = alert.acknowledged_at or 0, alert.actor.encode()
    if alert.was_actionable is not None:
        record.was_actionable = alert.was_actionable
    record.stale, record.over_budget, record.channel = alert.stale, alert.over_budget, alert.channel


def fill_rows(rows, record):
    set_place(record.first, rows.first)
    if rows.journey.version:
        record.rows.add(version=rows.journey.version)
    else:
        set_id(record.contact, rows.key)
    if rows.has_card:
        record.card_version = 1
    for kind, row in rows.moments.items():
        if row.version:
            record.rows.add(kind=MomentKind.Value(kind), version=row.version)
    bundle = rows.bundle
    if bundle.version:
        record.bundle.version, record.bundle.legs, record.bundle.promises = bundle.version, bundle.legs, bundle.promises
        record.bundle.causes = sum(1 << cause for cause in bundle.causes)
