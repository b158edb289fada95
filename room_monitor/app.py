"""Puts the parts together and runs them until told to stop.

This is the only place that knows all of them: settings, store, engine, scheduler, ingest,
notify and control. Nothing is decided here.
"""

import asyncio
import contextlib
import gc
import logging
import signal
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Final

from room_monitor import control
from room_monitor.clock import Clock, SystemClock
from room_monitor.core.events import ConfigurationChanged
from room_monitor.core.ids import RoomId
from room_monitor.core.obligations import Plan, plan
from room_monitor.core.requirements import Catalogue
from room_monitor.engine import Engine
from room_monitor.ingest import MqttIngest, PublishError
from room_monitor.notify import (
    Announcer,
    Healths,
    MqttTransport,
    Transport,
    TransportError,
    build,
    dispatch,
)
from room_monitor.notify.directly import tell_directly
from room_monitor.recall import last_configuration
from room_monitor.scheduler import Duty, keep_time
from room_monitor.settings import Settings, SettingsError, load, load_sources
from room_monitor.settings.changes import changes
from room_monitor.store import NoStore, Store, StoreLocked, StoreUnavailable
from room_monitor.store.sqlite_reader import SqliteReader
from room_monitor.store.sqlite_store import SqliteStore
from room_monitor.vigil import Systemd, Vigil, found_before

VERSION: Final = version("room-monitor")
NOTHING_ASKED: Final = Catalogue(version="", hash="")

STORE_AGAIN: Final = timedelta(seconds=1)
"""How long to wait before something is asked of a store again that was away."""

OPENED_AGAIN: Final = timedelta(milliseconds=250)
OPENED_TRIES: Final = 12
"""A folder in which something else writes for a moment is tried for three seconds."""

log = logging.getLogger("room_monitor")


def plans_of(settings: Settings, before: Settings | None = None) -> dict[RoomId, Plan]:
    """What is asked of each room; of a room that was watched before, nothing any more."""
    gone = before.site.by_id.keys() - settings.site.by_id.keys() if before else set()
    return {room.id: plan(room, settings.catalogue) for room in settings.site.rooms} | {
        room.id: plan(room, NOTHING_ASKED)
        for room in (before.site.rooms if before else ())
        if room.id in gone
    }


class Monitor:
    """One monitor: its store, its engine, and what they serve."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        clock: Clock,
        systemd: Systemd | None = None,
    ) -> None:
        self.settings = settings
        self._store = store
        self._clock = clock
        self.systemd = systemd or Systemd(None)
        self._since = clock.now()
        self._troubles: Sequence[str] = ()
        self._health = Healths()
        self._before: Settings | None = None
        self._unreadable = False
        try:
            self._before = _settings_in(store)
        except SettingsError:
            # Kept by a version that read them otherwise. Nobody can mend them any more.
            self._unreadable = True
        self._announcer = Announcer(settings)
        self._transports: list[Transport] = []
        self._equip()
        self.engine = Engine(
            store,
            plans_of(settings, self._before),
            clock,
            announce=self._announcer,
            rota=settings.rota,
        )
        self.ingest = self._new_ingest()
        self._other_broker = asyncio.Event()
        self._reloading = asyncio.Lock()

    async def start(self) -> None:
        """Write into the log that the monitor watches, and with which settings."""
        settings, before = self.settings, self._before
        change: ConfigurationChanged | None = None
        if before is not None and before.hash != settings.hash:
            change = changes(before, settings, self._clock.now())
        elif self._unreadable:
            change = ConfigurationChanged(
                at=self._clock.now(),
                configuration=settings.hash,
                catalogue=settings.catalogue.stamp,
                rooms=tuple(settings.site.by_id),
                changes=("the settings before these cannot be read by this version",),
            )
        self._store.save_configuration(settings.hash, settings.sources)
        await self.engine.start(
            version=VERSION,
            configuration=settings.hash,
            catalogue=settings.catalogue.stamp,
            change=change,
        )
        # Sites and plans live as long as the process: the collector need not walk them.
        gc.collect()
        gc.freeze()

    async def run(self, folder: Path) -> None:
        """Run all parts until ``engine.stop`` is called."""
        self._loop = asyncio.get_running_loop()
        vigil = self._new_vigil(folder)
        async with asyncio.TaskGroup() as parts:
            served = [
                parts.create_task(work)
                for work in (
                    self._listen(),
                    keep_time(self.engine, self._clock, self._duties(), vigil.beat),
                    dispatch(
                        self.engine,
                        self._store,
                        self._clock,
                        self._transports,
                        self._health,
                    ),
                    control.serve(
                        self.engine,
                        self._clock.now,
                        folder,
                        self.status,
                        lambda: self.settings,
                    ),
                    vigil.run(),
                )
            ]
            await self.engine.run()
            for part in served:
                part.cancel()

    async def reload(self, site: Path) -> None:
        """Put the files as they are now into force. Keeps the old ones if they err.

        Raises:
            SettingsError: With every problem; nothing has changed then.
        """
        async with self._reloading:
            self.systemd.reloading()
            try:
                await self._reload(site)
            finally:
                self.systemd.ready(self._watching())

    async def _reload(self, site: Path) -> None:
        settings = await asyncio.to_thread(load, site)
        before = self.settings
        if settings.hash == before.hash:
            return
        await self._persistently(
            lambda: self._store.save_configuration(settings.hash, settings.sources)
        )
        await self.engine.reconfigure(
            plans_of(settings, before),
            changes(before, settings, self._clock.now()),
            settings.rota,
        )
        self.settings = settings
        self._equip()
        if settings.broker == before.broker:
            self.ingest.reconfigure(settings.site)
        else:
            self._other_broker.set()

    def _equip(self) -> None:
        """Speak by the channels of the settings, and call things as they do."""
        self._announcer.settings = self.settings
        self._transports[:] = [
            MqttTransport(self._publish),
            *build(self.settings.channels.values(), self._publish, clock=self._clock),
        ]

    def status(self) -> Mapping[str, str]:
        """How the running parts fare, in words."""
        heard = asdict(self.ingest.status())
        status = {"version": VERSION} | {
            name: _in_words(value) for name, value in heard.items() if value is not None
        }
        if self.engine.trouble:
            status["store"] = self.engine.trouble
        if self._troubles:
            status["troubles"] = ", ".join(self._troubles)
        return status

    def _watching(self) -> str:
        rooms = len(self.settings.site.rooms)
        return "; ".join((f"watching {rooms} room(s)", *self._troubles))

    def _new_vigil(self, folder: Path) -> Vigil:
        return Vigil(
            self.engine,
            self.engine,
            self._clock,
            folder,
            lambda: self.settings.vigil,
            systemd=self.systemd,
            broker=self._broker_away,
            transports=self._health.all,
            last_resort=self._last_resort,
            tell_world=self._tell_world,
            watching=self._watching,
            found=found_before(self.engine.desk.troubles.values()),
        )

    def _broker_away(self) -> str | None:
        status = self.ingest.status()
        return None if status.connected else status.trouble or "broker: not connected"

    def _tell_world(self, troubles: Sequence[str]) -> None:
        self._troubles = troubles
        self.ingest.tell_world(self._since, troubles)

    def _last_resort(self, text: str) -> None:
        """Tell people by the channels of the fallback, or by all if there is none.

        Runs in a thread: the event loop may be what is stuck.

        Raises:
            TransportError: None of them took it.
        """
        channels = self.settings.channels
        fallback = [channels[each] for each in self.settings.rota.fallback]

        async def publish(topic: str, payload: bytes) -> None:
            await asyncio.wrap_future(
                asyncio.run_coroutine_threadsafe(
                    self._publish(topic, payload), self._loop
                )
            )

        tell_directly(
            [MqttTransport(publish), *build(fallback or channels.values(), publish)],
            text,
            self._clock.now(),
        )

    def _new_ingest(self) -> MqttIngest:
        settings = self.settings
        return MqttIngest(
            settings.broker, settings.site, self.engine, self._store, self._clock
        )

    async def _listen(self) -> None:
        """Listen to the broker, and to another one once the settings name another."""
        while True:
            listening = asyncio.create_task(self.ingest.run())
            changed = asyncio.create_task(self._other_broker.wait())
            try:
                await asyncio.wait(
                    {listening, changed}, return_when=asyncio.FIRST_COMPLETED
                )
            finally:
                changed.cancel()
                if not listening.done():
                    listening.cancel()
                    await asyncio.wait({listening})
            if not listening.cancelled():
                listening.result()
            self._other_broker.clear()
            self.ingest = self._new_ingest()
            self.ingest.tell_world(self._since, self._troubles)

    async def _publish(self, topic: str, payload: bytes) -> None:
        # What waited while the monitor was down is there before the connection is.
        await self.ingest.tried.wait()
        try:
            await self.ingest.publish(
                f"{self.settings.broker.topic_prefix}/{topic}", payload
            )
        except PublishError as error:
            raise TransportError(str(error)) from error

    def _duties(self) -> list[Duty]:
        return [
            Duty("alive", timedelta(seconds=5), self._mark_alive),
            Duty("housekeeping", timedelta(minutes=1), self._keep_house),
        ]

    async def _persistently(self, work: Callable[[], None]) -> None:
        """Let the store do this, and wait for as long as it may come back."""
        while True:
            try:
                await self.engine.chore(work)
            except StoreUnavailable as error:
                if not error.retry:
                    raise
                await self._clock.sleep(STORE_AGAIN)
            else:
                return

    async def _mark_alive(self) -> None:
        # The engine says what is wrong with the store; the next time comes soon.
        with contextlib.suppress(StoreUnavailable):
            await self.engine.chore(lambda: self._store.mark_alive(self._clock.now()))

    async def _keep_house(self) -> None:
        """Make rollups and thin out old telemetry, a little at a time between turns."""
        with contextlib.suppress(StoreUnavailable):
            await self._make_room()

    async def _make_room(self) -> None:
        while await self.engine.chore(self._store.roll_up):
            pass
        storage, now = self.settings.storage, self._clock.now()
        thin = partial(
            self._store.thin,
            readings_before=now - storage.keep_readings,
            rollups_before=now - storage.keep_rollups,
        )
        while await self.engine.chore(thin):
            pass


async def run(
    site: Path,
    folder: Path,
    *,
    clock: Clock | None = None,
    started: Callable[[Monitor], None] = lambda _: None,
) -> None:
    """Watch a site until SIGTERM or SIGINT; SIGHUP reads the files again.

    Args:
        site: The site file.
        folder: The state folder; made if it is not there.
        clock: Where time comes from, the machine's clocks by default.
        started: Called once the monitor watches.

    Raises:
        SettingsError: The files cannot be used; nothing was started.
        StoreError: The state folder cannot be used.
    """
    settings = load(site)
    with SqliteStore.open(folder) as store:
        monitor = Monitor(settings, store, clock or SystemClock(), Systemd.here())
        await monitor.start()
        with _signals(monitor, site):
            started(monitor)
            await monitor.run(folder)


async def act(
    folder: Path, request: control.Request, clock: Clock | None = None
) -> control.Answer:
    """Record an act: through the running monitor, or by opening its store for a moment.

    Args:
        folder: The state folder.
        request: What a person did.
        clock: Where time comes from if no monitor runs, the machine's clocks by default.

    Raises:
        NoStore: No monitor ever ran on this folder.
        StoreError: The store cannot be used.
    """
    clock = clock or SystemClock()
    for _ in range(OPENED_TRIES):
        answer = await control.ask(folder, request)
        if answer is not None:
            return answer
        # Another command has it open, or a monitor that does not listen yet.
        with contextlib.suppress(StoreLocked):
            return await _act_alone(folder, request, clock)
        await SystemClock().sleep(OPENED_AGAIN)
    return await _act_alone(folder, request, clock)


async def _act_alone(
    folder: Path, request: control.Request, clock: Clock
) -> control.Answer:
    async with _opened(folder, clock) as monitor:
        return await control.perform(
            monitor.engine, request, clock.now(), monitor.settings
        )


@contextlib.asynccontextmanager
async def _opened(folder: Path, clock: Clock) -> AsyncIterator[Monitor]:
    """A monitor that only writes what people tell it. The log shows that it was blind."""
    with SqliteReader.open(folder):
        pass  # a mistyped folder is told, not made
    with SqliteStore.open(folder) as store:
        settings = _settings_in(store)
        if settings is None:
            raise NoStore(folder)
        monitor = Monitor(settings, store, clock)
        await monitor.start()
        running = asyncio.create_task(monitor.engine.run())
        try:
            yield monitor
        finally:
            monitor.engine.stop()
            await running


def _settings_in(store: Store) -> Settings | None:
    """The settings that were last in force, as the log has it.

    What was saved after that never came into force: the monitor was killed in between.
    """
    in_force = last_configuration(store)
    kept = None if in_force is None else store.configuration(in_force)
    return None if kept is None else load_sources(kept.sources)


def _in_words(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:.1f}"
        case datetime():
            return value.isoformat(timespec="seconds")
        case _:
            return str(value)


@contextlib.contextmanager
def _signals(monitor: Monitor, site: Path) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    reloading: set[asyncio.Task[None]] = set()

    async def reload() -> None:
        try:
            await monitor.reload(site)
        except SettingsError as error:
            problems = "\n".join(map(str, error.problems))
            log.warning("%s\nNothing was changed; the old settings stay.", problems)
        except StoreUnavailable as error:
            log.warning("%s. The old settings stay.", error)

    def reload_soon() -> None:
        task = loop.create_task(reload())
        reloading.add(task)
        task.add_done_callback(reloading.discard)

    def stop() -> None:
        monitor.systemd.stopping()
        monitor.engine.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    loop.add_signal_handler(signal.SIGHUP, reload_soon)
    try:
        yield
    finally:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            loop.remove_signal_handler(number)
