"""How long a stay lasted is told as registered and as measured; no end is made up."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from room_monitor.core.events import Closing, MonitorStopped, StayBegan, StayEnded
from room_monitor.core.ids import RoomId
from room_monitor.core.requirements import StayKind
from room_monitor.core.views.checks import Blocks, Gap, Missed
from room_monitor.core.views.records import Change, Correction
from room_monitor.core.views.stays import StaySummary, stay_summaries
from room_monitor.core.views.time_line import Stretch
from tests.core.entries import CARE, Log
from tests.core.play import ROOM, STAY, minute, minutes


def only(log: Log, now: float | None = None) -> StaySummary:
    (stay,) = stay_summaries(log.entries, None if now is None else minute(now))
    return stay


def with_door() -> Log:
    log = Log()
    log.starts(-60)
    log.door("open", -60)
    log.door("unlocked", -60)
    return log


def shut(log: Log, began: float, ended: float | None) -> None:
    log.door("closed", began)
    log.door("locked", began)
    if ended is not None:
        log.door("unlocked", ended)
        log.door("open", ended)


# --- Registered and measured --------------------------------------------------------------


def test_a_stay_that_is_over_is_told_whole() -> None:
    log = with_door()
    log.begins(0, recorded=3)
    shut(log, 2, 31)
    log.checks(10)
    log.opens(25)
    log.closes(25, 30, Closing.LAPSED)
    log.ends(30, recorded=36)

    assert only(log) == StaySummary(
        stay=STAY,
        room=ROOM,
        kind=StayKind.ENCLOSURE,
        key="k-17",
        began_at=minute(0),
        recorded_at=minute(3),
        ended_at=minute(30),
        end_recorded_at=minute(36),
        end_unknown=False,
        void=False,
        began_late=False,
        ended_late=True,
        registered=minutes(30),
        measured=minutes(28),
        measured_began_at=minute(2),
        measured_ended_at=minute(31),
        unseen=minutes(0),
        checks=1,
        late_checks=0,
        missed=1,
        breaches=1,
        missed_intervals=(
            Missed(
                stay=STAY,
                breach="b1",  # type: ignore[arg-type]
                began_at=minute(25),
                ended_at=minute(30),
                is_open=False,
            ),
        ),
        gaps=(_gap(10, 30),),
        blocks=Blocks(2, 1),
        corrections=(),
        lies=Stretch(minute(0), minute(30)),
    )
    assert only(log).difference == minutes(-2)
    assert not only(log).is_open


def _gap(began: float, ended: float) -> Gap:
    length = minutes(ended - began)
    return Gap(
        began_at=minute(began),
        due_at=minute(began + 15),
        ended_at=minute(ended),
        length=length,
        overrun=length - minutes(15),
        missed=True,
    )


def test_an_open_stay_has_lasted_so_far() -> None:
    log = with_door()
    log.begins(0)
    shut(log, 2, None)
    stay = only(log, 20)

    assert (stay.is_open, stay.ended_at, stay.registered) == (True, None, minutes(20))
    assert (stay.measured, stay.measured_ended_at) == (minutes(18), None)
    assert only(log).registered is None


def test_several_times_behind_a_locked_door_are_measured_together() -> None:
    log = with_door()
    shut(log, -10, 5)
    log.begins(0)
    shut(log, 10, 20)
    shut(log, 25, 40)
    log.ends(30)
    shut(log, 50, 60)
    stay = only(log)

    assert stay.measured == minutes(5 + 10 + 5)
    assert (stay.measured_began_at, stay.measured_ended_at) == (minute(-10), minute(40))
    assert stay.difference == minutes(-10)


def test_a_door_that_was_never_locked_is_measured_as_nothing() -> None:
    log = with_door()
    log.begins(0, kind=StayKind.OWN_REQUEST)
    log.ends(30)

    assert (only(log).measured, only(log).measured_began_at) == (minutes(0), None)


def test_without_a_lock_nothing_is_measured() -> None:
    log = Log()
    log.door("closed", 0)
    log.begins(0)
    log.ends(30)
    stay = only(log)

    assert (stay.measured, stay.difference, stay.unseen) == (None, None, minutes(30))


def test_what_nobody_saw_at_all_is_not_measured() -> None:
    log = with_door()
    shut(log, -10, None)
    log.add(MonitorStopped(), minute(-5), room=None)
    log.begins(0)
    log.ends(30)
    stay = only(log)

    assert (stay.measured, stay.unseen) == (None, minutes(30))


def test_what_was_seen_in_part_says_how_much_was_not() -> None:
    log = with_door()
    log.begins(0)
    shut(log, 0, None)
    log.is_blind(10, 18)
    log.ends(30)

    assert (only(log).measured, only(log).unseen) == (minutes(30), minutes(8))


def test_of_an_end_that_is_unknown_no_number_is_made() -> None:
    log = with_door()
    shut(log, -1, None)
    log.begins(0)
    log.checks(20)
    log.ends(None, recorded=300)
    stay = only(log, 400)

    numbers = (stay.registered, stay.measured, stay.difference, stay.unseen)
    assert numbers == (None, None, None, None)
    assert (stay.end_unknown, stay.is_open, stay.blocks) == (True, False, None)
    assert (stay.measured_began_at, stay.measured_ended_at) == (minute(-1), None)
    assert [g.began_at for g in stay.gaps] == [minute(0)]
    assert stay.lies == Stretch(minute(0), None)


def test_doors_of_other_rooms_are_not_measured() -> None:
    log = with_door()
    log.begins(0)
    log.room = RoomId("calm-2")
    shut(log, 0, None)
    log.room = ROOM
    log.ends(30)

    assert only(log).measured == minutes(0)


# --- Time that passed ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("began", "ended"),
    [
        # Saturday 23:00 to Sunday 07:00 on the wall: nine hours in autumn, seven in spring.
        ("2026-10-24T23:00+02:00", "2026-10-25T07:00+01:00"),
        ("2026-03-28T23:00+01:00", "2026-03-29T07:00+02:00"),
    ],
)
def test_a_night_in_which_the_clocks_change_is_as_long_as_it_is(
    began: str, ended: str
) -> None:
    first, last = (datetime.fromisoformat(at).astimezone(UTC) for at in (began, ended))
    log = Log()
    log.begins(0)
    log.ends(1)
    for entry, at in zip(tuple(log.entries), (first, last), strict=True):
        assert isinstance(entry.event, StayBegan | StayEnded)
        event = replace(entry.event, happened_at=at)
        log.entries[entry.position - 1] = replace(entry, recorded_at=at, event=event)

    hours = {10: 9, 3: 7}[first.month]
    assert only(log).registered == timedelta(hours=hours)


def test_a_stay_in_which_the_clock_is_set_is_as_long_as_it_was() -> None:
    """Ten minutes, then the clock is set back by an hour, then twenty minutes."""
    log = with_door()
    log.begins(0)
    shut(log, 5, None)
    log.is_set(timedelta(hours=-1), -50)
    log.door("unlocked", -35)
    log.ends(-30)
    log.is_set(timedelta(hours=2), 90)
    stay = only(log)

    assert (stay.began_at, stay.ended_at) == (minute(0), minute(-30))
    assert (stay.registered, stay.measured) == (minutes(30), minutes(20))
    assert (stay.began_late, stay.ended_late) == (False, False)
    assert (stay.measured_began_at, stay.measured_ended_at) == (
        minute(-55),
        minute(-35),
    )


def test_an_open_stay_goes_on_through_a_step_of_the_clock() -> None:
    log = Log()
    log.begins(0)
    log.is_set(timedelta(hours=1), 70)

    assert only(log, 80).registered == minutes(20)


# --- Late entries -------------------------------------------------------------------------


@pytest.mark.parametrize(("after", "late"), [(5, False), (5.01, True)])
def test_what_is_recorded_over_five_minutes_after_is_late(
    after: float, *, late: bool
) -> None:
    log = Log()
    log.begins(0, recorded=after)
    log.ends(30, recorded=30 + after)

    assert (only(log).began_late, only(log).ended_late) == (late, late)


# --- Corrections --------------------------------------------------------------------------


def correction(**changes: object) -> Correction:
    plain = Correction(
        record="c1",  # type: ignore[arg-type]
        corrects="r1",  # type: ignore[arg-type]
        instead="r2",  # type: ignore[arg-type]
        stay=STAY,
        what="StayBegan",
        changes=(),
        at=minute(60),
        role=CARE,
        person=None,
        reason="why",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def test_a_corrected_begin_replaces_begin_kind_and_key() -> None:
    log = Log()
    log.begins(0, record="r1", kind=StayKind.REQUIRED_UNLOCKED)
    log.ends(50)
    log.begins(10, record="r2", recorded=60, key="k-18")
    log.corrects("r1", "r2", 60)
    log.confirms("c1", 70)
    stay = only(log)

    assert (stay.began_at, stay.kind, stay.key, stay.registered) == (
        minute(10),
        StayKind.ENCLOSURE,
        "k-18",
        minutes(40),
    )
    assert (stay.recorded_at, stay.began_late) == (minute(0), False)
    assert stay.corrections == (
        correction(
            changes=(
                Change(
                    field="kind",
                    before=StayKind.REQUIRED_UNLOCKED,
                    after=StayKind.ENCLOSURE,
                ),
                Change(field="key", before="k-17", after="k-18"),
                Change(field="began_at", before=minute(0), after=minute(10)),
            ),
            confirmed_by="team_leader",
            confirmed_at=minute(70),
        ),
    )


def test_a_begin_that_is_put_long_before_it_was_recorded_is_late_after_all() -> None:
    log = Log()
    log.begins(0, record="r1")
    log.begins(-30, record="r2", recorded=60)
    log.corrects("r1", "r2", 60)

    assert only(log).began_late


def test_an_end_that_is_corrected_away_leaves_the_stay_open() -> None:
    log = Log()
    log.begins(0)
    log.ends(50, record="r1")
    log.corrects("r1", None, 60)
    stay = only(log, 90)

    assert (stay.is_open, stay.ended_at, stay.registered) == (True, None, minutes(90))
    assert stay.corrections == (
        correction(
            instead=None,
            what="StayEnded",
            changes=(Change(field="void", before=minute(50), after=None),),
        ),
    )


def test_an_end_can_turn_out_to_be_unknown() -> None:
    log = Log()
    log.begins(0)
    log.ends(50, record="r1")
    log.ends(None, record="r2", recorded=60)
    log.corrects("r1", "r2", 60)
    stay = only(log, 90)

    assert (stay.end_unknown, stay.registered) == (True, None)
    (told,) = stay.corrections
    assert told.changes == (Change(field="ended_at", before=minute(50), after=None),)


def test_a_stay_that_never_was_stays_to_be_seen() -> None:
    log = Log()
    log.begins(0, record="r1")
    log.corrects("r1", None, 60)
    stay = only(log, 90)

    assert (stay.void, stay.is_open, stay.registered, stay.began_at) == (
        True,
        False,
        None,
        minute(0),
    )


def test_the_time_of_a_check_can_be_corrected_more_than_once() -> None:
    log = Log()
    log.begins(0)
    log.checks(20, record="r1")
    log.checks(14, record="r2", recorded=60)
    log.corrects("r1", "r2", 60, record="c1")
    log.checks(13, record="r3", recorded=61)
    log.corrects("r2", "r3", 61, record="c2")
    log.ends(28)
    stay = only(log)

    assert (stay.checks, stay.gaps) == (1, ())
    assert [c.changes for c in stay.corrections] == [
        (Change(field="checked_at", before=minute(20), after=minute(14)),),
        (Change(field="checked_at", before=minute(14), after=minute(13)),),
    ]


def test_a_correction_that_was_wrong_itself_does_not_count() -> None:
    log = Log()
    log.begins(0)
    log.checks(10, record="r1")
    log.corrects("r1", None, 60, record="c1")
    assert only(log, 70).checks == 0
    log.corrects("c1", None, 65, record="c2")
    stay = only(log, 70)

    assert stay.checks == 1
    assert [c.counts for c in stay.corrections] == [False, True]
