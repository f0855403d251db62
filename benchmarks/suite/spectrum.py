"""The whole distribution of a latency, out of a result. Pure."""

MOST_LINES = 10_000
SHARES = {"p50": 0.5, "p90": 0.9, "p95": 0.95, "p99": 0.99, "p999": 0.999, "p9999": 0.9999}


def points(latency, kind):
    """[(share below, ms)] rising, of `kind` "intended" or "actual_send"; from the histogram
    where the result holds one, else from its percentiles. The share 1, the maximum, is
    left out: it has no place on a scale of 1 / (1 - share)."""
    found = of_hgrm((latency.get("hgrm") or {}).get(kind, ""))
    if len(found) > 1:
        return found
    told = latency.get(kind) or {}
    return [(share, told[name]) for name, share in SHARES.items() if told.get(name) is not None]


def of_hgrm(text):
    """Lines "Value Percentile TotalCount 1/(1-Percentile)" of the .hgrm form; heads, comments
    and lines that are none are skipped."""
    found = []
    for line in text.splitlines()[:MOST_LINES]:
        words = line.split()
        if len(words) < 3 or line.lstrip().startswith("#"):
            continue
        try:
            value, share = float(words[0]), float(words[1])
        except ValueError:
            continue
        if 0 <= share < 1 and (not found or share > found[-1][0]):
            found.append((share, value))
    return found
