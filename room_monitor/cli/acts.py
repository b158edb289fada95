"""What the commands share by which people act: ask, and say what came of it."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from room_monitor import app
from room_monitor.cli.errors import Ending, Failure
from room_monitor.cli.instants import instant, local
from room_monitor.cli.look import Look, look, settings_in, zone_of
from room_monitor.cli.options import clock_of
from room_monitor.cli.output import console, say_json
from room_monitor.cli.owing import say_owed
from room_monitor.cli.shapes import owed_shape
from room_monitor.cli.telling import tell
from room_monitor.control import Answer, Request
from room_monitor.core.events import (
    AlertEvent,
    AlertRaised,
    BreachClosed,
    BreachOpened,
    BreachRevised,
    StayEvent,
)
from room_monitor.core.views.owed import Owed, owed
from room_monitor.settings import Settings
from room_monitor.store import SqliteReader

Target = Annotated[
    str,
    typer.Argument(
        metavar="TARGET", help="The id of a stay, or of a room for its open stay."
    ),
]
Next = Callable[[Answer, Callable[[datetime], str]], Iterable[str]]
"""What to say besides of an answer, given how an instant is written."""

_GRAVE = BreachOpened | AlertRaised
_TOLD = BreachOpened | BreachClosed | BreachRevised | StayEvent | AlertEvent


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
    context: typer.Context,
    folder: Path,
    request: Request,
    *,
    as_json: bool,
    then: Next = lambda *_: (),
) -> None:
    """Have an act recorded; say what stands in the log because of it, and what is missing.

    Args:
        context: Of the command.
        folder: The state folder.
        request: What a person did.
        as_json: Whether a machine reads the answer.
        then: What this command says besides, to people.

    Raises:
        Failure: It was refused; nothing was recorded.
    """
    answer = ask(context, folder, request)
    with look(context, folder, room=answer.room) as seen:
        missing = _owed(seen, answer)
        if as_json:
            say_json(_shape(answer, missing))
        else:
            _say(console(), answer, missing, seen, then)


def ask(context: typer.Context, folder: Path, request: Request) -> Answer:
    """Have an act recorded.

    Raises:
        Failure: It was refused; nothing was recorded.
    """
    answer = asyncio.run(app.act(folder, request, clock_of(context)))
    if answer.error is not None:
        raise Failure(f"{answer.error}. Nothing was recorded", Ending.REFUSED)
    return answer


def _owed(seen: Look, answer: Answer) -> list[Owed] | None:
    """What is still asked of the stay it was about; ``None`` if it was about none."""
    if answer.room is None or answer.stay is None:
        return None
    state = seen.rooms[answer.room]
    return owed(state, answer.stay, seen.at) if answer.stay in state.stays else []


def _say(
    out: Console, answer: Answer, missing: list[Owed] | None, seen: Look, then: Next
) -> None:
    zone = zone_of(seen.settings, answer.room)
    for event in answer.events:
        if isinstance(event, _TOLD):
            style = "bold red" if isinstance(event, _GRAVE) else ""
            told = Text(tell(event, zone, now=seen.now), style)
            out.print(told, soft_wrap=not out.is_terminal)
    if answer.record is not None:
        out.print(f"Recorded as {answer.record}.")
    for line in then(answer, lambda at: local(at, zone, seen.now)):
        out.print(Text(line, "bold"), soft_wrap=not out.is_terminal)
    if answer.stay is not None and missing is not None:
        say_owed(out, missing, answer.stay, seen)


def _shape(answer: Answer, missing: list[Owed] | None) -> dict[str, object]:
    return {
        "room": answer.room,
        "stay": answer.stay,
        "record": answer.record,
        "events": [{"type": type(e).__name__, "event": e} for e in answer.events],
        "missing": [owed_shape(each) for each in missing or () if each.missing],
        "due": [owed_shape(each) for each in missing or () if not each.missing],
    }
