"""``room-monitor extend TARGET``."""

import typer

from room_monitor.cli.acts import Target, do, happened_at
from room_monitor.cli.options import (
    SCIENTIST,
    STATE,
    AsJson,
    By,
    HappenedAt,
    InRole,
    Remark,
    State,
)
from room_monitor.control import Do, Request


def extend(
    context: typer.Context,
    *,
    target: Target,
    at: HappenedAt = None,
    by: By = None,
    role: InRole = SCIENTIST,
    remark: Remark = None,
    as_json: AsJson = False,
    state: State = STATE,
) -> None:
    """Record that the enclosure was extended.

    The law allows it once, by at most a day, by the behavioural scientist, before the first
    day is over. Any other is recorded as well, lengthens nothing, and is flagged.
    """
    request = Request(
        do=Do.RECORD,
        target=target,
        fact="extension",
        outcome=True,
        at=happened_at(context, state, at, target),
        person=by,
        role=role,
        remark=remark,
    )
    do(context, state, request, as_json=as_json)
