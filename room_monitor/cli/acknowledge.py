"""``room-monitor acknowledge ALERT``."""

from collections.abc import Callable, Iterable
from datetime import datetime

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
from room_monitor.control import Answer, Do, Request
from room_monitor.core.events import AlertAcknowledged


def acknowledge(
    context: typer.Context,
    *,
    alert: AlertName,
    comment: Comment,
    by: WhoActs,
    role: InRole = "staff",
    as_json: AsJson = False,
    state: State = STATE,
) -> None:
    """Take an alert on. It closes no breach: only what was asked for does.

    It holds for a while; if it is not over by then, people are told again. Taking it on
    again begins that time anew.
    """
    request = Request(
        do=Do.ACKNOWLEDGE, target=alert, person=by, remark=comment, role=role
    )
    do(context, state, request, as_json=as_json, then=_until)


def _until(answer: Answer, write: Callable[[datetime], str]) -> Iterable[str]:
    for event in answer.events:
        if isinstance(event, AlertAcknowledged):
            if event.expires_at is None:
                yield "Nothing goes on behind it: it is closed."
            else:
                yield (
                    f"It is yours until {write(event.expires_at)}. It is not over: if it "
                    "still goes on then, people are told again."
                )
