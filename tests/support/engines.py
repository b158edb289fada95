"""An engine that runs on a store in a folder, for tests of the parts around it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

from room_monitor.clock import Clock
from room_monitor.core.site import Room
from room_monitor.engine import Announce, Engine
from room_monitor.store.sqlite_store import SqliteStore
from tests.support.rooms import CATALOGUE, plans


class Running(NamedTuple):
    """An engine that takes turns, and its store."""

    engine: Engine
    store: SqliteStore

    async def settle(self) -> None:
        """Let it take a turn and come to rest."""
        self.engine.time_passed()
        await self.engine.chore(lambda: None)


@asynccontextmanager
async def running(
    folder: Path,
    clock: Clock,
    *rooms: Room,
    announce: Announce = lambda *_: (),
    configuration: str = "c1",
) -> AsyncIterator[Running]:
    """Run an engine that has heard everything so far."""
    with SqliteStore.open(folder) as store:
        engine = Engine(store, plans(*rooms), clock, announce=announce)
        await engine.start(
            version="0",
            configuration=configuration,
            catalogue=CATALOGUE.stamp,
            change=None,
        )
        turns = asyncio.create_task(engine.run())
        await engine.sees()
        try:
            yield Running(engine, store)
        finally:
            engine.stop()
            await turns
