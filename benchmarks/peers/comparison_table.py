"""The results of one comparison as a Markdown table: median, and least to most."""

import figures

COLUMNS = {
    "throughput": (("CPU-s / million", "{:.2f}", lambda r: r["cpu_per_million"]),
                   ("events / s", "{:,.0f}", lambda r: r["events_per_s"]),
                   ("RSS MB", "{:.0f}", lambda r: r["rss_mb"])),
    "kill": (("back to live s", "{:.1f}", lambda r: r["recovery_s"]), ("RSS MB", "{:.0f}", lambda r: r["rss_mb"])),
    "latency": tuple((f"{name} ms", "{:.0f}", lambda r, name=name: r["latency"] and r["latency"][name])
                     for name in ("p50", "p90", "p99")) + (("RSS MB", "{:.0f}", lambda r: r["rss_mb"]),),
}


def markdown(bench, results):
    """One row a peer, in the order in which they first come. Only runs that are ok have
    figures; the last column says how many of how many were."""
    columns = COLUMNS[bench]
    lines = ["| peer | " + " | ".join(name for name, _, _ in columns) + " | ok |",
             "|---|" + "---:|" * len(columns) + "---|"]
    for peer in dict.fromkeys(result["peer"] for result in results):
        runs = [result for result in results if result["peer"] == peer]
        good = [result for result in runs if result["verdict"] == "ok"]
        cells = [_cell(form, [value(result) for result in good]) for _, form, value in columns]
        lines.append(f"| {peer} | " + " | ".join(cells) + f" | {_verdict(runs, good)} |")
    return "\n".join(lines)


def _cell(form, values):
    found = figures.median_and_range(values)
    if found is None:
        return "-"
    median, least, most = (form.format(value) for value in found)
    return median if least == most else f"{median} ({least} - {most})"


def _verdict(runs, good):
    others = sorted({run["verdict"] for run in runs if run["verdict"] != "ok"})
    return f"{len(good)} of {len(runs)}" + "".join(f", {verdict}" for verdict in others)
