"""What is acknowledged is written; what is written is brought back; gaps are told."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from room_monitor.clock import ManualClock
from room_monitor.core.events import (
    AlertRaised,
    Blindness,
    BreachClosed,
    BreachOpened,
    BrokerLost,
    CheckRecorded,
    ClockStepped,
    ConfigurationChanged,
    Event,
    GapFound,
    MonitorStarted,
    MonitorStopped,
    StayBegan,
)
from room_monitor.core.ids import RoomId, StayId
from room_monitor.core.readings import Reading
from room_monitor.core.requirements import StayKind
from room_monitor.core.stay import Rejected
from room_monitor.draft import Arrival
from room_monitor.engine import Engine
from room_monitor.recall import Memory, recall
from room_monitor.store import (
    Committed,
    Delivery,
    SqliteStore,
    StoreUnavailable,
    Turn,
)
from tests.support.rooms import (
    CALM,
    CATALOGUE,
    NOON,
    co2,
    device,
    minutes,
    plans,
    room,
)

STAY = StayId("s1")


class FailingStore(SqliteStore):
    """A store whose medium fails for a while."""

    failures = 0
    on_failure: Callable[[], None] = staticmethod(lambda: None)

    def commit(self, turn: Turn) -> Committed:
        if self.failures:
            self.failures -= 1
            self.on_failure()
            raise StoreUnavailable("the disk is full; make room", retry=True)
        return super().commit(turn)


@dataclass
class Watch:
    """A running engine, its store, and what was acknowledged."""

    engine: Engine
    store: FailingStore
    clock: ManualClock
    acknowledged: list[int] = field(default_factory=list)

    async def settle(self) -> None:
        """Let the engine take a turn and come to rest."""
        self.engine.time_passed()
        await self.engine.chore(lambda: None)

    def offer(
        self, *readings: Reading, packet: int = 1, redelivered: bool = False
    ) -> None:
        digest = repr([(r.device, r.quantity, r.value) for r in readings]).encode()
        self.engine.offer(
            Arrival(
                readings=readings,
                received_at=self.clock.now(),
                delivery=Delivery(packet, digest),
                redelivered=redelivered,
                done=lambda: self.acknowledged.append(packet),
            )
        )

    def events(self, kind: type[Any]) -> list[Any]:
        return [e.event for e in self.store.entries() if isinstance(e.event, kind)]

    def readings(self) -> list[float]:
        return [reading.value for _, reading in self.store.readings_after(0)]


@asynccontextmanager
async def watching(
    folder: Path,
    clock: ManualClock,
    *rooms: Any,
    change: ConfigurationChanged | None = None,
    seeing: bool = True,
    kill: bool = False,
) -> AsyncIterator[Watch]:
    """Run an engine; with ``kill`` it ends like a process that was killed."""
    with FailingStore.open(folder) as store:
        engine = Engine(store, plans(*rooms), clock)
        await engine.start(
            version="0", configuration="c1", catalogue=CATALOGUE.stamp, change=change
        )
        running = asyncio.create_task(engine.run())
        watch = Watch(engine, store, clock)
        if seeing:
            await engine.sees()
        try:
            yield watch
        finally:
            if kill:
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)
            else:
                engine.stop()
                await running


def begin(at: datetime) -> StayBegan:
    return StayBegan(
        stay=STAY, kind=StayKind.ENCLOSURE, key="k", happened_at=at, role="staff"
    )


def check(at: datetime) -> CheckRecorded:
    return CheckRecorded(stay=STAY, happened_at=at, role="staff")


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOON)


async def test_a_message_is_acknowledged_only_after_the_commit(
    tmp_path: Path, clock: ManualClock
) -> None:
    async with watching(tmp_path, clock) as watch:
        seen: list[tuple[list[int], list[float]]] = []
        watch.store.failures = 3
        watch.store.on_failure = lambda: seen.append(
            (list(watch.acknowledged), watch.readings())
        )
        watch.offer(co2(800, clock.now()))
        await watch.settle()

        assert seen == [([], [])] * 3
        assert watch.acknowledged == [1]
        assert watch.readings() == [800]


async def test_a_store_that_fails_for_a_while_leaves_a_gap_and_loses_nothing(
    tmp_path: Path, clock: ManualClock
) -> None:
    async with watching(tmp_path, clock) as watch:
        watch.store.failures = 4
        began = clock.now()
        watch.offer(co2(800, clock.now()))
        await watch.settle()
        await watch.settle()

        gap = watch.events(GapFound)[-1]
        assert gap.cause is Blindness.STORE_AWAY
        assert began <= gap.began_at < gap.ended_at == clock.now()
        assert watch.readings() == [800]
        assert watch.engine.trouble is None


async def test_the_gap_of_a_store_begins_with_the_first_attempt(
    tmp_path: Path, clock: ManualClock
) -> None:
    """A database that is locked is waited for before the attempt fails."""
    async with watching(tmp_path, clock) as watch:
        watch.store.on_failure = lambda: clock.pass_time(timedelta(seconds=2))
        watch.store.failures = 1
        watch.offer(co2(600, clock.now()))
        await watch.settle()
        await watch.settle()

        gap = watch.events(GapFound)[-1]
        assert gap.cause is Blindness.STORE_AWAY
        assert gap.ended_at - gap.began_at > timedelta(seconds=2)


async def test_a_stop_right_after_the_store_came_back_drops_no_gap(
    tmp_path: Path, clock: ManualClock
) -> None:
    async with watching(tmp_path, clock) as watch:
        watch.store.failures = 4
        began = clock.now()
        back = asyncio.Event()

        def stop() -> None:
            watch.engine.stop()
            back.set()

        watch.engine.offer(
            Arrival(
                readings=(co2(800, began),),
                received_at=began,
                delivery=Delivery(1, b"1"),
                redelivered=False,
                done=stop,
            )
        )
        await back.wait()
    with FailingStore.open(tmp_path) as store:
        gap, stopped = [entry.event for entry in store.entries()][-2:]

        assert isinstance(stopped, MonitorStopped)
        assert isinstance(gap, GapFound)
        assert gap.cause is Blindness.STORE_AWAY
        assert began <= gap.began_at < gap.ended_at == clock.now()


async def test_a_process_that_stood_still_leaves_a_gap(
    tmp_path: Path, clock: ManualClock
) -> None:
    async with watching(tmp_path, clock) as watch:
        began = clock.now()
        clock.pass_time(timedelta(seconds=30))
        watch.engine.stood_still(began)
        await watch.settle()

        assert watch.events(GapFound)[-1] == GapFound(
            cause=Blindness.STOOD_STILL,
            began_at=began,
            ended_at=began + timedelta(seconds=30),
        )


async def test_a_chore_that_fails_is_told_until_one_succeeds(
    tmp_path: Path, clock: ManualClock
) -> None:
    def fail() -> None:
        raise StoreUnavailable("the disk is full", retry=True)

    async with watching(tmp_path, clock) as watch:
        with pytest.raises(StoreUnavailable):
            await watch.engine.chore(fail)
        assert watch.engine.trouble == "the disk is full"
        await watch.engine.chore(lambda: None)
        assert watch.engine.trouble is None


async def test_what_came_in_before_the_clock_was_set_back_hides_nothing(
    tmp_path: Path, clock: ManualClock
) -> None:
    """Kept in the future it would be newer than all that follows for an hour."""
    async with watching(tmp_path, clock) as watch:
        watch.offer(co2(600, clock.now()))
        clock.step(timedelta(hours=-1))
        await watch.settle()
        clock.pass_time(timedelta(seconds=1))
        watch.offer(co2(2400, clock.now()), packet=2)
        await watch.settle()
        (heard,) = watch.engine.rooms[CALM].heard.values()
        assert [h.reading.value for h in heard.values()] == [2400]


async def test_a_redelivered_message_is_recognised_and_acknowledged(
    tmp_path: Path, clock: ManualClock
) -> None:
    async with watching(tmp_path, clock, kill=True) as watch:
        watch.offer(co2(800, clock.now()), packet=7)
        await watch.settle()
    async with watching(tmp_path, clock) as watch:
        watch.offer(co2(800, clock.now()), packet=7, redelivered=True)
        watch.offer(co2(900, clock.now()), packet=8, redelivered=True)
        await watch.settle()

        assert watch.readings() == [800, 900]
        assert watch.acknowledged == [7, 8]


async def test_the_same_packet_id_with_another_content_is_another_message(
    tmp_path: Path, clock: ManualClock
) -> None:
    async with watching(tmp_path, clock) as watch:
        watch.offer(co2(800, clock.now()), packet=7)
        watch.offer(co2(810, clock.now()), packet=7, redelivered=True)
        watch.offer(co2(810, clock.now()), packet=7)
        await watch.settle()

        assert watch.readings() == [800, 810, 810]


async def test_a_restart_brings_back_exactly_what_was_true(
    tmp_path: Path, clock: ManualClock
) -> None:
    async with watching(tmp_path, clock, kill=True) as watch:
        await watch.engine.act(CALM, begin(clock.now()), {})
        watch.offer(co2(1500, clock.now()))
        await watch.settle()
        clock.pass_time(minutes(6))
        await watch.settle()
        watch.offer(co2(1600, clock.now()), packet=2)
        await watch.settle()
        before = watch.engine.rooms[CALM]
        again = recall(watch.store, plans()).rooms[CALM]

    assert watch.engine.rooms[CALM] is before
    for name in Memory._fields:
        assert getattr(again, name) == getattr(before, name), name
    assert before.standings["calm-1/air/co2/climate-1"].breach is not None  # type: ignore[index]
    assert before.alerts


async def test_a_snapshot_gives_the_same_as_folding_from_the_beginning(
    tmp_path: Path, clock: ManualClock
) -> None:
    async with watching(tmp_path, clock) as watch:
        watch.offer(co2(1500, clock.now()))
        await watch.settle()
        clock.pass_time(minutes(6))
        await watch.settle()
    with FailingStore.open(tmp_path) as store:
        kept = store.latest_snapshot()
        assert kept is not None
        assert kept.position == store.head().position
        with_it = recall(store, plans()).rooms[CALM]
        store.latest_snapshot = lambda: None  # type: ignore[method-assign]
        without = recall(store, plans()).rooms[CALM]

    for name in Memory._fields:
        assert getattr(with_it, name) == getattr(without, name), name


async def test_a_missed_check_is_found_although_the_monitor_was_dead_when_it_was_due(
    tmp_path: Path, clock: ManualClock
) -> None:
    began = clock.now()
    async with watching(tmp_path, clock, kill=True) as watch:
        await watch.engine.act(CALM, begin(began), {})
        clock.pass_time(minutes(10))
        await watch.settle()
    clock.pass_time(minutes(20))
    async with watching(tmp_path, clock, seeing=False) as watch:
        opened = watch.events(BreachOpened)

        assert [b.began_at for b in opened] == [began + minutes(15)]
        assert [a.breach for a in watch.events(AlertRaised)] == [opened[0].breach]


async def test_time_does_not_pass_a_message_that_waits(
    tmp_path: Path, clock: ManualClock
) -> None:
    """A device that spoke in time is not called silent because we were slow to look."""
    async with watching(tmp_path, clock) as watch:
        watch.offer(co2(800, clock.now()))
        await watch.settle()
        clock.pass_time(minutes(19))
        spoke_at = clock.now()
        for packet in range(2, 1300):
            watch.offer(co2(800, spoke_at), packet=packet)
        clock.pass_time(minutes(2))
        while len(watch.acknowledged) < 1299:
            await watch.settle()

        silences = [b for b in watch.events(BreachOpened) if "heard" in b.obligation]
        assert silences == []


async def test_silence_is_found_when_time_passes(
    tmp_path: Path, clock: ManualClock
) -> None:
    async with watching(tmp_path, clock) as watch:
        heard_at = clock.now()
        watch.offer(co2(800, heard_at))
        await watch.settle()
        clock.pass_time(minutes(25))
        await watch.settle()

        opened = watch.events(BreachOpened)
        assert [(b.obligation, b.began_at) for b in opened] == [
            ("calm-1/heard/heard/climate-1", heard_at + minutes(20))
        ]


async def test_while_the_broker_is_away_no_device_is_accused(
    tmp_path: Path, clock: ManualClock
) -> None:
    async with watching(tmp_path, clock) as watch:
        watch.offer(co2(800, clock.now()))
        await watch.settle()
        await watch.engine.blinded()
        lost_at = clock.now()
        clock.pass_time(minutes(60))
        await watch.settle()
        assert watch.events(BreachOpened) == []
        await watch.engine.sees()
        clock.pass_time(minutes(19))
        await watch.settle()

        assert watch.events(BreachOpened) == []
        assert watch.events(BrokerLost) == [BrokerLost(began_at=lost_at)]
        gap = watch.events(GapFound)[-1]
        assert (gap.began_at, gap.ended_at) == (lost_at, lost_at + minutes(60))
        clock.pass_time(minutes(2))
        await watch.settle()
        assert len(watch.events(BreachOpened)) == 1


async def test_while_the_broker_is_away_people_are_still_asked(
    tmp_path: Path, clock: ManualClock
) -> None:
    async with watching(tmp_path, clock, seeing=False) as watch:
        await watch.engine.act(CALM, begin(clock.now()), {})
        clock.pass_time(minutes(15) + timedelta(microseconds=1))
        await watch.settle()

        assert [b.reason for b in watch.events(BreachOpened)] == ["check_missed"]


@pytest.mark.parametrize("hours", [-1, 1, 30])
async def test_a_step_of_the_clock_keeps_what_has_elapsed(
    tmp_path: Path, clock: ManualClock, hours: int
) -> None:
    async with watching(tmp_path, clock) as watch:
        await watch.engine.act(CALM, begin(clock.now()), {})
        clock.pass_time(minutes(10))
        await watch.settle()
        clock.step(timedelta(hours=hours))
        await watch.settle()
        assert [e.by for e in watch.events(ClockStepped)] == [timedelta(hours=hours)]
        clock.pass_time(minutes(5))
        await watch.settle()
        assert watch.events(BreachOpened) == []
        clock.pass_time(timedelta(seconds=1))
        await watch.settle()

        opened = watch.events(BreachOpened)
        assert [b.reason for b in opened] == ["check_missed"]
        assert opened[0].began_at == clock.now() - timedelta(seconds=1)


async def test_a_kill_right_after_a_step_brings_back_what_the_step_had_moved(
    tmp_path: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with watching(tmp_path, clock, kill=True) as watch:
        monkeypatch.setattr(watch.store, "save_snapshot", lambda _: None)
        watch.offer(co2(800, clock.now()))
        await watch.settle()
        clock.step(timedelta(hours=-1))
        await watch.settle()
        clock.pass_time(minutes(1))
        watch.offer(co2(820, clock.now()), packet=2)
        await watch.settle()
        before = watch.engine.rooms[CALM]
        again = recall(watch.store, plans()).rooms[CALM]

    for name in Memory._fields:
        assert getattr(again, name) == getattr(before, name), name


async def test_a_clock_set_back_while_the_monitor_was_down_hides_no_missed_check(
    tmp_path: Path, clock: ManualClock
) -> None:
    async with watching(tmp_path, clock) as watch:
        await watch.engine.act(CALM, begin(clock.now()), {})
        clock.pass_time(minutes(14))
        await watch.settle()
    clock.step(timedelta(hours=-2))
    async with watching(tmp_path, clock) as watch:
        clock.pass_time(minutes(2))
        await watch.settle()

        assert [b.reason for b in watch.events(BreachOpened)] == ["check_missed"]


async def test_a_clean_stop_and_a_kill_leave_different_gaps(
    tmp_path: Path, clock: ManualClock
) -> None:
    async with watching(tmp_path, clock):
        clock.pass_time(minutes(1))
    stopped_at = clock.now()
    clock.pass_time(minutes(3))
    async with watching(tmp_path, clock, kill=True) as watch:
        started_at = clock.now()
    clock.pass_time(minutes(4))
    async with watching(tmp_path, clock) as watch:
        gaps = [g for g in watch.events(GapFound) if g.cause != "broker_away"]

        assert gaps == [
            GapFound(
                cause=Blindness.NOT_RUNNING, began_at=stopped_at, ended_at=started_at
            ),
            GapFound(cause=Blindness.KILLED, began_at=started_at, ended_at=clock.now()),
        ]
        assert len(watch.events(MonitorStarted)) == 3
        assert len(watch.events(MonitorStopped)) == 1


async def test_an_act_that_cannot_be_true_is_rejected_and_leaves_no_trace(
    tmp_path: Path, clock: ManualClock
) -> None:
    async with watching(tmp_path, clock) as watch:
        answer = await watch.engine.act(CALM, check(clock.now()), {})
        nowhere = await watch.engine.act(RoomId("x"), begin(clock.now()), {})

        assert isinstance(answer, Rejected)
        assert isinstance(nowhere, Rejected)
        assert watch.events(StayBegan) == []


async def test_removing_a_room_closes_what_was_open_in_it(
    tmp_path: Path, clock: ManualClock
) -> None:
    async with watching(tmp_path, clock) as watch:
        watch.offer(co2(1500, clock.now()))
        await watch.settle()
        clock.pass_time(minutes(6))
        await watch.settle()
        assert len(watch.engine.rooms[CALM].alerts) == 1
        other = room("calm-2", device("climate-2"))
        nothing_asked = plans(other) | {
            CALM: plans(room(CALM))[CALM].__class__(
                room=room(CALM),
                requirements=(),
                always=(),
                during=dict.fromkeys(StayKind, ()),
                watching={},
                watching_stays={},
                devices={},
                daylight=None,
            )
        }
        await watch.engine.reconfigure(
            nothing_asked,
            ConfigurationChanged(
                at=clock.now(),
                configuration="c2",
                catalogue="t",
                rooms=(CALM, RoomId("calm-2")),
                changes=("room calm-1: removed", "room calm-2: added"),
            ),
        )
        await watch.settle()

        assert [c.closing for c in watch.events(BreachClosed)] == ["lapsed"]
        assert watch.engine.rooms[CALM].standings == {}
        assert watch.engine.configuration == "c2"
        assert "calm-2" in watch.engine.rooms


async def test_followers_hear_of_events_only_once_they_are_durable(
    tmp_path: Path, clock: ManualClock
) -> None:
    async with watching(tmp_path, clock) as watch:
        heard: list[tuple[Event, int]] = []

        def follow(
            events: Sequence[tuple[RoomId | None, Event]], now: datetime
        ) -> None:
            written = sum(1 for _ in watch.store.entries())
            heard.extend((event, written) for _, event in events)

        watch.engine.follow(follow)
        before = watch.store.head().position
        await watch.engine.act(CALM, begin(clock.now()), {})

        assert heard
        assert {written for _, written in heard} == {before + len(heard)}
