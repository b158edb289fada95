"""``room-monitor unshelve ALERT``."""

import typer

from room_monitor.cli.acts import do
from room_monitor.cli.options import (
    STATE,
    AlertName,
    AsJson,
    Comment,
    InRole,
    State,
    WhoActs,
)
from room_monitor.control import Do, Request


def unshelve(
    context: typer.Context,
    *,
    alert: AlertName,
    comment: Comment,
    by: WhoActs,
    role: InRole = "staff",
    as_json: AsJson = False,
    state: State = STATE,
) -> None:
    """Take back an alert that was put aside: people are told of it from now on.

    One that is not put aside is refused.
    """
    request = Request(
        do=Do.UNSHELVE, target=alert, person=by, remark=comment, role=role
    )
    do(context, state, request, as_json=as_json)
