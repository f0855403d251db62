"""O5: versions of rows follow each other, and rows of statistics come in the order of their windows."""

from collections import defaultdict

from oracle_records import OF_CUSTOMERS


def check_versions(judged):
    judged.verdicts.ran("O5")
    check_order(judged)
    moving = ("alerts",) if judged.reference.post is not None else ()  # they follow customers who are linked
    if moving:
        check_alerts(judged)
    # Of rows of linked customers that are older than their versions are remembered for.
    remembered = judged.reference.policy.windows.remembered
    held = {}
    for output in judged.outputs:
        if output.role not in OF_CUSTOMERS or output.role in moving or output.problem is not None:
            continue
        version = output.message.row_version
        place, before = held.get(output.identity[:2], (output.record.partition, 0))
        if place != output.record.partition:
            judged.verdicts.violated("O5", f"{output.where}: other versions stand in partition {place}")
        if judged.at_least_once and 1 <= version <= before:
            continue
        if version != before + 1 and not (moving and version > max(before, remembered)):
            judged.verdicts.violated("O5", f"{output.where}: row_version {version} follows {before}")
        held[output.identity[:2]] = (place, version)


def check_order(judged):
    """Windows of statistics are over one after the other."""
    newest = {}
    for output in judged.outputs:
        if output.role != "statistics" or output.problem is not None or judged.at_least_once:
            continue
        place = output.message.window_end_ms, output.message.row_id
        before = newest.get(output.record.partition, place)
        if place < before:
            judged.verdicts.violated("O5", f"{output.where}: follows a row that should come after it")
        newest[output.record.partition] = max(before, place)


def check_alerts(judged):
    """Of several partitions together versions have no gap, and in each they rise."""
    found = defaultdict(list)
    for output in judged.outputs:
        if output.role == "alerts" and output.problem is None:
            found[output.identity[1]].append(output)
    for outputs in found.values():
        versions = {output.message.row_version for output in outputs}
        if versions != set(range(1, len(versions) + 1)):
            judged.verdicts.violated("O5", f"{outputs[-1].where}: row_versions over all partitions have gaps")
        newest = {}
        for output in outputs if not judged.at_least_once else ():
            version, number = output.message.row_version, output.record.partition
            if version <= newest.get(number, 0):
                judged.verdicts.violated("O5", f"{output.where}: row_version {version} follows {newest[number]}")
            newest[number] = version
