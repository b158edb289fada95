"""``room-monitor confirm RECORD``."""

from typing import Annotated

import typer

from room_monitor.cli.acts import do
from room_monitor.cli.options import (
    STATE,
    AsJson,
    InRole,
    Remark,
    State,
    WhoActs,
)
from room_monitor.control import Do, Request


def confirm(
    context: typer.Context,
    *,
    record: Annotated[
        str,
        typer.Argument(
            metavar="RECORD", help="The name of the correction; see 'stay'."
        ),
    ],
    by: WhoActs,
    role: InRole = "staff",
    remark: Remark = None,
    as_json: AsJson = False,
    state: State = STATE,
) -> None:
    """Confirm a correction, as a second person. Once is enough; again is refused.

    A correction holds from when it was made; confirming it shows that two have looked.
    """
    request = Request(do=Do.CONFIRM, target=record, person=by, role=role, remark=remark)
    do(context, state, request, as_json=as_json)
