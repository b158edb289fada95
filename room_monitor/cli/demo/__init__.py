"""``room-monitor demo``: a site that is not there, watched by the monitor that is."""

import asyncio
import contextlib
import dataclasses
import tempfile
import threading
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from room_monitor import app
from room_monitor.cli.demo.broker import HOST, Running, broker
from room_monitor.cli.demo.screen import Screen
from room_monitor.cli.demo.site import write_site
from room_monitor.cli.demo.story import DEEDS, NOW, past_deeds, steps
from room_monitor.cli.instants import duration, span
from room_monitor.cli.look import zone_of
from room_monitor.cli.simulate import cast_of
from room_monitor.clock import Clock, SystemClock
from room_monitor.control import perform
from room_monitor.core.alert import AlertState
from room_monitor.settings import load
from sensors.simulator.broker import BrokerAddress
from sensors.simulator.publisher import RealTime, publish

DRAW_EVERY = timedelta(milliseconds=250)
READY_WITHIN = timedelta(seconds=15)


def demo(
    lasts: Annotated[
        str, typer.Option("--for", metavar="DURATION", help="How long: 30s, 10m.")
    ] = "30s",
    port: Annotated[
        int | None,
        typer.Option(
            "--port",
            metavar="N",
            min=1,
            max=65_535,
            help="Of its broker, on this machine only; any that is free if left out.",
        ),
    ] = None,
) -> None:
    """Show the monitor at work: six rooms, sensors, a missed check, a lock-in.

    Needs nothing: broker, sensors and people are its own, in a temporary folder. All
    limits are the law's, in real time: what takes longer than the demo began before it.
    """
    length = duration(lasts)
    with (
        contextlib.suppress(KeyboardInterrupt),
        tempfile.TemporaryDirectory(prefix="room-monitor-demo-") as folder,
        broker(Path(folder), port) as running,
    ):
        asyncio.run(_Demo(Path(folder), running, length).run())


class _Ahead(RealTime):
    """A clock for the play that has gone on for a while: what is past is due at once."""

    def __init__(self, stop: threading.Event, by: timedelta) -> None:
        super().__init__(stop)
        self._first = True
        self._by = by.total_seconds()

    def monotonic(self) -> float:
        """Seconds; the first time it is asked it says when the play began."""
        now = super().monotonic()
        if self._first:
            self._first = False
            return now - self._by
        return now


class _Demo:
    """One run of it."""

    def __init__(self, folder: Path, running: Running, length: timedelta) -> None:
        self._site = write_site(folder, running)
        self._folder = folder / "state"
        self._broker = running
        self._length = length
        self._clock: Clock = SystemClock()
        self._settings = load(self._site)
        self._screen = Screen(zone_of(self._settings))
        self._stop = threading.Event()
        self._ends_at = self._clock.now() + length

    async def run(self) -> None:
        """Until its time is over, or Ctrl-C."""
        self._screen.say(
            f"Six rooms, broker on port {self._broker.port} ({self._broker.name}). "
            f"{span(self._length)}, or until Ctrl-C."
        )
        watched: list[app.Monitor] = []
        playing: list[asyncio.Task[None]] = []

        def started(monitor: app.Monitor) -> None:
            watched.append(monitor)
            monitor.engine.follow(self._screen.tell)
            playing.append(asyncio.create_task(self._play(monitor)))

        try:
            with self._screen.live():
                await app.run(self._site, self._folder, started=started)
        finally:
            self._stop.set()
            for task in playing:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
        for monitor in watched:
            self._screen.summary(monitor.engine.rooms, self._clock.now())

    async def _play(self, monitor: app.Monitor) -> None:
        try:
            await self._until_it_hears(monitor)
            began_at = self._clock.now()
            self._ends_at = began_at + self._length
            async with asyncio.TaskGroup() as parts:
                told = parts.create_task(asyncio.to_thread(self._publish, began_at))
                acted = parts.create_task(self._act(monitor, began_at))
                while self._clock.now() < self._ends_at:
                    self._draw(monitor)
                    await self._clock.sleep(DRAW_EVERY)
                self._stop.set()
                acted.cancel()
                await told
        finally:
            self._stop.set()
            monitor.engine.stop()

    async def _until_it_hears(self, monitor: app.Monitor) -> None:
        tries = int(READY_WITHIN / DRAW_EVERY)
        for _ in range(tries):
            if monitor.ingest.status().proven:
                return
            await self._clock.sleep(DRAW_EVERY)

    def _publish(self, began_at: datetime) -> None:
        """Play the devices, in a thread of its own."""
        publish(
            steps(cast_of(self._settings.site), began_at, self._length),
            BrokerAddress(
                host=HOST, port=self._broker.port, mqtt5=self._broker.protocol == "5"
            ),
            stop=self._stop,
            clock=_Ahead(self._stop, NOW),
        )

    async def _act(self, monitor: app.Monitor, began_at: datetime) -> None:
        """Do what people do, at their time."""
        do = partial(perform, monitor.engine)
        for request in past_deeds(list(monitor.engine.rooms.values()), began_at):
            await do(request, self._clock.now())
        for offset, request, on_alert in DEEDS:
            await self._clock.sleep(began_at + offset - self._clock.now())
            target = request.target
            if on_alert is not None:
                waiting = [
                    alert.id
                    for room in monitor.engine.rooms.values()
                    for alert in room.alerts.values()
                    if alert.requirement == on_alert
                    and alert.state is AlertState.RAISED
                ]
                if not waiting:
                    continue
                target = waiting[0]
            await do(dataclasses.replace(request, target=target), self._clock.now())

    def _draw(self, monitor: app.Monitor) -> None:
        now = self._clock.now()
        self._screen.draw(monitor.engine.rooms, now, self._ends_at - now)
