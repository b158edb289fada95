"""``room-monitor acknowledge ALERT``."""

from typing import Annotated

import typer

from room_monitor.cli.acts import do
from room_monitor.cli.options import STATE, AsJson, InRole, State
from room_monitor.control import Do, Request


def acknowledge(
    context: typer.Context,
    *,
    alert: Annotated[
        str, typer.Argument(metavar="ALERT", help="The id of the alert; see 'status'.")
    ],
    comment: Annotated[
        str,
        typer.Option(
            "--comment",
            metavar="TEXT",
            help="What you will do. Kept apart from the log, where it can be erased.",
        ),
    ],
    by: Annotated[
        str, typer.Option("--by", metavar="NAME", help="Who you are; kept likewise.")
    ],
    role: InRole = "staff",
    as_json: AsJson = False,
    state: State = STATE,
) -> None:
    """Take an alert on. It closes no breach: only what was asked for does."""
    request = Request(
        do=Do.ACKNOWLEDGE, target=alert, person=by, remark=comment, role=role
    )
    do(context, state, request, as_json=as_json)
