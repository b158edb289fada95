"""``room-monitor run SITE``."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import typer

from room_monitor import app
from room_monitor.cli.logs import log_to_stderr, logger
from room_monitor.cli.options import STATE, SiteFile, State, clock_of
from room_monitor.core.events import Event
from room_monitor.core.ids import RoomId


def run(context: typer.Context, site: SiteFile, state: State = STATE) -> None:
    """Watch the site of the file SITE until SIGTERM or Ctrl-C.

    SIGHUP reads the files again, without losing anything; with a mistake in them the old
    settings stay. What happens is logged on standard error, as JSON unless that is a
    terminal.
    """
    log_to_stderr()
    asyncio.run(app.run(site, state, clock=clock_of(context), started=_started))


def _started(monitor: app.Monitor) -> None:
    settings = monitor.settings
    monitor.engine.follow(_log_turn)
    logger.info(
        "watching %d room(s) of %s; broker %s:%d",
        len(settings.site.rooms),
        settings.site.name,
        settings.broker.host,
        settings.broker.port,
        extra={"catalogue": settings.catalogue.stamp, "configuration": settings.hash},
    )


def _log_turn(events: Sequence[tuple[RoomId | None, Event]], now: datetime) -> None:
    """One line a turn: where, and how many of which events. No values, no texts."""
    rooms = sorted({room for room, _ in events if room is not None})
    counts = Counter(type(event).__name__ for _, event in events)
    told = ", ".join(f"{n} {name}" if n > 1 else name for name, n in counts.items())
    logger.info(
        "%s: %s",
        ", ".join(rooms) or "monitor",
        told,
        extra={"at": now, "rooms": rooms, "events": dict(counts)},
    )
