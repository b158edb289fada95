"""The one writer: arrivals, acts and time → core → store → state, one turn at a time.

Whatever is new waits in one inbox. A turn takes what waits, lets the core judge it, and
writes readings, events, notifications and packet ids in one transaction. Only then is the
new state true, and only then are messages acknowledged: if it cannot be written it did
not happen, and the broker will send it again.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from room_monitor.clock import Clock, StepWatch
from room_monitor.core import desk as desks
from room_monitor.core.alert import Alert
from room_monitor.core.deadlines import next_deadline
from room_monitor.core.events import (
    AlertEvent,
    Blindness,
    BrokerLost,
    ClockStepped,
    ConfigurationChanged,
    Entry,
    Event,
    GapFound,
    MonitorStarted,
    MonitorStopped,
    Paged,
    Trouble,
)
from room_monitor.core.ids import RoomId
from room_monitor.core.monitor import Told, take
from room_monitor.core.obligations import Plan
from room_monitor.core.requirements import Priority
from room_monitor.core.rota import Rota
from room_monitor.core.state import RoomState
from room_monitor.core.stay import Rejected
from room_monitor.draft import Arrival, Draft
from room_monitor.recall import recall, snapshot
from room_monitor.store import (
    Attempt,
    Notification,
    Sealed,
    Store,
    StoreUnavailable,
    Turn,
    deliveries,
)

GATHER = timedelta(milliseconds=10)
"""How long arrivals are gathered before a turn: sets latency and the size of commits."""

MOST_ARRIVALS = 500
"""How many messages one turn takes at most, which bounds how long it lasts."""

SNAPSHOT_EVERY = timedelta(minutes=1)
SNAPSHOT_READINGS = 200_000
LONGEST_RETRY = timedelta(seconds=5)

NOBODY = Rota()

T = TypeVar("T")
Follower = Callable[[Sequence[tuple[RoomId | None, Event]], datetime], None]
Ask = Callable[[Draft], Any]
Announce = Callable[
    [RoomId | None, AlertEvent | Paged, Alert | None, datetime], Sequence[Notification]
]
"""The notifications that tell of a change in an alert, or of a page and its alert."""


class Engine:
    """Runs the turns. Everything but ``run`` may be called between them, on the loop."""

    def __init__(
        self,
        store: Store,
        plans: Mapping[RoomId, Plan],
        clock: Clock,
        *,
        announce: Announce = lambda *_: (),
        rota: Rota = NOBODY,
    ) -> None:
        recalled = recall(store, plans)
        self.desk = recalled.desk
        self._rota = rota
        self.rooms: Mapping[RoomId, RoomState] = recalled.rooms
        self.configuration = recalled.configuration
        self.position = recalled.position
        self.seeing = False
        self._store = store
        self._clock = clock
        self._announce = announce
        self._blind_since = clock.now()
        self._reading_row = self._snapshot_row = recalled.reading_row
        self._snapshot_at = clock.elapsed()
        self._delivered = dict(store.recent_deliveries())
        self._steps = StepWatch(clock)
        self._arrivals: deque[Arrival] = deque()
        self._asked: deque[tuple[Ask, asyncio.Future[Any]]] = deque()
        self._chores: deque[tuple[Callable[[], Any], asyncio.Future[Any]]] = deque()
        self._stirred = asyncio.Event()
        self._queued = asyncio.Event()
        self._followers: list[Follower] = []
        self._gaps: list[tuple[Blindness, datetime]] = []
        self._stopping = False
        self.turns = 0
        self.attempts = 0
        self.trouble: str | None = None

    # --- What others may ask, between turns ---------------------------------------------

    def offer(self, arrival: Arrival) -> None:
        """Hand in a message; ``arrival.done`` tells when it is durable."""
        self._arrivals.append(arrival)
        self._stirred.set()

    async def act(
        self, room: RoomId, told: Told, texts: Mapping[str, Sealed]
    ) -> Sequence[Event] | Rejected:
        """Record what a person tells. Returns once it is durable."""
        return await self._ask(lambda d: d.act(room, told, texts, seeing=self.seeing))

    async def act_on_trouble(
        self, told: Told, texts: Mapping[str, Sealed]
    ) -> Sequence[Event] | Rejected:
        """Record what a person does with an alert about the monitor itself."""
        return await self._ask(lambda draft: draft.act_on_trouble(told, texts))

    async def trouble_found(
        self, trouble: Trouble, subject: str, detail: str, priority: Priority
    ) -> None:
        """Something is wrong with the monitor itself; said once, until it is over."""
        await self._ask(lambda d: d.trouble_found(trouble, subject, detail, priority))

    async def trouble_over(self, trouble: Trouble, subject: str) -> None:
        """It is no longer wrong."""
        await self._ask(lambda draft: draft.trouble_over(trouble, subject))

    async def attempted(self, notification: Notification, attempt: Attempt) -> None:
        """Keep what became of an attempt to tell somebody. Returns once it is durable."""
        await self._ask(lambda draft: draft.attempted(notification, attempt))

    async def told(self, types: frozenset[str]) -> Sequence[Entry]:
        """What stands in the log of these events, in order."""
        return await self.chore(lambda: list(self._store.entries(types=types)))

    async def text(self, commitment: str) -> str | None:
        """A name or a remark, if it was not erased."""
        sealed = await self.chore(lambda: self._store.text(commitment))
        return None if sealed is None else sealed.text

    async def sees(self) -> None:
        """Everything that was said until now has been heard: sensors are judged again."""

        def ask(draft: Draft) -> None:
            if self.seeing:
                return
            self.seeing = True
            draft.happen(
                GapFound(
                    cause=Blindness.BROKER_AWAY,
                    began_at=min(self._blind_since, draft.now),
                    ended_at=draft.now,
                )
            )
            draft.pass_time(draft.now, seeing=True)
            draft.judge(seeing=True)

        await self._ask(ask)

    async def forget_deliveries(self) -> None:
        """The broker began a new session: its packet ids say nothing of former ones."""
        await self._ask(lambda _: self._delivered.clear())

    async def blinded(self) -> None:
        """The broker is away: until ``sees``, silence is nobody's fault but ours."""

        def ask(draft: Draft) -> None:
            if self.seeing:
                self.seeing = False
                self._blind_since = draft.now
                draft.happen(BrokerLost(began_at=draft.now))

        await self._ask(ask)

    async def reconfigure(
        self,
        plans: Mapping[RoomId, Plan],
        change: ConfigurationChanged,
        rota: Rota = NOBODY,
    ) -> None:
        """Put other rooms, devices, requirements or people into force.

        What is known is kept.

        A room that is no longer watched is given with a plan that asks nothing.
        """

        def ask(draft: Draft) -> None:
            for room, plan in plans.items():
                state = draft.room(room)
                draft.changed[room] = (
                    state._replace(plan=plan) if state else RoomState(plan=plan)
                )
            draft.happen(change)
            draft.judge(seeing=self.seeing)
            self.configuration = change.configuration
            self._rota = rota
            draft.desk = draft.desk.afresh

        await self._ask(ask)

    async def chore(self, work: Callable[[], T]) -> T:
        """Let the store do something else between two turns, in its thread."""
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._chores.append((work, done))
        self._stirred.set()
        return await done

    async def announced(self, patience: timedelta) -> None:
        """Wait until a turn has queued notifications, or until ``patience`` is over."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience.total_seconds()):
                await self._queued.wait()
        self._queued.clear()

    def follow(self, follower: Follower) -> None:
        """Call ``follower`` with the events of every turn, once they are durable."""
        self._followers.append(follower)

    def time_passed(self) -> None:
        """Take a turn soon, though nothing was heard."""
        self._stirred.set()

    def stood_still(self, began_at: datetime) -> None:
        """The whole process stood still since ``began_at``: nothing was seen meanwhile."""
        self._tell_gap(Blindness.STOOD_STILL, began_at)

    def next_deadline(self) -> datetime | None:
        """The first instant at which time alone may change an answer."""
        of_rooms = next_deadline(self.rooms.values())
        of_desk = desks.next_deadline(self.desk, self._rota, self._clock.now())
        return min((at for at in (of_rooms, of_desk) if at is not None), default=None)

    # --- Running ------------------------------------------------------------------------

    async def start(
        self,
        *,
        version: str,
        configuration: str,
        catalogue: str,
        change: ConfigurationChanged | None,
    ) -> None:
        """Write that the monitor began to watch, and since when it had not."""
        draft = Draft(self.rooms, self.desk, self._clock.now())
        alive_at = self._store.alive_at()
        if alive_at is not None:
            # Until the broker is heard it is one and the same gap.
            self._blind_since = min(self._blind_since, alive_at)
            if draft.now < alive_at:
                by = draft.now - alive_at
                draft.happen(ClockStepped(by=by, reading_row=self._reading_row))
            draft.happen(
                GapFound(
                    cause=self._why_it_ended(),
                    began_at=min(alive_at, draft.now),
                    ended_at=draft.now,
                )
            )
        draft.happen(
            MonitorStarted(
                at=draft.now,
                version=version,
                configuration=configuration,
                catalogue=catalogue,
            )
        )
        if change is not None:
            draft.happen(change)
        draft.judge(seeing=False)
        draft.claim(self._rota)
        self.configuration = configuration
        await self._commit(draft)

    async def run(self) -> None:
        """Take turns until ``stop``."""
        while not self._stopping:
            await self._stirred.wait()
            if 0 < len(self._arrivals) < MOST_ARRIVALS and not self._asked:
                await self._clock.sleep(GATHER)
            self._stirred.clear()
            await self._turn()
            if self._chores:
                await self._one_chore()
            if self._arrivals or self._asked or self._chores:
                self._stirred.set()
        for _, waiting in (*self._asked, *self._chores):
            waiting.cancel()
        last = Draft(self.rooms, self.desk, self._clock.now())
        self._write_gaps(last)
        last.happen(MonitorStopped())
        last.claim(self._rota)
        await self._commit(last)
        await self._snapshot(configuration=self.configuration or "")

    def stop(self) -> None:
        """Finish the turn at hand, then write that the monitor stopped."""
        self._stopping = True
        self._stirred.set()

    async def _ask(self, ask: Callable[[Draft], T]) -> T:
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._asked.append((ask, done))
        self._stirred.set()
        return await done

    async def _turn(self) -> None:
        draft = Draft(self.rooms, self.desk, self._clock.now())
        if stepped := self._steps.look():
            draft.happen(ClockStepped(by=stepped, reading_row=self._reading_row))
        arrivals = self._next_arrivals()
        for arrival in arrivals:
            self._hear(draft, arrival)
        self._write_gaps(draft)
        # Acts come after the messages that were there before them, time after both.
        answers = [(done, ask(draft)) for ask, done in self._next_asked()]
        self._let_time_pass(draft)
        draft.claim(self._rota)
        await self._commit(draft)
        for arrival in arrivals:
            arrival.done()
        for done, answer in answers:
            if not done.cancelled():
                done.set_result(answer)
        self.turns += 1
        if stepped or self._snapshot_due():
            await self._snapshot(configuration=self.configuration or "")

    def _next_arrivals(self) -> list[Arrival]:
        count = min(MOST_ARRIVALS, len(self._arrivals))
        return [self._arrivals.popleft() for _ in range(count)]

    def _next_asked(self) -> list[tuple[Ask, asyncio.Future[Any]]]:
        asked = list(self._asked)
        self._asked.clear()
        return asked

    def _hear(self, draft: Draft, arrival: Arrival) -> None:
        delivery = arrival.delivery
        if delivery is not None:
            if (
                arrival.redelivered
                and self._delivered.get(delivery.packet) == delivery.digest
            ):
                return
            draft.deliveries.append(delivery)
        for heard in arrival.readings:
            # The clock was set back after it came in: left in the future, it would hide
            # every reading of the device until then.
            reading = heard if heard.at <= draft.now else heard._replace(at=draft.now)
            state = draft.room(reading.room)
            draft.readings.append(reading)
            if state is not None:
                draft.enter(reading.room, take(state, reading, seeing=self.seeing))

    def _let_time_pass(self, draft: Draft) -> None:
        """Up to now, or to the first message that still waits: it comes first."""
        until = draft.now
        if self._arrivals:
            until = min(until, self._arrivals[0].received_at)
        draft.pass_time(until, seeing=self.seeing)

    async def _commit(self, draft: Draft) -> None:
        """Make the draft true. Tries again for as long as the store may come back."""
        if not draft.is_empty:
            turn = self._written(draft)
            committed = await self._persistently(lambda: self._store.commit(turn))
            if turn.notifications:
                self._queued.set()
            self.position = committed.head.position
            self._reading_row = committed.reading_row
        for delivery in draft.deliveries:
            self._delivered.pop(delivery.packet, None)
            self._delivered[delivery.packet] = delivery.digest
        while len(self._delivered) > deliveries.KEPT:
            del self._delivered[next(iter(self._delivered))]
        if draft.changed:
            self.rooms = {**self.rooms, **draft.changed}
        self.desk = draft.desk
        if draft.events:
            for follower in self._followers:
                follower(draft.events, draft.now)

    def _written(self, draft: Draft) -> Turn:
        return Turn(
            after=self.position,
            recorded_at=draft.now,
            events=draft.events,
            readings=draft.readings,
            deliveries=draft.deliveries,
            attempts=draft.attempts,
            notifications=[
                notification
                for room, event in draft.events
                if isinstance(event, AlertEvent | Paged)
                for notification in self._announce(
                    room, event, _alert_of(draft, event), draft.now
                )
            ],
            texts=draft.texts,
        )

    async def _persistently(self, work: Callable[[], T]) -> T:
        pause = timedelta(milliseconds=100)
        failing_since: datetime | None = None
        while True:
            tried_at = self._clock.now()
            self.attempts += 1
            try:
                done = await asyncio.to_thread(work)
            except StoreUnavailable as error:
                self.trouble = error.reason
                failing_since = failing_since or tried_at
                if not error.retry or self._stopping:
                    raise
            else:
                self.trouble = None
                if failing_since is not None:
                    # Nothing could be written, so nothing was judged.
                    self._tell_gap(Blindness.STORE_AWAY, failing_since)
                return done
            await self._clock.sleep(pause)
            pause = min(2 * pause, LONGEST_RETRY)

    def _tell_gap(self, cause: Blindness, began_at: datetime) -> None:
        """The next turn says so, or what is written at the end if there is none."""
        self._gaps.append((cause, began_at))
        self._stirred.set()

    def _write_gaps(self, draft: Draft) -> None:
        gaps, self._gaps = self._gaps, []
        for cause, began_at in gaps:
            began = min(began_at, draft.now)
            draft.happen(GapFound(cause=cause, began_at=began, ended_at=draft.now))

    async def _one_chore(self) -> None:
        work, done = self._chores.popleft()
        try:
            result = await asyncio.to_thread(work)
        except StoreUnavailable as error:
            self.trouble = error.reason
            if not done.cancelled():
                done.set_exception(error)
        else:
            self.trouble = None
            if not done.cancelled():
                done.set_result(result)

    def _snapshot_due(self) -> bool:
        waited = timedelta(seconds=self._clock.elapsed() - self._snapshot_at)
        return (
            waited >= SNAPSHOT_EVERY
            or self._reading_row - self._snapshot_row >= SNAPSHOT_READINGS
        )

    async def _snapshot(self, configuration: str) -> None:
        kept = partial(
            snapshot,
            tuple(self.rooms.values()),
            self.desk,
            position=self.position,
            reading_row=self._reading_row,
            configuration=configuration,
            now=self._clock.now(),
        )
        # A cache: if it cannot be written now, the next one will be.
        with contextlib.suppress(StoreUnavailable):
            await asyncio.to_thread(lambda: self._store.save_snapshot(kept()))
        self._snapshot_at = self._clock.elapsed()
        self._snapshot_row = self._reading_row

    def _why_it_ended(self) -> Blindness:
        last = next(iter(self._store.entries(self.position - 1)), None)
        if last is not None and isinstance(last.event, MonitorStopped):
            return Blindness.NOT_RUNNING
        return Blindness.KILLED


def _alert_of(draft: Draft, event: AlertEvent | Paged) -> Alert | None:
    """The alert that a page is about, if it is about one."""
    if not isinstance(event, Paged) or event.alert is None:
        return None
    claim = draft.desk.claims.get(event.alert)
    return None if claim is None else claim.alert
