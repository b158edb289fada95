"""Somebody is reminded before a limit, once, not predictably, and never after it."""

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from room_monitor.core.events import BreachOpened, ClockStepped, Prompted
from room_monitor.core.ids import ObligationId, StayId
from room_monitor.core.requirements import (
    CheckedEvery,
    DoneBy,
    Moment,
    Requirement,
    StayKind,
    WithinLimit,
)
from tests.core.play import (
    CHECKS,
    STAY,
    STEP,
    Story,
    begin,
    check,
    correction,
    end,
    fact,
    minute,
    minutes,
    requirement,
    room,
)

EXAMPLES = settings(max_examples=60, derandomize=True, deadline=None)
KEY = ObligationId("calm-1/checks/it@s1")


def checks(before: float = 3, spread: float = 0, at_most: float = 15) -> Requirement:
    return requirement(
        CheckedEvery(at_most=minutes(at_most)),
        name="checks",
        during=[StayKind.ENCLOSURE],
        warn_before=minutes(before),
        warn_spread=minutes(spread),
    )


def enclosed(*asked: Requirement, stay: StayId = STAY) -> Story:
    story = Story(room(), *asked)
    story.does(begin(0, stay=stay), minute(0))
    return story


def prompts(story: Story) -> list[tuple[datetime, datetime]]:
    """When, and before which limit."""
    return [(e.at, e.due_at) for e in story.of(Prompted) if isinstance(e, Prompted)]


def test_it_comes_its_time_before_the_limit_and_says_so() -> None:
    story = enclosed(checks())
    assert story.waits(minute(12) - STEP) == []

    assert story.waits(minute(12)) == [
        Prompted(
            obligation=KEY,
            source=story.state.plan.during[StayKind.ENCLOSURE][0].source,
            due_at=minute(15),
            lead=minutes(3),
            at=minute(12),
            stay=STAY,
        )
    ]


def test_it_comes_once_for_each_limit() -> None:
    story = enclosed(checks())
    for at in (12.5, 13, 15, 16, 20):
        story.waits(minute(at))
    story.does(check(21), minute(21))
    story.waits(minute(100))

    assert prompts(story) == [
        (minute(12), minute(15)),
        (minute(33), minute(36)),
    ]


def test_it_does_not_depend_on_when_we_look() -> None:
    often, seldom = enclosed(checks(spread=4)), enclosed(checks(spread=4))
    for tick in range(1, 300):
        often.waits(minute(tick / 10))
    seldom.waits(minute(30))

    assert prompts(often) == prompts(seldom)
    assert len(prompts(often)) == 1


def test_whoever_checks_before_it_is_not_reminded() -> None:
    story = enclosed(checks())
    for at in (11, 22, 33):
        story.does(check(at), minute(at))

    assert prompts(story) == []


def test_nobody_is_reminded_where_nothing_is_said_of_it() -> None:
    story = enclosed(CHECKS)
    story.waits(minute(100))

    assert prompts(story) == []


def test_nobody_is_reminded_of_a_limit_that_is_over() -> None:
    """Told of late, there is nothing left to remind of; what is due next is."""
    story = Story(room(), checks())
    story.does(begin(0), minute(20))
    assert prompts(story) == []
    story.does(check(18), minute(21))
    story.waits(minute(40))

    assert prompts(story) == [(minute(30), minute(33))]


@pytest.mark.parametrize(("told", "at"), [(13, 13), (15, 15)])
def test_told_of_late_but_before_the_limit_it_comes_at_once(
    told: float, at: float
) -> None:
    story = Story(room(), checks())
    story.does(begin(0), minute(told))

    assert prompts(story) == [(minute(at), minute(15))]


def test_a_limit_that_was_told_of_once_is_not_told_of_again_after_a_step() -> None:
    story = enclosed(checks())
    story.waits(minute(12))
    story.happens(ClockStepped(by=minutes(60)), minute(73))
    story.waits(minute(100))

    assert prompts(story) == [(minute(12), minute(15))]


def test_after_a_step_it_comes_as_long_before_the_limit() -> None:
    story = enclosed(checks())
    story.happens(ClockStepped(by=minutes(60)), minute(70))
    story.waits(minute(100))

    assert prompts(story) == [(minute(72), minute(75))]


def test_a_check_that_is_taken_back_reminds_of_the_limit_that_was_before() -> None:
    story = enclosed(checks())
    story.does(check(8, record="c"), minute(8))
    story.does(correction("c", at=10), minute(10))
    story.waits(minute(15))

    assert prompts(story) == [(minute(12), minute(15))]


def test_after_the_end_nobody_is_reminded() -> None:
    story = enclosed(checks())
    story.does(end(5), minute(5))
    story.waits(minute(100))

    assert prompts(story) == []


@pytest.mark.parametrize(
    ("demand", "due"),
    [
        (
            WithinLimit(
                since=Moment("stay_began"),
                until=(Moment("review"), Moment("stay_ended")),
                at_most=minutes(180),
            ),
            180,
        ),
        (DoneBy(fact="copy", due=minutes(60)), 60),
    ],
)
def test_other_limits_are_reminded_of_too(
    demand: WithinLimit | DoneBy, due: float
) -> None:
    asked = requirement(
        demand, name="asked", during=[StayKind.ENCLOSURE], warn_before=minutes(30)
    )
    story = enclosed(asked)
    story.waits(minute(500))

    assert prompts(story) == [(minute(due - 30), minute(due))]


def test_what_is_owed_after_the_end_is_reminded_of() -> None:
    asked = requirement(
        DoneBy(fact="copy", due=minutes(60)),
        during=[StayKind.ENCLOSURE],
        warn_before=minutes(30),
    )
    story = enclosed(asked)
    story.does(end(10), minute(10))
    story.waits(minute(50))
    story.does(fact("copy", 55), minute(55))

    assert prompts(story) == [(minute(30), minute(60))]
    assert story.of(BreachOpened) == []


def test_while_we_do_not_see_people_are_reminded_all_the_same() -> None:
    story = enclosed(checks())
    story.waits(minute(13), seeing=False)

    assert prompts(story) == [(minute(12), minute(15))]


# --- Not predictable, and the same if asked again -------------------------------------


@EXAMPLES
@given(
    st.text("abcdef0123456789", min_size=4, max_size=12),
    st.integers(0, 6),
    st.integers(0, 6),
    st.lists(st.integers(1, 15), max_size=12),
)
def test_it_lies_within_its_bounds_and_before_the_limit(
    name: str, before: int, spread: int, gaps: list[int]
) -> None:
    stay = StayId(name)
    asked = checks(before, spread)
    story = enclosed(asked, stay=stay)
    now = 0
    for gap in gaps:
        now += gap
        story.does(check(now, stay=stay), minute(now))
    story.waits(minute(now + 60))

    leads = [e for e in story.of(Prompted) if isinstance(e, Prompted)]
    assert len({each.due_at for each in leads}) == len(leads)
    for each in leads:
        assert each.lead == each.due_at - each.at
        assert minutes(before) <= each.lead <= minutes(before + spread)
        # Reminded while it was due, not after somebody had looked in.
        looked = [minute(sum(gaps[: n + 1])) for n in range(len(gaps))]
        last = max([minute(0), *(at for at in looked if at <= each.at)])
        assert each.due_at - last <= minutes(15)
    # The last limit nobody kept was told of, if there is anything to tell.
    last_due = minute(now + 15)
    told = [each for each in leads if each.due_at == last_due]
    assert len(told) == (1 if before or spread else 0)


def test_it_varies_from_check_to_check_and_from_stay_to_stay() -> None:
    leads: dict[str, list[float]] = {}
    for name in ("s1", "s2"):
        stay = StayId(name)
        story = enclosed(checks(2, 5), stay=stay)
        for at in range(15, 15 * 20, 15):
            story.does(check(at, stay=stay), minute(at))
        leads[name] = [
            each.lead / minutes(1)
            for each in story.of(Prompted)
            if isinstance(each, Prompted)
        ]

    assert leads["s1"] != leads["s2"]
    for each in leads.values():
        assert len(each) == 19
        assert len(set(each)) == 19
        assert min(each) < 3
        assert max(each) > 6


def test_the_same_story_has_the_same_reminders() -> None:
    def told() -> Story:
        story = enclosed(checks(2, 5))
        for at in (14, 28, 42):
            story.does(check(at), minute(at))
        return story

    assert told().events == told().events


def test_a_reminder_is_no_breach_and_claims_nobody() -> None:
    story = enclosed(checks())
    story.waits(minute(14))

    assert story.ledger.lines == {}
    assert story.state.alerts == {}
    assert story.state.standings[KEY].prompted_for == minute(15)
