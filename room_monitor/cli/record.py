"""``room-monitor record TARGET FACT yes|no``."""

import contextlib
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
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
    Until,
    YesNo,
)
from room_monitor.cli.output import console, say_json, table
from room_monitor.cli.wording import FACT_VALUES, Words
from room_monitor.control import Answer, Do, Request
from room_monitor.settings import Fact
from room_monitor.settings.problems import did_you_mean


def _kept_facts(context: typer.Context) -> dict[str, Fact]:
    """The facts of the state folder named so far; none if it cannot be read."""
    with contextlib.suppress(Exception):
        return dict(kept_settings(Path(context.params.get("state") or STATE)).facts)
    return {}


def _facts(context: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Completes the name of a fact."""
    facts = _kept_facts(context).values()
    return [(each.name, each.en) for each in facts if each.name.startswith(incomplete)]


def _codes(context: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Completes one of the codes of the fact that was typed."""
    facts = _kept_facts(context)
    # While an option has no value yet, what stands before it is not told apart.
    words = (context.params.get("fact"), *context.args)
    return [
        (each.code, each.en)
        for fact in (facts[word] for word in words if word in facts)
        for each in fact.codes.values()
        if each.code.startswith(incomplete)
    ]


def record(
    context: typer.Context,
    *,
    target: Annotated[
        str | None,
        typer.Argument(
            metavar="TARGET",
            help="The id of a room or of a stay; with --list a fact, or nothing.",
        ),
    ] = None,
    fact: Annotated[
        str | None,
        typer.Argument(
            metavar="FACT",
            help="Its name in the catalogue; see --list.",
            autocompletion=_facts,
        ),
    ] = None,
    answer: Annotated[
        YesNo | None, typer.Argument(metavar="yes|no", help="The answer.")
    ] = None,
    value: Annotated[
        str | None,
        typer.Option(
            "--value",
            metavar="CODE|ID|DURATION",
            help="What is recorded besides; see --list.",
            autocompletion=_codes,
        ),
    ] = None,
    until: Until = None,
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

    Of a room with an open stay the stay is meant, unless --of-room is given. Of the same
    fact the last record counts; to undo a mistake use 'correct'.
    """
    facts = kept_settings(state).facts
    if list_facts:
        wanted = fact or target
        if wanted is not None and wanted not in facts:
            raise unknown("fact", wanted, facts)
        shown = facts.values() if wanted is None else [facts[wanted]]
        _say(list(shown), language, as_json=as_json)
        return
    if target is None or fact is None or answer is None:
        message = "give TARGET, FACT and yes or no; 'record --list' shows the facts"
        raise Failure(message, Ending.REFUSED)
    if fact not in facts:
        raise unknown("fact", fact, facts)
    _known_code(facts[fact], value)
    request = Request(
        do=Do.RECORD,
        target=target,
        fact=fact,
        outcome=answer is YesNo.YES,
        value=value,
        until=happened_at(context, state, until, target),
        of_room=of_room,
        at=happened_at(context, state, at, target),
        person=by,
        role=role,
        remark=remark,
    )
    left_out = partial(_left_out, facts[fact], request)
    do(context, state, request, as_json=as_json, then=left_out)


def _known_code(fact: Fact, value: str | None) -> None:
    if value is not None and fact.codes and value not in fact.codes:
        message = f"'{value}' is no answer to '{fact.name}'"
        raise Failure(message + did_you_mean(value, fact.codes), Ending.REFUSED)


def _left_out(
    fact: Fact, request: Request, answer: Answer, _: Callable[[datetime], str]
) -> Iterable[str]:
    """What belongs to the fact and was not said: it can follow."""
    if request.value is None and request.outcome and (asked := _asked(fact)):
        yield (
            f"No value was given ({asked}). To add it: room-monitor correct "
            f"{answer.record} --value VALUE --reason TEXT --by NAME"
        )
    if fact.explained and not request.remark:
        yield "It asks for words, and none were given: record it again with --remark."


# --- What can be recorded ----------------------------------------------------------------


def _asked(fact: Fact) -> str:
    """What is recorded besides yes and no; empty for nothing."""
    return ", ".join(fact.codes) or FACT_VALUES[fact.value].en


def _say(facts: Sequence[Fact], language: Language, *, as_json: bool) -> None:
    if as_json:
        say_json({"facts": [_shape(fact) for fact in facts]})
        return
    columns = Words(
        "feit|wat 'ja' zegt|wat er nog bij hoort",
        "fact|what 'yes' says|what is recorded besides",
    )
    rows = table(*columns.to(language).split("|"), shares=(1, 2))
    for fact in facts:
        says = fact.nl if language is Language.NL else fact.en
        rows.add_row(fact.name, says, "\n".join(_besides(fact, language)))
    console().print(rows)


def _besides(fact: Fact, language: Language) -> Iterable[str]:
    for code in fact.codes.values():
        yield f"{code.code}: {code.nl if language is Language.NL else code.en}"
    if not fact.codes and (asked := FACT_VALUES[fact.value].to(language)):
        yield f"--value: {asked}"
    if fact.explained:
        yield Words("--remark: in woorden", "--remark: in words").to(language)
    if fact.lasting:
        yield Words("--until: tot wanneer", "--until: until when").to(language)


def _shape(fact: Fact) -> dict[str, object]:
    return {
        "name": fact.name,
        "nl": fact.nl,
        "en": fact.en,
        "value": fact.value,
        "codes": list(fact.codes.values()),
        "explained": fact.explained,
        "lasting": fact.lasting,
    }
