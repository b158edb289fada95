"""``room-monitor shelve ALERT``."""

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from room_monitor.cli.acts import do, kept_settings
from room_monitor.cli.errors import Ending, Failure
from room_monitor.cli.instants import coming, duration
from room_monitor.cli.look import zone_of
from room_monitor.cli.options import (
    STATE,
    AlertName,
    AsJson,
    Comment,
    InRole,
    State,
    WhoActs,
    clock_of,
)
from room_monitor.control import Answer, Do, Request


def shelve(
    context: typer.Context,
    *,
    alert: AlertName,
    comment: Comment,
    by: WhoActs,
    lasts: Annotated[
        str | None,
        typer.Option("--for", metavar="DURATION", help="For how long: '2 h'."),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(
            "--until",
            metavar="INSTANT",
            help="Until when: '07:30', '2026-11-22 07:30'.",
        ),
    ] = None,
    role: InRole = "staff",
    as_json: AsJson = False,
    state: State = STATE,
) -> None:
    """Put an alert aside for a while: nobody is told of it, and it comes back by itself.

    At most 7 days. A missed check, a call for contact and a suspected enclosure cannot be
    put aside. Shelving again changes until when.
    """
    request = Request(
        do=Do.SHELVE,
        target=alert,
        until=_until(context, state, lasts, until),
        person=by,
        remark=comment,
        role=role,
    )
    do(context, state, request, as_json=as_json, then=_still)


def _until(
    context: typer.Context, state: Path, lasts: str | None, until: str | None
) -> datetime:
    now = clock_of(context).now()
    if (lasts is None) == (until is None):
        message = "say for how long it is put aside: --for '2 h' or --until 07:30"
        raise Failure(message, Ending.REFUSED)
    if lasts is not None:
        return now + duration(lasts)
    assert until is not None
    return coming(until, zone_of(kept_settings(state)), now)


def _still(answer: Answer, _: Callable[[datetime], str]) -> Iterable[str]:
    yield (
        "What is behind it goes on and stays in the log. To take it back sooner: "
        f"room-monitor unshelve {_alert(answer)} --by NAME --comment TEXT"
    )


def _alert(answer: Answer) -> str:
    alerts = (getattr(event, "alert", None) for event in answer.events)
    return next(filter(None, alerts), "ALERT")
