"""``room-monitor events``."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from typing import Annotated

import typer
from rich.text import Text

from room_monitor.cli.errors import unknown
from room_monitor.cli.instants import instant
from room_monitor.cli.look import settings_in, zone_of
from room_monitor.cli.options import STATE, AsJson, State, clock_of
from room_monitor.cli.output import console
from room_monitor.cli.shapes import entry_line
from room_monitor.cli.telling import tell
from room_monitor.clock import Clock
from room_monitor.core.events import (
    AlertRaised,
    BreachOpened,
    BrokerLost,
    Entry,
    EvaluationFailed,
    GapFound,
)
from room_monitor.core.ids import RoomId
from room_monitor.store import Reader, SqliteReader

LOOK_EVERY = timedelta(milliseconds=500)
LAST = 10
"""How many events are shown before those that are waited for."""

_GRAVE = (BreachOpened, AlertRaised, EvaluationFailed, BrokerLost, GapFound)


def events(
    context: typer.Context,
    *,
    room: Annotated[
        str | None,
        typer.Option("--room", metavar="ROOM", help="Only of this room."),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--since",
            metavar="INSTANT",
            help="Only what was recorded since: '1h', '03:15', '2026-11-22'.",
        ),
    ] = None,
    follow: Annotated[
        bool,
        typer.Option("--follow", "-f", help="Go on with what happens, until Ctrl-C."),
    ] = False,
    as_json: AsJson = False,
    state: State = STATE,
) -> None:
    """Show what stands in the log, in order; with --json one object a line.

    With --follow and without --since it begins with the last ten.
    """
    clock = clock_of(context)
    with SqliteReader.open(state) as store:
        settings = settings_in(store, state)
        if room is not None and room not in settings.site.by_id:
            raise unknown("room", room, settings.site.by_id)
        zone = zone_of(settings, room)
        start = None if since is None else instant(since, zone, clock.now())
        write = _json_writer() if as_json else _writer(store, zone)
        of_room = RoomId(room) if room is not None else None
        after = 0
        if follow and start is None:
            after = _before_the_last(store, of_room)
        nothing = True
        for entry in store.entries(after, room=of_room, since=start):
            write(entry)
            after, nothing = entry.position, False
        if follow:
            try:
                asyncio.run(_follow(store, clock, after, of_room, write))
            except KeyboardInterrupt:
                return
        elif nothing and not as_json:
            console(err=True).print(
                "No events are in the log"
                + (" for this room or time." if room or since else " yet.")
            )


def _before_the_last(store: Reader, room: RoomId | None) -> int:
    head = store.head().position
    if room is None:
        return max(0, head - LAST)
    positions = [entry.position for entry in store.entries(room=room)]
    return positions[-LAST] - 1 if len(positions) >= LAST else 0


async def _follow(
    store: Reader,
    clock: Clock,
    after: int,
    room: RoomId | None,
    write: Callable[[Entry], None],
) -> None:
    while True:
        for entry in store.entries(after, room=room):
            write(entry)
            after = entry.position
        await clock.sleep(LOOK_EVERY)


def _json_writer() -> Callable[[Entry], None]:
    def write(entry: Entry) -> None:
        typer.echo(entry_line(entry))

    return write


def _writer(store: Reader, zone: tzinfo) -> Callable[[Entry], None]:
    out = console()
    day: list[object] = [None]

    def name_of(commitment: str) -> str | None:
        sealed = store.text(commitment)
        return None if sealed is None else sealed.text

    def write(entry: Entry) -> None:
        there: datetime = entry.recorded_at.astimezone(zone)
        if there.date() != day[0]:
            day[0] = there.date()
            out.print(Text(f"{there:%A %d %B %Y}", "bold"))
        style = "bold red" if isinstance(entry.event, _GRAVE) else ""
        line = Text.assemble(
            (f"{there:%H:%M:%S} ", "dim"),
            (f"{entry.room or 'monitor':<12} ", "cyan"),
            (tell(entry.event, zone, name_of, now=entry.recorded_at), style),
        )
        out.print(line, soft_wrap=not out.is_terminal)

    return write
