"""``room-monitor check-in TARGET``."""

from typing import Annotated

import typer

from room_monitor.cli.acts import Target, do, happened_at
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


def check_in(
    context: typer.Context,
    *,
    target: Target,
    at: HappenedAt = None,
    contact_wished: Annotated[
        bool | None,
        typer.Option(
            "--contact-wished/--no-contact-wished",
            help="Whether the young person wished contact.",
        ),
    ] = None,
    contact_given: Annotated[
        bool | None,
        typer.Option(
            "--contact-given/--no-contact-given", help="Whether contact was given."
        ),
    ] = None,
    by: By = None,
    role: InRole = "staff",
    remark: Remark = None,
    as_json: AsJson = False,
    state: State = STATE,
) -> None:
    """Record that somebody looked in on the young person."""
    request = Request(
        do=Do.CHECK_IN,
        target=target,
        at=happened_at(context, state, at, target),
        contact_wished=contact_wished,
        contact_given=contact_given,
        person=by,
        role=role,
        remark=remark,
    )
    do(context, state, request, as_json=as_json)
