"""``room-monitor drill ROOM``."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

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
    Language,
    Remark,
    State,
    clock_of,
)
from room_monitor.cli.output import console, say_json
from room_monitor.cli.tried import drill_shape, say_drill
from room_monitor.clock import Clock
from room_monitor.control import Do, Request
from room_monitor.core.events import DrillBegan
from room_monitor.core.views.drills import DRILL_EVENTS, Drill, drills
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
        say_json(drill_shape(drilled))
    elif wait:
        say_drill(console(), drilled, lambda at: local(at, zone, now), Language.EN)


def _runs(state: Path) -> None:
    """A drill that nobody could be told of would be of no use, and of harm later."""
    if asyncio.run(control.ask(state, Request(do=Do.STATUS))) is None:
        raise Failure(
            "no monitor runs on this state folder, so nobody would be told; start it "
            "with 'room-monitor run SITE'. No drill was begun"
        )


async def _follow(
    store: Reader, clock: Clock, before: int, began: DrillBegan, *, wait: bool
) -> Drill:
    """What became of a drill: now, or once it is over."""
    while True:
        every = drills(store.entries(before, types=DRILL_EVENTS))
        drilled = next(each for each in every if each.alert == began.alert)
        late = clock.now() > began.ends_at + PATIENCE
        if not wait or late or drilled.over_at is not None:
            return drilled
        await clock.sleep(LOOK_EVERY)
