"""``room-monitor record TARGET FACT yes|no``."""

from enum import StrEnum
from typing import Annotated

import typer

from room_monitor.cli.acts import do, happened_at, kept_settings
from room_monitor.cli.errors import Ending, Failure, unknown
from room_monitor.cli.options import (
    STATE,
    AsJson,
    By,
    HappenedAt,
    InLanguage,
    InRole,
    Language,
    Remark,
    State,
)
from room_monitor.cli.output import console, say_json, table
from room_monitor.control import Do, Request
from room_monitor.settings import Fact


class YesNo(StrEnum):
    """The answers."""

    YES = "yes"
    NO = "no"


def record(
    context: typer.Context,
    *,
    target: Annotated[
        str | None,
        typer.Argument(metavar="TARGET", help="The id of a room or of a stay."),
    ] = None,
    fact: Annotated[
        str | None,
        typer.Argument(metavar="FACT", help="Its name in the catalogue; see --list."),
    ] = None,
    answer: Annotated[
        YesNo | None, typer.Argument(metavar="yes|no", help="The answer.")
    ] = None,
    of_room: Annotated[
        bool,
        typer.Option("--of-room", help="It is about the room, though a stay is open."),
    ] = False,
    list_facts: Annotated[
        bool, typer.Option("--list", help="Show what can be recorded, and stop.")
    ] = False,
    at: HappenedAt = None,
    by: By = None,
    role: InRole = "staff",
    remark: Remark = None,
    language: InLanguage = Language.EN,
    as_json: AsJson = False,
    state: State = STATE,
) -> None:
    """Record an inspection of a room, or a fact of a stay.

    Of a room with an open stay the stay is meant, unless --of-room is given.
    """
    facts = kept_settings(state).facts
    if list_facts:
        _say(list(facts.values()), language, as_json=as_json)
        return
    if target is None or fact is None or answer is None:
        message = "give TARGET, FACT and yes or no; 'record --list' shows the facts"
        raise Failure(message, Ending.REFUSED)
    if fact not in facts:
        raise unknown("fact", fact, facts)
    request = Request(
        do=Do.RECORD,
        target=target,
        fact=fact,
        outcome=answer is YesNo.YES,
        of_room=of_room,
        at=happened_at(context, state, at, target),
        person=by,
        role=role,
        remark=remark,
    )
    do(context, state, request, as_json=as_json)


def _say(facts: list[Fact], language: Language, *, as_json: bool) -> None:
    if as_json:
        say_json({"facts": facts})
        return
    rows = table("fact", "what 'yes' says", shares=(1,))
    for fact in facts:
        rows.add_row(fact.name, fact.nl if language is Language.NL else fact.en)
    console().print(rows)
