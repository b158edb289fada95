"""``room-monitor drill ROOM``."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from room_monitor import control
from room_monitor.cli.acts import ask
from room_monitor.cli.errors import Failure, unknown
from room_monitor.cli.instants import local
from room_monitor.cli.look import settings_in, zone_of
from room_monitor.cli.options import (
    STATE,
    AsJson,
    By,
    InRole,
    Remark,
    State,
    clock_of,
)
from room_monitor.cli.output import console, say_json, table
from room_monitor.clock import Clock
from room_monitor.control import Do, Request
from room_monitor.core.events import AlertAcknowledged, DrillBegan
from room_monitor.core.views.alarms import ALARM_EVENTS, Alarm, Call, fold_alarms
from room_monitor.store import Reader, SqliteReader

LOOK_EVERY = timedelta(milliseconds=500)
PATIENCE = timedelta(seconds=15)
"""How long after its end to wait for the log to say that a drill is over."""


def drill(
    context: typer.Context,
    *,
    room: Annotated[str, typer.Argument(metavar="ROOM", help="The id of the room.")],
    wait: Annotated[
        bool,
        typer.Option(
            "--wait",
            help="Stay until somebody acknowledges it or it is over, and say how long "
            "each step took.",
        ),
    ] = False,
    by: By = None,
    role: InRole = "staff",
    remark: Remark = None,
    as_json: AsJson = False,
    state: State = STATE,
) -> None:
    """Try whether an alert of ROOM reaches people. It is marked as a drill everywhere.

    Nothing is wrong, no breach is behind it, and readiness does not change. It is over once
    somebody acknowledges it, or after 30 minutes. Each time it is another drill.
    """
    clock = clock_of(context)
    with SqliteReader.open(state) as store:
        settings = settings_in(store, state)
        if room not in settings.site.by_id:
            raise unknown("room", room, settings.site.by_id)
        _runs(state)
        before = store.head().position
        request = Request(do=Do.DRILL, target=room, person=by, role=role, remark=remark)
        answer = ask(context, state, request)
        began = next(e for e in answer.events if isinstance(e, DrillBegan))
        zone, now = zone_of(settings, room), clock.now()
        if not as_json:
            ends_at = local(began.ends_at, zone, now)
            out = console()
            out.print(
                f"DRILL {began.alert} began. Every page of it says that it is a drill. "
                f"It is over at {ends_at} at the latest, or with: room-monitor "
                f"acknowledge {began.alert} --by NAME --comment TEXT",
                soft_wrap=not out.is_terminal,
            )
        drilled = asyncio.run(_follow(store, clock, before, began, wait=wait))
    if as_json:
        say_json(_shape(room, began, drilled))
    elif wait:
        _say(began, drilled)


def _runs(state: Path) -> None:
    """A drill that nobody could be told of would be of no use, and of harm later."""
    if asyncio.run(control.ask(state, Request(do=Do.STATUS))) is None:
        raise Failure(
            "no monitor runs on this state folder, so nobody would be told; start it "
            "with 'room-monitor run SITE'. No drill was begun"
        )


async def _follow(
    store: Reader, clock: Clock, before: int, began: DrillBegan, *, wait: bool
) -> Alarm:
    """What became of a drill: now, or once it is over."""
    while True:
        entries = store.entries(before, types=ALARM_EVENTS)
        drilled = fold_alarms(entries)[began.alert]
        late = clock.now() > began.ends_at + PATIENCE
        if not wait or late or drilled.closed_at is not None:
            return drilled
        await clock.sleep(LOOK_EVERY)


# --- For people --------------------------------------------------------------------------


def _say(began: DrillBegan, drilled: Alarm) -> None:
    out = console()
    if drilled.calls:
        columns = "step", "who", "raised → queued", "queued → sent", "what became of it"
        rows = table(*columns, shares=(4,))
        for call in drilled.calls:
            rows.add_row(*_row(began, call))
        out.print(rows)
    else:
        out.print("Nobody was told: no step of any ladder has anybody for this room.")
    acknowledged_at = _acknowledged_at(drilled)
    if acknowledged_at is None:
        out.print(Text("NOBODY acknowledged it before it was over.", "bold red"))
        return
    assert drilled.taken is not None
    took = _latency(acknowledged_at - began.began_at)
    out.print(f"Acknowledged {took} after it was raised, by {drilled.taken.role}.")


def _row(began: DrillBegan, call: Call) -> Iterator[str]:
    yield f"{call.round}.{call.step}" if call.step else f"{call.round}, fallback"
    yield f"{call.person} by {call.channel}" if call.person else call.channel
    yield _latency(call.at - began.began_at)
    yield _latency(call.sent_at - call.at) if call.sent_at else ""
    if call.sent_at is not None:
        yield "✓ sent"
    elif call.failed_at is not None:
        yield f"✗ FAILED: {call.error}"
    else:
        yield "… on its way"


def _latency(time: timedelta) -> str:
    seconds = time.total_seconds()
    return f"{seconds:.1f} s" if seconds < 60 else f"{seconds / 60:.1f} min"


# --- For machines ------------------------------------------------------------------------


def _shape(room: str, began: DrillBegan, drilled: Alarm) -> dict[str, object]:
    acknowledged_at = _acknowledged_at(drilled)
    return {
        "alert": began.alert,
        "room": room,
        "began_at": began.began_at,
        "ends_at": began.ends_at,
        "told": [
            {
                "page": call.page,
                "person": call.person,
                "channel": call.channel,
                "round": call.round,
                "step": call.step,
                "at": call.at,
                "queued_after": call.at - began.began_at,
                "sent_at": call.sent_at,
                "sent_after": call.sent_at - call.at if call.sent_at else None,
                "failed_at": call.failed_at,
                "error": call.error,
            }
            for call in drilled.calls
        ],
        "acknowledged_at": acknowledged_at,
        "acknowledged_after": acknowledged_at - began.began_at
        if acknowledged_at
        else None,
        "over_at": drilled.closed_at,
    }


def _acknowledged_at(drilled: Alarm) -> datetime | None:
    if not isinstance(drilled.taken, AlertAcknowledged):
        return None
    return drilled.taken.at or drilled.taken_at
