"""Moves the beginning of a topic's partitions, by the protocol's own request.

The Python client of the distribution has none for it.
"""

import socket
import struct

DELETE_RECORDS, VERSION = 21, 1
ANSWER_MS = 10_000


def delete_records(address, topic, before):
    """Deletes what stands below the offsets of `before`, by partition; returns where each log begins now.

    Raises OSError; ValueError where the broker refuses.
    """
    name = topic.encode()
    body = struct.pack(">ih", 1, len(name)) + name + struct.pack(">i", len(before))
    body += b"".join(struct.pack(">iq", number, offset) for number, offset in before.items())
    client = b"faults"
    request = struct.pack(">hhih", DELETE_RECORDS, VERSION, 1, len(client)) + client + body
    request += struct.pack(">i", ANSWER_MS)
    host, _, port = address.rpartition(":")
    with socket.create_connection((host, int(port)), 2 * ANSWER_MS / 1000) as broker:
        broker.sendall(struct.pack(">i", len(request)) + request)
        answer = receive(broker, struct.unpack(">i", receive(broker, 4))[0])
    # Correlation id, throttling and the number of topics stand before the topic's name.
    at = 4 + 4 + 4 + 2 + len(name)
    count = struct.unpack_from(">i", answer, at)[0]
    found = {}
    for number, start, error in struct.iter_unpack(">iqh", answer[at + 4:at + 4 + 14 * count]):
        if error != 0:
            raise ValueError(f"partition {number} of {topic}: the broker says {error}")
        found[number] = start
    return found


def receive(broker, size):
    got = b""
    while len(got) < size:
        part = broker.recv(size - len(got))
        if not part:
            raise ConnectionError("the broker ended the connection")
        got += part
    return got
