"""The hashes of outputs, of which digests are the sums, and whom they belong to."""

from collections import defaultdict

import xxhash

from oracle_checks import identity_of
from oracle_records import OF_CUSTOMERS

ODD, MASK = 0x9E3779B97F4A7C15, 2**64 - 1
NUMBERS = {"alerts": 0, "moments": 1, "journeys": 2, "rejected": 3, "late": 4, "cards": 7, "statistics": 8}  # of topics


def output_hash(role, record):
    """Over topic, key and value; null counts as empty, headers do not count."""
    key, value = (xxhash.xxh3_64_intdigest(part or b"") for part in (record.key, record.value))
    return value + ODD * (key + NUMBERS[role]) & MASK


def hashes_of(outputs, reference, at_least_once):
    """By partition: {customer: [(offset of the cause, hash)]}, and those of no customer."""
    # Rows of statistics do not tell what caused them.
    caused = {identity_of(item): item.offset for item in reference.expected if item.topic == "statistics"}
    owned, unowned = defaultdict(lambda: defaultdict(list)), defaultdict(list)
    owners, seen = {}, set()
    for output in outputs:
        if output.problem is not None or at_least_once and output.identity in seen:
            continue
        seen.add(output.identity)
        offset = output.source[1] if output.source else caused.get(output.identity, 0)
        number, entry = output.record.partition, (offset, output_hash(output.role, output.record))
        if output.role not in OF_CUSTOMERS:
            unowned[number].append(entry)
            continue
        row = output.role, output.record.key
        # The last version of a moment names nobody; an earlier one does.
        if output.message.customer_id:
            owners[row] = f"{output.message.tenant_id}/{output.message.customer_id}".encode()
        owned[number][owners.get(row, b"")].append(entry)
    return owned, unowned
