"""What is queued is sent: by each transport on its own, again if need be, not for ever."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from room_monitor.clock import ManualClock
from room_monitor.control import Do, Request, perform
from room_monitor.core.alert import Alert
from room_monitor.core.events import AlertEvent, Paged
from room_monitor.core.ids import RoomId
from room_monitor.core.requirements import StayKind
from room_monitor.notify import Transport, TransportError, announce, dispatch
from room_monitor.notify.dispatch import (
    FIRST_PAUSE,
    LONGEST_PAUSE,
)
from room_monitor.notify.transport import ATTEMPTS
from room_monitor.store import Notification, NotificationState
from tests.support.engines import Running, running
from tests.support.rooms import CALM, NOON, minutes

Announced = Callable[[RoomId | None, AlertEvent, datetime], Sequence[Notification]]

SENT, FAILED, QUEUED = (
    NotificationState.SENT,
    NotificationState.FAILED,
    NotificationState.QUEUED,
)


class Works:
    """A transport that keeps what it is given."""

    def __init__(self, name: str = "works") -> None:
        self.name = name
        self.sent: list[Notification] = []

    async def send(self, notification: Notification) -> None:
        self.sent.append(notification)


class Hangs(Works):
    """One that never answers."""

    async def send(self, notification: Notification) -> None:
        self.sent.append(notification)
        await asyncio.Event().wait()


class Waits(Works):
    """One that takes its time with each, until it is let go on."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.busy = asyncio.Event()
        self.go_on = asyncio.Event()
        self.all_sent = asyncio.Event()

    async def send(self, notification: Notification) -> None:
        self.busy.set()
        await self.go_on.wait()
        self.sent.append(notification)
        if len(self.sent) == 3:
            self.all_sent.set()


class Fails(Works):
    """One that fails each time, in the way it is told to."""

    def __init__(self, name: str, error: Exception) -> None:
        super().__init__(name)
        self.error = error

    async def send(self, notification: Notification) -> None:
        self.sent.append(notification)
        raise self.error


class Watch(Running):
    """A running engine, and what is queued for its alerts."""

    def queued(self, transport: str) -> list[Notification]:
        (room,) = self.engine.rooms.values()
        return [
            notification
            for alert in room.alerts
            for notification in self.store.notifications_of(alert)
            if notification.transport == transport
        ]

    async def looks(self) -> None:
        """Let the dispatcher look at the queue now, not within a second."""
        self.engine._queued.set()
        await asyncio.sleep(0.01)

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(5):
            while not true():
                await self.looks()


@asynccontextmanager
async def dispatching(
    folder: Path,
    clock: ManualClock,
    *transports: Transport,
    announced: Announced | None = None,
) -> AsyncIterator[Watch]:
    """Run an engine and a dispatcher; alerts are queued for each of the transports."""
    names = [transport.name for transport in transports]

    def told(
        room: RoomId | None, event: AlertEvent | Paged, _: Alert | None, now: datetime
    ) -> Sequence[Notification]:
        assert not isinstance(event, Paged)
        return (announced or partial(announce, names))(room, event, now)

    async with running(folder, clock, announce=told) as (engine, store):
        sending = asyncio.create_task(dispatch(engine, store, clock, transports))
        try:
            yield Watch(engine, store)
        finally:
            sending.cancel()
            with pytest.raises(asyncio.CancelledError):
                await sending


async def miss_a_check(watch: Watch, clock: ManualClock) -> None:
    """An enclosure without a check: one alert."""
    begin = Request(
        do=Do.BEGIN_STAY, target=CALM, role="staff", kind=StayKind.ENCLOSURE, key="k"
    )
    assert (await perform(watch.engine, begin, clock.now())).error is None
    clock.pass_time(minutes(16))
    await watch.settle()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOON)


async def test_an_alert_is_sent_at_once_and_only_once(
    tmp_path: Path, clock: ManualClock
) -> None:
    works = Works()
    async with dispatching(tmp_path, clock, works) as watch:
        await miss_a_check(watch, clock)
        await watch.until(lambda: [n.state for n in watch.queued("works")] == [SENT])
        for _ in range(5):
            await watch.looks()

        (told,) = watch.queued("works")
        assert (told.attempts, told.error) == (1, None)
        assert [each.id for each in works.sent] == [told.id]


@pytest.mark.parametrize(
    "dead", [Hangs("dead"), Fails("dead", TransportError("nobody there"))]
)
async def test_one_dead_transport_delays_no_other(
    tmp_path: Path, clock: ManualClock, dead: Works
) -> None:
    works = Works()
    async with dispatching(tmp_path, clock, dead, works) as watch:
        await miss_a_check(watch, clock)
        await watch.until(lambda: [n.state for n in watch.queued("works")] == [SENT])

        assert dead.sent
        assert [n.state for n in watch.queued("dead")] == [QUEUED]


async def test_what_waits_for_a_dead_transport_hides_nothing_of_the_others(
    tmp_path: Path, clock: ManualClock
) -> None:
    """More of it than is read at a time, and queued before."""
    dead, works = Hangs("dead"), Works()

    def crowd(
        room: RoomId | None, event: AlertEvent, now: datetime
    ) -> list[Notification]:
        (first,) = announce(["dead"], room, event, now)
        (last,) = announce(["works"], room, event, now)
        return [*(replace(first, id=f"{first.id}/{n}") for n in range(150)), last]

    async with dispatching(tmp_path, clock, dead, works, announced=crowd) as watch:
        await miss_a_check(watch, clock)
        await watch.until(lambda: bool(works.sent))

        assert len(watch.queued("dead")) == 150


async def test_what_comes_while_a_transport_is_busy_is_sent_when_it_is_done(
    tmp_path: Path, clock: ManualClock
) -> None:
    """At once and in order, not when the queue is looked at again a second later."""
    waits = Waits("waits")
    async with dispatching(tmp_path, clock, waits) as watch:
        await miss_a_check(watch, clock)
        async with asyncio.timeout(0.5):
            await waits.busy.wait()
        (alert,) = watch.engine.rooms[CALM].alerts
        check = Request(do=Do.CHECK_IN, target=CALM, role="staff")
        acknowledge = Request(
            do=Do.ACKNOWLEDGE,
            target=alert,
            role="staff",
            person="Kim",
            remark="going",
        )
        for act in (check, acknowledge):
            assert (await perform(watch.engine, act, clock.now())).error is None
        await watch.looks()
        queued = list(watch.store.notifications_of(alert))
        assert waits.sent == []
        waits.go_on.set()
        async with asyncio.timeout(0.5):
            await waits.all_sent.wait()

    assert [each.id for each in waits.sent] == [each.id for each in queued]


async def test_a_dispatcher_that_is_stopped_leaves_nothing_behind(
    tmp_path: Path, clock: ManualClock
) -> None:
    async with running(tmp_path, clock) as (engine, store):
        before = asyncio.all_tasks()
        sending = asyncio.create_task(dispatch(engine, store, clock, [Works()]))
        async with asyncio.timeout(0.5):
            while not asyncio.all_tasks() - before - {sending}:  # noqa: ASYNC110
                await asyncio.sleep(0)
        sending.cancel()
        await asyncio.wait({sending})
        await asyncio.sleep(0)

        assert asyncio.all_tasks() == before


async def test_a_failure_is_tried_again_later_and_later_but_not_for_ever(
    tmp_path: Path, clock: ManualClock
) -> None:
    fails = Fails("fails", TransportError("nobody there"))
    async with dispatching(tmp_path, clock, fails) as watch:
        await miss_a_check(watch, clock)
        pauses = []
        for count in range(1, ATTEMPTS + 1):
            await watch.until(lambda: watch.queued("fails")[0].attempts == count)  # noqa: B023
            told = watch.queued("fails")[0]
            if told.state is FAILED:
                break
            pauses.append(told.due_at - clock.now())
            clock.pass_time(told.due_at - clock.now())

        tried = [each.id for each in fails.sent].count(told.id)
        assert tried == told.attempts == ATTEMPTS
        assert (told.state, told.error) == (FAILED, "nobody there")
        assert pauses[:3] == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE]
        assert set(pauses[10:]) == {LONGEST_PAUSE}
        clock.pass_time(minutes(60))
        await watch.looks()
        assert watch.queued("fails")[0].attempts == ATTEMPTS


async def test_before_it_is_due_it_is_not_tried_again(
    tmp_path: Path, clock: ManualClock
) -> None:
    fails = Fails("fails", TransportError("nobody there"))
    async with dispatching(tmp_path, clock, fails) as watch:
        await miss_a_check(watch, clock)
        await watch.until(lambda: watch.queued("fails")[0].attempts == 1)
        clock.pass_time(FIRST_PAUSE - timedelta(milliseconds=1))
        for _ in range(5):
            await watch.looks()

        assert len(fails.sent) == 1


async def test_what_cannot_help_is_not_tried_again(
    tmp_path: Path, clock: ManualClock
) -> None:
    fails = Fails("fails", TransportError("no such number", permanent=True))
    async with dispatching(tmp_path, clock, fails) as watch:
        await miss_a_check(watch, clock)
        await watch.until(lambda: watch.queued("fails")[0].attempts == 1)

        (told,) = watch.queued("fails")
        assert (told.state, told.error) == (FAILED, "no such number")


async def test_a_transport_that_is_no_longer_there_fails_for_good(
    tmp_path: Path, clock: ManualClock
) -> None:
    announced = partial(announce, ["pager"])
    async with dispatching(tmp_path, clock, announced=announced) as watch:
        await miss_a_check(watch, clock)
        await watch.until(lambda: watch.queued("pager")[0].attempts == 1)

        (told,) = watch.queued("pager")
        assert told.state is FAILED
        assert told.error == "there is no transport 'pager' any more"


async def test_a_transport_with_a_flaw_is_tried_again_and_says_what_it_is(
    tmp_path: Path, clock: ManualClock
) -> None:
    flawed, works = Fails("flawed", KeyError("token")), Works()
    async with dispatching(tmp_path, clock, flawed, works) as watch:
        await miss_a_check(watch, clock)
        await watch.until(lambda: watch.queued("flawed")[0].attempts == 1)

        (told,) = watch.queued("flawed")
        assert (told.state, told.error) == (QUEUED, "it failed with KeyError")
        assert works.sent


async def test_a_notification_survives_a_restart(
    tmp_path: Path, clock: ManualClock
) -> None:
    hangs, works = Hangs("works"), Works()
    async with dispatching(tmp_path, clock, hangs) as watch:
        await miss_a_check(watch, clock)
        await watch.until(lambda: bool(hangs.sent))
    async with dispatching(tmp_path, clock, works) as watch:
        await watch.until(lambda: [n.state for n in watch.queued("works")] == [SENT])

        assert [n.id for n in works.sent] == [n.id for n in hangs.sent]


async def test_what_was_sent_is_not_sent_again_after_a_restart(
    tmp_path: Path, clock: ManualClock
) -> None:
    works = Works()
    for _ in range(2):
        async with dispatching(tmp_path, clock, works) as watch:
            if not works.sent:
                await miss_a_check(watch, clock)
            await watch.until(
                lambda: [n.state for n in watch.queued("works")] == [SENT]
            )
            clock.pass_time(minutes(1))
            await watch.looks()

    assert len(works.sent) == 1


async def test_an_alert_says_what_and_where_and_names_nobody(
    tmp_path: Path, clock: ManualClock
) -> None:
    works = Works()
    async with dispatching(tmp_path, clock, works) as watch:
        await miss_a_check(watch, clock)
        await watch.until(lambda: bool(works.sent))
        (alert,) = watch.engine.rooms[CALM].alerts
        acknowledge = Request(
            do=Do.ACKNOWLEDGE,
            target=alert,
            role="staff",
            person="A. Name",
            remark="seen",
        )
        await perform(watch.engine, acknowledge, clock.now())
        await watch.until(lambda: len(works.sent) == 2)

    raised, acknowledged = (json.loads(each.body) for each in works.sent)
    began_at = (NOON + minutes(15)).isoformat()
    assert raised == {
        "alert": alert,
        "room": CALM,
        "state": "raised",
        "requirement": "check-every-quarter",
        "obligation": raised["obligation"],
        "priority": "urgent",
        "reason": "check_missed",
        "began_at": began_at,
    }
    assert acknowledged == {
        "alert": alert,
        "room": CALM,
        "state": "acknowledged",
        "role": "staff",
        "until": (NOON + minutes(31)).isoformat(),
    }
