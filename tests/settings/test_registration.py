"""Everything that must be on record of a stay has its place, and the page says which.

``docs/registration.md`` sets each field that the law wants registered against the fact or
the event that holds it, the row that asks for it and the stays it is asked of.
"""

import re
from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from room_monitor.control import Do
from room_monitor.core import events
from room_monitor.core.requirements import (
    Ask,
    CheckedEvery,
    DoneBy,
    Requirement,
    StayKind,
    WithinLimit,
    facts_of,
)
from room_monitor.settings import ValueKind, load
from room_monitor.settings.units import read_duration
from tests.settings.test_catalogue import LOCKED_IN, MEASURES, RECORDED_ONLY

ROOT = Path(__file__).parents[2]
SETTINGS = load(ROOT / "config/site.yaml")
ROWS = {str(row.id): row for row in SETTINGS.catalogue.requirements}
PAGE = (ROOT / "docs/registration.md").read_text("utf-8")

# What must be registered of a stay: the statutory minimum (Jeugdwet art. 6.7.3 lid 1) that
# is held here, and what goes with it.
MUST_BE_REGISTERED = {
    "kind",
    "key of the young person",
    "start",
    "end",
    "source of start and end",
    "late entry",
    "room and location",
    "group",
    "planned or unplanned",
    "emergency",
    "purpose",
    "alternatives tried",
    "proportionality",
    "expected effect",
    "in plan or emergency",
    "told duration and when",
    "decision by, in which role",
    "decision document",
    "copy given at",
    "complaint information given at",
    "reviews",
    "extension",
    "checks",
    "contact requests asked",
    "contact requests answered",
    "controls disabled",
    "belongings withheld",
    "camera",
    "end reason",
    "aftercare with the young person",
    "aftercare with the team",
    "who was informed",
    "consent at 16+",
    "injury",
    "complaint and outcome",
    "corrections",
}
# What rows ask for on top: answers to the other demands of a stay.
ALSO_ASKED = {
    "12 or older",
    "decision and reasons in the file",
    "behavioural scientist kept informed",
    "responsible care professional kept informed",
    "shorter interval agreed",
    "belongings offered",
    "camera in a sanitary room",
    "phasing out discussed",
}

STAYS = {
    "every stay": frozenset(StayKind),
    "every measure": frozenset(MEASURES),
    "every enclosure": frozenset(LOCKED_IN),
    "always": frozenset[StayKind](),
}


class Line(NamedTuple):
    """One line of the table."""

    field: str
    recorded: str
    log: str
    asked: str
    during: str

    @property
    def facts(self) -> set[str]:
        return set(re.findall(r"`record (\w+)`", self.recorded))

    @property
    def commands(self) -> set[str]:
        return set(re.findall(r"`([a-z-]+)(?: \w+)?`", self.recorded))

    @property
    def held(self) -> set[str]:
        """Fields of events."""
        return set(re.findall(r"`([A-Z]\w+\.\w+)`", self.log))

    @property
    def rows(self) -> set[str]:
        return set(re.findall(r"`([a-z0-9-]+)`", self.asked))

    @property
    def terms(self) -> set[timedelta]:
        return {
            read_duration(term)
            for term in re.findall(r"\b\d+ (?:s|min|h|d)\b", self.asked)
        }

    def asks(self) -> list[tuple[Requirement, Ask]]:
        """What is asked of its facts."""
        return [
            (row, ask)
            for row in ROWS.values()
            for ask in row.asks
            if facts_of(ask.demand) & self.facts
        ]


def lines() -> list[Line]:
    table = PAGE.partition("| field |")[2].partition("\n\n")[0]
    return [
        Line(*(cell.strip() for cell in line.strip("|").split("|")))
        for line in table.splitlines()[2:]
    ]


LINES = {line.field: line for line in lines()}
OF_FACTS = {name: line for name, line in LINES.items() if line.facts}


def terms_of(ask: Ask) -> set[timedelta]:
    match ask.demand:
        case DoneBy(due=due):
            return {due} - {None}  # type: ignore[return-value]
        case CheckedEvery(at_most=at_most):
            return {at_most}
        case WithinLimit(at_most=at_most, extension=extension):
            return {at_most, extension} - {timedelta(0)}
        case _:
            return set()


def test_everything_that_must_be_registered_has_a_line_and_only_one() -> None:
    assert len(LINES) == len(lines())
    assert set(LINES) == MUST_BE_REGISTERED | ALSO_ASKED


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_it_is_held_by_a_field_of_an_event_that_there_is(line: Line) -> None:
    assert line.held
    for held in line.held:
        event, _, field = held.partition(".")
        assert field in {each.name for each in fields(getattr(events, event))}, held


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_it_is_recorded_by_a_fact_or_an_act_that_there_is(line: Line) -> None:
    acts = {str(do).replace("_", "-") for do in Do}

    assert line.facts <= set(SETTINGS.facts)
    assert line.commands <= acts
    assert line.commands or line.recorded == "by itself"


@pytest.mark.parametrize("line", OF_FACTS.values(), ids=OF_FACTS)
def test_what_the_fact_holds_besides_yes_and_no_is_in_the_log(line: Line) -> None:
    for name in line.facts:
        fact = SETTINGS.facts[name]
        if fact.value is not ValueKind.NONE:
            assert "FactRecorded.value" in line.held
        elif not fact.lasting:
            assert "FactRecorded.value" not in line.held
        assert ("FactRecorded.until" in line.held) == fact.lasting


@pytest.mark.parametrize("line", OF_FACTS.values(), ids=OF_FACTS)
def test_it_is_asked_by_the_rows_that_are_named_and_by_no_other(line: Line) -> None:
    assert line.rows == {str(row.id) for row, _ in line.asks()}


@pytest.mark.parametrize("line", OF_FACTS.values(), ids=OF_FACTS)
def test_it_is_due_when_the_rows_say(line: Line) -> None:
    due: set[timedelta] = set().union(*(terms_of(ask) for _, ask in line.asks()))

    assert line.terms == due


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_it_is_asked_of_the_stays_that_the_rows_are_about(line: Line) -> None:
    if line.facts & set(RECORDED_ONLY):
        assert (line.rows, line.during) == (set(), "any stay")
    for row in line.rows:
        assert ROWS[row].applies.during == STAYS[line.during]


def test_every_fact_of_a_stay_is_in_the_table() -> None:
    of_stays = {
        fact
        for row in ROWS.values()
        if row.applies.during
        for ask in row.asks
        for fact in facts_of(ask.demand)
    }

    assert set().union(*(line.facts for line in LINES.values())) == (
        of_stays | set(RECORDED_ONLY)
    )


def test_why_nothing_asks_for_a_fact_stands_on_the_page() -> None:
    why = PAGE.partition("## Why nothing asks")[2].lower()

    for line in LINES.values():
        if line.facts & set(RECORDED_ONLY):
            assert f"**{line.field.lower()}.**" in why


def test_nothing_that_names_the_young_person_has_a_field() -> None:
    """The name, the BSN and the birth date are joined by the facility (art. 6.7.3)."""
    names = {
        each.name
        for event in (
            events.StayBegan,
            events.StayEnded,
            events.CheckRecorded,
            events.FactRecorded,
        )
        for each in fields(event)
    }

    assert not names & {"name", "bsn", "birth_date", "born_on", "age"}
