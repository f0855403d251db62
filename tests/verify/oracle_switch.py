"""Another policy begins to count in a partition, for whoever is there and for all that follows."""

from oracle_contacts import END_OF_TIME
from oracle_ingest import Refused
from oracle_messages import Alert as Row
from oracle_policy import PolicyError, recorded_policy
from oracle_state import record_of


MOST_ASLEEP = 64  # alerts of rules that the policy does not have, of a customer


def stated_policy(record, counts):
    """The policy that a record states; None = it is the one that counts. Raises Refused where it could not follow."""
    if record.stamp == counts.stamp:
        return None
    refused = Refused("INVALID_POLICY", "control.policy.policy")
    try:
        policy = recorded_policy(record)
    except PolicyError as error:
        raise refused from error
    links = [(each.identities, each.known_customers_move) for each in (counts, policy)]
    if links[0] != links[1] or any(getattr(policy.windows, name) > getattr(counts.windows, name)
                                   for name in ("max_out_of_orderness", "allowed_lateness")):
        raise refused
    return policy


def switch(partition, policy):
    """Everybody who is not idle is looked at once; then time goes on by the new policy's patience."""
    watermark, clock = partition.watermark, partition.now
    looked_at = [(key, customer) for key, customer in partition.customers.items() if customer.held is not None]
    resolved = {key: resolve_removed(customer, policy, watermark, clock) for key, customer in looked_at}
    use(partition, policy)
    for key, customer in looked_at:
        look_at(partition, customer, watermark, clock, resolved[key])
        partition.schedule(customer, key)
    partition.fire_due(partition.now)
    partition.forget_idle(watermark)


def use(partition, policy):
    partition.policy = partition.statistics.policy = policy
    partition.board.windows = policy.windows
    partition.baselines.least = policy.baseline_waits
    partition.budget.per_contact, partition.budget.step = policy.budget_per_contact, policy.budget_contacts
    if partition.identities:
        partition.identities.policy = policy
    for customer in partition.customers.values():
        go_by(customer, policy)


def resolve_removed(customer, policy, watermark, clock):
    """What a rule raised that is no more is over; whether there was anything to tell."""
    names = {rule.name for rule in policy.rules}
    told = False
    for span in customer.held.journeys():
        contacts = customer.held.of(span)
        changes = []
        for alert in customer.alerts.held:
            contact = alert.contact_in(contacts) if alert.active() and alert.rule.name not in names else None
            if contact is not None:
                alert.move(Row.RESOLVED, clock)
                changes.append((alert, "rule_removed", contact))
        customer.write_alerts(span, watermark, changes)
        told = told or bool(changes)
    return told


def go_by(customer, policy):
    customer.policy, customer.windows = policy, policy.windows
    customer.memories.made.clear()
    if customer.held is None:
        return
    sets = [customer.held]
    if hasattr(customer.held, "guests"):
        sets += [customer.held.own, *customer.held.guests.values()]
        customer.links.policy = policy
    for contacts in sets:
        contacts.policy, contacts.windows, contacts.spans = policy, policy.windows, None
        for contact in contacts.contacts:
            contact.made_by_service, contact.answers = {}, {}
    rules = {rule.name: rule for rule in policy.rules}
    held = customer.alerts.held
    held.sort(key=lambda alert: alert.asleep)
    for alert in held:
        alert.asleep = alert.rule.name not in rules
        alert.rule = rules.get(alert.rule.name, alert.rule)
        if alert.escalations >= len(alert.rule.course):
            alert.escalate_at = 0
    asleep = [alert for alert in held if alert.asleep]
    for alert in asleep[:max(0, len(asleep) - MOST_ASLEEP)]:
        held.remove(alert)


def look_at(partition, customer, watermark, clock, was_told):
    """A customer whom it leaves as they were has not changed."""
    before, written = None if partition.identities else record_of(customer), len(partition.expected)
    customer.settle(watermark, clock)
    if was_told or len(partition.expected) > written or before is None or before != record_of(customer):
        customer.changed = partition.offset
    if customer.wake == END_OF_TIME:
        customer.scheduled = END_OF_TIME
