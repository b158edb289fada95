"""What the commands share by which people act: ask, and say what came of it."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from room_monitor import app
from room_monitor.cli.errors import Ending, Failure
from room_monitor.cli.instants import instant
from room_monitor.cli.look import settings_in, zone_of
from room_monitor.cli.options import clock_of
from room_monitor.cli.output import console, say_json
from room_monitor.cli.telling import tell
from room_monitor.control import Answer, Request
from room_monitor.core.evaluation import Reason
from room_monitor.core.events import (
    AlertEvent,
    AlertRaised,
    BreachOpened,
    StayEvent,
    VerdictChanged,
)
from room_monitor.settings import Settings
from room_monitor.store import SqliteReader

Target = Annotated[
    str,
    typer.Argument(
        metavar="TARGET", help="The id of a stay, or of a room for its open stay."
    ),
]

_GRAVE = BreachOpened | AlertRaised


def kept_settings(folder: Path) -> Settings:
    """The settings last in force on a state folder."""
    with SqliteReader.open(folder) as store:
        return settings_in(store, folder)


def happened_at(
    context: typer.Context, folder: Path, text: str | None, target: str
) -> datetime | None:
    """When an act happened; ``None`` for now."""
    if text is None:
        return None
    zone = zone_of(kept_settings(folder), target)
    return instant(text, zone, clock_of(context).now())


def do(
    context: typer.Context, folder: Path, request: Request, *, as_json: bool
) -> None:
    """Have an act recorded, and say what stands in the log because of it.

    Raises:
        Failure: It was refused; nothing was recorded.
    """
    answer = asyncio.run(app.act(folder, request))
    if answer.error is not None:
        raise Failure(f"{answer.error}. Nothing was recorded", Ending.REFUSED)
    if as_json:
        say_json(_shape(answer))
        return
    out = console()
    zone, now = zone_of(kept_settings(folder), answer.room), clock_of(context).now()
    for event in answer.events:
        if isinstance(event, _GRAVE | StayEvent | AlertEvent):
            style = "bold red" if isinstance(event, _GRAVE) else ""
            out.print(Text(tell(event, zone, now=now), style))
    missing = [
        event.source.requirement
        for event in answer.events
        if isinstance(event, VerdictChanged) and event.reason is Reason.NOT_YET_RECORDED
    ]
    if missing:
        asked = ", ".join(dict.fromkeys(missing))
        out.print(
            f"Still to be recorded for it: {asked}", soft_wrap=not out.is_terminal
        )


def _shape(answer: Answer) -> dict[str, object]:
    return {
        "room": answer.room,
        "stay": answer.stay,
        "events": [{"type": type(e).__name__, "event": e} for e in answer.events],
    }
