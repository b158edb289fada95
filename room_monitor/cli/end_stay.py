"""``room-monitor end-stay TARGET``."""

from typing import Annotated

import typer

from room_monitor.cli.acts import Target, do, happened_at
from room_monitor.cli.errors import Ending, Failure
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


def end_stay(
    context: typer.Context,
    *,
    target: Target,
    at: HappenedAt = None,
    unknown: Annotated[
        bool, typer.Option("--unknown", help="It is over, and nobody knows since when.")
    ] = False,
    by: By = None,
    role: InRole = "staff",
    remark: Remark = None,
    as_json: AsJson = False,
    state: State = STATE,
) -> None:
    """Record that a stay ended."""
    if unknown and at is not None:
        raise Failure("give --at or --unknown, not both", Ending.REFUSED)
    request = Request(
        do=Do.END_STAY,
        target=target,
        at=happened_at(context, state, at, target),
        at_unknown=unknown,
        person=by,
        role=role,
        remark=remark,
    )
    do(context, state, request, as_json=as_json)
