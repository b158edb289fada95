"""``room-monitor contact TARGET asked|given``."""

from enum import StrEnum
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


class AskedOrGiven(StrEnum):
    """What there was of contact."""

    ASKED = "asked"
    GIVEN = "given"


def contact(
    context: typer.Context,
    *,
    target: Target,
    what: Annotated[
        AskedOrGiven,
        typer.Argument(
            metavar="asked|given",
            help="Whether the young person asked for contact, or it was given.",
        ),
    ],
    at: HappenedAt = None,
    by: By = None,
    role: InRole = "staff",
    remark: Remark = None,
    as_json: AsJson = False,
    state: State = STATE,
) -> None:
    """Record that the young person asked for contact, or that it was given.

    What was asked for is asked until it was given; giving it answers all that was asked.
    Contact is no check: that somebody looked in is recorded with check-in.
    """
    request = Request(
        do=Do.CONTACT,
        target=target,
        contact_given=what is AskedOrGiven.GIVEN,
        at=happened_at(context, state, at, target),
        person=by,
        role=role,
        remark=remark,
    )
    do(context, state, request, as_json=as_json)
