"""The results of one comparison as a Markdown table: median, and least to most."""

import figures

FLOOR = "consume"
COLUMNS = {
    "throughput": (("CPU-s / million", "{:.2f}", lambda r: r["cpu_per_million"]),
                   ("to " + FLOOR, "{:.2f}", lambda r: r["to_floor"]),
                   ("events / s", "{:,.0f}", lambda r: r["events_per_s"]),
                   # Of all threads of the process: what a core would do that had nothing else to do.
                   ("events / s and core", "{:,.0f}", lambda r: r["cpu_per_million"] and 1e6 / r["cpu_per_million"]),
                   ("RSS MB", "{:.0f}", lambda r: r["rss_mb"])),
    "kill": (("back to live s", "{:.1f}", lambda r: r["recovery_s"]), ("RSS MB", "{:.0f}", lambda r: r["rss_mb"])),
    "latency": tuple((f"{name} ms", "{:.0f}", lambda r, name=name: r["latency"] and r["latency"][name])
                     for name in ("p50", "p90", "p99")) + (("RSS MB", "{:.0f}", lambda r: r["rss_mb"]),),
}


def markdown(bench, results):
    """One row a peer, in the order in which they first come. Only runs that are ok have
    figures; the last column says how many of how many were, or that it is a floor, whose
    output nobody judged."""
    columns = COLUMNS[bench]
    floors = {result["round"]: result["cpu_per_million"] for result in results
              if result["peer"] == FLOOR and result["verdict"] == "ok"}
    results = [{**result, "to_floor": _ratio(result["cpu_per_million"], floors.get(result["round"]))}
               for result in results]
    lines = ["| peer | " + " | ".join(name for name, _, _ in columns) + " | ok |",
             "|---|" + "---:|" * len(columns) + "---|"]
    for peer in dict.fromkeys(result["peer"] for result in results):
        runs = [result for result in results if result["peer"] == peer]
        good = [result for result in runs if result["verdict"] == "ok"]
        cells = [_cell(form, [value(result) for result in good]) for _, form, value in columns]
        lines.append(f"| {peer} | " + " | ".join(cells) + f" | {_verdict(runs, good)} |")
    return "\n".join(lines)


def _ratio(cost, floor):
    """To the floor of the same round: what the machine did meanwhile falls on both."""
    return cost / floor if cost is not None and floor else None


def _cell(form, values):
    found = figures.median_and_range(values)
    if found is None:
        return "-"
    median, least, most = (form.format(value) for value in found)
    return median if least == most else f"{median} ({least} - {most})"


def _verdict(runs, good):
    others = sorted({run["verdict"] for run in runs if run["verdict"] != "ok"})
    judged = "floor, " if runs[0].get("floor") else ""
    return f"{judged}{len(good)} of {len(runs)}" + "".join(f", {verdict}" for verdict in others)
