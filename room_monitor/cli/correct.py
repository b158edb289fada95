"""``room-monitor correct RECORD``."""

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from room_monitor.cli.acts import do, happened_at
from room_monitor.cli.errors import Ending, Failure
from room_monitor.cli.instants import duration
from room_monitor.cli.options import (
    STATE,
    AsJson,
    ContactGiven,
    ContactWished,
    InRole,
    Needs,
    OfCondition,
    OfMood,
    SignOfLife,
    State,
    Until,
    Value,
    WhoActs,
    YesNo,
)
from room_monitor.control import Answer, Do, Request
from room_monitor.core.requirements import StayKind


def correct(
    context: typer.Context,
    *,
    record: Annotated[
        str,
        typer.Argument(
            metavar="RECORD", help="The name of what was recorded; see 'stay'."
        ),
    ],
    reason: Annotated[
        str,
        typer.Option(
            "--reason",
            metavar="TEXT",
            help="Why. Kept apart from the log, where it can be erased.",
        ),
    ],
    by: WhoActs,
    at: Annotated[
        str | None,
        typer.Option("--at", metavar="INSTANT", help="When it really happened."),
    ] = None,
    at_unknown: Annotated[
        bool, typer.Option("--at-unknown", help="Of an end: nobody knows when it was.")
    ] = False,
    answer: Annotated[
        YesNo | None, typer.Option("--answer", help="Of a fact: the right answer.")
    ] = None,
    value: Value = None,
    until: Until = None,
    kind: Annotated[
        StayKind | None, typer.Option("--kind", help="Of a begin: the right kind.")
    ] = None,
    key: Annotated[
        str | None,
        typer.Option("--key", metavar="KEY", help="Of a begin: the right key."),
    ] = None,
    every: Annotated[
        str | None,
        typer.Option(
            "--every", metavar="DURATION", help="Of an agreement: the right interval."
        ),
    ] = None,
    sign_of_life: SignOfLife = None,
    condition: OfCondition = None,
    mood: OfMood = None,
    need: Needs = None,
    contact_wished: ContactWished = None,
    contact_given: ContactGiven = None,
    void: Annotated[
        bool, typer.Option("--void", help="What was recorded never was at all.")
    ] = False,
    role: InRole = "staff",
    as_json: AsJson = False,
    state: State = STATE,
) -> None:
    """Correct what was recorded: say only what was wrong, the rest stays.

    Both versions stay in the log; what follows is judged again. A second person confirms
    it with 'confirm'. What was corrected already is corrected in the record that took its
    place.
    """
    _one_of(at, at_unknown=at_unknown)
    request = Request(
        do=Do.CORRECT,
        target=record,
        remark=reason,
        person=by,
        at=_at(context, state, at),
        at_unknown=at_unknown,
        outcome=None if answer is None else answer is YesNo.YES,
        value=value,
        until=_at(context, state, until),
        kind=kind,
        key=key,
        at_most=None if every is None else duration(every),
        sign_of_life=sign_of_life,
        condition=condition,
        mood=mood,
        needs=tuple(need or ()),
        contact_wished=contact_wished,
        contact_given=contact_given,
        void=void,
        role=role,
    )
    do(context, state, request, as_json=as_json, then=_to_be_confirmed)


def _one_of(at: str | None, *, at_unknown: bool) -> None:
    if at is not None and at_unknown:
        raise Failure("give --at or --at-unknown, not both", Ending.REFUSED)


def _at(context: typer.Context, state: Path, text: str | None) -> datetime | None:
    return happened_at(context, state, text, "")


def _to_be_confirmed(answer: Answer, _: Callable[[datetime], str]) -> Iterable[str]:
    yield (
        "Both versions stay in the log. A second person confirms it: "
        f"room-monitor confirm {answer.record} --by NAME"
    )
