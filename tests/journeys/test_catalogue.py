"""Every requirement of the catalogue is shown at work: met, violated and not shown.

The timelines stand in ``timelines/``; whoever adds a requirement adds its timelines. They
are played through the real core, on rooms that are made from settings.
"""

import inspect

import pytest

from room_monitor.core.evaluation import Verdict
from room_monitor.core.events import BreachOpened, Source, VerdictChanged
from room_monitor.core.requirements import AtMostTimes, Moment, Requirement
from room_monitor.core.rules import OF_DEVICES, OF_PEOPLE
from tests.journeys.timelines import TIMELINES
from tests.journeys.timelines.play import breach_began_at, play, settings
from tests.journeys.timelines.story import Never, Timeline

ROWS = {str(row.id): row for row in settings().catalogue.requirements}


PLAYED = [
    pytest.param(name, each, id=f"{name}-{each.verdict}-{number}")
    for name, told in TIMELINES.items()
    for number, each in enumerate(told)
    if isinstance(each, Timeline)
]
IMPOSSIBLE = [
    pytest.param(name, each.verdict, id=f"{name}-{each.verdict}")
    for name, told in TIMELINES.items()
    for each in told
    if isinstance(each, Never)
]


def test_every_requirement_has_its_timelines_and_there_are_no_others() -> None:
    assert set(TIMELINES) == set(ROWS)


@pytest.mark.parametrize("name", ROWS)
def test_all_three_verdicts_are_shown_or_said_to_be_impossible(name: str) -> None:
    told = TIMELINES[name]
    shown = {each.verdict for each in told if isinstance(each, Timeline)}
    never = {each.verdict for each in told if isinstance(each, Never)}

    assert shown | never == set(Verdict)
    assert not shown & never


@pytest.mark.parametrize(("name", "timeline"), PLAYED)
def test_it_comes_to_what_the_timeline_says(name: str, timeline: Timeline) -> None:
    row = ROWS[name]

    outcome = play(timeline, row)

    assert (outcome.verdict, outcome.reason) == (timeline.verdict, timeline.reason)
    assert outcome.breach_began_at == breach_began_at(timeline)
    told = [e for e in outcome.events if isinstance(e, VerdictChanged | BreachOpened)]
    assert {each.source for each in told} == {_source(row)}


@pytest.mark.parametrize("name", ROWS)
def test_every_ask_of_it_is_broken_in_some_timeline(name: str) -> None:
    """None of the asks is there without saying what it is for."""
    row = ROWS[name]
    plays = [play(each, row) for each in TIMELINES[name] if isinstance(each, Timeline)]
    opened = [e for p in plays for e in p.events if isinstance(e, BreachOpened)]

    # room/requirement/ask[/device][@stay]
    broken = {e.obligation.partition("@")[0].split("/")[2] for e in opened}
    assert broken == {ask.key for ask in row.asks}


@pytest.mark.parametrize(("name", "verdict"), IMPOSSIBLE)
def test_what_is_said_to_be_impossible_is(name: str, verdict: Verdict) -> None:
    for ask in ROWS[name].asks:
        if verdict is Verdict.UNKNOWN:
            assert "Verdict.UNKNOWN" not in _rule(ask.demand)
        else:
            assert verdict is Verdict.MET
            assert ask.demand == AtMostTimes(moment=Moment("stay_began"), times=0)


def _rule(demand: object) -> str:
    """The text of the rule that judges a demand."""
    kind = type(demand)
    module = inspect.getmodule({**OF_DEVICES, **OF_PEOPLE}[kind])  # type: ignore[index]
    assert module is not None
    return inspect.getsource(module)


def _source(row: Requirement) -> Source:
    """What every verdict on a requirement must carry."""
    return Source(
        requirement=row.id,
        citation=row.citation,
        label=row.label,
        catalogue=settings().catalogue.stamp,
    )
