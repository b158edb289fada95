"""``room-monitor check-in TARGET``."""

from typing import Annotated

import typer

from room_monitor.cli.acts import Target, do, happened_at
from room_monitor.cli.options import (
    STATE,
    AsJson,
    By,
    ContactGiven,
    ContactWished,
    HappenedAt,
    InRole,
    Needs,
    OfCondition,
    OfMood,
    Remark,
    SignOfLife,
    State,
)
from room_monitor.control import Do, Request


def check_in(
    context: typer.Context,
    *,
    target: Target,
    at: HappenedAt = None,
    sign_of_life: SignOfLife = None,
    condition: OfCondition = None,
    mood: OfMood = None,
    need: Needs = None,
    contact_wished: ContactWished = None,
    contact_given: ContactGiven = None,
    account: Annotated[
        str | None,
        typer.Option(
            "--account",
            metavar="ID",
            help="Who looked in: their pseudonym in 'people' of the site file.",
        ),
    ] = None,
    by: By = None,
    role: InRole = "staff",
    remark: Remark = None,
    as_json: AsJson = False,
    state: State = STATE,
) -> None:
    """Record that somebody looked in on the young person.

    Each time it is a check of its own. A check recorded late counts from when it was made;
    one that was missed stays missed.
    """
    request = Request(
        do=Do.CHECK_IN,
        target=target,
        at=happened_at(context, state, at, target),
        sign_of_life=sign_of_life,
        condition=condition,
        mood=mood,
        needs=tuple(need or ()),
        contact_wished=contact_wished,
        contact_given=contact_given,
        account=account,
        person=by,
        role=role,
        remark=remark,
    )
    do(context, state, request, as_json=as_json)
