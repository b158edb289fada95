"""``room-monitor begin-stay ROOM``."""

from typing import Annotated

import typer

from room_monitor.cli.acts import do, happened_at
from room_monitor.cli.options import (
    STATE,
    AsJson,
    By,
    HappenedAt,
    InRole,
    Remark,
    State,
)
from room_monitor.control import Do, Request
from room_monitor.core.requirements import StayKind


def begin_stay(
    context: typer.Context,
    *,
    room: Annotated[str, typer.Argument(metavar="ROOM", help="The id of the room.")],
    kind: Annotated[StayKind, typer.Option("--kind", help="What kind of stay it is.")],
    key: Annotated[
        str,
        typer.Option(
            "--key",
            metavar="KEY",
            help="The pseudonymous key of the young person; never a name.",
        ),
    ],
    at: HappenedAt = None,
    by: By = None,
    role: InRole = "staff",
    remark: Remark = None,
    as_json: AsJson = False,
    state: State = STATE,
) -> None:
    """Record that a stay began in ROOM. What is unlawful is recorded, and flagged."""
    request = Request(
        do=Do.BEGIN_STAY,
        target=room,
        kind=kind,
        key=key,
        at=happened_at(context, state, at, room),
        person=by,
        role=role,
        remark=remark,
    )
    do(context, state, request, as_json=as_json)
