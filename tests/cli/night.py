"""A monitor that runs while people type commands, at the pace of a test."""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Coroutine, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from room_monitor import control
from room_monitor.app import Monitor
from room_monitor.cli import app
from room_monitor.clock import ManualClock
from room_monitor.control import Do, perform
from room_monitor.control.door import SOCKET
from room_monitor.core.desk import Desk
from room_monitor.settings import load
from room_monitor.store import Attempt, Notification, NotificationState, SqliteStore
from tests.cli.conftest import BEGAN, SITE, Said, said

SECOND = timedelta(seconds=1)


class Night:
    """Commands are typed against a running monitor; both have this clock.

    Attributes:
        answers: Called at each pause that a command makes.
        haste: A command that pauses lets at least this pass.
        deaf: Channels that take nothing over.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = ManualClock(BEGAN)
        self.answers: Callable[[], None] = lambda: None
        self.haste = timedelta(0)
        self.deaf: frozenset[str] = frozenset()
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._store: SqliteStore
        self._monitor: Monitor
        self._done: asyncio.Event

    # --- As a clock ----------------------------------------------------------------------

    def now(self) -> datetime:
        return self.clock.now()

    def elapsed(self) -> float:
        return self.clock.elapsed()

    async def sleep(self, duration: timedelta) -> None:
        self.pass_time(max(duration, self.haste))
        self.answers()

    # --- What tests do -------------------------------------------------------------------

    def type(self, *arguments: object) -> Said:
        """Type a command now."""
        typed = [*map(str, arguments), "--state", str(self.folder)]
        runner = CliRunner(env={"ROOM_MONITOR_STATE": None, "COLUMNS": "120"})
        return said(runner.invoke(app, typed, obj=self))

    def done(self, *arguments: object) -> Said:
        """Type a command that must succeed."""
        typed = self.type(*arguments)
        assert typed.code == 0, typed.err
        return typed

    def pass_time(self, duration: timedelta) -> None:
        """Let time pass, with a turn each minute; pages are sent in each."""
        self._await(self._pass(duration))

    def acknowledge_drill(self) -> None:
        """Somebody takes on the drill, elsewhere."""
        engine = self._monitor.engine
        alerts = (a for room in engine.rooms.values() for a in room.alerts.values())
        drill = next(alert.id for alert in alerts if alert.drill)
        request = control.Request(
            do=Do.ACKNOWLEDGE, target=drill, role="staff", person="me", remark="drill"
        )
        self._await(perform(engine, request, self.now()))

    @property
    def desk(self) -> Desk:
        """Who was told of what."""
        return self._monitor.engine.desk

    def trouble(self, *of: Any) -> None:
        """Something is wrong with the monitor itself."""
        self._await(self._monitor.engine.trouble_found(*of))

    # --- The monitor, in a thread of its own ---------------------------------------------

    def _await(self, work: Coroutine[Any, Any, object]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=30)

    async def _pass(self, duration: timedelta) -> None:
        left = duration
        while left:
            step = min(left, 60 * SECOND)
            self.clock.pass_time(step)
            left -= step
            await self._turn()

    async def _turn(self) -> None:
        engine, store = self._monitor.engine, self._store
        engine.time_passed()
        await engine.chore(lambda: store.mark_alive(self.now()))
        for each in store.due_notifications(self.now()):
            await engine.attempted(each, self._attempt(each))

    def _attempt(self, each: Notification) -> Attempt:
        lost = each.transport in self.deaf
        return Attempt(
            notification=each.id,
            at=self.now(),
            state=NotificationState.FAILED if lost else NotificationState.SENT,
            due_at=self.now(),
            error="nobody answers" if lost else None,
        )

    async def _live(self) -> None:
        self._done = asyncio.Event()
        with SqliteStore.open(self.folder) as self._store:
            self._monitor = Monitor(load(SITE), self._store, self.clock)
            engine = self._monitor.engine
            await self._monitor.start()
            running = asyncio.create_task(engine.run())
            await engine.sees()
            serving = asyncio.create_task(
                control.serve(
                    engine,
                    self.now,
                    self.folder,
                    dict,
                    lambda: self._monitor.settings,
                )
            )
            await self._turn()
            while not (self.folder / SOCKET).exists():  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.001)
            self._ready.set()
            await self._done.wait()
            serving.cancel()
            engine.stop()
            await running

    @contextlib.contextmanager
    def running(self) -> Iterator["Night"]:
        """While the monitor runs."""
        thread = threading.Thread(
            target=lambda: self._loop.run_until_complete(self._live()), daemon=True
        )
        thread.start()
        assert self._ready.wait(timeout=30)
        yield self
        self._loop.call_soon_threadsafe(self._done.set)
        thread.join(timeout=30)
        assert not thread.is_alive()
        self._loop.close()
