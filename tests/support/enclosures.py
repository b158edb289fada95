"""Many enclosures with things going wrong, and what must be found of each.

A ``Trial`` plays enclosures in several rooms at once against a real engine and a real
store, on a clock of its own. What people do, and what goes wrong, is drawn by lot from a
seed. What ought to be found is worked out apart, from what really happened: each gap
between two looks that is longer than a quarter of an hour, once.
"""

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from heapq import heappop, heappush
from itertools import pairwise
from pathlib import Path

from room_monitor.clock import ManualClock
from room_monitor.control import Answer, Do, Request, perform
from room_monitor.core.events import StayBegan
from room_monitor.core.ids import ChannelId, LadderId, PersonId, RecordId, StayId
from room_monitor.core.obligations import plan
from room_monitor.core.requirements import (
    Ask,
    Catalogue,
    CheckedEvery,
    EvidenceKind,
    Moment,
    Priority,
    StayKind,
    WithinLimit,
)
from room_monitor.core.rota import Ladder, Person, Rota, Step
from room_monitor.core.views import missed_intervals
from room_monitor.engine import Engine
from room_monitor.store import Committed, SqliteStore, StoreUnavailable, Turn
from tests.support.rooms import minutes, requirement, room

QUARTER = minutes(15)
BEGIN = datetime(2026, 3, 20, 21, tzinfo=UTC)
"""The nights that follow have a change of the clocks in them."""

ALIKE = 0.5
"""Seconds by which the length of an interval may differ from the real one."""

CATALOGUE = Catalogue(
    version="trial",
    hash="0" * 64,
    requirements=(
        requirement(
            "check-every-quarter",
            Ask(
                key="gap",
                evidence=EvidenceKind.REGISTRATION,
                demand=CheckedEvery(at_most=QUARTER, by=frozenset({"staff"})),
                priority=Priority.URGENT,
                warn_spread=minutes(4),
                insistent=True,
            ),
            during=frozenset({StayKind.ENCLOSURE}),
        ),
        requirement(
            "review-within-3h",
            Ask(
                key="review",
                evidence=EvidenceKind.REGISTRATION,
                demand=WithinLimit(
                    since=Moment("stay_began"),
                    until=(Moment("review"), Moment("stay_ended")),
                    at_most=minutes(180),
                ),
                priority=Priority.URGENT,
                warn_before=minutes(30),
            ),
            during=frozenset({StayKind.ENCLOSURE}),
        ),
    ),
)

ROTA = Rota(
    people={PersonId("p1"): Person(id=PersonId("p1"), channels=(ChannelId("phone"),))},
    shifts=(),
    ladders=(
        Ladder(
            id=LadderId("all"),
            steps=(Step(after=minutes(0), persons=(PersonId("p1"),)),),
            again_after=minutes(10),
        ),
    ),
    fallback=(ChannelId("siren"),),
)


class Fault(StrEnum):
    """What goes wrong."""

    NOTHING = "nothing"
    LATE = "checks recorded late"
    LATE_BEGIN = "begin recorded late"
    END_UNKNOWN = "end unknown, told later"
    CORRECTED = "records corrected"
    TWICE = "everything recorded twice"
    KILLED = "monitor killed"
    STORE = "store away"
    BROKER = "broker away"
    STEPPED = "clock set"


@dataclass(slots=True)
class Enclosure:
    """One enclosure: what really happened, in seconds of a clock nobody can set.

    Attributes:
        began: When; the other instants are counted from it.
        ended: When it was over.
        checks: When somebody looked in.
    """

    fault: Fault
    began: float
    ended: float = 0.0
    checks: list[float] = field(default_factory=list)
    stay: StayId | None = None

    def missed(self) -> list[tuple[float, float]]:
        """From when to when nobody had looked in for a quarter of an hour."""
        looks = [0.0, *sorted(self.checks), self.ended]
        limit = QUARTER.total_seconds()
        return [
            (look + limit, following)
            for look, following in pairwise(looks)
            if following - look > limit
        ]


@dataclass(slots=True)
class Tally:
    """What was found, of all enclosures with one fault."""

    enclosures: int = 0
    checks: int = 0
    missed: int = 0
    found: int = 0
    lost: int = 0
    doubled: int = 0

    @property
    def is_wrong(self) -> bool:
        """Whether the log says anything else than what really happened."""
        return bool(self.lost or self.doubled)


class FlakyStore(SqliteStore):
    """A store whose medium is away now and then."""

    away = 0

    def commit(self, turn: Turn) -> Committed:
        if self.away:
            self.away -= 1
            raise StoreUnavailable("nobody knows", retry=True)
        return super().commit(turn)


class Trial:
    """Plays enclosures to their end. All chance comes from the seed."""

    def __init__(self, folder: Path, *, seed: int, rooms: int = 20) -> None:
        self._folder = folder
        self._chance = random.Random(seed)  # noqa: S311 - drawn anew from a seed
        self._clock = ManualClock(BEGIN)
        self._names = [f"calm-{n}" for n in range(rooms)]
        self._todo: list[tuple[float, int, Callable[[], object]]] = []
        self._numbered = 0
        self._played: list[Enclosure] = []
        self._store: FlakyStore
        self._engine: Engine
        self._running: asyncio.Task[None]
        self.faults: Counter[str] = Counter()

    async def play(self, count: int) -> None:
        """Play so many enclosures, the rooms in turn, until nothing is left to do."""
        self._folder.mkdir(parents=True, exist_ok=True)
        await self._start()
        faults = list(Fault)
        of_room: dict[str, list[Fault]] = {name: [] for name in self._names}
        for number in range(count):
            name = self._names[number % len(self._names)]
            of_room[name].append(faults[number // len(self._names) % len(faults)])
        for name, wanted in of_room.items():
            self._later(0.0, lambda n=name, w=wanted: self._next(n, w))  # type: ignore[misc]
        while self._todo:
            at, _, work = heappop(self._todo)
            await self._let_time_pass(at)
            done = work()
            if asyncio.iscoroutine(done):
                await done
        await self._stop()

    def tallies(self) -> dict[Fault, Tally]:
        """What the log says of each enclosure, held against what really happened."""
        with SqliteStore.open(self._folder) as store:
            entries = list(store.entries())
        began_at: dict[StayId, datetime] = {}
        for entry in entries:
            if isinstance(entry.event, StayBegan):
                began_at[entry.event.stay] = entry.event.happened_at
        found: dict[StayId, list[tuple[float, float]]] = {s: [] for s in began_at}
        for each in missed_intervals(entries):
            assert each.ended_at is not None, "every stay of the trial is over"
            found[each.stay].append(
                (each.began_at.timestamp(), each.ended_at.timestamp())
            )
        tallies = {fault: Tally() for fault in Fault}
        for enclosure in self._played:
            assert enclosure.stay is not None
            tally = tallies[enclosure.fault]
            tally.enclosures += 1
            tally.checks += len(enclosure.checks)
            wanted = _lengths(enclosure.missed())
            had = _lengths(found[enclosure.stay])
            both = _matched(wanted, had)
            tally.missed += len(wanted)
            tally.found += len(had)
            tally.lost += len(wanted) - both
            tally.doubled += len(had) - both
        return tallies

    # --- People -------------------------------------------------------------------------

    async def _next(self, name: str, wanted: list[Fault]) -> None:
        """An enclosure begins in a room, and all that will happen in it is drawn."""
        if not wanted:
            return
        fault = wanted.pop(0)
        chance, now = self._chance, self._clock.elapsed()
        enclosure = Enclosure(fault, now)
        self._played.append(enclosure)
        lasts = min(chance.lognormvariate(4.2, 0.7), 8 * 60) * 60
        looks, at = [], 0.0
        while True:
            careless = chance.random() < 0.12
            pause = chance.uniform(15.5, 50) if careless else chance.gauss(12, 1.5)
            at += max(pause, 1) * 60
            if at >= lasts:
                break
            looks.append(at)
        enclosure.checks, enclosure.ended = looks, lasts
        told_late = chance.uniform(1, 40) * 60 if fault is Fault.LATE_BEGIN else 0.0
        self._later(now + told_late, lambda: self._begins(name, enclosure))
        for look in looks:
            self._later(
                now + max(look + self._delay(fault), told_late + 1),
                lambda look=look: self._looks_in(enclosure, look),  # type: ignore[misc]
            )
        settled = self._ends(enclosure, now + max(lasts, told_late + 2))
        self._later(settled + 60, lambda: self._next(name, wanted))
        if fault in WRONG:
            for _ in range(chance.randint(1, 3)):
                WRONG[fault](self, now + chance.uniform(0, lasts))

    async def _begins(self, name: str, enclosure: Enclosure) -> None:
        answer = await self._do(
            Request(
                do=Do.BEGIN_STAY,
                target=name,
                role="staff",
                kind=StayKind.ENCLOSURE,
                key=f"k-{len(self._played)}",
                at=self._wall(enclosure, 0.0),
            )
        )
        enclosure.stay = answer.stay

    async def _looks_in(self, enclosure: Enclosure, look: float) -> None:
        assert enclosure.stay is not None
        check = Request(
            do=Do.CHECK_IN,
            target=enclosure.stay,
            role="staff",
            at=self._wall(enclosure, look),
        )
        fault, chance = enclosure.fault, self._chance
        if fault is Fault.CORRECTED and chance.random() < 0.3:
            await self._looks_in_wrongly(enclosure, look)
            return
        told_at = self._clock.now()
        await self._do(check)
        if fault is Fault.TWICE:
            # The same look again, though the store may have taken its time meanwhile.
            await self._do(replace(check, at=check.at or told_at))
        if fault is Fault.CORRECTED and chance.random() < 0.1:
            # A check that never was, and is taken back later.
            never = chance.uniform(0, min(look, enclosure.ended))
            wrong = Request(
                do=Do.CHECK_IN,
                target=enclosure.stay,
                role="staff",
                at=self._wall(enclosure, never),
            )
            answer = await self._do(wrong)
            self._later(
                self._clock.elapsed() + chance.uniform(60, 3600),
                lambda: self._corrects(answer.record, void=True, at=None),
            )

    async def _looks_in_wrongly(self, enclosure: Enclosure, look: float) -> None:
        """The wrong time is written, and put right after a while."""
        assert enclosure.stay is not None
        slip = max(0.0, look - self._chance.uniform(60, 1200))
        wrong = Request(
            do=Do.CHECK_IN,
            target=enclosure.stay,
            role="staff",
            at=self._wall(enclosure, slip),
        )
        answer = await self._do(wrong)
        self._later(
            self._clock.elapsed() + self._chance.uniform(60, 3600),
            lambda: self._corrects(
                answer.record, void=False, at=self._wall(enclosure, look)
            ),
        )

    async def _corrects(
        self, record: RecordId | None, *, void: bool, at: datetime | None
    ) -> None:
        assert record is not None
        self.faults["corrections"] += 1
        await self._do(
            Request(
                do=Do.CORRECT,
                target=record,
                role="staff",
                person="Kim",
                remark="wrong time",
                void=void,
                at=at,
            )
        )

    def _ends(self, enclosure: Enclosure, at: float) -> float:
        """Plan the end; until when something may still be told of the stay."""

        async def over(told_unknown: bool = False) -> None:
            assert enclosure.stay is not None
            await self._do(
                Request(
                    do=Do.END_STAY,
                    target=enclosure.stay,
                    role="staff",
                    at_unknown=told_unknown,
                    at=None if told_unknown else self._wall(enclosure, enclosure.ended),
                )
            )

        if enclosure.fault is not Fault.END_UNKNOWN:
            self._later(at, over)
            return at
        self._later(at + 5, lambda: over(told_unknown=True))
        known_at = at + self._chance.uniform(600, 7200)
        self._later(known_at, over)
        return known_at

    def _delay(self, fault: Fault) -> float:
        """How long after a look it is recorded, in seconds."""
        if fault is Fault.LATE:
            return self._chance.choice([0, self._chance.uniform(1, 90) * 60])
        return 0.0

    def _wall(self, enclosure: Enclosure, instant: float) -> datetime | None:
        """What people write down as the time: nothing, where they tell it at once."""
        ago = self._clock.elapsed() - (enclosure.began + instant)
        if enclosure.fault is Fault.STEPPED or ago < 1e-6:
            return None
        return self._clock.now() - timedelta(seconds=ago)

    # --- What goes wrong ----------------------------------------------------------------

    def _kill_at(self, at: float) -> None:
        async def kill() -> None:
            self.faults["kills"] += 1
            self._running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._running
            self._store.close()
            await self._start()

        self._later(at, kill)

    def _store_away_at(self, at: float) -> None:
        def fail() -> None:
            self.faults["stores away"] += 1
            self._store.away = self._chance.randint(1, 4)

        self._later(at, fail)

    def _broker_away_at(self, at: float) -> None:
        async def lost() -> None:
            self.faults["brokers away"] += 1
            await self._engine.blinded()

        async def back() -> None:
            await self._engine.sees()  # of the engine that runs then

        self._later(at, lost)
        self._later(at + self._chance.uniform(5, 900), back)

    def _step_at(self, at: float) -> None:
        def step() -> None:
            self.faults["steps of the clock"] += 1
            by = self._chance.choice([-1, 1]) * self._chance.uniform(2, 7200)
            self._clock.step(timedelta(seconds=by))
            self._engine.time_passed()

        self._later(at, step)

    # --- The monitor --------------------------------------------------------------------

    async def _start(self) -> None:
        plans = {r.id: plan(r, CATALOGUE) for r in map(room, self._names)}
        self._store = FlakyStore.open(self._folder)
        self._engine = Engine(self._store, plans, self._clock, rota=ROTA)
        await self._engine.start(
            version="0", configuration="c", catalogue=CATALOGUE.stamp, change=None
        )
        self._running = asyncio.create_task(self._engine.run())
        await self._engine.sees()

    async def _stop(self) -> None:
        self._engine.stop()
        await self._running
        self._store.close()

    async def _do(self, request: Request) -> Answer:
        answer = await perform(self._engine, request, self._clock.now())
        assert answer.error is None, f"{request}: {answer.error}"
        return answer

    async def _let_time_pass(self, until: float) -> None:
        """Up to an instant, with a turn wherever the engine asked for one."""
        while True:
            due_at = self._engine.next_deadline()
            if due_at is None:
                break
            wait = (due_at - self._clock.now()).total_seconds()
            if self._clock.elapsed() + wait > until:
                break
            self._clock.pass_time(timedelta(seconds=max(wait, 0) + 1e-6))
            await self._settle()
        rest = until - self._clock.elapsed()
        if rest > 0:
            self._clock.pass_time(timedelta(seconds=rest))
        await self._settle()

    async def _settle(self) -> None:
        self._engine.time_passed()
        await self._engine.chore(lambda: None)

    def _later(self, at: float, work: Callable[[], object]) -> None:
        self._numbered += 1
        heappush(self._todo, (at, self._numbered, work))


WRONG: dict[Fault, Callable[[Trial, float], None]] = {
    Fault.KILLED: Trial._kill_at,
    Fault.STORE: Trial._store_away_at,
    Fault.BROKER: Trial._broker_away_at,
    Fault.STEPPED: Trial._step_at,
}


def _lengths(intervals: Iterable[tuple[float, float]]) -> list[float]:
    """How long each of them is, in seconds, the shortest first."""
    return sorted(end - begin for begin, end in intervals)


def _matched(wanted: Sequence[float], had: Sequence[float]) -> int:
    """How many of what was wanted are there, each once, to half a second."""
    left, both = list(had), 0
    for length in wanted:
        near = [each for each in left if abs(each - length) < ALIKE]
        if near:
            left.remove(near[0])
            both += 1
    return both
