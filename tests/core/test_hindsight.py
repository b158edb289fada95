"""Late, out of order or corrected: in the end the log says what timely records would.

Nothing that was violated is lost, nothing is counted twice, and nothing that was not
violated stays.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from room_monitor.core import rules
from room_monitor.core.evaluation import Evaluation
from room_monitor.core.events import (
    BreachOpened,
    CheckIntervalAgreed,
    CheckRecorded,
    ClockStepped,
    ContactRecorded,
    StayBegan,
)
from room_monitor.core.ids import RecordId
from room_monitor.core.requirements import CheckedEvery, Demand
from room_monitor.core.site import Role
from sensors.quantity import Quantity
from tests.core.late import (
    CONTACT,
    COPY,
    HOUR,
    OLD_ENOUGH,
    ONE_DAY,
    OVER,
    REVIEWED,
    SCIENTIST,
    Record,
    Telling,
    in_time,
    instant,
    moved,
    play,
)
from tests.core.play import (
    CHECKS,
    STAY,
    Story,
    begin,
    check,
    correction,
    device,
    end,
    fact,
    minute,
    minutes,
    reading,
    room,
)

CHECK_KEY = "calm-1/checks/it@s1"
EXAMPLES = settings(max_examples=30, derandomize=True, deadline=None)

# --- Whatever people do, and whenever they tell it ------------------------------------

INSTANTS = st.one_of(
    st.integers(0, 300),
    st.sampled_from([0, 14, 15, 16, 30, 45, 60, 120, 179, 180, 181, 240, 241]),
)
DELAYS = st.one_of(st.just(0), st.integers(0, 600))
FACTS = ("review", "copy", "decided", "told", "age", "extension", "informed")


def record_of(what: str, at: float, *, yes: bool, scientist: bool) -> Record:
    match what:
        case "check":
            return check(at, contact_given=yes or None)
        case "call" | "contact":
            return ContactRecorded(
                given=what == "contact",
                happened_at=minute(at),
                role="care_worker",
                stay=STAY,
            )
        case "agreed":
            return CheckIntervalAgreed(
                stay=STAY,
                at_most=minutes(10 if yes else 5),
                happened_at=minute(at),
                role="care_worker",
            )
        case _:
            role = SCIENTIST if scientist else "care_worker"
            return fact(what, at, outcome=yes, role=role)


RECORDS = st.lists(
    st.tuples(
        st.sampled_from(
            ["check", "check", "check", "call", "contact", "agreed", *FACTS]
        ),
        INSTANTS,
        st.booleans(),
        st.booleans(),
        DELAYS,
        st.integers(-30, 30),
    ),
    max_size=14,
    # Of two answers about one instant the one that is told last counts: order matters.
    unique_by=lambda drawn: (drawn[0], drawn[1]),
)
Drawn = Sequence[tuple[str, int, bool, bool, int, int]]
ENDS = st.one_of(st.none(), st.integers(0, 320), st.sampled_from([15, 30, 180, 181]))


def truth(drawn: Drawn, ends: int | None) -> list[tuple[Record, int, int]]:
    """What happened, with how late it is told, and how far off at first."""
    happened: list[tuple[Record, int, int]] = []
    for number, (what, at, yes, scientist, delay, off) in enumerate(drawn):
        if ends is not None and at > ends and what in ("check", "agreed", "call"):
            continue
        shift = -20 if what == "told" and yes else 0
        record = record_of(what, at + shift, yes=yes, scientist=scientist)
        named = replace(record, record=RecordId(f"r{number}"))
        happened.append((named, delay, off))
    return happened


def later(
    began: StayBegan, record: Record, delay: float, not_before: float
) -> datetime:
    return max(
        instant(record) + minutes(delay), began.happened_at + minutes(not_before)
    )


@EXAMPLES
@given(RECORDS, ENDS, DELAYS, DELAYS, st.lists(st.integers(0, 700), max_size=5))
def test_when_and_in_which_order_it_is_told_changes_nothing_in_the_end(
    drawn: Drawn, ends: int | None, begin_late: int, end_late: int, looks: list[int]
) -> None:
    happened = truth(drawn, ends)
    began, records = begin(0), [record for record, *_ in happened]
    ended = [] if ends is None else [end(ends)]
    timely = play(in_time(began, [*records, *ended]), OVER)

    tellings = [Telling(minute(begin_late), began)]
    tellings += [
        Telling(later(began, record, delay, begin_late), record)
        for record, delay, _ in happened
    ]
    tellings += [
        Telling(later(began, each, end_late, begin_late), each) for each in ended
    ]
    late = play(tellings, OVER, looks=[minute(at) for at in looks])

    assert late.ledger.intervals() == timely.ledger.intervals()


def wrongly(
    record: StayBegan | Record, delay: float, off: int, until: float
) -> list[Telling]:
    """It is told wrongly, and put right later; or what never was is told, and voided."""
    name = str(record.record)
    wrong = replace(moved(record, minutes(off)), record=RecordId(f"{name}-wrong"))
    told_at = max(instant(wrong), instant(record)) + minutes(delay)
    right_at = told_at + minutes(until)
    if off % 3 == 0:
        voided = correction(f"{name}-wrong", at=(right_at - minute(0)) / minutes(1))
        return [
            Telling(told_at, wrong, true=False),
            Telling(right_at, record),
            Telling(right_at, voided, true=False),
        ]
    replaced = correction(
        f"{name}-wrong", record, at=(right_at - minute(0)) / minutes(1)
    )
    return [Telling(told_at, wrong, true=False), Telling(right_at, replaced)]


@EXAMPLES
@given(RECORDS, st.integers(1, 320), DELAYS, st.booleans())
def test_what_was_told_wrongly_leaves_no_trace_once_it_is_put_right(
    drawn: Drawn, ends: int, begin_late: int, as_unknown: bool
) -> None:
    happened = truth(drawn, ends)
    began = begin(0, record="b")
    records = [record for record, *_ in happened]
    timely = play(in_time(began, [*records, end(ends)]), OVER)

    tellings = wrongly(began, 0, 3 * len(drawn) - 20, begin_late)
    not_before = begin_late + 50
    for record, delay, away in happened:
        for telling in wrongly(record, delay, away, 40):
            at = max(telling.at, began.happened_at + minutes(not_before))
            tellings.append(telling._replace(at=at))
    last_at = max(t.at for t in tellings)
    if as_unknown:
        tellings.append(Telling(last_at, end(None), true=False))
        tellings.append(Telling(last_at + minutes(10), end(ends)))
    else:
        wrong = end(ends + 20, record="e-wrong")
        tellings.append(Telling(last_at + minutes(400), wrong, true=False))
        right = correction("e-wrong", end(ends, record="e"), at=3000)
        tellings.append(Telling(last_at + minutes(500), right))
    late = play(tellings, OVER)

    assert late.ledger.intervals() == timely.ledger.intervals()


# --- Exactly at the limit -------------------------------------------------------------

SECOND = 1 / 60
DAY = 24 * HOUR
EDGES = [
    # what was done, after how many minutes, and which minutes were too late
    ("check", 15 - SECOND, []),
    ("check", 15, []),
    ("check", 15 + SECOND, [(15, 15 + SECOND)]),
    ("review", 3 * HOUR - SECOND, []),
    ("review", 3 * HOUR, []),
    ("review", 3 * HOUR + SECOND, [(3 * HOUR, 3 * HOUR + SECOND)]),
    ("end", DAY - 1, []),
    ("end", DAY, []),
    ("end", DAY + 1, [(DAY, DAY + 1)]),
]
OF = {"check": CHECKS, "review": REVIEWED, "end": ONE_DAY}
WINTER = minute(0)
TO_SUMMER = datetime(2026, 3, 29, 1, tzinfo=UTC) - minutes(8)
TO_WINTER = datetime(2026, 10, 25, 1, tzinfo=UTC) - minutes(8)


def answer(what: str, at: float) -> Record:
    match what:
        case "check":
            return check(at)
        case "end":
            return end(at)
        case _:
            return fact(what, at, role=SCIENTIST)


@pytest.mark.parametrize("start", [WINTER, TO_SUMMER, TO_WINTER])
@pytest.mark.parametrize("late", [0, 1, 100])
@pytest.mark.parametrize(("what", "at", "missed"), EDGES)
def test_exactly_at_the_limit_is_in_time_and_a_second_more_is_not(
    start: datetime,
    late: float,
    what: str,
    at: float,
    missed: list[tuple[float, float]],
) -> None:
    """In the nights in which the clocks change, too: a day has 24 hours."""
    from_start = (start - minute(0)) / minutes(1)
    happened = answer(what, from_start + at)
    told = [Telling(start, begin(from_start))]
    told.append(Telling(instant(happened) + minutes(late), happened))
    over = instant(happened) + minutes(late)
    story = play(told, over, OF[what])

    key = f"calm-1/{OF[what].id}/it@s1"
    assert story.spans() == [
        (key, start + minutes(began), start + minutes(ended)) for began, ended in missed
    ]


@pytest.mark.parametrize(
    ("at", "extended"), [(DAY - 1, True), (DAY, True), (DAY + 1, False)]
)
@pytest.mark.parametrize("late", [0, 200])
def test_a_day_is_extended_before_it_is_over(
    at: float, late: float, *, extended: bool
) -> None:
    longer = fact("extension", at, role=SCIENTIST)
    told = [Telling(minute(0), begin(0)), Telling(minute(at + late), longer)]
    over = minute(2 * DAY + 1)
    story = play(told, over, ONE_DAY)

    began = 2 * DAY if extended else DAY
    assert story.ledger.intervals() == [
        ("calm-1/one-day/it@s1", minute(began), None),
    ]


@pytest.mark.parametrize("late", [0, 24 * HOUR])
@pytest.mark.parametrize("hours", [24, 48])
def test_a_day_needs_95_checks_and_one_less_is_one_missed_interval(
    hours: int, late: float
) -> None:
    ends = hours * HOUR
    all_of_them = [check(15 * n) for n in range(1, hours * 4)]
    without_one = [c for c in all_of_them if c.happened_at != minute(60)]

    def missed(
        checks: list[CheckRecorded],
    ) -> list[tuple[str, datetime, datetime | None]]:
        told = in_time(begin(0), [*checks, end(ends)])
        told = [told[0], *(t._replace(at=t.at + minutes(late)) for t in told[1:])]
        return play(told, minute(ends + late), CHECKS, looked_over=False).spans()

    assert len(all_of_them) == {24: 95, 48: 191}[hours]
    assert missed(all_of_them) == []
    assert missed(without_one) == [(CHECK_KEY, minute(60), minute(75))]


# --- Each missed interval is one breach -----------------------------------------------

MISSED = [
    ((), 10, []),
    ((), 15, []),
    ((), 40, [(15, 40)]),
    ((10, 20, 30), 40, []),
    ((20,), 40, [(15, 20), (35, 40)]),
    ((20, 50, 51), 60, [(15, 20), (35, 50)]),
    ((0, 15, 30), 45, []),
    ((15, 31), 50, [(30, 31), (46, 50)]),
]


@pytest.mark.parametrize(("checks", "ended", "missed"), MISSED)
@pytest.mark.parametrize(
    "order", ["in time", "late", "backwards", "end first", "unknown"]
)
def test_each_interval_that_was_missed_is_one_breach(
    checks: tuple[float, ...],
    ended: float,
    missed: list[tuple[float, float]],
    order: str,
) -> None:
    began, over, at = begin(0), end(ended), minute(200)
    seen = [check(c) for c in checks]
    orders: dict[str, list[Record]] = {
        "late": [began, *seen, over],
        "backwards": [began, *reversed(seen), over],
        "end first": [began, over, *seen],
        "unknown": [began, end(None), *seen, over],
    }
    if order == "in time":
        told = in_time(began, [*seen, over])
    else:
        told = [Telling(at, record) for record in orders[order]]
    story = play(told, minute(300), CHECKS)

    assert sorted(story.spans()) == [
        (CHECK_KEY, minute(a), minute(b)) for a, b in missed
    ]
    opened = [e.breach for e in story.of(BreachOpened) if isinstance(e, BreachOpened)]
    assert len(opened) == len(set(opened))


# --- What sensors saw before a stay was registered -------------------------------------

BUTTON = device(Role.CALL_BUTTON, interval=minutes(6000))


def test_what_else_happens_in_a_stay_is_not_judged_at_each_check(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A stay that nobody ends lasts for weeks: an act must not take minutes then."""
    story = Story(room(), CHECKS, OLD_ENOUGH)
    story.does(begin(0), minute(0))
    for nth in range(1, 60):
        story.does(check(nth), minute(nth))
    asked: list[Demand] = []

    def counted(demand: Demand, *rest: Any) -> Evaluation:
        asked.append(demand)
        return evaluate(demand, *rest)

    evaluate = rules.evaluate
    monkeypatch.setattr(rules, "evaluate", counted)
    story.does(fact("age", 60), minute(60))

    checks = sum(isinstance(demand, CheckedEvery) for demand in asked)
    assert checks > 60
    assert len(asked) - checks < 20


@pytest.mark.parametrize("registered", [0, 4, 30])
def test_a_call_before_the_stay_was_registered_counts_in_it(registered: float) -> None:
    story = Story(room(BUTTON), CONTACT)
    if registered == 0:
        story.does(begin(0), minute(0))
    story.hears(reading(BUTTON, Quantity.CALL_BUTTON, 1, minute(2)))
    if registered:
        story.does(begin(0), minute(registered))
    story.does(check(31, contact_given=True), minute(31))

    assert story.spans() == [("calm-1/contact/it@s1", minute(7), minute(31))]


def test_a_call_before_the_stay_began_does_not_count_in_it() -> None:
    story = Story(room(BUTTON), CONTACT)
    story.hears(reading(BUTTON, Quantity.CALL_BUTTON, 1, minute(2)))
    story.does(begin(3), minute(30))

    assert story.ledger.lines == {}


# --- A step of the clock ---------------------------------------------------------------


@EXAMPLES
@given(
    st.lists(st.integers(1, 40), max_size=6),
    st.lists(st.integers(1, 40), max_size=6),
    st.integers(-90, 90).filter(bool),
    st.integers(0, 60),
)
def test_a_step_of_the_clock_loses_and_doubles_nothing(
    before: list[int], after: list[int], by: int, late: int
) -> None:
    """What is told after it, late or not, is told on the new clock."""
    stepped, steady = Story(room(), CHECKS), Story(room(), CHECKS)
    now = 0
    for story in (stepped, steady):
        story.does(begin(0), minute(0))
    for gap in before:
        now += gap
        for story in (stepped, steady):
            story.does(check(now), minute(now))
    stepped.happens(ClockStepped(by=minutes(by)), minute(now + by))
    for gap in after:
        now += gap
        steady.does(check(now), minute(now + late))
        stepped.does(check(now + by), minute(now + by + late))
    ends = now + 20
    steady.does(end(ends), minute(ends + late))
    stepped.does(end(ends + by), minute(ends + by + late))
    steady.waits(minute(ends + 500))
    stepped.waits(minute(ends + by + 500))

    assert stepped.ledger.intervals() == [
        (key, began_at + minutes(by), ended_at + minutes(by))
        for key, began_at, ended_at in steady.ledger.intervals()
        if ended_at is not None
    ]


def test_a_stay_that_is_over_is_put_right_after_a_step() -> None:
    story = Story(room(), CHECKS)
    story.does(begin(0), minute(0))
    story.does(end(40), minute(40))
    story.happens(ClockStepped(by=minutes(60)), minute(110))
    story.does(check(80), minute(111))

    assert story.spans() == [
        (CHECK_KEY, minute(75), minute(80)),
        (CHECK_KEY, minute(95), minute(100)),
    ]


# --- What is left to be decided --------------------------------------------------------


def test_what_was_not_done_is_a_breach_also_if_somebody_says_so_after_the_end() -> None:
    """Who says nothing is flagged when it is due; who says 'no' before it, never."""
    story = Story(room(), COPY)
    story.does(begin(0), minute(0))
    story.does(end(30), minute(30))
    story.does(fact("copy", 50, outcome=False), minute(50))
    story.waits(minute(500))

    assert [o for o, *_ in story.ledger.intervals()] == ["calm-1/copy/it@s1"]


def test_a_no_by_a_clock_ahead_of_ours_leaves_nothing_open_after_the_stay() -> None:
    """It counts when our clock gets there; nobody need tell anything more for that."""
    story = Story(room(), OLD_ENOUGH)
    story.does(begin(0), minute(0))
    story.does(end(10), minute(10))
    story.does(fact("age", 20.5, outcome=False), minute(20))
    story.waits(minute(21))

    assert story.state.standings == {}
    assert story.spans() == [("calm-1/age/it@s1", minute(20.5), minute(20.5))]
