"""A drill shows whom it reached, how soon, and who was never reached; so does a test.

A page that was sent was taken over, not read: only an acknowledgement ends a drill before
its time.
"""

from datetime import UTC, datetime, timedelta

from room_monitor.core.ids import ChannelId, PersonId, ShiftId
from room_monitor.core.rota import Target
from room_monitor.core.views.drills import Drill, Ending, drills, reach_tests
from tests.core.loads import Log
from tests.core.play import ROOM

BEGAN = datetime(2026, 3, 2, 12, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
ANNA, BEN, MIA = (PersonId(name) for name in ("anna", "ben", "mia"))


def second(number: float) -> datetime:
    return BEGAN + number * SECOND


def only(log: Log) -> Drill:
    (found,) = drills(log.entries)
    return found


def whom(person: PersonId | None, channel: str) -> Target:
    return Target(person=person, channel=ChannelId(channel))


def reached_two() -> Log:
    """Anna by one of two phones, Mia later by none, the siren not."""
    log = Log()
    log.drills("d", second(0))
    log.pages("p1", second(1), "d", person="anna", channel="old-phone", drill=True)
    log.pages("p2", second(1), "d", person="anna", channel="phone", drill=True)
    log.fails("p1", second(9), "no such number")
    log.is_sent("p2", second(3))
    log.pages("p3", second(120), "d", person="mia", step=2, drill=True)
    log.pages("p4", second(120), "d", person=None, channel="siren", step=2, drill=True)
    log.fails("p4", second(130))
    return log


def test_each_step_took_so_long() -> None:
    log = reached_two()
    log.is_taken("d", second(150))
    found = only(log)

    assert (found.room, found.role, found.ladder) == (ROOM, "team_leader", "staff")
    assert found.ending is Ending.ACKNOWLEDGED
    assert found.acknowledged_after == 150 * SECOND
    assert found.acknowledged_by == "care_worker"
    assert found.over_at == second(150)
    old, phone, mia, siren = found.tried
    assert (phone.person, phone.channel, phone.step) == (ANNA, "phone", 1)
    assert (phone.queued_after, phone.sent_after) == (SECOND, 2 * SECOND)
    assert phone.sent_at == second(3)
    assert found.acknowledged_after_sent(phone) == 147 * SECOND
    assert (old.sent_after, old.failed_after) == (None, 8 * SECOND)
    assert old.error == "no such number"
    assert (mia.queued_after, mia.sent_after) == (120 * SECOND, None)
    assert siren.failed_after == 10 * SECOND
    assert found.acknowledged_after_sent(mia) is None


def test_who_was_never_reached() -> None:
    found = only(reached_two())

    assert found.reached
    assert found.never_reached == (whom(MIA, "phone"), whom(None, "siren"))


def test_nobody_took_it_on() -> None:
    log = reached_two()
    assert only(log).ending is None
    log.is_over("d", second(1800))
    log.is_taken("d", second(1900))

    found = only(log)
    assert (found.ending, found.over_at) == (Ending.TIME, second(1800))
    assert found.acknowledged_after is None


def test_a_page_that_comes_after_somebody_took_it_on_was_not_waited_for() -> None:
    log = Log()
    log.drills("d", second(0))
    log.pages("p", second(1), "d", drill=True)
    log.is_taken("d", second(2))
    log.is_sent("p", second(5))

    found = only(log)
    assert found.tried[0].sent_after == 4 * SECOND
    assert found.acknowledged_after_sent(found.tried[0]) is None


def test_nobody_was_told() -> None:
    log = Log()
    log.drills("d", second(0))
    log.is_over("d", second(1800))

    assert (only(log).tried, only(log).reached, only(log).never_reached) == (
        [],
        False,
        (),
    )


def test_alerts_are_no_drills_and_the_last_drill_comes_first() -> None:
    log = Log()
    log.raises("a", second(0))
    log.pages("p", second(0), "a")
    log.drills("d1", second(10))
    log.drills("d2", second(20))

    assert [drill.alert for drill in drills(log.entries)] == ["d2", "d1"]
    assert drills([]) == []


def test_a_step_of_the_clock_makes_no_step_longer() -> None:
    log = Log()
    log.drills("d", second(0))
    log.is_set(-3600 * SECOND, second(-3590))
    log.pages("p", second(-3589), "d", drill=True)
    log.is_sent("p", second(-3580))
    log.is_taken("d", second(-3570))

    found = only(log)
    assert found.tried[0].queued_after == 11 * SECOND
    assert found.tried[0].sent_after == 9 * SECOND
    assert found.acknowledged_after == 30 * SECOND


# --- Tests of reach -----------------------------------------------------------------------


def test_the_last_test_of_each_shift() -> None:
    log = Log()
    for day in (0, 1):
        begins = BEGAN + timedelta(days=day)
        at = begins - 15 * MINUTE
        first = log.tests("day", begins, at, "anna", "phone")
        log.tests("day", begins, at, "anna", "tablet")
        log.tests("day", begins, at, "ben", "phone")
        log.is_sent(first, at + SECOND)
        log.reports("day", at + SECOND, "anna", "phone")
        log.reports("day", at + 5 * MINUTE, "anna", "tablet", "nothing was heard")
        log.reports("day", at + 5 * MINUTE, "ben", "phone", "nothing was heard")
    night = BEGAN + timedelta(hours=10)
    log.tests("night", night, night - 15 * MINUTE, "mia", "phone")

    tested, waiting = reach_tests(log.entries)
    assert (tested.shift, tested.begins_at) == ("day", BEGAN + timedelta(days=1))
    assert tested.tested_at == BEGAN + timedelta(days=1) - 15 * MINUTE
    assert [each.sent_after for each in tested.tried] == [SECOND, None, None]
    assert tested.tried[1].failed_after == 5 * MINUTE
    assert tested.reached
    assert tested.never_reached == (whom(BEN, "phone"),)
    assert (waiting.shift, waiting.reached) == (ShiftId("night"), False)
    assert waiting.tried[0].failed_after is None


def test_a_test_of_which_only_the_result_is_known() -> None:
    log = Log()
    log.reports("day", second(0), "anna", "phone", "no such number")
    log.reports("day", second(1), "ben", "phone")
    log.reports("day", second(86_400), "anna", "phone")

    (found,) = reach_tests(log.entries)
    assert found.begins_at is None
    assert found.never_reached == ()
    assert {each.person for each in found.tried} == {ANNA, BEN}
