"""``room-monitor review TARGET yes|no``."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Annotated

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
    YesNo,
)
from room_monitor.control import Answer, Do, Request


def review(
    context: typer.Context,
    *,
    target: Target,
    answer: Annotated[
        YesNo,
        typer.Argument(
            metavar="yes|no",
            help="Whether enclosure is necessary and suitable; if either is not, no.",
        ),
    ],
    at: HappenedAt = None,
    by: By = None,
    role: InRole = SCIENTIST,
    remark: Remark = None,
    as_json: AsJson = False,
    state: State = STATE,
) -> None:
    """Record whether enclosure was judged necessary and suitable.

    After a no the stay must end at once. Only the behavioural scientist's review counts
    as the one that is due within 3 hours; a no counts whoever gave it.
    """
    request = Request(
        do=Do.RECORD,
        target=target,
        fact="review",
        outcome=answer is YesNo.YES,
        at=happened_at(context, state, at, target),
        person=by,
        role=role,
        remark=remark,
    )
    say = _must_end if answer is YesNo.NO else _may_go_on
    do(context, state, request, as_json=as_json, then=say)


def _must_end(answer: Answer, _: Callable[[datetime], str]) -> Iterable[str]:
    yield (
        "Not necessary or not suitable: THE STAY MUST END AT ONCE. Open the door, then "
        f"record it: room-monitor end-stay {answer.stay}"
    )


def _may_go_on(_answer: Answer, _: Callable[[datetime], str]) -> Iterable[str]:
    yield "It may go on, for as short as can be."
