"""What the service does on a random day: queues, holds, transfers, signals, reviews."""

STATES = ["INITIATED", "QUEUED", "CONNECTED", "ABANDONED", "DISCONNECTED", *["RESOLVED", "EXPIRED"] * 2,
          "WRAP_START", "REOPENED", "UPDATED", *["HOLD_START", "HOLD_END", "TRANSFER_DONE", "AUTHENTICATED", "QUEUED"] * 2]
SIGNALS = ["SILENCE", "INTERRUPTION", "OVERTALK", "HOLD", "QUALITY", "PAGE_ERROR", "BOT_NOT_UNDERSTOOD",
           "RESPONSE_DELAY", "RESPONSE_DELAY", "HUMAN_REQUESTED", "AUTHENTICATION_REPEATED", "DROPPED", "WRONG_SKILL",
           "ISSUE", 99]
ACTIVITIES = [*["REVIEW"] * 4, "POST", "POST", "EXTERNAL_COMPLAINT", "EXTERNAL_COMPLAINT", "VIEW", "SEARCH", "ORDER",
              "PAY", "PURCHASE", *["RETURN", "CANCEL", "CHURN", "RENEW"] * 2, 0, 99]
WAITS = [0, 1, 4_999, 5_000, 20_000, 24_000, 60_000, 130_000, 600_000]
LASTS = [0, 999, 10_000, 12_345, 30_000, 45_000, 90_000, 200_000]
SCORES = [1, 2.5, 3.1, 3.6, 4, 4.4, 5, 0, 7, -1]
SEQUELS = {"QUEUED": ["CONNECTED", "CONNECTED", "ABANDONED"],
           "HOLD_START": ["HOLD_END", "HOLD_END", "DISCONNECTED", "EXPIRED", "ABANDONED", "CONNECTED"],
           "TRANSFER_DONE": ["TRANSFER_DONE", "AUTHENTICATED", "QUEUED"], "AUTHENTICATED": ["AUTHENTICATED"],
           "CONNECTED": ["HOLD_START"], "ABANDONED": ["HOLD_START", "CONNECTED"]}


def lifecycle(rng, state=None):
    life = {"state": state or rng.choice(STATES)}
    if rng.random() < 0.3:
        life["wait_ms"] = rng.choice(WAITS)
    if rng.random() < (0.6 if life["state"] == "HOLD_END" else 0.1):
        life["duration_ms"] = rng.choice(LASTS)
    if rng.random() < (0.4 if life["state"] == "QUEUED" else 0.02):
        life["announced_wait_ms"] = rng.choice(WAITS)
    return life


def signal(rng):
    made = {"kind": rng.choice(SIGNALS)}
    if rng.random() < 0.6:
        made["value"] = rng.choice(SCORES if made["kind"] == "QUALITY" or rng.random() < 0.1 else LASTS)
        made["unit"] = rng.choice(["", "ms", "s", "dB"])
        if made["unit"] == "s":
            made["value"] = rng.choice([made["value"], made["value"] / 1000, 1.0005, -3, 1e200])
    for name in ("begin_ms", "end_ms"):
        if rng.random() < 0.7:
            made[name] = rng.choice([0, 5_000, 17_000, 50_000])
    if rng.random() < 0.6:
        made["by_role"] = rng.choice(["CUSTOMER", "AGENT", "BOT", 0, 77])
    return made


def activity(rng):
    made = {"kind": rng.choice(ACTIVITIES)}
    if rng.random() < 0.8:
        made.update(rating=rng.choice([1, 1.5, 2, 3, 3.3, 5]), rating_min=1, rating_max=5)
    if rng.random() < 0.1:
        made.pop("rating_min", None)
    return made


def sequel(rng, event):
    """A payload, and what belongs to it, that often follows the event; None where nothing does."""
    if event.get("signal", {}).get("kind") == "HUMAN_REQUESTED":
        return rng.choice([{"turn": {"role": "AGENT"}}, {"turn": {"role": "BOT"}},
                           {"lifecycle": lifecycle(rng, "CONNECTED"),
                            "agent": {"id": "a0", "kind": rng.choice(["KIND_HUMAN", "KIND_BOT", "KIND_SUPERVISOR"])}},
                           {"signal": {"kind": "HUMAN_REQUESTED"}}])
    states = SEQUELS.get(event.get("lifecycle", {}).get("state"))
    return {"lifecycle": lifecycle(rng, rng.choice(states))} if states and rng.random() < 0.7 else None


def survey(rng, contact):
    """`contact`: gives the name of one."""
    survey = {"kind": rng.choice(["CSAT", "NPS", 9]), "status": rng.choice(["ANSWERED", "PARTIAL", "DECLINED"]),
              "raw": rng.randint(0, 10), "raw_min": 0, "raw_max": 10}
    if rng.random() < 0.3:
        survey["polarity"] = "LOWER_IS_BETTER"
    if rng.random() < 0.3:
        survey["for_contact_id"] = contact()
    if rng.random() < 0.1:
        del survey["raw"]
    return survey
