"""How long it took after the worst moment of a journey until a human answered, and until it was made good."""

from oracle_parts import LATEST


def peak_to_response(contacts, peak):
    """In ms, to the first answer by a human after the peak; None = unknown, or none came."""
    answers = []
    for contact in contacts:
        latest = contact.human_answers()
        if contact.forgot_human_answers() and latest[0] > peak:
            return None  # an earlier one may be forgotten
        answers += latest
    return min((at - peak for at in answers if at > peak), default=None)


def peak_to_recovery(contacts, peak, floor):
    """In ms, until the matter was resolved or the customer said something pleased; None = neither came."""
    times = []
    for contact in contacts:
        times += [resolved.at for resolved in [contact.resolved()] if resolved]
        times += [felt.at for felt in contact.impressions[-LATEST:] if felt.valence > 0 and felt.weight >= floor]
    return min((at - peak for at in times if at > peak), default=None)


def after_peak(contacts, parts, policy):
    """Fields of the journey's row, those that are known."""
    if parts.negative is None or any(contact.order_only for contact in contacts):
        return {}
    peak = parts.negative.impression.at
    found = {"peak_to_response_ms": peak_to_response(contacts, peak),
             "peak_to_recovery_ms": peak_to_recovery(contacts, peak, policy.peak_floor)}
    return {name: took for name, took in found.items() if took is not None}
