"""A bad network between workers and broker: a TCP proxy that reads Kafka's framing.

Clients are told apart by the client id of their requests. All that faults call is
safe from other threads; connections live on the proxy's own.
"""

import asyncio
import struct
import threading

PRODUCE, INIT_PRODUCER, ADD_PARTITIONS, ADD_OFFSETS, END_TXN, OFFSET_COMMIT = 0, 22, 24, 25, 26, 28


class Trap:
    """Waits for one request of a client and does something to it.

    "hold": the request is kept, its connection to the client cut, and the request
    given to the broker only inside the client's next transaction. "lose answer": the
    broker does what is asked, and the client's connection is cut in place of the answer.
    """

    def __init__(self, client, api_key, what):
        self.client = client
        self.api_key = api_key
        self.what = what
        self.caught = threading.Event()
        self.done = threading.Event()
        self.new_producer_between = False


class Connection:
    def __init__(self, proxy, client, broker):
        self.proxy = proxy
        self.client_reader, self.client_writer = client
        self.broker_reader, self.broker_writer = broker
        self.client = None
        self.watched = {}  # correlation id of a request whose answer is to be lost: its trap
        self.keep_broker_side = False

    async def requests(self):
        while True:
            frame = await read_frame(self.client_reader)
            api_key, correlation, self.client = header(frame)
            await self.proxy.slow_down(self.client)
            if self.trapped(frame, api_key, correlation):
                return
            self.broker_writer.write(frame)
            await self.broker_writer.drain()
            await self.proxy.passed(self.client, api_key)

    def trapped(self, frame, api_key, correlation):
        trap = self.proxy.trap
        if trap is None or trap.caught.is_set() or (trap.client, trap.api_key) != (self.client, api_key):
            return False
        trap.caught.set()
        if trap.what == "lose answer":
            self.watched[correlation] = trap
            return False
        self.keep_broker_side = True
        self.proxy.held = (trap, self, frame)
        self.client_writer.transport.abort()
        return True

    async def answers(self):
        while True:
            frame = await read_frame(self.broker_reader)
            await self.proxy.slow_down(self.client)
            trap = self.watched.get(struct.unpack_from(">i", frame, 4)[0])
            if trap is not None:
                trap.done.set()
                return
            self.client_writer.write(frame)
            await self.client_writer.drain()

    async def run(self):
        both = [asyncio.ensure_future(self.requests()), asyncio.ensure_future(self.answers())]
        try:
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.cut()
            for one in both:
                one.cancel()
            await asyncio.gather(*both, return_exceptions=True)

    def cut(self):
        self.client_writer.transport.abort()
        if not self.keep_broker_side:
            self.broker_writer.transport.abort()


async def read_frame(reader):
    size = await reader.readexactly(4)
    return size + await reader.readexactly(struct.unpack(">I", size)[0])


def header(frame):
    """(api key, correlation id, client id) of a request."""
    api_key, _, correlation, length = struct.unpack_from(">hhih", frame, 4)
    return api_key, correlation, frame[14:14 + max(0, length)].decode()


class Proxy:
    def __init__(self, port, broker_port):
        self.broker_port = broker_port
        self.connections = set()
        self.delays = {}  # seconds a frame, by client
        self.frozen = set()
        self.trap = None
        self.held = None
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        listen = asyncio.start_server(self.serve, "127.0.0.1", port, limit=1 << 24)
        self.server = asyncio.run_coroutine_threadsafe(listen, self.loop).result(10)

    async def serve(self, reader, writer):
        try:
            broker = await asyncio.open_connection("127.0.0.1", self.broker_port, limit=1 << 24)
        except OSError:
            writer.transport.abort()
            return
        connection = Connection(self, (reader, writer), broker)
        self.connections.add(connection)
        try:
            await connection.run()
        finally:
            self.connections.discard(connection)

    async def slow_down(self, client):
        if client in self.delays:
            await asyncio.sleep(self.delays[client])
        while client in self.frozen:
            await asyncio.sleep(0.01)

    async def passed(self, client, api_key):
        """Sees each request that went to the broker; lets go of a held one at the right moment."""
        if self.held is None or self.held[0].client != client:
            return
        trap, connection, frame = self.held
        if api_key == INIT_PRODUCER:
            trap.new_producer_between = True
        if api_key != ADD_PARTITIONS:
            return
        self.held = None
        await asyncio.sleep(0.005)  # the broker has several threads: the new transaction shall be open
        connection.broker_writer.write(frame)
        asyncio.ensure_future(self.end_of(trap, connection))

    @staticmethod
    async def end_of(trap, connection):
        try:
            await asyncio.wait_for(connection.broker_reader.read(1), 5)
        except (asyncio.TimeoutError, OSError):
            pass
        trap.done.set()
        connection.broker_writer.transport.abort()

    # --- what faults call -----------------------------------------------------

    def _call(self, function):
        done = threading.Event()

        def call():
            function()
            done.set()
        self.loop.call_soon_threadsafe(call)
        done.wait(10)

    def drop(self, client):
        """Resets all connections of `client`."""
        self._call(lambda: [one.cut() for one in list(self.connections) if one.client == client])

    def delay(self, client, seconds):
        self._call(lambda: self.delays.update({client: seconds}))

    def freeze(self, client):
        """Half-open: connections stand, and nothing goes through."""
        self._call(lambda: self.frozen.add(client))

    def heal(self, client):
        def calm():
            self.delays.pop(client, None)
            self.frozen.discard(client)
        self._call(calm)

    def set(self, trap):
        def arm():
            self.trap = trap
            if trap is None and self.held is not None:
                self.held[1].broker_writer.transport.abort()
                self.held = None
        self._call(arm)

    def close(self):
        self._call(self.server.close)
        self._call(lambda: [one.cut() for one in list(self.connections)])
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)
