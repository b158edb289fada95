"""Each attempt is kept as soon as it is known, and it is known how each transport fares."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from room_monitor.clock import ManualClock
from room_monitor.notify import Health, Healths, Transport, TransportError, dispatch
from room_monitor.notify.dispatch import (
    FIRST_PAUSE,
    LONGEST_RETRY_AFTER,
    MOST_ERROR,
)
from room_monitor.notify.transport import PATIENCE, patience_of
from room_monitor.store import Notification, NotificationState, Turn
from room_monitor.store.sqlite_store import SqliteStore
from tests.support.engines import Running, running
from tests.support.notes import note
from tests.support.rooms import NOON

SENT, FAILED, QUEUED = (
    NotificationState.SENT,
    NotificationState.FAILED,
    NotificationState.QUEUED,
)


class Phone:
    """A transport that does as it is told: to each one, or else it works."""

    def __init__(self, name: str = "phone", *does: Exception | None) -> None:
        self.name = name
        self.does = list(does)
        self.tried: list[str] = []

    async def send(self, notification: Notification) -> None:
        self.tried.append(notification.id)
        error = self.does.pop(0) if self.does else None
        if error is not None:
            raise error


class Slow(Phone):
    """One that takes its time with the second, until the test is over."""

    async def send(self, notification: Notification) -> None:
        await super().send(notification)
        if len(self.tried) == 2:
            await asyncio.Event().wait()


class Impatient(Phone):
    """One that knows for itself how long it may take."""

    patience = timedelta(milliseconds=5)

    async def send(self, notification: Notification) -> None:
        await super().send(notification)
        await asyncio.Event().wait()


class Watch(Running):
    """What is queued, and what became of it."""

    def states(self) -> list[NotificationState]:
        return [each.state for each in self.store.notifications_of(note().alert)]

    def first(self) -> Notification:
        return self.store.notifications_of(note().alert)[0]

    async def until(self, true: Callable[[], object]) -> None:
        async with asyncio.timeout(5):
            while not true():
                await self.looks()

    async def looks(self) -> None:
        self.engine._queued.set()
        await asyncio.sleep(0.01)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOON)


@asynccontextmanager
async def sending(
    folder: Path,
    clock: ManualClock,
    transports: list[Transport],
    *notes: Notification,
    health: Healths | None = None,
) -> AsyncIterator[Watch]:
    async with running(folder, clock) as (engine, store):
        await engine.chore(lambda: _queue(store, *notes))
        work = asyncio.create_task(dispatch(engine, store, clock, transports, health))
        try:
            yield Watch(engine, store)
        finally:
            work.cancel()
            await asyncio.wait({work})


def _queue(store: SqliteStore, *notes: Notification) -> None:
    turn = Turn(after=store.head().position, recorded_at=NOON, notifications=notes)
    store.commit(turn)


def of_another_alert(number: int, transport: str = "phone") -> Notification:
    return note(transport, number)


# --- Attempts ---------------------------------------------------------------------------


async def test_an_attempt_is_kept_before_the_next_is_begun(
    tmp_path: Path, clock: ManualClock
) -> None:
    """Of what was sent while the second hangs, nothing is sent again after a crash."""
    slow = Slow()
    async with sending(
        tmp_path, clock, [slow], note(number=1), note(number=2)
    ) as watch:
        await watch.until(lambda: len(slow.tried) == 2)

        assert watch.states() == [SENT, QUEUED]


async def test_a_transport_may_have_a_patience_of_its_own(
    tmp_path: Path, clock: ManualClock
) -> None:
    async with sending(tmp_path, clock, [Impatient()], note()) as watch:
        await watch.until(lambda: watch.first().attempts)

        assert watch.first().error == "no answer within 0.005 s"


def test_without_one_it_has_ten_seconds() -> None:
    assert patience_of(Phone()) == PATIENCE == timedelta(seconds=10)


async def test_an_error_is_kept_short_and_on_one_line(
    tmp_path: Path, clock: ManualClock
) -> None:
    phone = Phone("phone", TransportError("one\ntwo " + "x" * 10_000))
    async with sending(tmp_path, clock, [phone], note()) as watch:
        await watch.until(lambda: watch.first().attempts)
        error = watch.first().error

    assert error is not None
    assert error.startswith("one two xxx")
    assert len(error) == MOST_ERROR


# --- Whoever asks to be left alone ------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        (timedelta(0), FIRST_PAUSE),
        (timedelta(seconds=30), timedelta(seconds=30)),
        (timedelta(days=1), LONGEST_RETRY_AFTER),
    ],
)
async def test_it_is_left_alone_for_as_long_as_it_asks_within_reason(
    tmp_path: Path, clock: ManualClock, asked: timedelta, given: timedelta
) -> None:
    phone = Phone("phone", TransportError("not now", retry_after=asked))
    async with sending(tmp_path, clock, [phone], note()) as watch:
        await watch.until(lambda: watch.first().attempts)
        assert watch.first().due_at == NOON + given
        clock.pass_time(given)
        await watch.until(lambda: watch.states() == [SENT])

    assert len(phone.tried) == 2


async def test_it_is_left_alone_with_everything_and_nobody_else_is(
    tmp_path: Path, clock: ManualClock
) -> None:
    rest = timedelta(seconds=30)
    phone = Phone("phone", TransportError("not now", retry_after=rest))
    other = Phone("other")
    async with sending(
        tmp_path,
        clock,
        [phone, other],
        *(note(number=number) for number in range(3)),
    ) as watch:
        await watch.until(lambda: watch.first().attempts)
        clock.pass_time(rest - timedelta(seconds=1))
        await watch.engine.chore(lambda: _queue(watch.store, note("other")))
        await watch.until(lambda: other.tried)
        for _ in range(5):
            await watch.looks()
        assert len(phone.tried) == 1

        clock.pass_time(timedelta(seconds=1))
        await watch.until(lambda: watch.states() == [SENT] * 4)


# --- Transports come and go -------------------------------------------------------------


async def test_a_transport_that_is_added_while_it_runs_is_used(
    tmp_path: Path, clock: ManualClock
) -> None:
    transports: list[Transport] = []
    later = Phone("later")
    health = Healths()
    async with sending(tmp_path, clock, transports, health=health) as watch:
        await watch.looks()
        transports.append(later)
        await watch.engine.chore(lambda: _queue(watch.store, note("later")))
        await watch.until(lambda: watch.states() == [SENT])

        assert [each.name for each in health.all()] == ["later"]


# --- Health -----------------------------------------------------------------------------


async def test_health_tells_since_when_and_why_a_transport_fails(
    tmp_path: Path, clock: ManualClock
) -> None:
    phone = Phone("phone", TransportError("first"), TransportError("second"))
    health = Healths()
    async with sending(
        tmp_path, clock, [phone, Phone("idle")], note(), health=health
    ) as watch:
        await watch.until(lambda: health.of("phone").last_error == "first")
        assert health.of("phone") == Health(
            name="phone", failing_since=NOON, last_error="first", queued=1
        )
        clock.pass_time(FIRST_PAUSE)
        await watch.until(lambda: health.of("phone").last_error == "second")
        assert health.of("phone").failing_since == NOON
        clock.pass_time(2 * FIRST_PAUSE)
        await watch.until(lambda: watch.states() == [SENT])

        now = clock.now()
        assert health.all() == (
            Health(name="idle"),
            Health(name="phone", last_sent_at=now),
        )


async def test_what_was_given_up_waits_no_more_but_the_transport_still_fails(
    tmp_path: Path, clock: ManualClock
) -> None:
    phone = Phone("phone", TransportError("no such number", permanent=True))
    health = Healths()
    async with sending(tmp_path, clock, [phone], note(), health=health) as watch:
        await watch.until(lambda: watch.states() == [FAILED])

    assert health.of("phone") == Health(
        name="phone", failing_since=NOON, last_error="no such number", queued=0
    )


def test_a_transport_that_is_gone_has_no_health() -> None:
    health = Healths(["old", "new"])
    health.waits("old", "1")
    health.exactly(["new"])
    health.waits("old", "2")
    health.failed("old", "1", NOON, "gone", for_good=False)

    assert health.all() == (Health(name="new"),)
    assert health.of("old") == Health(name="old")
