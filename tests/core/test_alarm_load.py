"""The load is what claimed people; whether anything was needed is said only if it is known.

No drill changes a figure, the order of what is written at one instant makes no difference,
and times are those that passed, also when the clock was set or summer time began.
"""

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from room_monitor.core.evaluation import Reason
from room_monitor.core.events import ClockStepped, Closing, Entry, Holding, Message
from room_monitor.core.ids import RoomId
from room_monitor.core.requirements import Priority
from room_monitor.core.rota import Shift
from room_monitor.core.views.alarm_figures import (
    LEAST_FOR_A_SHARE,
    LEAST_FOR_A_TENTH,
)
from room_monitor.core.views.alarm_load import AlarmLoad, Slot, alarm_load
from room_monitor.core.views.alarm_sources import SourceKind
from room_monitor.core.views.alert_lives import (
    NEEDED,
    Ground,
    Life,
    Needed,
    alert_lives,
)
from sensors.quantity import Quantity
from tests.core.at_desk import ANNA, BEN, shift
from tests.core.entries import numbered
from tests.core.loads import (
    AIR,
    CHECK,
    LOCK,
    Log,
    check,
    correction,
    end,
    evidence,
    fact,
    moved,
    taken,
)
from tests.core.play import ROOM, STAY

ZONE = "Europe/Amsterdam"
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
DAY = shift("day", "07:00-23:00", ANNA, zone=ZONE)
NIGHT = shift("night", "23:00-07:00", BEN, zone=ZONE)
MINUTE, HOUR, WEEK = timedelta(minutes=1), timedelta(hours=1), timedelta(days=7)
SPRING = datetime(2026, 3, 28, 22, tzinfo=UTC)
"""23:00 on the evening before the clock is set forward."""
AUTUMN = datetime(2026, 10, 24, 21, tzinfo=UTC)
"""23:00 on the evening before the clock is set back."""


def hour(number: float) -> datetime:
    return MONDAY + number * HOUR


def load(
    log: Log | Iterable[Entry],
    *shifts: Shift,
    since: datetime = MONDAY,
    now: datetime = MONDAY + WEEK,
    room: RoomId | None = None,
) -> AlarmLoad:
    entries = log.entries if isinstance(log, Log) else log
    return alarm_load(entries, shifts, ZONE, since=since, now=now, room=room)


def only(log: Log) -> Life:
    (life,) = alert_lives(log.entries)
    return life


def slots(found: AlarmLoad) -> list[Slot]:
    """Those in which there was anything."""
    every = [slot for each in found.shifts for slot in each.slots]
    return [slot for slot in every if slot.figures.alerts]


# --- Did it need anybody? -----------------------------------------------------------------


def test_a_missed_check_that_was_made_needed_somebody() -> None:
    log = Log()
    log.raises("a", hour(1), CHECK, stay=STAY)
    log.ends("a", hour(2), check(hour(2)))

    assert (only(log).ground, only(log).needed) == (Ground.RECORDED, Needed.ACTION)


def test_an_inspection_that_was_recorded_ends_what_asked_for_it() -> None:
    log = Log()
    log.raises("a", hour(1), "daily-inspection/done")
    log.ends("a", hour(2), fact(hour(2)))

    assert only(log).ground is Ground.RECORDED


def test_the_end_of_a_stay_ends_what_was_asked_of_people_in_it() -> None:
    log = Log()
    log.raises("a", hour(1), CHECK, stay=STAY)
    log.ends("a", hour(2), end(hour(2)), closing=Closing.LAPSED)

    assert only(log).ground is Ground.RECORDED


def test_what_was_recorded_of_another_stay_ended_nothing() -> None:
    log = Log()
    log.raises("a", hour(1), CHECK, stay=STAY)
    log.ends("a", hour(2), check(hour(2), "s9"))

    assert only(log).ground is Ground.BY_ITSELF


def test_a_lock_that_was_opened_needed_a_hand() -> None:
    log = Log()
    log.raises("a", hour(1), LOCK)
    log.ends("a", hour(2), moved(hour(2)), evidence=evidence(hour(2)))

    assert only(log).ground is Ground.BY_HAND


def test_a_lock_that_is_heard_again_was_moved_by_nobody() -> None:
    log = Log()
    log.raises("a", hour(1), "device-heard-from/heard/lock", reason=Reason.SILENT)
    log.ends("a", hour(2), moved(hour(2)), evidence=evidence(hour(2)))

    assert only(log).ground is Ground.BY_ITSELF


def test_a_control_that_is_free_again_was_freed_by_a_hand() -> None:
    log = Log()
    log.raises("a", hour(1), "own-control/free/thermostat")
    freed = evidence(hour(2), Quantity.CONTROL_LOCKOUT, "thermostat")
    log.ends("a", hour(2), evidence=freed)

    assert only(log).ground is Ground.BY_HAND


def test_an_alert_of_a_device_is_not_ended_by_a_check() -> None:
    log = Log()
    log.raises("a", hour(1), AIR)
    log.ends("a", hour(2), check(hour(2)))

    assert (only(log).ground, only(log).needed) == (
        Ground.SOMEBODY_THERE,
        Needed.UNKNOWN,
    )


def test_somebody_was_there_and_nobody_knows_what_they_did() -> None:
    log = Log()
    log.raises("a", hour(1), AIR)
    log.add(hour(1.5), check(hour(1.5)))
    log.ends("a", hour(2))

    assert only(log).needed is Needed.UNKNOWN


def test_what_somebody_took_on_needed_them() -> None:
    log = Log()
    log.raises("a", hour(1))
    log.is_taken("a", hour(1.5))
    log.ends("a", hour(2))

    assert only(log).ground is Ground.TAKEN_ON


def test_seeing_it_once_it_is_over_was_not_needed() -> None:
    log = Log()
    log.raises("a", hour(1))
    log.ends("a", hour(2))
    log.is_taken("a", hour(3))

    assert (only(log).ground, only(log).taken_at) == (Ground.BY_ITSELF, None)
    assert only(log).needed is Needed.NOTHING


def test_what_was_put_aside_and_went_by_itself_is_not_known() -> None:
    log = Log()
    log.raises("a", hour(1))
    log.is_shelved("a", hour(1.5))
    log.is_unshelved("a", hour(25.5))
    log.ends("a", hour(26))

    assert only(log).ground is Ground.PUT_ASIDE


def test_a_late_entry_says_that_only_the_record_was_amiss() -> None:
    log = Log()
    log.raises("a", hour(1), CHECK, stay=STAY)
    log.ends("a", hour(2), check(hour(0.9)), closing=Closing.WITHDRAWN)

    assert only(log).ground is Ground.PUT_RIGHT


def test_readings_that_come_later_say_that_it_never_was() -> None:
    log = Log()
    log.raises("a", hour(1))
    log.is_taken("a", hour(1.5))
    log.ends("a", hour(2), closing=Closing.WITHDRAWN)

    assert (only(log).ground, only(log).needed) == (Ground.NEVER_WAS, Needed.NOTHING)


def test_what_is_withdrawn_after_it_was_over_never_was() -> None:
    log = Log()
    log.raises("a", hour(1))
    log.is_taken("a", hour(1.5))
    log.ends("a", hour(2))
    log.is_revised("a", hour(3), Closing.WITHDRAWN)

    assert only(log).ground is Ground.NEVER_WAS


def test_a_check_that_never_was_is_no_action() -> None:
    log = Log()
    log.raises("a", hour(1), CHECK, stay=STAY)
    log.ends("a", hour(2), check(hour(2), record="r1"))
    log.add(hour(3), correction(hour(3), "r1", None))
    log.is_revised("a", hour(3), None)
    log.raises("a", hour(3), CHECK, stay=STAY)

    first, second = alert_lives(log.entries)
    assert first.ground is Ground.BY_ITSELF
    assert (second.ground, second.is_open) == (Ground.OPEN, True)


def test_what_is_open_or_no_longer_asked_is_not_known() -> None:
    log = Log()
    log.raises("a", hour(1))
    log.raises("b", hour(1))
    log.ends("b", hour(2), closing=Closing.LAPSED)

    assert [life.ground for life in alert_lives(log.entries)] == [
        Ground.OPEN,
        Ground.OTHERWISE,
    ]


def test_every_ground_says_what_was_needed() -> None:
    assert set(NEEDED) == set(Ground)


# --- How many, and how soon ---------------------------------------------------------------


def test_what_became_of_alerts_is_counted() -> None:
    log = Log()
    log.starts(hour(0))
    log.raises("a", hour(1), priority=Priority.URGENT)
    log.pages("p1", hour(1), "a")
    log.pages("p2", hour(1), "a")
    log.fails("p1", hour(1.1))
    log.is_sent("p2", hour(1.1))
    log.is_taken("a", hour(1.25))
    log.runs_out("a", hour(1.5))
    log.is_taken("a", hour(1.6))
    log.ends("a", hour(2))
    log.pages("p3", hour(2), "a", message=Message.OVER)
    log.raises("b", hour(3))
    log.ends("b", hour(3.5))
    log.raises("c", hour(4))
    log.is_shelved("c", hour(4.5))
    log.raises("d", hour(5))
    log.pages("p4", hour(6), message=Message.PROMPT)

    found = load(log)
    total = found.total
    assert total.alerts == 4
    assert total.by_priority == {Priority.URGENT: 1, Priority.HIGH: 0, Priority.LOW: 3}
    assert total.needed == {
        Needed.ACTION: 1,
        Needed.NOTHING: 1,
        Needed.UNKNOWN: 2,
    }
    assert (total.never_taken, total.waiting, total.still_open) == (1, 1, 2)
    assert (total.came_back, total.shelved) == (1, 1)
    assert (total.taken.count, total.taken.longest) == (2, 30 * MINUTE)
    assert (total.lasted.count, total.lasted.longest) == (2, HOUR)
    pages = found.pages
    assert (pages.alerts, pages.prompts, pages.others, pages.failed) == (2, 1, 1, 1)


def of_nothing(count: int) -> AlarmLoad:
    """So many alerts, each a minute longer; all but the first needed nothing."""
    log = Log()
    for number in range(1, count + 1):
        log.raises(f"a{number}", hour(2 * number))
        log.is_taken(f"a{number}", hour(2 * number) + number * MINUTE)
        closing = Closing.MET if number == 1 else Closing.WITHDRAWN
        log.ends(f"a{number}", hour(2 * number + 1), closing=closing)
    return load(log)


def test_of_a_few_there_is_no_share_and_no_median() -> None:
    few = of_nothing(LEAST_FOR_A_SHARE - 1).total
    enough = of_nothing(LEAST_FOR_A_SHARE).total

    assert (few.known, few.share, few.taken.median) == (4, None, None)
    assert few.taken.longest == 4 * MINUTE
    assert (enough.share, enough.taken.median) == (0.2, 3 * MINUTE)
    assert enough.taken.p90 is None
    assert of_nothing(LEAST_FOR_A_TENTH).total.taken.p90 == 9 * MINUTE


def test_what_is_unknown_is_in_no_share() -> None:
    log = Log()
    for number in range(20):
        log.raises(f"a{number}", hour(number))

    assert (load(log).total.known, load(log).total.share) == (0, None)


def test_what_another_alert_tells_of_claims_nobody() -> None:
    log = Log()
    log.raises("a", hour(1))
    log.raises("b", hour(1))
    log.is_held("b", hour(1))
    log.raises("c", hour(1))
    log.is_held("c", hour(1), Holding.INHIBITED)
    log.ends("c", hour(2))

    total = load(log).total
    assert (total.alerts, total.grouped, total.inhibited) == (1, 1, 1)


def test_what_is_released_claims_people_from_then_on() -> None:
    log = Log()
    log.raises("b", hour(1))
    log.is_held("b", hour(1))
    log.is_released("b", hour(30))
    log.is_taken("b", hour(30) + 2 * MINUTE)

    (slot,) = slots(load(log))
    assert slot.began_at == hour(23)  # midnight in Amsterdam
    assert slot.figures.grouped == 0
    assert slot.figures.taken.longest == 2 * MINUTE


def test_an_alert_that_comes_back_is_another() -> None:
    log = Log()
    for number in range(3):
        log.raises("a", hour(2 * number))
        log.ends("a", hour(2 * number + 1))

    assert load(log).total.alerts == 3


def test_troubles_of_the_monitor_are_counted_apart() -> None:
    log = Log()
    log.is_troubled("t", hour(1))
    log.pages("p", hour(1), "t", room=None)
    log.raises("a", hour(2))

    found = load(log)
    assert found.total.alerts == 1
    assert list(found.troubles.values()) == [1]
    assert found.pages.alerts == 0


def test_one_room_only() -> None:
    other = RoomId("calm-2")
    log = Log()
    log.raises("a", hour(1))
    log.raises("b", hour(2), room=other)
    log.pages("p", hour(2), "b", room=other)
    log.is_troubled("t", hour(3))

    found = load(log, room=other)
    assert (found.total.alerts, found.pages.alerts, dict(found.troubles)) == (1, 1, {})
    assert set(load(log).rooms) == {ROOM, other}


def test_nothing_at_all() -> None:
    found = load([])

    assert (found.total.alerts, found.sources, found.stale) == (0, (), ())
    assert found.total.taken.longest is None
    assert load([], DAY, now=MONDAY).shifts == ()


# --- Per shift ----------------------------------------------------------------------------


def test_a_shift_across_midnight_is_one() -> None:
    log = Log()
    log.raises("a", hour(22.5))  # 23:30 in Amsterdam
    log.raises("b", hour(29.9))  # 06:54 the next day
    log.raises("c", hour(30))  # 07:00

    night, day = sorted(slots(load(log, DAY, NIGHT)), key=lambda slot: slot.began_at)
    assert (night.shift, night.figures.alerts) == (NIGHT.id, 2)
    assert (night.began_at, night.ended_at) == (hour(22), hour(30))
    assert (day.shift, day.figures.alerts) == (DAY.id, 1)


@pytest.mark.parametrize(("begins", "hours"), [(SPRING, 7), (AUTUMN, 9)])
def test_nights_in_which_the_clock_is_set_for_summer(
    begins: datetime, hours: int
) -> None:
    log = Log()
    log.raises("a", begins)
    log.is_taken("a", begins + 5 * HOUR)
    log.ends("a", begins + 6 * HOUR)
    log.raises("b", begins + hours * HOUR - MINUTE)
    log.raises("c", begins + hours * HOUR)

    found = load(log, DAY, NIGHT, since=begins - WEEK, now=begins + WEEK)
    night = next(slot for slot in slots(found) if slot.shift == NIGHT.id)
    assert night.ended_at - night.began_at == hours * HOUR
    assert night.figures.alerts == 2
    assert night.figures.taken.longest == 5 * HOUR
    assert night.figures.lasted.longest == 6 * HOUR


@pytest.mark.parametrize(("begins", "hours"), [(SPRING, 23), (AUTUMN, 25)])
def test_without_shifts_it_is_told_by_the_day(begins: datetime, hours: int) -> None:
    log = Log()
    midnight = begins + HOUR
    log.raises("a", midnight)
    log.raises("b", midnight + hours * HOUR - MINUTE)
    log.raises("c", midnight + hours * HOUR)

    found = load(log, since=begins - WEEK, now=begins + WEEK)
    first, second = slots(found)
    assert not found.by_shift
    assert (first.figures.alerts, second.figures.alerts) == (2, 1)
    assert first.ended_at - first.began_at == hours * HOUR


def test_when_nobody_is_on_shift_it_is_told_apart() -> None:
    log = Log()
    log.raises("a", hour(23))

    found = load(log, DAY)
    (slot,) = slots(found)
    assert (slot.shift, found.shifts[-1].figures.alerts) == (None, 1)


def test_who_are_there_together_share_an_alert() -> None:
    log = Log()
    log.raises("a", hour(12))

    found = load(log, DAY, replace(DAY, id=NIGHT.id))
    assert [each.figures.alerts for each in found.shifts[:2]] == [1, 1]
    assert found.total.alerts == 1


def test_what_is_usual_is_said_of_whole_shifts_that_were_watched() -> None:
    log = Log()
    log.starts(MONDAY - WEEK)
    for number in range(6):
        log.raises(f"a{number}", hour(24 * number + 12))
    log.is_blind(hour(24 * 6 + 6), hour(24 * 7))

    (day, _) = load(log, DAY, since=hour(0), now=hour(24 * 7 - 1)).shifts
    assert (len(day.slots), day.counted, day.usual, day.most) == (7, 6, 1.0, 1)
    assert day.slots[-1].blind == 16 * HOUR
    early = load(log, DAY, since=hour(0), now=hour(24 * 3)).shifts[0]
    assert (early.counted, early.usual) == (3, None)


def test_before_the_first_start_nothing_was_quiet() -> None:
    log = Log()
    log.starts(hour(48))

    assert load(log, DAY).since == hour(48)


# --- The clock ----------------------------------------------------------------------------


def test_a_step_of_the_clock_makes_nothing_longer() -> None:
    log = Log()
    log.raises("a", hour(30))
    log.is_set(-6 * HOUR, hour(24.5))  # half an hour later; it was set back
    log.is_taken("a", hour(25))
    log.ends("a", hour(26))

    (slot,) = slots(load(log))
    assert slot.began_at == hour(23)
    assert slot.figures.taken.longest == HOUR
    assert slot.figures.lasted.longest == 2 * HOUR


# --- Where they come from -----------------------------------------------------------------


def test_what_raises_most_for_nothing_comes_first() -> None:
    log = Log()
    for number in range(4):  # many, and all were needed
        log.raises(f"c{number}", hour(3 * number), CHECK, stay=STAY)
        log.ends(f"c{number}", hour(3 * number + 1), check(hour(3 * number + 1)))
    for number in range(3):  # fewer, and none was
        room = RoomId("calm-2")
        log.raises(f"g{number}", hour(20 + number), AIR, room=room)
        log.ends(f"g{number}", hour(20.5 + number), room=room)
    log.raises("s", hour(40), "heard/it/x", reason=Reason.SILENT, group="gateway/attic")

    found = load(log).sources
    asked = [s for s in found if s.kind is SourceKind.OBLIGATION]
    assert [(s.name, s.figures.alerts) for s in asked] == [
        (f"calm-2/{AIR}", 3),
        (f"{ROOM}/{CHECK}", 4),
        (f"{ROOM}/heard/it/x", 1),
    ]
    named = {(s.kind, s.name) for s in found}
    assert (SourceKind.GATEWAY, "attic") in named
    assert (SourceKind.DEVICE, "climate") in named
    assert (SourceKind.REQUIREMENT, "check-every-quarter") in named


def come_and_go(*minutes: float) -> AlarmLoad:
    log = Log()
    for number, minute in enumerate(minutes):
        at = hour(1) + minute * MINUTE
        log.raises(f"a{number}", at)
        log.ends(f"a{number}", at + 0.5 * MINUTE)
    return load(log)


def test_three_times_within_an_hour_is_flapping() -> None:
    assert come_and_go(0, 30, 60).flapping == ()
    (found,) = come_and_go(0, 30, 59, 300, 400, 410, 420, 430).flapping
    assert (found.alerts, found.most, found.source) == (7, 4, f"{ROOM}/{AIR}")
    assert found.began_at == hour(1)
    assert found.ended_at == hour(1) + 430 * MINUTE


@given(st.lists(st.integers(0, 300), max_size=25))
def test_flapping_is_what_it_says(minutes: list[int]) -> None:
    order = sorted(minutes)
    found = come_and_go(*order).flapping
    inside = {
        place
        for first in range(len(order))
        for last in range(first + 2, len(order))
        if order[last] - order[first] < 60
        for place in range(first, last + 1)
    }

    assert (found[0].alerts if found else 0) == len(inside)


def test_what_is_open_for_longer_than_a_day_is_stale() -> None:
    log = Log()
    log.raises("long-ago", MONDAY - 4 * WEEK)
    log.raises("over", MONDAY - 4 * WEEK)
    log.ends("over", MONDAY - 2 * WEEK)
    log.raises("a", hour(1))
    log.ends("a", hour(26))
    log.raises("b", hour(2))
    log.ends("b", hour(26))

    assert [life.alert for life in load(log).stale] == ["long-ago", "a"]


SEEDS = st.integers(0, 10**6).map(Random)


# --- Whatever the log says ----------------------------------------------------------------


def turns(log: Log, draw: Random) -> None:
    """Anything that can happen to a few alerts, at instants that may coincide."""
    at = hour(4)
    is_open: set[str] = set()
    for _ in range(60):
        at += draw.choice((0, 0, 1, 7, 45)) * MINUTE
        name = draw.choice("abcd")
        acts: Sequence[Callable[[str, datetime], None]] = (
            log.is_taken,
            log.runs_out,
            log.is_shelved,
            log.is_held,
            log.is_released,
        )
        if name not in is_open:
            at += MINUTE
            log.raises(name, at, draw.choice((AIR, CHECK)))
            log.pages(f"p{len(log.entries)}", at, name)
            is_open.add(name)
        elif draw.random() < 0.3:
            at += MINUTE
            by = draw.choice(((), (check(at),), (taken(name),)))
            log.ends(name, at, *by, closing=draw.choice(tuple(Closing)))
            is_open.remove(name)
        else:
            draw.choice(acts)(name, at)
    if draw.random() < 0.5:
        log.is_set(draw.choice((-3, 2)) * HOUR, at)


def drill(log: Log, number: int, at: datetime) -> None:
    name = f"drill-{number}"
    log.drills(name, at)
    log.pages(f"dp-{number}", at, name, drill=True)
    log.fails(f"dp-{number}", at + MINUTE)
    if number % 2:
        log.is_taken(name, at + 2 * MINUTE)
    else:
        log.is_over(name, at + 30 * MINUTE)


@given(SEEDS)
def test_no_drill_changes_a_figure(draw: Random) -> None:
    log, drills = Log(), Log()
    turns(log, draw)
    for number in range(draw.randint(1, 4)):
        drill(drills, number, hour(draw.randint(4, 40)))
    mixed = list(log.entries)
    for entry in drills.entries:
        mixed.insert(draw.randint(0, len(mixed)), entry)

    with_drills, without = load(numbered(mixed), DAY, NIGHT), load(log, DAY, NIGHT)
    assert with_drills.drills > 0
    assert replace(with_drills, drills=0) == without


@given(SEEDS)
def test_the_order_within_an_instant_makes_no_difference(draw: Random) -> None:
    log = Log()
    turns(log, draw)
    steps = [e for e in log.entries if isinstance(e.event, ClockStepped)]
    others = [e for e in log.entries if e not in steps]
    mixed = sorted(others, key=lambda entry: (entry.recorded_at, draw.random()))

    assert load(numbered([*mixed, *steps]), DAY) == load(log, DAY)


@given(SEEDS)
def test_every_alert_is_counted_once_and_of_one_kind(draw: Random) -> None:
    log = Log()
    turns(log, draw)

    found = load(log, DAY, NIGHT)
    total, lives = found.total, alert_lives(log.entries)
    assert total.alerts + total.grouped + total.inhibited == len(lives)
    assert sum(total.needed.values()) == total.alerts == sum(total.grounds.values())
    assert total.taken.count + total.never_taken + total.waiting == total.alerts
    assert total.lasted.count + total.still_open == total.alerts
    assert sum(each.figures.alerts for each in found.shifts) == total.alerts
    assert sum(each.alerts for each in found.rooms.values()) == total.alerts
    assert all(life.lasted(found.until) >= timedelta(0) for life in lives)


def year(alerts: int) -> list[Entry]:
    """So many alerts spread over a year, each with pages, checks and an end."""
    log = Log()
    log.starts(MONDAY)
    for number in range(alerts):
        at = MONDAY + number * (365 * 24 * HOUR / alerts)
        log.raises(f"a{number}", at, AIR)
        log.pages(f"p{number}", at, f"a{number}")
        log.is_sent(f"p{number}", at)
        log.add(at + MINUTE, check(at + MINUTE))
        log.ends(f"a{number}", at + 3 * MINUTE)
    return log.entries


def calls(entries: list[Entry]) -> int:
    """How many functions are called to count them: the work, whatever the machine does."""
    count = 0

    def called(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(called)
    try:
        found = load(entries, DAY, NIGHT, now=MONDAY + timedelta(days=365))
    finally:
        sys.setprofile(None)
    assert found.total.alerts > 0
    return count


def test_four_times_as_many_alerts_in_a_year_take_four_times_the_work() -> None:
    few, many = calls(year(500)), calls(year(2_000))

    assert many < 5 * few
