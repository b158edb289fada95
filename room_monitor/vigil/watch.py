"""Keeps watch: looks each second at what must go on, and tells whoever must know.

Everything is looked at on the event loop, in a moment and without waiting; what may hang
(the disk, the network, the log) runs beside it.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from room_monitor.clock import Clock
from room_monitor.core.events import Trouble
from room_monitor.core.requirements import Priority
from room_monitor.settings.values import Vigil as Limits
from room_monitor.vigil import signs
from room_monitor.vigil.heartbeat import Pings
from room_monitor.vigil.outcry import LastResort, Outcry
from room_monitor.vigil.ports import Health, Reports, Watched
from room_monitor.vigil.sentinel import Sentinel, where
from room_monitor.vigil.systemd import Systemd
from room_monitor.vigil.troubles import Complaint, Found, Key, Over, Troubles

TICK: Final = timedelta(seconds=1)
GAUGE_EVERY: Final = timedelta(seconds=10)

HOPELESS: Final = timedelta(minutes=1)
"""After so long a blocked event loop will not go on by itself; a watchdog is sooner."""

REMIND: Final = timedelta(minutes=15)
"""How often people are told again what cannot be written into the log."""

ANSWER_SECONDS: Final = 30.0
"""How long the last resort may take before the log says that nobody was reached by it."""

AWAY_PATIENCE: Final = 10
"""So many times as long a turn may take while the store is known to be away."""

AT_ONCE: Final = timedelta(0)

log = logging.getLogger("room_monitor")


class Vigil:
    """The watch over one monitor."""

    def __init__(
        self,
        engine: Watched,
        reports: Reports,
        clock: Clock,
        folder: Path,
        limits: Callable[[], Limits],
        *,
        systemd: Systemd,
        broker: Callable[[], str | None],
        transports: Callable[[], Iterable[Health]] = tuple,
        last_resort: LastResort,
        tell_world: Callable[[Sequence[str]], None] = lambda _: None,
        watching: Callable[[], str] = lambda: "watching",
        found: Iterable[Complaint] = (),
    ) -> None:
        """Nothing happens before ``run``.

        Args:
            engine: What is watched.
            reports: Where troubles are told.
            clock: The time.
            folder: The state folder.
            limits: The settings in force.
            systemd: The service manager.
            broker: Why the broker is away; ``None`` if it is there.
            transports: How the transports fare.
            last_resort: Tells people past the store and the event loop.
            tell_world: Told the names of all troubles when they change.
            watching: How it goes, in a few words.
            found: What an earlier run found, and did not see the end of.
        """
        self._engine = engine
        self._reports = reports
        self._clock = clock
        self._folder = folder
        self._limits = limits
        self._systemd = systemd
        self._broker = broker
        self._transports = transports
        self._tell_world = tell_world
        self._watching = watching
        self._outcry = Outcry(last_resort, clock.elapsed)
        self._troubles = Troubles()
        self._pings = Pings()
        self._gauged: tuple[Complaint, ...] = ()
        self._reporting: asyncio.Queue[tuple[Found | Over, Future[None] | None]]
        self._reporting = asyncio.Queue()
        self._cried_at: dict[Key, float] = {}
        now = clock.elapsed()
        self._troubles.remember(found, now, clock.now())
        self._looked = self._engine_at = self._scheduler_at = now
        self._pulse = (engine.turns, engine.attempts)
        self._latest = 0.0
        self._petted: float | None = None
        self._pinged: float | None = None
        self._sentinel = Sentinel(
            clock.elapsed,
            late=lambda: limits().scheduler_late,
            hopeless=HOPELESS,
            noticed=self._blocked,
            given_up=self._give_up,
        )

    # --- What others tell and ask, on the loop ------------------------------------------

    def beat(self) -> None:
        """The scheduler's heart beats."""
        now = self._clock.elapsed()
        self._latest = max(self._latest, now - self._scheduler_at)
        self._scheduler_at = now

    @property
    def alive(self) -> bool:
        """Whether the engine takes turns, or does what it can while the store is away."""
        now, stuck = self._clock.elapsed(), self._limits().engine_stuck.total_seconds()
        return (
            self._turn_age(now) <= self._patience()
            and now - self._scheduler_at <= stuck
        )

    @property
    def healthy(self) -> bool:
        """Whether the monitor does what it is there for, so that nobody need come."""
        urgent = any(c.priority is Priority.URGENT for c in self._troubles.found)
        return self.alive and self._engine.trouble is None and not urgent

    @property
    def troubles(self) -> Sequence[str]:
        """What is wrong, by name: ``broker_away``, ``transport_stuck: sms``."""
        return [
            ": ".join(filter(None, (complaint.trouble, complaint.subject)))
            for complaint in self._troubles.found
        ]

    # --- Running ------------------------------------------------------------------------

    async def run(self) -> None:
        """Keep watch until cancelled."""
        now = self._clock.elapsed()
        self._looked = self._engine_at = self._scheduler_at = now
        self._systemd.ready(self._watching())
        self._sentinel.start()
        try:
            async with asyncio.TaskGroup() as parts:
                for part in (
                    self._look_each_second,
                    self._gauge,
                    self._report,
                    self._ping,
                ):
                    parts.create_task(part())
        finally:
            self._sentinel.stop()
            await self._pings.close()

    async def _look_each_second(self) -> None:
        tick = TICK
        if self._systemd.watchdog is not None:
            tick = min(TICK, self._systemd.watchdog / 4)
        while True:
            self.look()
            await self._clock.sleep(tick)

    def look(self) -> None:
        """Look at everything once, and tell what has changed."""
        now, at = self._clock.elapsed(), self._clock.now()
        self._sentinel.passed_at = now
        self._look_back(now, at)
        pulse = (self._engine.turns, self._engine.attempts)
        if pulse != self._pulse:
            self._pulse, self._engine_at = pulse, now
        changes = self._troubles.look(
            self._complaints(now), now, at, self._limits().settled
        )
        for change in changes:
            self._tell(change)
        self._remind(now)
        if changes:
            self._tell_world(self.troubles)
            self._systemd.status(self._watching())
        self._pet(now)

    def _look_back(self, now: float, at: datetime) -> None:
        """What came in while the loop stood still is dated too late: say so."""
        away, self._looked = timedelta(seconds=now - self._looked), now
        if away > TICK + self._limits().scheduler_late:
            log.warning("the process stood still for %.0f s", away.total_seconds())
            self._engine.stood_still(at - away)

    def _pet(self, now: float) -> None:
        watchdog = self._systemd.watchdog
        if watchdog is None or not self.alive:
            return
        # A little sooner than at half: the looks are not on time to the millisecond.
        half = watchdog.total_seconds() / 2 - TICK.total_seconds() / 2
        if self._petted is None or now - self._petted >= half:
            self._petted = now
            self._systemd.alive()

    # --- What is wrong ------------------------------------------------------------------

    def _complaints(self, now: float) -> Iterator[Complaint]:
        limits = self._limits()
        if (why := self._broker()) is not None:
            yield _urgent(Trouble.BROKER_AWAY, why, limits.broker_away)
        if (why := self._engine.trouble) is not None:
            yield _urgent(Trouble.STORE_AWAY, why, limits.store_away)
        yield from self._late(now)
        for transport in self._transports():
            if transport.failing_since is not None:
                yield Complaint(
                    trouble=Trouble.TRANSPORT_STUCK,
                    subject=transport.name,
                    detail="nothing gets through; its last error stands with its pages",
                    priority=Priority.HIGH,
                    after=limits.transport_stuck,
                )
        heartbeat = limits.heartbeat
        if heartbeat is not None and self._pings.missed >= heartbeat.misses:
            yield Complaint(
                trouble=Trouble.HEARTBEAT_MISSED,
                detail=f"the heartbeat outside is not heard: {self._pings.trouble}",
                priority=Priority.LOW,
                after=AT_ONCE,
            )
        yield from self._gauged

    def _late(self, now: float) -> Iterator[Complaint]:
        limits = self._limits()
        late = max(self._latest, now - self._scheduler_at)
        self._latest = 0.0
        if late > TICK.total_seconds() + limits.scheduler_late.total_seconds():
            yield Complaint(
                trouble=Trouble.SCHEDULER_LATE,
                detail=f"the beat of each second came {late:.0f} s late",
                priority=Priority.HIGH,
                after=AT_ONCE,
            )
        if self._turn_age(now) > self._patience():
            yield _urgent(
                Trouble.ENGINE_STUCK,
                f"a turn has taken longer than {self._patience():.0f} s",
                AT_ONCE,
            )

    def _turn_age(self, now: float) -> float:
        moved = (self._engine.turns, self._engine.attempts) != self._pulse
        return 0.0 if moved else now - self._engine_at

    def _patience(self) -> float:
        """For how many seconds the engine may do nothing at all."""
        stuck = self._limits().engine_stuck.total_seconds()
        return stuck if self._engine.trouble is None else AWAY_PATIENCE * stuck

    async def _gauge(self) -> None:
        while True:
            self._gauged = await asyncio.to_thread(self._gauge_once)
            await self._clock.sleep(GAUGE_EVERY)

    def _gauge_once(self) -> tuple[Complaint, ...]:
        limits = self._limits()
        gauges = (
            (
                Trouble.DISK_NEARLY_FULL,
                signs.disk(self._folder, limits.disk_free, limits.disk_free_share),
                Priority.LOW,
                AT_ONCE,
            ),
            (
                Trouble.MEMORY_HIGH,
                signs.memory(limits.memory),
                Priority.LOW,
                timedelta(minutes=1),
            ),
            (Trouble.CLOCK_UNSURE, signs.clock(), Priority.HIGH, limits.clock_unsure),
        )
        return tuple(
            Complaint(trouble=trouble, detail=detail, priority=priority, after=after)
            for trouble, detail, priority, after in gauges
            if detail is not None
        )

    # --- Who is told --------------------------------------------------------------------

    def _tell(self, change: Found | Over) -> None:
        """In the log, through the engine; past it, if nothing can be written."""
        told: Future[None] | None = None
        match change:
            case Found(complaint):
                log.warning("%s: %s", complaint.trouble, complaint.detail)
                if self._writes_nothing():
                    told = self._cry_once(complaint)
            case Over((trouble, subject) as key):
                log.info("%s is over%s", trouble, subject and f": {subject}")
                self._cried_at.pop(key, None)
        self._reporting.put_nowait((change, told))

    def _writes_nothing(self) -> bool:
        """Whether nothing that is told to the engine would reach anybody now."""
        stuck = self._turn_age(self._clock.elapsed()) > self._patience()
        return stuck or self._engine.trouble is not None

    def _remind(self, now: float) -> None:
        """People may have changed shifts while nothing could be written."""
        if not self._writes_nothing():
            return
        for complaint in self._troubles.found:
            cried_at = self._cried_at.get(complaint.key, now)
            if now - cried_at >= REMIND.total_seconds():
                self._cry_once(complaint)

    def _cry_once(self, complaint: Complaint) -> "Future[None] | None":
        self._cried_at[complaint.key] = self._clock.elapsed()
        return self._outcry.cry(complaint.trouble, complaint.detail)

    def _give_up(self, detail: str) -> None:
        """As ``_blocked``, when it takes too long."""
        self._outcry.cry(Trouble.SCHEDULER_LATE, detail)

    def _blocked(self, detail: str) -> None:
        """In the sentinel's thread: the loop can tell nobody."""
        log.warning("%s: %s", detail, where())
        self._systemd.status(detail)

    async def _report(self) -> None:
        """Tell the engine, in order, however long it takes."""
        while True:
            change, told = await self._reporting.get()
            match change:
                case Found(complaint, began_at):
                    # The engine dates it when it hears of it, which may be much later.
                    detail = f"{complaint.detail}; since {began_at:%H:%M:%S} UTC"
                    if told is not None:
                        detail += f"; {await _what_came_of(told)}"
                    await self._reports.trouble_found(
                        complaint.trouble,
                        complaint.subject,
                        detail,
                        complaint.priority,
                    )
                case Over((trouble, subject)):
                    await self._reports.trouble_over(trouble, subject)

    async def _ping(self) -> None:
        while True:
            heartbeat, now = self._limits().heartbeat, self._clock.elapsed()
            if heartbeat is None:
                self._pings.missed = 0
            elif self.healthy and (
                self._pinged is None
                or now - self._pinged >= heartbeat.every.total_seconds()
            ):
                self._pinged = now
                await self._pings.send(heartbeat)
            await self._clock.sleep(TICK)


def _urgent(trouble: Trouble, detail: str, after: timedelta) -> Complaint:
    return Complaint(
        trouble=trouble, detail=detail, priority=Priority.URGENT, after=after
    )


async def _what_came_of(told: "Future[None]") -> str:
    """Whether people were told past the log, in words for the log."""
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            await asyncio.shield(asyncio.wrap_future(told))
    except TimeoutError:
        return "the last resort did not answer"
    except Exception as error:  # noqa: BLE001 - its text may hold secrets
        return f"the last resort failed: {type(error).__name__}"
    return "people were told past the log"
