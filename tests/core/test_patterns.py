"""What stands out is asked, never found; honest people are asked nothing.

Each question names its records; nothing is asked of what happened only now and then.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from room_monitor.core.events import Blindness, GapFound
from room_monitor.core.ids import PersonId
from room_monitor.core.views.corroboration import Corroborating, Ground, Walking
from room_monitor.core.views.patterns import ask, questions
from room_monitor.core.views.questions import Asking, Figure, OpenQuestion, Pattern
from tests.core.play import START
from tests.core.rounds import (
    ALICE,
    BLUE,
    BOB,
    CALM,
    FAR,
    REST,
    ROOMS,
    TAG,
    TAGS_OF,
    Log,
    copied_week,
    honest_week,
    second,
    shuffled,
)

ASKING = Asking(corroborating=Corroborating(rooms=ROOMS))


def asked(
    log: Log,
    asking: Asking = ASKING,
    tags_of: Mapping[PersonId, frozenset[str]] = TAGS_OF,
    since: datetime = START,
) -> list[OpenQuestion]:
    return questions(log.entries, tags_of, asking, since=since)


def patterns(log: Log, asking: Asking = ASKING) -> set[Pattern]:
    return {question.pattern for question in asked(log, asking)}


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


# --- One tag in two places ----------------------------------------------------------------


def in_two_places(log: Log, times: int = 3, apart: float = 20) -> None:
    for number in range(times):
        log.tap(second(3600 * number), ALICE, CALM)
        log.tap(second(3600 * number + apart), ALICE, REST)


def test_a_tag_in_two_places() -> None:
    log = Log()
    in_two_places(log)
    (question,) = asked(log)

    assert question == replace(
        question,
        pattern=Pattern.TAG_IN_TWO_PLACES,
        rooms=(CALM, REST),
        times=3,
        out_of=None,
        began_at=second(0),
        ended_at=second(7220),
        tag=TAG[ALICE],
        account=ALICE,
        figures={
            Figure.SHORTEST: timedelta(seconds=20),
            Figure.WALKING: timedelta(seconds=30),
        },
    )
    assert [each.position for each in question.exhibits] == [1, 2, 3, 4, 5, 6]


def test_a_tag_that_was_walked_with_is_not_asked_about() -> None:
    log = Log()
    in_two_places(log, apart=30)

    assert asked(log) == []


def test_rooms_side_by_side_are_reached_sooner() -> None:
    log = Log()
    in_two_places(log)
    near = Walking(between={frozenset({CALM, REST}): timedelta(seconds=10)})
    asking = replace(ASKING, corroborating=replace(ASKING.corroborating, walking=near))

    assert asked(log, asking) == []


def test_a_button_that_calls_itself_a_tag_is_nobodys() -> None:
    log = Log()
    for number in range(10):
        log.tap(second(100 * number), "ffffffff", (CALM, REST)[number % 2])
        log.tap(second(100 * number + 5), "ffffffff", (REST, BLUE)[number % 2])

    assert asked(log) == []


# --- Rounds -----------------------------------------------------------------------------


def rounds(
    log: Log, times: int = 3, step: float = 10, *, first: float = 5, taps: bool = False
) -> None:
    for number in range(times):
        for index, one in enumerate((CALM, REST, BLUE, FAR)):
            at = second(1000 * number + first + step * index)
            log.check(at, ALICE, one)
            if taps:
                log.tap(at, ALICE, one)


def test_a_round_that_cannot_have_been_walked() -> None:
    log = Log()
    rounds(log)
    (question,) = asked(log)

    assert (question.pattern, question.times) == (Pattern.ROUND_TOO_FAST, 3)
    assert question.rooms == (CALM, REST, BLUE, FAR)
    assert question.figures[Figure.SHORTEST] == timedelta(seconds=30)
    assert len(question.exhibits) == 12
    assert all(each.record and each.recorded_at for each in question.exhibits)
    assert question.account == ALICE


@pytest.mark.parametrize(
    "happens",
    [
        lambda log: rounds(log, step=30),
        lambda log: rounds(log, times=2),
        lambda log: rounds(log, taps=True, step=29),
    ],
    ids=["walked", "only twice", "their tag was there"],
)
def test_a_round_that_is_not_asked_about(happens: Callable[[Log], None]) -> None:
    log = Log()
    happens(log)

    assert Pattern.ROUND_TOO_FAST not in patterns(log)


def test_three_rooms_in_one_written_minute_can_be_walked() -> None:
    log = Log()
    for number in range(5):
        for one in (CALM, REST, BLUE):
            log.check(second(900 * number), ALICE, one)

    assert patterns(log) == set()


def test_two_rooms_are_no_round() -> None:
    log = Log()
    for number in range(5):
        for index, one in enumerate((CALM, REST)):
            log.check(second(1000 * number**1.1 + index), ALICE, one)

    assert patterns(log) == set()


def test_colleagues_who_share_the_rooms_are_no_round() -> None:
    log = Log()
    for number in range(5):
        for index, one in enumerate((CALM, REST, BLUE)):
            who = PersonId(f"p-{index}")
            log.check(second(1000 * number**1.1 + index), who, one)

    assert patterns(log) == set()


# --- Regularity -------------------------------------------------------------------------


def steady(
    log: Log, intervals: int = 8, *, jitter: float = 0, taps: bool = False
) -> None:
    for number in range(intervals + 1):
        at = second(900 * number + (jitter if number % 2 else 0))
        log.check(at)
        if taps:
            log.tap(at)


def test_a_metronome() -> None:
    log = Log()
    steady(log, jitter=2)
    (question,) = asked(log)

    assert (question.pattern, question.times) == (Pattern.METRONOME, 8)
    assert question.figures == {
        Figure.INTERVAL: timedelta(seconds=900),
        Figure.SPREAD: timedelta(seconds=4),
    }
    assert question.stay == f"s-{CALM}"
    assert question.account is None


@pytest.mark.parametrize(
    "happens",
    [
        lambda log: steady(log, intervals=7),
        lambda log: steady(log, jitter=2.5),
        lambda log: steady(log, taps=True),
    ],
    ids=["too few", "they vary", "their tag was there each time"],
)
def test_regularity_that_is_not_asked_about(happens: Callable[[Log], None]) -> None:
    log = Log()
    happens(log)

    assert asked(log) == []


def test_every_steady_run_of_a_stay_is_one_question() -> None:
    log = Log()
    at = 0.0
    for pause in [900] * 9 + [500] + [880] * 8 + [870] * 3:
        log.check(second(at))
        at += pause
    log.check(second(at))
    found = asked(log)

    assert [question.times for question in found] == [9, 8]
    assert [q.figures[Figure.INTERVAL].total_seconds() for q in found] == [900, 880]


# --- When it was recorded ---------------------------------------------------------------


def entered(log: Log, late: int, of: int, by: PersonId | None = ALICE) -> None:
    for number in range(of):
        at = second(1000 * number**1.1)
        after = 601 + 31 * number if number < late else 5
        log.check(at, by, recorded_at=at + timedelta(seconds=after))


@pytest.mark.parametrize(
    ("late", "of", "is_asked"),
    [(5, 15, True), (4, 15, False), (14, 14, False), (10, 30, True), (9, 30, False)],
)
@pytest.mark.parametrize("by", [ALICE, None])
def test_many_late_entries(
    late: int, of: int, *, is_asked: bool, by: PersonId | None
) -> None:
    log = Log()
    entered(log, late, of, by)
    found = [q for q in asked(log) if q.pattern is Pattern.LATE_ENTRIES]

    assert [(q.times, q.out_of, q.account) for q in found] == (
        [(late, of, by)] if is_asked else []
    )
    if found and by is None:
        assert found[0].stay == f"s-{CALM}"


def batches(log: Log, times: int = 3, of: int = 3, apart: float = 30) -> None:
    for number in range(times):
        for index in range(of):
            start = second(10_000 * number)
            log.check(
                start + timedelta(seconds=400 * index * (1 + index / 10)),
                recorded_at=start + timedelta(seconds=3000 + apart * index),
            )


def test_checks_that_are_recorded_together() -> None:
    log = Log()
    batches(log)
    (question,) = asked(log)

    assert (question.pattern, question.times) == (Pattern.BATCH, 3)
    assert len(question.exhibits) == 9
    assert question.account == ALICE


@pytest.mark.parametrize(
    "happens",
    [
        lambda log: batches(log, times=2),
        lambda log: batches(log, of=2),
        lambda log: batches(log, apart=31),
    ],
    ids=["only twice", "two", "over more than a minute"],
)
def test_recording_that_is_not_asked_about(happens: Callable[[Log], None]) -> None:
    log = Log()
    happens(log)

    assert asked(log) == []


def test_what_could_not_be_recorded_at_once_is_not_asked_about() -> None:
    log = Log()
    entered(log, 15, 15)
    batches(log)
    gap = GapFound(
        cause=Blindness.NOT_RUNNING, began_at=second(0), ended_at=second(30_000)
    )
    log.add(gap, None)

    assert asked(log) == []


def test_a_correction_is_no_late_entry() -> None:
    log = Log()
    for number in range(15):
        at = second(1000 * number**1.1)
        log.check(at, record=f"r{number}")
        log.check(at, record=f"n{number}", recorded_at=second(90_000))
        log.corrected(f"r{number}", f"n{number}", f"c{number}")

    assert asked(log) == []


# --- No trace ---------------------------------------------------------------------------


def unseen(log: Log, without: int, of: int, *, works: bool = True) -> None:
    for number in range(of):
        at = second(1000 * number**1.1)
        log.check(at, ALICE)
        if number >= without:
            log.tap(at, ALICE)
        if works:
            log.tap(at + timedelta(seconds=400), BOB)


@pytest.mark.parametrize(
    ("without", "of", "is_asked"),
    [(10, 20, True), (9, 20, False), (19, 19, False), (39, 40, True)],
)
def test_many_checks_without_a_trace(without: int, of: int, *, is_asked: bool) -> None:
    log = Log()
    unseen(log, without, of)
    found = [(q.pattern, q.times, q.out_of, q.account) for q in asked(log)]

    expected = [(Pattern.UNCORROBORATED, without, of, ALICE)]
    assert found == (expected if is_asked else [])


def test_a_reader_at_which_nobody_presented_anything_proves_nothing() -> None:
    log = Log()
    unseen(log, 40, 40, works=False)

    assert asked(log) == []


def test_whoever_has_no_tag_leaves_no_trace() -> None:
    log = Log()
    unseen(log, 39, 40)

    assert asked(log, tags_of={BOB: TAGS_OF[BOB]}) == []


# --- Always -----------------------------------------------------------------------------


def test_what_was_before_is_not_asked_about() -> None:
    log = Log()
    rounds(log)
    in_two_places(log)

    assert asked(log, since=second(100_000)) == []


def test_what_was_looked_at_is_told() -> None:
    log = Log()
    rounds(log, taps=True, step=40)
    found = ask(log.entries, TAGS_OF, ASKING, since=second(1000))

    assert (len(found.checks), found.questions) == (8, ())
    assert found.taps == {CALM: 2, REST: 2, BLUE: 2, FAR: 2}


def test_a_monitor_that_was_killed_saw_nothing_since() -> None:
    log = Log()
    rounds(log, times=1)
    found = ask(log.entries, TAGS_OF, ASKING, blind_since=second(2))

    assert {check.grounds for check in found.checks} == {(Ground.MONITOR_BLIND,)}


def test_a_spread_of_nothing_makes_no_sense() -> None:
    with pytest.raises(ValueError, match="less than nothing"):
        replace(ASKING, metronome_spread=timedelta(0))


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**32))
def test_honest_people_are_asked_nothing(seed: int) -> None:
    entries = honest_week(Random(seed))  # noqa: S311 — it plays people

    assert questions(entries, TAGS_OF, ASKING) == []


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**32))
def test_copied_rounds_are_asked_about(seed: int) -> None:
    entries = copied_week(Random(seed))  # noqa: S311 — it plays people
    found = {q.pattern: q for q in questions(entries, TAGS_OF, ASKING)}

    assert Pattern.ROUND_TOO_FAST in found
    assert found[Pattern.ROUND_TOO_FAST].account == ALICE


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**32))
def test_every_question_names_what_it_rests_on(seed: int) -> None:
    random = Random(seed)  # noqa: S311 — it plays people
    entries = copied_week(random)
    positions = {entry.position for entry in entries}

    for question in questions(shuffled(entries, random), TAGS_OF, ASKING):
        instants = [each.at for each in question.exhibits]
        assert {each.position for each in question.exhibits} <= positions
        assert instants == sorted(instants)
        assert (question.began_at, question.ended_at) == (instants[0], instants[-1])
        assert question.rooms == tuple(sorted({e.room for e in question.exhibits}))
        assert question.times >= ASKING.times
