"""What the rows say: the messages of a journey, a moment and an alert."""

import oracle_causes as causes
from oracle_escalation import holders_of
from oracle_levels import to_double
from oracle_memory import MINUTE_MS, days_since, is_empty, nano_of
from oracle_messages import Alert, Channel, EndGrade, Journey, Moment, MomentKind, Survey
from oracle_phrases import END_ACTS, OPENING_ACTS
from oracle_recovery import after_peak

KINDS = ("OPENING", "PEAK_POSITIVE", "PEAK_NEGATIVE", "END")
LEVELS = ("arrival", "opening", "peak_positive", "peak_negative", "worst", "last", "tail", "end", "trend", "mean",
          "strain", "score", "score_affect", "remembered_minus_mean")
CHANNELS = {value: name.removeprefix("CHANNEL_").lower() for name, value in Channel.items()}
MAX_ALERT_EVIDENCE = 6
# The moment that a rule's alerts are about.
MOMENT_OF = {"impression": "PEAK_NEGATIVE", "delight": "PEAK_POSITIVE", "negative_turns": "PEAK_NEGATIVE",
             "escalation": "PEAK_NEGATIVE",
             "repeat_contact": "OPENING", "returning": "OPENING", "waiting": "OPENING", "promise_at_risk": "PEAK_NEGATIVE",
             "promise_broken": "PEAK_NEGATIVE", "message_unanswered": "PEAK_NEGATIVE",
             "peak_unanswered": "PEAK_NEGATIVE", "score": "END", "abandoned": "END", "follow_up_overdue": "END"}


def channel_name(channel):
    return CHANNELS.get(channel, f"channel_{channel}")


def fill_evidence(evidence, impression):
    evidence.event_id, evidence.at_ms = impression.id, impression.at
    evidence.valence = to_double(impression.valence)
    evidence.cause = causes.NAMES[impression.cause]
    if impression.given:
        evidence.confidence = to_double(impression.confidence)
    if impression.gap is None:
        return
    evidence.servqual, evidence.kano = causes.SERVQUAL.get(impression.cause, ""), impression.kano
    evidence.count, evidence.gap = impression.count, to_double(impression.gap)
    if impression.basis:
        unit = 1e-6 if impression.cause == causes.POOR_AUDIO else 1.0
        evidence.basis, evidence.actual = impression.basis, impression.actual * unit
        evidence.desired, evidence.adequate = impression.desired * unit, impression.adequate * unit
        if impression.calendar is not None:
            evidence.calendar = impression.calendar


def add_felt(message, felt):
    fill_evidence(message.evidence.add(), felt.impression)


def add_terminal(message, terminal):
    message.evidence.add(event_id=terminal.id, at_ms=terminal.at, cause=causes.NAMES[terminal.cause])


def levels_of(parts):
    found = {name: to_double(getattr(parts, name)) for name in LEVELS if getattr(parts, name) is not None}
    return {**found, "count": parts.count, "count_affect": parts.count_affect, "thin": parts.count < 3}


def unique(items):
    return list(dict.fromkeys(items))


def promises_of(contacts, parts):
    """What had become of the promises, and how often the customer was back for the same."""
    outcomes = [outcome for contact in contacts for outcome in parts.story.outcomes(contact)]
    counts = {f"promises_{name}": outcomes.count(name) for name in ("kept", "broken", "open")}
    repeats = sum(felt.impression.cause == causes.REPEAT_CONTACT for felt in parts.service)
    return {**counts, "promises_made": len(outcomes), "repeat_contacts": repeats}


def tier_of(contacts):
    """The one that was named last in any of them."""
    naming = [fact for fact in (contact.naming("tier") for contact in contacts) if fact]
    return max(naming, key=lambda fact: fact.place).tier if naming else ""


def journey_row(customer, policy, journey_id, before, contacts, parts, survey, grade):
    started = contacts[0].first[0]
    ended = max(contact.last[0] for contact in contacts)
    short = sum(contact.is_short_abandon(policy.windows) for contact in contacts)
    row = Journey(
        journey_id=journey_id, tenant_id=customer.tenant, customer_id=customer.id, previous_journey_id=before,
        started_at_ms=started, ended_at_ms=ended, duration_ms=ended - started,
        end_grade=grade, tier=tier_of(contacts),
        contact_ids=unique(contact.id for contact in contacts if contact.id),
        channels=unique(channel_name(contact.channel) for contact in contacts),
        event_count=sum(len(contact.events) for contact in contacts), formula=policy.formula, short_abandons=short,
        abandoned_contacts=sum(contact.abandon() is not None for contact in contacts) - short,
        policy_version=policy.stamp, **promises_of(contacts, parts), **levels_of(parts))
    for name, took in after_peak(contacts, parts, policy).items():
        setattr(row, name, took)
    for dimension, gap in parts.gaps().items():
        setattr(row, f"gap_{dimension}", to_double(gap))
    for felt in parts.behind():
        add_felt(row, felt)
    if parts.terminal:
        add_terminal(row, parts.terminal)
    if survey:
        row.survey_score = survey.survey_score
        known = survey.survey_kind in Survey.Kind.values()
        row.survey_kind = Survey.Kind.Name(survey.survey_kind) if known else f"kind_{survey.survey_kind}"
        row.survey_at_ms = survey.at
    held = customer.held
    forgot = held.settlements.forgot or any(contact.promises.forgot for contact in contacts)
    row.truncated.extend(["max_contacts"] * held.joined + ["max_event_ids"] * held.forgot_ids
                         + ["max_promises"] * forgot + customer.truncations())
    return row


def moment_content(kind, contacts, parts):
    """(valence, time, contact, evidence), or None when there is no such moment."""
    if kind == "OPENING" and parts.opening is not None:
        first = parts.opening_felt[0]
        return parts.opening, first.impression.at, first.contact, parts.opening_felt
    peak = {"PEAK_POSITIVE": parts.positive, "PEAK_NEGATIVE": parts.negative}.get(kind)
    if peak:
        return peak.impression.valence, peak.impression.at, peak.contact, [peak, *parts.beside(peak)]
    if kind == "END" and parts.end is not None:
        last = parts.last_felt
        at = parts.terminal.at if parts.terminal else last.impression.at
        return parts.end, at, last.contact if last else contacts[-1], [last] if last else []
    return None


def acts_of(kind, contacts):
    """What agents did when it began, in the first contact, or at its end, in the last."""
    if kind == "OPENING":
        return [act for act in OPENING_ACTS if act in contacts[0].acts]
    last = max(contacts, key=lambda contact: contact.last)
    return [act for act in END_ACTS if act in last.acts] if kind == "END" else []


def moment_row(customer, policy, kind, journey_id, contacts, parts, grade):
    """The moment's row, or None when there is no such moment; `grade` is that of the end."""
    content = moment_content(kind, contacts, parts)
    if content is None:
        return None
    valence, at, contact, evidence = content
    is_journey = grade != EndGrade.Value("CONTACT_END")
    row = Moment(
        tenant_id=customer.tenant, customer_id=customer.id, journey_id=journey_id,
        scope=Moment.JOURNEY if is_journey else Moment.CONTACT, kind=MomentKind.Value(kind),
        end_grade=grade if kind == "END" else EndGrade.Value("END_GRADE_UNSPECIFIED"),
        contact_id="" if is_journey else contact.id, valence=to_double(valence), intensity=abs(to_double(valence)),
        at_ms=at, queue_id=contact.latest("queue"), agent_id=contact.latest("agent"),
        touchpoint_id=contact.latest("touchpoint"), tier=contact.latest("tier"),
        channel=channel_name(contact.channel), policy_version=policy.stamp, agent_acts=acts_of(kind, contacts))
    for felt in evidence:
        add_felt(row, felt)
    if kind == "END" and parts.terminal:
        add_terminal(row, parts.terminal)
    return row


def fill_memory(message, memory):
    """What a (faded) memory says; also that it says nothing."""
    message.SetInParent()
    for name in ("worst", "best", "end"):
        level, minute = getattr(memory, name), getattr(memory, f"{name}_minute")
        if level is not None and (minute or name == "end"):
            setattr(message, name, to_double(nano_of(level)))
            setattr(message, f"{name}_at_ms", minute * MINUTE_MS)
    if memory.usual_journeys:
        message.usual, message.usual_journeys = to_double(nano_of(memory.usual)), memory.usual_journeys
    message.unrecovered, message.resolved = memory.unrecovered, memory.resolved
    if not is_empty(memory):
        message.last_channel = channel_name(memory.channel)
        message.last_contact_at_ms = memory.last_minute * MINUTE_MS


def alert_row(customer, policy, alert, reason, contact, journey_id, parts):
    rule = alert.rule
    kind = MOMENT_OF[rule.on]
    snoozed = alert.state == Alert.SNOOZED
    row = Alert(
        alert_id=alert.id, row_version=alert.version, state=alert.state, reason=reason, severity=rule.severity,
        dedupe_key=f"{customer.tenant}/{customer.id}/{alert.journey_id}/{rule.name}/{kind}",
        urgency=Alert.LIST if snoozed or alert.stale or alert.over_budget else rule.urgency, stale=alert.stale,
        over_budget=alert.over_budget, rule=rule.name, recipients=holders_of(rule, alert.escalations),
        moment_kind=MomentKind.Value(kind), tenant_id=customer.tenant, customer_id=customer.id,
        journey_id=journey_id, contact_id=contact.id, queue_id=contact.latest("queue"),
        agent_id=contact.latest("agent"), touchpoint_id=contact.latest("touchpoint"), tier=contact.latest("tier"),
        channel=channel_name(contact.channel), occurred_at_ms=alert.occurred,
        updated_at_ms=alert.updated_at, follow_up_due_at_ms=alert.follow_up_due, policy_version=policy.stamp)
    if alert.escalations:
        row.escalations = alert.escalations
    if snoozed:
        row.snoozed_until_ms = alert.snoozed_until
    row.actor_id = alert.actor
    if alert.acknowledged_at is not None:
        row.acknowledged_at_ms = alert.acknowledged_at
    if alert.was_actionable is not None:
        row.was_actionable = alert.was_actionable
    levels = levels_of(parts)
    if parts.trend_from_arrival is not None:
        levels["trend_from_arrival"] = to_double(parts.trend_from_arrival)
    row.score.MergeFrom(type(row.score)(formula=policy.formula, **levels))
    trigger = row.evidence.add(event_id=alert.event_id, at_ms=alert.occurred, cause=causes.NAMES[alert.cause])
    for felt in parts.recent:
        # What something waited from is not what it felt like.
        if alert.due_at is None and felt.impression.hash == alert.raised[1] and felt.impression.cause == alert.cause:
            fill_evidence(trigger, felt.impression)
        elif len(row.evidence) < MAX_ALERT_EVIDENCE:
            add_felt(row, felt)
    params = {"valence": f"{to_double(alert.value):.2f}", "queue": row.queue_id, "contact": row.contact_id}
    if parts.score is not None:
        params["score"] = f"{to_double(parts.score):.2f}"
        if parts.story.before.usual_journeys:
            row.delta_to_usual = to_double(parts.score - nano_of(parts.story.before.usual))
    if rule.on == "returning":
        memory = customer.memories.at(parts.story, contact)
        fill_memory(row.memory, memory)
        params["days"] = str(days_since(memory.worst_minute, contact.first[0]))
    for name, text in params.items():
        row.message_params[name] = text
    return row
