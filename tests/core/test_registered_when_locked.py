"""A door that is closed and locked has a stay registered with it, or a reason why not.

What was locked without one stays a violation, also after the door is open again.
"""

import pytest

from room_monitor.core.evaluation import Reason, Verdict
from room_monitor.core.events import (
    AlertRaised,
    BreachClosed,
    BreachOpened,
    ClockStepped,
    Closing,
)
from room_monitor.core.ids import ObligationId, StayId
from room_monitor.core.requirements import Priority, RegisteredWhenLocked, StayKind
from room_monitor.core.site import Role
from sensors.quantity import Quantity
from tests.core.play import (
    STEP,
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
    requirement,
    room,
)

LOCK = device(Role.DOOR_LOCK, interval=minutes(6000))
DOOR = device(Role.DOOR_CONTACT, interval=minutes(6000))
KEY = ObligationId("calm-1/registered/it")
REGISTERED = requirement(
    RegisteredWhenLocked(
        longer_than=minutes(5), dismissed_by="no_enclosure", dismissed_for=minutes(30)
    ),
    name="registered",
    priority=Priority.URGENT,
    insistent=True,
)


def watched(*stretches: tuple[float, float | None]) -> Story:
    """A room whose door was locked from minute to minute, and nobody said why."""
    story = Story(room(LOCK, DOOR), REGISTERED)
    story.hears(reading(DOOR, Quantity.DOOR_CONTACT, 0, minute(0)))
    story.hears(reading(LOCK, Quantity.DOOR_LOCK, 0, minute(0)))
    for began, ended in stretches:
        lock(story, 1, began)
        if ended is not None:
            lock(story, 0, ended)
    return story


def lock(story: Story, value: float, at: float) -> None:
    story.hears(reading(LOCK, Quantity.DOOR_LOCK, value, minute(at)))


def no_enclosure(story: Story, at: float) -> None:
    story.does(fact("no_enclosure", at, stay=None), minute(at))


def closings(story: Story) -> list[tuple[Closing, float, float | None]]:
    return [
        (
            e.closing,
            (e.began_at - minute(0)) / minutes(1),
            None if e.ended_at is None else (e.ended_at - minute(0)) / minutes(1),
        )
        for e in story.of(BreachClosed)
        if isinstance(e, BreachClosed)
    ]


# --- How long -------------------------------------------------------------------------


def test_exactly_as_long_as_is_allowed_says_nothing_and_a_microsecond_more_does() -> (
    None
):
    story = watched((10, None))
    assert story.waits(minute(15)) == []
    events = story.waits(minute(15) + STEP)

    (opened,) = [e for e in events if isinstance(e, BreachOpened)]
    assert (opened.obligation, opened.reason, opened.began_at) == (
        KEY,
        Reason.NOT_REGISTERED,
        minute(10),
    )
    (raised,) = [e for e in events if isinstance(e, AlertRaised)]
    assert raised.insistent


@pytest.mark.parametrize(("until", "breaches"), [(15, 0), (15.01, 1)])
def test_a_door_that_was_open_in_time_says_nothing(until: float, breaches: int) -> None:
    story = watched((10, until))
    story.waits(minute(100))

    assert len(story.ledger.lines) == breaches


def test_a_door_that_is_open_again_explains_nothing() -> None:
    story = watched((10, 40))
    story.waits(minute(5000))

    assert story.ledger.intervals() == [(KEY, minute(10), None)]
    assert story.state.standings[KEY].verdict is Verdict.VIOLATED


def test_a_closed_door_that_is_not_locked_needs_no_stay() -> None:
    story = watched()
    story.waits(minute(500))

    assert story.ledger.lines == {}


def test_what_nobody_looked_at_until_the_door_was_open_is_found_all_the_same() -> None:
    story = watched()
    lock(story, 1, 10)
    story.hears(reading(LOCK, Quantity.DOOR_LOCK, 0, minute(60)), seeing=False)
    story.waits(minute(61))

    assert story.ledger.intervals() == [(KEY, minute(10), None)]


# --- A stay explains it ---------------------------------------------------------------


@pytest.mark.parametrize("kind", StayKind)
def test_a_stay_that_is_registered_explains_it(kind: StayKind) -> None:
    story = watched()
    story.does(begin(9, kind), minute(9))
    lock(story, 1, 10)
    lock(story, 0, 60)
    story.does(end(60), minute(60))
    story.waits(minute(500))

    assert story.ledger.lines == {}


def test_a_stay_that_is_registered_late_ends_the_breach_when_it_is() -> None:
    story = watched((10, None))
    story.waits(minute(20))
    story.does(begin(10), minute(22))

    assert closings(story) == [(Closing.MET, 10, 22)]
    story.waits(minute(500))
    assert len(story.ledger.lines) == 1


@pytest.mark.parametrize(("began", "explained"), [(15, True), (15.1, False)])
def test_what_was_locked_before_the_begin_is_not_explained_by_it(
    began: float, *, explained: bool
) -> None:
    story = watched((10, None))
    story.does(begin(began), minute(18))

    assert (story.state.standings[KEY].verdict is Verdict.MET) is explained


@pytest.mark.parametrize(
    ("until", "verdict"), [(45, Verdict.MET), (45.1, Verdict.VIOLATED)]
)
def test_a_door_that_stays_locked_after_the_end_is_not_explained_by_the_stay(
    until: float, verdict: Verdict
) -> None:
    story = watched()
    story.does(begin(9), minute(9))
    lock(story, 1, 10)
    story.does(end(40), minute(40))
    lock(story, 0, until)
    story.waits(minute(500))

    assert story.state.standings[KEY].verdict is verdict


def test_of_a_stay_whose_end_nobody_knows_only_what_is_known_counts() -> None:
    """It was known to go on at its last check; what somebody recorded later is no sign."""
    story = watched()
    story.does(begin(9), minute(9))
    lock(story, 1, 10)
    story.does(check(20), minute(20))
    story.does(end(None), minute(40))
    story.does(fact("aftercare", 90), minute(90))

    assert story.ledger.intervals() == [(KEY, minute(20), None)]


def test_a_breach_of_the_room_that_is_one_after_all_is_opened_once() -> None:
    story = watched((10, 40))
    story.does(begin(10, record="b"), minute(50))
    story.does(correction("b", at=60), minute(60))

    assert len(story.of(BreachOpened)) == 1


def test_two_stays_explain_what_lies_in_both() -> None:
    story = watched((10, 60))
    story.does(begin(10), minute(61))
    story.does(end(30), minute(62))
    assert story.state.standings[KEY].verdict is Verdict.VIOLATED
    story.does(begin(30, stay=StayId("s2")), minute(63))
    story.does(end(60, StayId("s2")), minute(64))

    assert story.state.standings[KEY].verdict is Verdict.MET
    assert len(story.ledger.lines) == len(story.of(BreachOpened))


# --- Somebody says that it was none ---------------------------------------------------


def test_what_was_no_enclosure_is_withdrawn() -> None:
    story = watched((10, 40))
    no_enclosure(story, 50)

    assert closings(story) == [(Closing.WITHDRAWN, 10, 50)]
    story.waits(minute(500))
    assert story.ledger.intervals() == []


def test_while_it_stays_locked_that_holds_for_a_while_only() -> None:
    story = watched((10, None))
    story.waits(minute(16))
    no_enclosure(story, 20)
    assert story.ledger.intervals() == []
    assert story.waits(minute(55)) == []

    story.waits(minute(55) + STEP)

    assert story.ledger.intervals() == [(KEY, minute(50), None)]


def test_what_was_dismissed_for_a_while_is_not_dismissed_by_opening_the_door() -> None:
    story = watched((10, None))
    no_enclosure(story, 20)
    story.waits(minute(100))
    lock(story, 0, 300)

    assert story.ledger.intervals() == [(KEY, minute(50), None)]


def test_a_lock_that_falls_silent_explains_nothing_when_the_dismissal_is_over() -> None:
    silent = device(Role.DOOR_LOCK, interval=minutes(10))
    story = Story(room(silent), REGISTERED)
    story.hears(reading(silent, Quantity.DOOR_LOCK, 1, minute(10)))
    no_enclosure(story, 14)
    story.waits(minute(40))
    assert story.state.standings[KEY].reason is Reason.READING_TOO_OLD
    story.waits(minute(50))

    assert story.ledger.intervals() == [(KEY, minute(44), None)]


def test_a_no_is_no_dismissal() -> None:
    story = watched((10, 40))
    story.does(fact("no_enclosure", 50, stay=None, outcome=False), minute(50))

    assert story.state.standings[KEY].verdict is Verdict.VIOLATED


def test_what_was_said_before_it_was_locked_dismisses_nothing() -> None:
    story = watched()
    no_enclosure(story, 5)
    lock(story, 1, 10)
    story.waits(minute(16))

    assert story.ledger.intervals() == [(KEY, minute(10), None)]


def test_a_dismissal_can_be_taken_back() -> None:
    story = watched((10, None))
    said = fact("no_enclosure", 12, stay=None, record="d")
    story.does(said, minute(12))
    story.does(correction("d", at=14, stay=None), minute(14))
    story.waits(minute(16))

    assert story.ledger.intervals() == [(KEY, minute(10), None)]


# --- The clock ------------------------------------------------------------------------


def test_what_was_said_before_the_clock_was_set_back_dismisses_nothing_later() -> None:
    story = watched()
    no_enclosure(story, 10)
    story.happens(ClockStepped(by=minutes(-8)), minute(3))
    lock(story, 1, 5)
    story.waits(minute(11))

    assert story.ledger.intervals() == [(KEY, minute(5), None)]


@pytest.mark.parametrize("by", [-120, 120])
def test_a_step_of_the_clock_changes_no_length_of_time(by: float) -> None:
    story = watched((10, None))
    story.happens(ClockStepped(by=minutes(by)), minute(12 + by))
    assert story.waits(minute(15 + by)) == []
    story.waits(minute(15 + by) + STEP)

    assert story.ledger.intervals() == [(KEY, minute(10 + by), None)]


# --- Silence --------------------------------------------------------------------------


def test_a_room_whose_lock_says_nothing_is_not_shown_to_be_free() -> None:
    silent = Story(room(LOCK), REGISTERED)
    without = Story(room(DOOR), REGISTERED)

    assert silent.state.standings[KEY].verdict is Verdict.UNKNOWN
    assert silent.state.standings[KEY].reason is Reason.NO_READING
    assert without.state.standings[KEY].verdict is Verdict.UNKNOWN
    assert without.state.standings[KEY].reason is Reason.NO_DEVICE


def test_silence_does_not_explain_what_was_locked() -> None:
    story = watched((10, None))
    story.waits(minute(13_000))

    assert story.ledger.intervals() == [(KEY, minute(10), None)]
