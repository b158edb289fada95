"""``room-monitor questions``."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from room_monitor.cli.instants import duration, instant, local, span
from room_monitor.cli.look import Look, look, say_if_blind
from room_monitor.cli.options import STATE, AsJson, InLanguage, Language, State
from room_monitor.cli.output import console, say_json, table
from room_monitor.cli.wording import GRADES, GROUNDS, QUESTIONS, Words
from room_monitor.core.ids import PersonId
from room_monitor.core.tags import pseudonyms
from room_monitor.core.views.corroboration import (
    Corroborating,
    Grade,
    GradedCheck,
    Ground,
    Walking,
)
from room_monitor.core.views.patterns import ask
from room_monitor.core.views.questions import Asking, Exhibit, OpenQuestion
from room_monitor.core.views.traces import TRACES

LOOK_BACK = timedelta(days=28)
"""Long enough for a habit to show, short enough that people remember."""

SHOWN = 12
"""How many records of a question are listed for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    since: datetime
    room: str | None
    checks: tuple[GradedCheck, ...]
    taps: int
    questions: tuple[OpenQuestion, ...]
    tags_known: int

    @property
    def rooms(self) -> tuple[str, ...]:
        return tuple(sorted({check.room for check in self.checks}))

    @property
    def stays(self) -> int:
        return len({check.stay for check in self.checks})

    @property
    def counts(self) -> list[tuple[Grade, Ground, int]]:
        """How many checks there are of each grade, by the weightiest ground."""
        counted = Counter((check.grade, check.grounds[0]) for check in self.checks)
        return [
            (grade, ground, counted[grade, ground])
            for grade in Grade
            for ground in Ground
            if counted[grade, ground]
        ]


def questions(
    context: typer.Context,
    *,
    since: Annotated[
        str | None,
        typer.Option(
            "--since",
            metavar="INSTANT",
            help="What happened since: '7 d ago', '2026-11-22'. 28 days if left out.",
        ),
    ] = None,
    room: Annotated[
        str | None,
        typer.Option(
            "--room", metavar="ROOM", help="Only what is about this room, too."
        ),
    ] = None,
    walking: Annotated[
        str,
        typer.Option(
            "--walking",
            metavar="DURATION",
            help="How long it takes at least from one room to the next.",
        ),
    ] = "30 s",
    language: InLanguage = Language.EN,
    as_json: AsJson = False,
    state: State = STATE,
) -> None:
    """Show what in the records of checks is worth a question, and what was looked at.

    These are questions, no findings: each can have a good answer.
    """
    with look(context, state, room=room) as seen:
        start = (
            seen.at - LOOK_BACK
            if since is None
            else instant(since, seen.zone, seen.now)
        )
        found = _find(seen, start, room, Walking(least=duration(walking)))
        if as_json:
            say_json(_shape(found, seen))
            return
        out = console()
        say_if_blind(seen, out, language)
        for number, question in enumerate(found.questions, 1):
            _write(question, number, seen, out, language)
        _write_what_was_looked_at(found, seen, out, language)


def _find(seen: Look, since: datetime, room: str | None, walking: Walking) -> _Found:
    tags_of: Mapping[PersonId, frozenset[str]] = {
        person.id: pseudonyms(person.tags)
        for person in seen.settings.rota.people.values()
    }
    corroborating = Corroborating(rooms=seen.settings.site.by_id, walking=walking)
    found = ask(
        seen.store.entries(types=TRACES),
        tags_of,
        Asking(corroborating=corroborating),
        since=since,
        blind_since=seen.sight.blind_since,
    )
    return _Found(
        since=since,
        room=room,
        checks=tuple(c for c in found.checks if room is None or c.room == room),
        taps=sum(n for one, n in found.taps.items() if room is None or one == room),
        questions=tuple(q for q in found.questions if room is None or room in q.rooms),
        tags_known=sum(map(bool, tags_of.values())),
    )


# --- For people -------------------------------------------------------------------------


def _write(
    question: OpenQuestion, number: int, seen: Look, out: Console, language: Language
) -> None:
    out.print(Text(f"{number}. {_in_words(question, language)}", "bold"))
    lines = [
        f"{local(question.began_at, seen.zone)} – {local(question.ended_at, seen.zone)}",
        ", ".join(question.rooms),
    ]
    about = Words("verblijf|account|pas", "stay|account|tag").to(language).split("|")
    lines += [
        f"{name} {value}"
        for name, value in zip(
            about, (question.stay, question.account, question.tag), strict=True
        )
        if value
    ]
    lines += [_line(each, seen, language) for each in question.exhibits[:SHOWN]]
    if len(question.exhibits) > SHOWN:
        more = len(question.exhibits) - SHOWN
        words = Words(
            f"  … en nog {more}; --json toont alles",
            f"  … and {more} more; --json shows all",
        )
        lines.append(words.to(language))
    for line in lines:
        out.print(Text(f"   {line}"), soft_wrap=not out.is_terminal)
    out.print()


def _line(exhibit: Exhibit, seen: Look, language: Language) -> str:
    at = local(exhibit.at, seen.zone)
    if exhibit.recorded_at is None:
        what = Words("pas aangeboden", "tag presented").to(language)
        return f"  {at}  {exhibit.room}  {what} (#{exhibit.position})"
    recorded = Words("vastgelegd", "recorded").to(language)
    name = exhibit.record or f"#{exhibit.position}"
    return (
        f"  {at}  {exhibit.room}  {name}, {recorded} "
        f"{local(exhibit.recorded_at, seen.zone)}"
    )


def _write_what_was_looked_at(
    found: _Found, seen: Look, out: Console, language: Language
) -> None:
    since = local(found.since, seen.zone)
    if found.questions:
        lines = [
            Words(
                "Dit zijn vragen, geen bevindingen: op elk kan een goed antwoord zijn.",
                "These are questions, no findings: each can have a good answer.",
            )
        ]
    else:
        lines = [Words("Er zijn geen vragen.", "There are no questions.")]
    where = f" ({', '.join(found.rooms)})" if found.rooms else ""
    lines.append(
        Words(
            f"Bekeken sinds {since}: {len(found.checks)} controle(s), {found.stays} "
            f"verblijf of verblijven{where}, en {found.taps} keer een pas bij een ruimte.",
            f"Looked at since {since}: {len(found.checks)} check(s), {found.stays} "
            f"stay(s){where}, and {found.taps} time(s) a tag at a room.",
        )
    )
    if not found.tags_known:
        lines.append(
            Words(
                "In het sitebestand heeft niemand een pas: wat over passen gaat is niet "
                "bekeken.",
                "In the site file nobody has a tag: what is about tags was not looked at.",
            )
        )
    for words in lines:
        out.print(words.to(language))
    if not found.counts:
        return
    columns = Words("controles|wat sensoren zeggen|", "checks|what sensors say|")
    rows = table(*columns.to(language).split("|"), shares=(2,))
    for grade, ground, count in found.counts:
        rows.add_row(
            str(count), GRADES[grade].to(language), GROUNDS[ground].to(language)
        )
    out.print(rows)


def _in_words(question: OpenQuestion, language: Language) -> str:
    return (
        QUESTIONS[question.pattern]
        .to(language)
        .format(
            times=question.times,
            out_of=question.out_of,
            **{figure.value: span(time) for figure, time in question.figures.items()},
        )
    )


# --- For machines -----------------------------------------------------------------------


def _shape(found: _Found, seen: Look) -> dict[str, object]:
    return {
        "at": seen.at,
        "since": found.since,
        "room": found.room,
        "looked_at": {
            "checks": len(found.checks),
            "stays": found.stays,
            "rooms": found.rooms,
            "tags_presented": found.taps,
            "people_with_tags": found.tags_known,
        },
        "questions": [
            {
                "pattern": question.pattern,
                "nl": _in_words(question, Language.NL),
                "en": _in_words(question, Language.EN),
                "began_at": question.began_at,
                "ended_at": question.ended_at,
                "rooms": question.rooms,
                "times": question.times,
                "out_of": question.out_of,
                "figures": question.figures,
                "account": question.account,
                "stay": question.stay,
                "tag": question.tag,
                "exhibits": question.exhibits,
            }
            for question in found.questions
        ],
        "checks": [
            {
                "room": check.room,
                "stay": check.stay,
                "record": check.record,
                "position": check.position,
                "happened_at": check.happened_at,
                "grade": check.grade,
                "grounds": check.grounds,
                "evidence": check.evidence,
            }
            for check in found.checks
        ],
    }
