"""``room-monitor agree-checks TARGET``."""

from typing import Annotated

import typer

from room_monitor.cli.acts import Target, do, happened_at
from room_monitor.cli.instants import duration
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


def agree_checks(
    context: typer.Context,
    *,
    target: Target,
    every: Annotated[
        str,
        typer.Option(
            "--every",
            metavar="DURATION",
            help="The longest gap from then on: '10 min'.",
        ),
    ],
    at: HappenedAt = None,
    by: By = None,
    role: InRole = "staff",
    remark: Remark = None,
    as_json: AsJson = False,
    state: State = STATE,
) -> None:
    """Record that checks were agreed to come more often than the law asks.

    What was agreed last holds. The law's own interval stays as it is: what is longer
    changes nothing.
    """
    request = Request(
        do=Do.AGREE_CHECKS,
        target=target,
        at_most=duration(every),
        at=happened_at(context, state, at, target),
        person=by,
        role=role,
        remark=remark,
    )
    do(context, state, request, as_json=as_json)
