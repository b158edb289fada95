"""Listens to the broker for as long as the monitor runs, and feeds the engine.

A message is acknowledged when the engine has stored what it said. One that says nothing
that can be used, and a probe, goes the same way and is acknowledged in its turn.
"""

import asyncio
import contextlib
import secrets
from collections.abc import Coroutine, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from room_monitor.clock import Clock
from room_monitor.core.site import Site
from room_monitor.ingest.decode import Router
from room_monitor.ingest.denials import Denials
from room_monitor.ingest.intake import Intake
from room_monitor.ingest.mqtt import (
    ConnectError,
    Connection,
    PublishDeniedError,
    PublishError,
)
from room_monitor.ingest.ports import Counting, Hearing
from room_monitor.ingest.presence import GONE, Presence
from room_monitor.ingest.probe import Advice, Probe
from room_monitor.ingest.refusals import Refusals
from room_monitor.ingest.status import IngestStatus, Troubles
from room_monitor.ingest.subscriptions import complaint, subscribe, wanted
from room_monitor.ingest.topics import own_topics
from room_monitor.settings.values import Broker
from room_monitor.store import StoreUnavailable

PROBE_EVERY: Final = timedelta(seconds=10)

FIRST_PAUSE: Final = timedelta(milliseconds=500)
LONGEST_PAUSE: Final = timedelta(seconds=5)

TELL_EVERY: Final = timedelta(minutes=1)
"""How often the world is told anew that the monitor runs."""

SETTLED: Final = timedelta(seconds=30)
"""A connection that held this long was a good one: the next is tried soon."""

_HAND_OVER_EVERY: Final = timedelta(seconds=10)
_LOOK_EVERY: Final = timedelta(seconds=1)
_SUBSCRIBE_SECONDS: Final = 10.0


class MqttIngest:
    """The way in for what devices say, and the way out for what the monitor says.

    Attributes:
        tried: Set once the first connection stands, or could not be made.
    """

    def __init__(
        self,
        broker: Broker,
        site: Site,
        engine: Hearing,
        store: Counting,
        clock: Clock,
        *,
        discover: bool = True,
        probe_every: timedelta = PROBE_EVERY,
    ) -> None:
        """Nothing happens before ``run``.

        Args:
            broker: Where to listen.
            site: Whom to listen to.
            engine: Is offered what was heard.
            store: Takes over what was refused, between two turns of the engine.
            clock: Dates what comes in.
            discover: Listen also to the rest of the trees in which the devices lie, so
                that devices nobody configured are seen.
            probe_every: How often it is proved that the path works.
        """
        self._engine = engine
        self._store = store
        self._clock = clock
        self._discover = discover
        self._refusals = Refusals()
        self._probe = Probe(probe_every.total_seconds())
        self._denials = Denials()
        self._spoke_at: float | None = None
        self._troubles = Troubles()
        self.tried = asyncio.Event()
        self._connection: Connection | None = None
        self._since: datetime | None = None
        self._session_present = False
        self._told_to_see = False
        self._failures = 0
        self._tasks: set[asyncio.Task[object]] = set()
        self._presence = Presence(clock.now())
        self._broker = broker
        self._topics = own_topics(broker.topic_prefix, broker.client_id)
        self._router = Router(site)
        self._intake = Intake(
            self._refusals,
            clock,
            offer=engine.offer,
            came_back=self._came_back,
        )
        self._intake.listen(self._router, self._topics)

    # --- What others may ask, on the loop -----------------------------------------------

    def status(self) -> IngestStatus:
        """How it goes, now."""
        trip = self._probe.round_trip
        return IngestStatus(
            connected=self._connection is not None,
            since=self._since,
            protocol=self._broker.protocol.value,
            session_present=self._session_present,
            proven=self._probe.proven,
            probe_ms=None if trip is None else 1000 * trip,
            received=self._intake.received,
            refused=self._refusals.total,
            dropped=self._intake.dropped,
            waiting=self._intake.waiting,
            trouble=self._troubles.text,
        )

    def publish(
        self, topic: str, payload: bytes, *, qos: int = 1, retain: bool = False
    ) -> asyncio.Future[None]:
        """Publish, without waiting. The answer comes when the broker has it.

        ``PublishError`` comes through the answer: not connected, refused, or the
        connection was lost before the broker said anything.
        """
        if self._connection is not None:
            return self._connection.publish(topic, payload, qos=qos, retain=retain)
        answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        answer.set_exception(PublishError("not connected"))
        answer.exception()  # nobody has to ask
        return answer

    def reconfigure(self, site: Site) -> None:
        """Listen to the devices of another site from now on, at the same broker."""
        before = self._wanted()
        self._router = Router(site)
        self._intake.listen(self._router, self._topics)
        if self._connection is not None:
            self._connection.unsubscribe(sorted(set(before) - set(self._wanted())))
            self._soon(self._subscribe_again(self._connection))

    def tell_world(self, since: datetime, troubles: Sequence[str]) -> None:
        """Let everybody know how the monitor fares: now, and whenever they ask.

        Args:
            since: Since when it watches, aware UTC.
            troubles: What is wrong with it, by name.
        """
        self._presence = Presence(since, tuple(troubles))
        if self._connection is not None:
            self._soon(self._tell_world(self._connection))

    async def _subscribe_again(self, connection: Connection) -> None:
        # If the connection is lost meanwhile, the next one subscribes.
        with contextlib.suppress(PublishError):
            await self._subscribe(connection)

    async def run(self) -> None:
        """Listen until cancelled."""
        async with asyncio.TaskGroup() as both:
            both.create_task(self._hand_over_regularly())
            both.create_task(self._listen())

    async def _listen(self) -> None:
        while True:
            began_at = self._clock.elapsed()
            await self._one_connection()
            held = timedelta(seconds=self._clock.elapsed() - began_at)
            self._failures = 0 if held >= SETTLED else self._failures + 1
            await self._clock.sleep(self._pause())
            while self._intake.waiting:
                # What is sent again is recognised only by what is stored.
                await self._clock.sleep(FIRST_PAUSE / 10)

    # --- One connection -----------------------------------------------------------------

    async def _one_connection(self) -> None:
        connection = Connection(
            self._broker, self._intake.take, will=(self._topics.monitor, GONE)
        )
        watching: asyncio.Task[None] | None = None
        last_words = GONE
        try:
            self._session_present = await connection.open()
            if not self._session_present:
                await self._engine.forget_deliveries()
            self._began(connection)
            watching = asyncio.create_task(self._watch(connection))
            ends: set[asyncio.Future[Any]] = {watching, connection.lost}
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            if watching.done():
                watching.result()
            self._troubles.note("connection", f"broker: {connection.lost.result()}")
        except ConnectError as error:
            self._troubles.note("connection", f"broker: {error.reason}")
        except asyncio.CancelledError:
            last_words = self._presence.stopped(self._clock.now())
            raise
        finally:
            if watching is not None:
                watching.cancel()
            connection.close(last_words=(self._topics.monitor, last_words))
            self._ended()
            self.tried.set()

    def _began(self, connection: Connection) -> None:
        self._connection = connection
        self.tried.set()
        self._since = self._clock.now()
        self._troubles.clear("connection")
        now = self._clock.elapsed()
        self._probe.begin(now, self._denials.why(self._topics.probe, now))

    def _ended(self) -> None:
        if self._connection is None:
            return
        self._connection = None
        self._since = self._clock.now()
        self._troubles.clear("probe", "subscriptions")
        if self._spoke_at is not None and not self._probe.proven:
            self._denials.ended(self._topics[:2], self._spoke_at, self._clock.elapsed())
        self._spoke_at = None
        self._probe.end()
        if self._told_to_see:
            self._told_to_see = False
            self._soon(self._engine.blinded())

    async def _watch(self, connection: Connection) -> None:
        """Subscribe, then look after the connection for as long as it lasts."""
        try:
            async with asyncio.timeout(_SUBSCRIBE_SECONDS):
                await self._subscribe(connection)
        except TimeoutError:
            connection.give_up("the broker does not answer a subscription")
            return
        except PublishError as error:
            connection.give_up(str(error))
            return
        told_at: float | None = None
        received = self._intake.received
        while True:
            connection.keep_alive()
            now = self._clock.elapsed()
            if told_at is None or now - told_at >= TELL_EVERY.total_seconds():
                told_at = now
                self._soon(self._tell_world(connection))
            if self._intake.waiting or self._intake.received != received:
                received = self._intake.received
                self._probe.heard(now)
            match self._probe.look(now):
                case Advice.SEND:
                    self._soon(self._send_probe(connection))
                case Advice.GO_ON:
                    self._see()
                case Advice.RECONNECT:
                    connection.give_up("nothing comes in, not even our own probe")
                    return
                case Advice.WAIT:
                    pass
            if self._probe.hearing and not self._probe.proven:
                self._troubles.note("probe", self._unproven())
            await self._clock.sleep(_LOOK_EVERY)

    async def _tell_world(self, connection: Connection) -> None:
        told = self._presence.running(self._clock.now())
        await self._say(connection, self._topics.monitor, told, retain=True)

    async def _subscribe(self, connection: Connection) -> None:
        refused = await subscribe(connection, self._wanted(), self._router.filters)
        if refused:
            self._troubles.note("subscriptions", complaint(refused))
        else:
            self._troubles.clear("subscriptions")

    def _wanted(self) -> list[str]:
        return wanted(self._router.filters, self._topics.probe, discover=self._discover)

    # --- The probe ----------------------------------------------------------------------

    async def _say(
        self, connection: Connection, topic: str, payload: bytes, *, retain: bool
    ) -> str | None:
        """Publish something of our own; why the broker does not take it."""
        now = self._clock.elapsed()
        why = self._denials.why(topic, now)
        if why is not None:
            return why
        if self._spoke_at is None:
            self._spoke_at = now
        try:
            await connection.publish(topic, payload, retain=retain)
        except PublishDeniedError as error:
            self._denials.deny(topic, str(error), now)
            return str(error)
        except PublishError:
            pass  # the connection was lost
        return None

    async def _send_probe(self, connection: Connection) -> None:
        nonce = self._probe.send(self._clock.elapsed())
        why = await self._say(connection, self._topics.probe, nonce, retain=False)
        if connection is self._connection:
            self._probe.denied = why

    def _came_back(self, connection: Connection, payload: bytes) -> None:
        if connection is self._connection and self._probe.came_back(
            payload, self._clock.elapsed()
        ):
            self._troubles.clear("probe")
            self._denials.was_heard()
            self._see()

    def _see(self) -> None:
        if not self._told_to_see:
            self._told_to_see = True
            self._soon(self._engine.sees())

    def _unproven(self) -> str:
        why = self._probe.denied
        return (
            f"the probe on {self._topics.probe} does not come back, the path is "
            f"unproven: {why or 'check the access rules of the broker'}"
        )

    # --- What was refused, to the store --------------------------------------------------

    async def _hand_over_regularly(self) -> None:
        while True:
            await self._clock.sleep(_HAND_OVER_EVERY)
            await self.hand_over()

    async def hand_over(self) -> None:
        """Let the store take over what was refused since the last time."""
        taken = self._refusals.take()
        if not taken:
            return
        told = await asyncio.to_thread(lambda: [each.told() for each in taken])
        try:
            await self._engine.chore(lambda: self._store.save_refusals(told))
        except StoreUnavailable:
            self._refusals.give_back(taken)

    def _pause(self) -> timedelta:
        """How long to wait before the next attempt: longer each time, never the same."""
        longest = min(FIRST_PAUSE * (1 << min(self._failures, 10)), LONGEST_PAUSE)
        return max(FIRST_PAUSE, longest * secrets.SystemRandom().uniform(0.5, 1.0))

    def _soon(self, coroutine: Coroutine[Any, Any, object]) -> None:
        """Begin now, in the order of the calls, and do not wait for the end."""
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
