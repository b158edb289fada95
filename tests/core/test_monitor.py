"""One room: readings, time and acts go in; verdicts, breaches and alerts come out.

A sensor may remind and corroborate; it never ticks off a check. Silence never acquits.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from room_monitor.core import rules
from room_monitor.core.alert import AlertState, alert_id
from room_monitor.core.breach import Standing
from room_monitor.core.evaluation import RESOLUTION, Reason, Verdict
from room_monitor.core.events import (
    AlertAcknowledged,
    AlertRaised,
    AlertReturnedToNormal,
    Blindness,
    BreachClosed,
    BreachOpened,
    BreachRevised,
    CheckRecorded,
    ClockStepped,
    Closing,
    ConfigurationChanged,
    ContactRequested,
    DoorMoved,
    EvaluationFailed,
    Evidence,
    GapFound,
    LateViolationFound,
    MonitorStarted,
    ObligationLapsed,
    SequenceGapFound,
    StayBegan,
    StayEnded,
    VerdictChanged,
)
from room_monitor.core.ids import AlertId, BreachId, ObligationId, StayId
from room_monitor.core.monitor import act, advance
from room_monitor.core.obligations import plan
from room_monitor.core.readings import Reading
from room_monitor.core.requirements import (
    AtMostTimes,
    Daylight,
    DoneBy,
    HeardFrom,
    Moment,
    Priority,
    Responds,
    StayKind,
    StaysInState,
    WithinLimit,
    WithinRange,
)
from room_monitor.core.site import DatedBy, Device, Role
from room_monitor.core.state import NEVER, STAYS_KEPT, RoomState, evolve, hear
from sensors.quantity import Quantity
from tests.core.play import (
    CHECKS,
    STAY,
    STEP,
    Story,
    begin,
    catalogue,
    check,
    device,
    end,
    fact,
    minute,
    minutes,
    reading,
    requirement,
    room,
)

CLIMATE = device(Role.CLIMATE)
TIMED = device(Role.CLIMATE, "timed", dated_by=DatedBy.DEVICE)
LOCK = device(Role.DOOR_LOCK, interval=minutes(600))
DOOR = device(Role.DOOR_CONTACT, interval=minutes(600))
BUTTON = device(Role.CALL_BUTTON, interval=minutes(600))

CO2 = requirement(
    WithinRange(role=Role.CLIMATE, quantity=Quantity.CO2, high=1200),
    name="co2",
    dwell=minutes(7),
)
HEARD = requirement(HeardFrom(), name="heard")
UNLOCKED = StaysInState(role=Role.DOOR_LOCK, quantity=Quantity.DOOR_LOCK, state=0)
CONTACT = requirement(
    WithinLimit(
        since=Moment("contact_request"),
        until=(Moment("contact_given"), Moment("stay_ended")),
        at_most=minutes(5),
    ),
    name="contact",
    during=[StayKind.ENCLOSURE],
)
CHECK_KEY = ObligationId("calm-1/checks/it@s1")
CO2_KEY = ObligationId("calm-1/co2/it/climate")
OTHER = StayId("s2")


def co2(value: float, at: float, of: Device = CLIMATE) -> Reading:
    return reading(of, Quantity.CO2, value, minute(at))


def pressed(at: float, value: float = 1) -> Reading:
    return reading(BUTTON, Quantity.CALL_BUTTON, value, minute(at))


def door(state: float, at: float) -> Reading:
    return reading(DOOR, Quantity.DOOR_CONTACT, state, minute(at))


def lock(state: float, at: float) -> Reading:
    return reading(LOCK, Quantity.DOOR_LOCK, state, minute(at))


def enclosed(*devices: Device, at: float = 0) -> Story:
    """An enclosure that begins now."""
    story = Story(room(*devices), CHECKS, CONTACT)
    story.does(begin(at), minute(at))
    return story


def openings(story: Story) -> list[BreachOpened]:
    return [e for e in story.events if isinstance(e, BreachOpened)]


def missed(at: float) -> BreachId:
    return BreachId(f"{CHECK_KEY}#{minute(at):%Y%m%dT%H%M%S.%fZ}")


def check_breach_closed(
    closing: Closing, *, began_at: float, ended_at: float
) -> BreachClosed:
    return BreachClosed(
        breach=missed(began_at),
        obligation=CHECK_KEY,
        closing=closing,
        began_at=minute(began_at),
        ended_at=minute(ended_at),
    )


# --- Readings -------------------------------------------------------------------------


def test_a_breach_of_the_air_from_first_bad_reading_to_first_good_one() -> None:
    story = Story(room(CLIMATE), CO2)
    bad, worse, good = co2(1300, 1), co2(1400, 6), co2(900, 12)
    source = story.state.plan.always[0].obligation.source
    breach = BreachId(f"{CO2_KEY}#20260302T090100.000000Z")

    assert story.hears(bad) == [
        VerdictChanged(
            obligation=CO2_KEY,
            source=source,
            verdict=Verdict.VIOLATED,
            reason=Reason.ABOVE_HIGH,
            since=minute(1),
            evidence=Evidence.of(bad),
        )
    ]
    assert story.hears(worse) == []
    assert story.waits(minute(8) - STEP) == []
    assert story.waits(minute(8)) == [
        BreachOpened(
            breach=breach,
            obligation=CO2_KEY,
            source=source,
            priority=Priority.HIGH,
            reason=Reason.ABOVE_HIGH,
            began_at=minute(1),
            evidence=Evidence.of(worse),
        ),
        AlertRaised(
            alert=alert_id(breach),
            breach=breach,
            obligation=CO2_KEY,
            requirement=source.requirement,
            priority=Priority.HIGH,
            reason=Reason.ABOVE_HIGH,
            began_at=minute(1),
        ),
    ]
    assert story.hears(good) == [
        VerdictChanged(
            obligation=CO2_KEY,
            source=source,
            verdict=Verdict.MET,
            reason=Reason.WITHIN_LIMITS,
            since=minute(12),
            evidence=Evidence.of(good),
        ),
        BreachClosed(
            breach=breach,
            obligation=CO2_KEY,
            closing=Closing.MET,
            began_at=minute(1),
            ended_at=minute(12),
            evidence=Evidence.of(good),
        ),
        AlertReturnedToNormal(alert=alert_id(breach), at=minute(12)),
    ]


def test_a_sensor_that_falls_silent_in_a_violation_leaves_it_standing() -> None:
    story = Story(room(CLIMATE), CO2)
    story.hears(co2(1300, 1))
    story.waits(minute(500))

    standing = story.state.standings[CO2_KEY]
    assert (standing.verdict, standing.breach_began_at) == (Verdict.UNKNOWN, minute(1))
    story.hears(co2(900, 501))
    assert story.spans() == [(CO2_KEY, minute(1), minute(501))]


def test_two_sensors_of_one_role_are_both_judged() -> None:
    other = device(Role.CLIMATE, "wall")
    story = Story(room(CLIMATE, other), CO2)
    story.hears(co2(1300, 1))
    story.hears(co2(900, 1, other))
    story.waits(minute(9))

    assert {key: s.verdict for key, s in story.state.standings.items()} == {
        CO2_KEY: Verdict.VIOLATED,
        "calm-1/co2/it/wall": Verdict.MET,
    }
    assert [
        e.obligation for e in story.of(BreachOpened) if isinstance(e, BreachOpened)
    ] == [CO2_KEY]


def test_a_retained_reading_changes_nothing() -> None:
    story = Story(room(CLIMATE), CO2, HEARD)
    before = story.state

    assert story.hears(co2(1300, 1)._replace(retained=True)) == []
    assert story.state == before


def test_a_reading_of_an_unknown_device_changes_nothing() -> None:
    story = Story(room(CLIMATE), CO2, HEARD)
    before = story.state

    assert story.hears(co2(1300, 1, TIMED)) == []
    assert story.state == before


def test_a_reading_that_came_out_of_order_shows_a_violation_and_changes_nothing() -> (
    None
):
    story = Story(room(CLIMATE), CO2, HEARD)
    story.hears(co2(900, 10))
    before = story.state
    late = co2(1300, 5)

    assert story.hears(late) == [
        LateViolationFound(
            obligation=CO2_KEY,
            source=before.plan.always[0].obligation.source,
            reason=Reason.ABOVE_HIGH,
            at=minute(5),
            evidence=Evidence.of(late._replace(late=True)),
        )
    ]
    assert story.state == before


def test_a_harmless_reading_that_came_out_of_order_is_not_worth_an_event() -> None:
    story = Story(room(CLIMATE), CO2)
    story.hears(co2(900, 10))

    assert story.hears(co2(900, 5)) == []


def test_a_late_reading_of_a_violation_that_is_known_is_not_found_again() -> None:
    story = Story(room(CLIMATE), CO2)
    story.hears(co2(1300, 1))
    story.hears(co2(1400, 5))

    assert story.hears(co2(1300, 1)) == []
    assert story.hears(co2(1350, 3)) == []


def test_a_late_reading_is_judged_by_the_law_of_its_instant() -> None:
    began = datetime(2026, 5, 31, 21, 50, tzinfo=UTC)  # ten minutes before June
    june = requirement(
        WithinRange(role=Role.CLIMATE, quantity=Quantity.CO2, high=1200),
        valid_from=date(2026, 6, 1),
    )
    story = Story(room(CLIMATE), june, at=began)
    story.hears(reading(CLIMATE, Quantity.CO2, 900, began + minutes(15)))

    before, after = began + minutes(9), began + minutes(11)
    assert story.hears(reading(CLIMATE, Quantity.CO2, 1300, before)) == []
    assert len(story.hears(reading(CLIMATE, Quantity.CO2, 1300, after))) == 1


def test_a_late_reading_of_a_stay_is_judged_by_the_law_of_its_instant() -> None:
    june = requirement(
        WithinRange(role=Role.CLIMATE, quantity=Quantity.CO2, high=1200),
        during=[StayKind.ENCLOSURE],
        valid_from=date(2026, 6, 1),
    )
    story = Story(room(CLIMATE), june)
    story.does(begin(0), minute(0))
    story.hears(co2(900, 35))

    assert story.hears(co2(1300, 15)) == []


def test_a_late_reading_is_judged_for_the_stay_of_its_instant() -> None:
    during = requirement(
        WithinRange(role=Role.CLIMATE, quantity=Quantity.CO2, high=1200),
        name="occupied",
        during=[StayKind.ENCLOSURE],
    )
    story = Story(room(CLIMATE), during)
    story.does(begin(10), minute(10))
    story.does(end(20), minute(20))
    story.does(begin(30, stay=OTHER), minute(30))
    story.hears(co2(900, 35))

    found = {at: story.hears(co2(1300, at)) for at in (5, 15, 25, 32)}

    assert {
        at: [e.obligation for e in events if isinstance(e, LateViolationFound)]
        for at, events in found.items()
    } == {
        5: [],
        15: ["calm-1/occupied/it/climate@s1"],
        25: [],
        32: ["calm-1/occupied/it/climate@s2"],
    }


def test_duplicates_change_nothing() -> None:
    story = Story(room(CLIMATE, BUTTON, DOOR), CO2, HEARD, CONTACT)
    story.does(begin(0), minute(0))
    for said in (co2(1300, 1), pressed(2), door(1, 3)):
        story.hears(said)
        before = story.state
        assert story.hears(said) == []
        assert story.state == before
        assert story.hears(said._replace(received_at=minute(4))) == []
        assert story.state == before


def test_a_message_with_a_number_or_a_tag_of_its_own_is_no_duplicate() -> None:
    tap = device(Role.PRESENCE_TAP)
    story = Story(room(BUTTON, tap))
    first = pressed(2)._replace(sequence=1)
    story.hears(first)
    story.hears(first._replace(sequence=2))
    one = reading(tap, Quantity.PRESENCE_TAP, 1, minute(3))._replace(tag="one")
    story.hears(one)
    story.hears(one._replace(tag="two"))

    assert len(story.of(ContactRequested)) == 2
    latest = story.state.latest(tap.id, Quantity.PRESENCE_TAP)
    assert latest is not None
    assert latest.reading.tag == "two"


def test_two_values_at_one_instant_are_both_heard() -> None:
    story = Story(room(DOOR))
    story.hears(door(1, 3))
    story.hears(door(0, 3))

    moved = [e.state for e in story.of(DoorMoved) if isinstance(e, DoorMoved)]
    assert moved == ["open", "closed"]
    latest = story.state.latest(DOOR.id, Quantity.DOOR_CONTACT)
    assert latest is not None
    assert latest.reading.value == 0


def test_numbers_that_skip_show_that_messages_were_lost() -> None:
    story = Story(room(CLIMATE, DOOR))
    for number, at in ((7, 1), (8, 2), (8, 2), (10, 3), (1, 4), (2, 5)):
        story.hears(reading(CLIMATE, Quantity.CO2, 800, minute(at), sequence=number))
        story.hears(
            reading(CLIMATE, Quantity.AIR_TEMPERATURE, 20, minute(at), sequence=number)
        )

    assert story.events == [
        SequenceGapFound(device=CLIMATE.id, after=8, before=10, at=minute(3))
    ]


def test_numbers_of_the_past_do_not_make_a_gap_of_what_follows() -> None:
    story = Story(room(CLIMATE))
    story.hears(reading(CLIMATE, Quantity.CO2, 800, minute(5), sequence=5))
    story.hears(reading(CLIMATE, Quantity.AIR_TEMPERATURE, 20, minute(3), sequence=3))
    story.hears(reading(CLIMATE, Quantity.CO2, 800, minute(6), sequence=6))

    assert story.of(SequenceGapFound) == []


def test_a_door_that_reports_the_same_again_did_not_move() -> None:
    story = Story(room(DOOR, LOCK))
    for said in (door(0, 1), door(0, 2), door(1, 3), lock(1, 4), lock(1, 5)):
        story.hears(said)

    def moved(of: Device, quantity: Quantity, state: str, at: float) -> DoorMoved:
        return DoorMoved(
            device=of.id, role=of.role, quantity=quantity, state=state, at=minute(at)
        )

    assert story.events == [
        moved(DOOR, Quantity.DOOR_CONTACT, "closed", 1),
        moved(DOOR, Quantity.DOOR_CONTACT, "open", 3),
        moved(LOCK, Quantity.DOOR_LOCK, "locked", 4),
    ]


def test_what_a_contact_on_something_else_says_is_no_door() -> None:
    cupboard = device(Role.MEDIA)
    story = Story(room(cupboard))

    assert story.hears(reading(cupboard, Quantity.DOOR_CONTACT, 1, minute(1))) == []


# --- Silence --------------------------------------------------------------------------


def test_a_silent_device_is_a_breach_from_the_instant_it_should_have_spoken() -> None:
    story = Story(room(CLIMATE), HEARD)
    story.hears(co2(800, 1))
    story.waits(minute(21) - STEP)
    assert story.of(BreachOpened) == []

    story.waits(minute(21))
    story.hears(co2(800, 40))
    assert story.spans() == [("calm-1/heard/it/climate", minute(21), minute(40))]


def test_a_device_is_heard_whatever_it_says() -> None:
    story = Story(room(CLIMATE), HEARD)
    for at in range(0, 200, 19):
        quantity = Quantity.BATTERY if at % 2 else Quantity.CO2
        story.hears(reading(CLIMATE, quantity, 80, minute(at)))

    assert story.of(BreachOpened) == []


def test_that_others_say_it_is_gone_is_not_the_device_speaking() -> None:
    story = Story(room(CLIMATE), HEARD)
    story.hears(co2(800, 1))
    story.hears(reading(CLIMATE, Quantity.AVAILABILITY, 0, minute(15)))
    story.waits(minute(21))
    (opened,) = openings(story)
    assert opened.began_at == minute(21)

    story.hears(reading(CLIMATE, Quantity.AVAILABILITY, 1, minute(30)))
    assert story.spans() == [("calm-1/heard/it/climate", minute(21), minute(30))]


def test_an_older_reading_of_another_quantity_does_not_move_silence() -> None:
    story = Story(room(TIMED), HEARD)
    story.hears(co2(800, 10, TIMED))
    story.waits(minute(31))
    assert len(story.of(BreachOpened)) == 1

    old = reading(TIMED, Quantity.BATTERY, 80, minute(5))
    assert story.hears(old) == []
    assert story.state.last_heard == {TIMED.id: minute(10)}


def gap(began_at: float, ended_at: float) -> GapFound:
    return GapFound(
        cause=Blindness.BROKER_AWAY,
        began_at=minute(began_at),
        ended_at=minute(ended_at),
    )


def test_a_gap_of_ten_seconds_is_not_held_against_a_device() -> None:
    story = Story(room(CLIMATE), HEARD)
    story.hears(co2(800, 1))
    story.happens(gap(10 - 1 / 6, 10), minute(10))

    standing = story.state.standings[ObligationId("calm-1/heard/it/climate")]
    assert standing.verdict is Verdict.UNKNOWN
    story.waits(minute(30) - STEP)
    assert story.of(BreachOpened) == []
    story.waits(minute(30))
    assert len(story.of(BreachOpened)) == 1


def test_a_shorter_gap_explains_nobodys_silence() -> None:
    story = Story(room(CLIMATE), HEARD)
    story.hears(co2(800, 1))
    story.happens(gap(10 - 1 / 6 + 1e-6, 10), minute(10))
    story.waits(minute(21))

    assert len(story.of(BreachOpened)) == 1


def test_a_gap_does_not_acquit() -> None:
    story = Story(room(CLIMATE), HEARD, CO2)
    story.hears(co2(1300, 1))
    story.waits(minute(25))
    story.happens(gap(26, 90), minute(90))

    assert story.of(BreachClosed) == []
    assert len(story.of(BreachOpened)) == 2


def test_another_configuration_counts_silence_anew_in_its_rooms_only() -> None:
    def changed(*rooms: str) -> ConfigurationChanged:
        made = room(CLIMATE)
        return ConfigurationChanged(
            at=minute(10),
            configuration="c",
            catalogue="1",
            rooms=tuple(made.id for r in rooms if r == made.id),
            changes=(),
        )

    here = Story(room(CLIMATE), HEARD)
    here.happens(changed("calm-1"), minute(10))
    elsewhere = Story(room(CLIMATE), HEARD)
    elsewhere.happens(changed("calm-2"), minute(10))

    assert here.state.watched_since == minute(10)
    assert elsewhere.state.watched_since == minute(0)


def test_we_watch_from_the_first_start_on() -> None:
    def started(at: float) -> MonitorStarted:
        return MonitorStarted(
            at=minute(at), version="1", configuration="c", catalogue="1"
        )

    new = RoomState(plan=plan(room(), catalogue()))
    first = evolve(new, started(3))
    again = evolve(first, started(9))

    assert new.watched_since == NEVER
    assert (first.watched_since, again.watched_since) == (minute(3), minute(3))


# --- While not everything has been heard ----------------------------------------------


def test_while_we_do_not_see_time_judges_people_but_no_device() -> None:
    story = Story(room(CLIMATE), CO2, HEARD, CHECKS)
    story.does(begin(0), minute(0))
    story.hears(co2(1300, 1))

    story.waits(minute(60), seeing=False)

    opened = openings(story)
    assert [e.obligation for e in opened] == [CHECK_KEY]


def test_while_we_do_not_see_an_act_judges_people_but_no_device() -> None:
    story = Story(room(CLIMATE), CO2, HEARD, CHECKS)
    story.does(begin(0), minute(0))
    story.hears(co2(1300, 1))

    story.does(check(60), minute(60), seeing=False)

    closed = check_breach_closed(Closing.MET, began_at=15, ended_at=60)
    assert story.of(BreachClosed) == [closed]
    assert len(story.of(BreachOpened)) == 1


def test_once_we_see_again_what_passed_is_judged_as_if_we_had_looked() -> None:
    story = Story(room(CLIMATE), CO2, HEARD)
    story.hears(co2(1300, 1))
    story.waits(minute(60), seeing=False)
    story.waits(minute(61))

    opened = openings(story)
    assert [(e.obligation, e.began_at) for e in opened] == [
        (CO2_KEY, minute(1)),
        ("calm-1/heard/it/climate", minute(21)),
    ]


def test_an_act_while_we_do_not_see_forgets_no_deadline() -> None:
    story = Story(room(CLIMATE), CO2, HEARD, CHECKS)
    story.hears(co2(1300, 1))
    story.does(begin(5), minute(5), seeing=False)
    story.waits(minute(8))

    assert [
        e.obligation for e in story.of(BreachOpened) if isinstance(e, BreachOpened)
    ] == [CO2_KEY]


def test_a_breach_nobody_saw_is_opened_and_closed_and_so_is_its_alert() -> None:
    story = Story(room(CLIMATE), CO2)
    story.hears(co2(1300, 1))
    story.hears(co2(900, 30), seeing=False)

    kinds = [type(e) for e in story.events[-5:]]
    assert kinds == [
        BreachOpened,
        AlertRaised,
        VerdictChanged,
        BreachClosed,
        AlertReturnedToNormal,
    ]
    assert [a.state for a in story.state.alerts.values()] == [AlertState.RETURNED]
    assert story.spans() == [(CO2_KEY, minute(1), minute(30))]


def test_a_backlog_of_a_device_with_a_clock_is_judged_at_its_own_time() -> None:
    story = Story(room(TIMED), CO2, HEARD)
    story.hears(co2(1300, 1, TIMED))
    story.waits(minute(90), seeing=False)
    for said in (co2(1300, 10, TIMED), co2(900, 12, TIMED), co2(900, 50, TIMED)):
        story.hears(said, seeing=False)
    story.waits(minute(60))

    assert story.spans() == [
        ("calm-1/co2/it/timed", minute(1), minute(12)),
        ("calm-1/heard/it/timed", minute(32), minute(50)),
    ]


def test_a_reading_that_arrives_late_withdraws_what_it_disproves() -> None:
    story = Story(room(TIMED), CO2, HEARD)
    story.hears(co2(1300, 1, TIMED))
    story.waits(minute(25))
    assert len(story.of(BreachOpened)) == 2

    story.hears(co2(900, 5, TIMED))

    closed = [e for e in story.of(BreachClosed) if isinstance(e, BreachClosed)]
    assert [(e.obligation, e.closing) for e in closed] == [
        ("calm-1/co2/it/timed", "withdrawn"),
        ("calm-1/heard/it/timed", "withdrawn"),
    ]
    assert story.state.wake_at == minute(25)


# --- Checks ---------------------------------------------------------------------------


def test_a_gap_of_exactly_a_quarter_is_in_time_and_a_microsecond_more_is_missed() -> (
    None
):
    story = enclosed()
    assert story.waits(minute(15)) == []

    events = story.waits(minute(15) + STEP)

    source = story.state.plan.during[StayKind.ENCLOSURE][0].source
    assert events == [
        VerdictChanged(
            obligation=CHECK_KEY,
            source=source,
            verdict=Verdict.VIOLATED,
            reason=Reason.CHECK_MISSED,
            since=minute(15),
            stay=STAY,
        ),
        BreachOpened(
            breach=missed(15),
            obligation=CHECK_KEY,
            source=source,
            priority=Priority.URGENT,
            reason=Reason.CHECK_MISSED,
            began_at=minute(15),
            stay=STAY,
        ),
        AlertRaised(
            alert=alert_id(missed(15)),
            breach=missed(15),
            obligation=CHECK_KEY,
            requirement=source.requirement,
            priority=Priority.URGENT,
            reason=Reason.CHECK_MISSED,
            began_at=minute(15),
            stay=STAY,
        ),
    ]


def test_a_check_in_time_leaves_no_trace_but_itself() -> None:
    story = enclosed()
    for at in (15, 30, 45):
        (recorded,) = story.does(check(at), minute(at))
        assert isinstance(recorded, CheckRecorded)

    assert story.of(BreachOpened) == []


def test_a_check_after_a_missed_one_closes_the_breach_but_leaves_it_on_record() -> None:
    story = enclosed()
    story.does(check(20), minute(20))

    assert story.of(BreachClosed) == [
        check_breach_closed(Closing.MET, began_at=15, ended_at=20)
    ]
    assert story.spans() == [(CHECK_KEY, minute(15), minute(20))]


def test_a_check_made_in_time_and_recorded_late_withdraws_the_breach() -> None:
    story = enclosed()
    story.waits(minute(18))
    story.does(check(14), minute(20))

    assert story.of(BreachClosed) == [
        check_breach_closed(Closing.WITHDRAWN, began_at=15, ended_at=15)
    ]


def test_a_check_made_at_the_last_moment_and_recorded_late_closes_it_at_once() -> None:
    """Exactly at the limit is in time: what seemed to be a breach never was one."""
    story = enclosed()
    story.does(check(15), minute(20))

    assert story.of(BreachClosed, BreachRevised) == [
        check_breach_closed(Closing.MET, began_at=15, ended_at=15),
        BreachRevised(
            breach=missed(15),
            obligation=CHECK_KEY,
            closing=Closing.WITHDRAWN,
            began_at=minute(15),
            ended_at=minute(15),
        ),
    ]


def test_a_late_recorded_check_that_is_too_old_by_now_moves_the_begin() -> None:
    """Nobody is acquitted: it was missed all the same, but later than it seemed."""
    story = enclosed()
    story.waits(minute(39))
    events = story.does(check(10), minute(40))

    source = story.state.plan.during[StayKind.ENCLOSURE][0].source
    assert events == [
        check(10),
        check_breach_closed(Closing.WITHDRAWN, began_at=15, ended_at=15),
        AlertReturnedToNormal(alert=alert_id(missed(15)), at=minute(15)),
        BreachOpened(
            breach=missed(25),
            obligation=CHECK_KEY,
            source=source,
            priority=Priority.URGENT,
            reason=Reason.CHECK_MISSED,
            began_at=minute(25),
            stay=STAY,
        ),
        AlertRaised(
            alert=alert_id(missed(25)),
            breach=missed(25),
            obligation=CHECK_KEY,
            requirement=source.requirement,
            priority=Priority.URGENT,
            reason=Reason.CHECK_MISSED,
            began_at=minute(25),
            stay=STAY,
        ),
    ]


def test_a_check_by_a_clock_ahead_of_ours_counts_when_our_clock_gets_there() -> None:
    story = enclosed()
    story.waits(minute(19))
    story.does(check(20), minute(19.5))
    assert story.of(BreachClosed) == []

    story.waits(minute(20))
    assert story.of(BreachClosed) == [
        check_breach_closed(Closing.MET, began_at=15, ended_at=20)
    ]


def test_an_act_first_judges_the_time_until_then() -> None:
    story = enclosed()
    events = story.does(end(40), minute(40))

    assert [type(e) for e in events[:3]] == [VerdictChanged, BreachOpened, AlertRaised]
    assert StayEnded in [type(e) for e in events]


def test_acknowledging_never_closes_a_breach() -> None:
    story = enclosed()
    story.waits(minute(16))
    alert = alert_id(missed(15))

    assert story.does(
        AlertAcknowledged(alert=alert, role="care_worker"), minute(17)
    ) == [
        AlertAcknowledged(
            alert=alert, role="care_worker", at=minute(17), expires_at=minute(32)
        )
    ]
    assert story.state.standings[CHECK_KEY].breach == missed(15)
    assert story.state.alerts[alert].state is AlertState.ACKNOWLEDGED

    story.does(check(18), minute(18))
    assert story.state.alerts == {}


def test_an_alert_nobody_saw_waits_until_somebody_has() -> None:
    story = enclosed()
    story.does(check(20), minute(20))
    alert = alert_id(missed(15))
    assert story.state.alerts[alert].state is AlertState.RETURNED

    said = AlertAcknowledged(alert=alert, role="lead", person="p", remark="r")
    assert story.does(said, minute(21)) == [
        replace(said, at=minute(21), expires_at=None)
    ]
    assert story.state.alerts == {}


def test_nobody_acknowledges_an_alert_that_needs_nobody() -> None:
    story = enclosed()
    unknown = AlertAcknowledged(alert=AlertId("a0"), role="lead")

    answer = story.is_refused(unknown, minute(1))
    assert answer == "there is no alert a0 that needs anybody"


def test_a_breach_of_no_priority_raises_no_alert() -> None:
    story = Story(
        room(CLIMATE),
        requirement(
            WithinRange(role=Role.CLIMATE, quantity=Quantity.CO2, high=1200),
            priority=Priority.NONE,
        ),
    )
    story.hears(co2(1300, 1))
    story.hears(co2(900, 2))

    assert len(story.of(BreachOpened)) == len(story.of(BreachClosed)) == 1
    assert story.of(AlertRaised, AlertReturnedToNormal) == []


# --- Stays ----------------------------------------------------------------------------


def test_a_stay_that_ends_lets_go_of_what_was_asked_during_it() -> None:
    story = enclosed()
    story.waits(minute(16))
    events = story.does(end(20), minute(20))

    assert events[1:] == [
        check_breach_closed(Closing.LAPSED, began_at=15, ended_at=20),
        AlertReturnedToNormal(alert=alert_id(missed(15)), at=minute(20)),
        ObligationLapsed(obligation=CHECK_KEY, at=minute(20)),
        ObligationLapsed(
            obligation=ObligationId("calm-1/contact/it@s1"), at=minute(20)
        ),
    ]
    assert story.waits(minute(500)) == []


def test_an_end_that_is_recorded_late_withdraws_what_came_after_it() -> None:
    story = enclosed()
    story.does(check(10), minute(10))
    story.waits(minute(30))
    story.does(end(20), minute(40))

    assert story.of(BreachClosed) == [
        check_breach_closed(Closing.WITHDRAWN, began_at=25, ended_at=25)
    ]


def test_an_end_that_is_recorded_late_dates_the_lapse() -> None:
    story = enclosed()
    story.does(end(20), minute(40))

    assert story.of(BreachClosed) == [
        check_breach_closed(Closing.LAPSED, began_at=15, ended_at=20)
    ]


def test_a_new_stay_ends_the_forgotten_one_nobody_knows_when() -> None:
    story = enclosed()
    story.does(replace(begin(60, stay=OTHER), key="k-18"), minute(60))

    assert story.of(StayEnded) == [replace(end(None), told_at=minute(60))]
    assert story.state.stays[STAY].ended_at is None
    assert story.does(end(50), minute(70))[0] == replace(end(50), told_at=minute(70))
    assert story.state.stays[STAY].ended_at == minute(50)
    assert not story.state.stays[OTHER].ended


def test_only_what_cannot_be_true_is_refused_and_then_nothing_is_recorded() -> None:
    story = enclosed()
    before = story.state

    assert "future" in story.is_refused(check(99), minute(5))
    assert "began after" in story.is_refused(check(-1), minute(5))
    assert "no stay s2" in story.is_refused(check(3, stay=OTHER), minute(5))
    assert story.state == before


def test_under_twelve_is_recorded_and_flagged_and_never_refused() -> None:
    age = requirement(
        DoneBy(fact="age_12_or_older"), name="age", during=[StayKind.ENCLOSURE]
    )
    story = Story(room(), age)
    story.does(begin(0), minute(0))
    story.does(fact("age_12_or_older", 0, outcome=False), minute(1))

    (opened,) = openings(story)
    assert (opened.reason, opened.began_at) == (Reason.ANSWERED_NO, minute(0))


def test_a_second_extension_is_recorded_and_flagged_and_never_refused() -> None:
    once = requirement(
        AtMostTimes(moment=Moment("extension", outcome=True), times=1),
        name="once",
        during=[StayKind.ENCLOSURE],
    )
    story = Story(room(), once)
    story.does(begin(0), minute(0))
    story.does(fact("extension", 30), minute(30))
    assert story.of(BreachOpened) == []

    story.does(fact("extension", 60), minute(61))
    (opened,) = openings(story)
    assert (opened.reason, opened.began_at) == (Reason.TOO_OFTEN, minute(60))


def test_a_bedroom_lock_in_is_recorded_and_flagged_and_never_refused() -> None:
    forbidden = requirement(
        AtMostTimes(moment=Moment("stay_began"), times=0),
        name="nowhere-else",
        during=[StayKind.ENCLOSURE_ELSEWHERE],
    )
    story = Story(room(), forbidden)
    story.does(begin(0, StayKind.ENCLOSURE_ELSEWHERE), minute(3))

    assert len(story.of(StayBegan)) == 1
    (opened,) = openings(story)
    assert (opened.stay, opened.began_at) == (STAY, minute(0))
    story.does(end(30), minute(30))
    assert story.spans() == [("calm-1/nowhere-else/it@s1", minute(0), minute(30))]


OPEN_DOOR = requirement(UNLOCKED, name="unlocked", during=[StayKind.OWN_REQUEST])


def test_a_door_that_is_locked_during_an_own_request_is_a_breach() -> None:
    story = Story(room(LOCK), OPEN_DOOR)
    story.hears(lock(0, -1))
    story.does(begin(0, StayKind.OWN_REQUEST), minute(0))
    story.hears(lock(1, 5))
    story.hears(lock(0, 8))

    assert story.spans() == [("calm-1/unlocked/it/door_lock@s1", minute(5), minute(8))]


def test_a_door_that_was_locked_before_is_a_breach_from_the_begin_of_the_stay() -> None:
    story = Story(room(LOCK), OPEN_DOOR)
    story.hears(lock(1, -30))
    story.does(begin(2, StayKind.OWN_REQUEST), minute(3))

    (opened,) = openings(story)
    assert opened.began_at == minute(2)


def test_a_locked_door_is_no_breach_in_a_stay_of_another_kind() -> None:
    story = Story(room(LOCK), OPEN_DOOR)
    story.does(begin(0), minute(0))

    assert story.of(VerdictChanged) == []
    assert [type(e) for e in story.hears(lock(1, 5))] == [DoorMoved]


def test_what_had_to_be_recorded_stays_asked_for_after_the_stay_until_it_is() -> None:
    story = Story(
        room(),
        requirement(
            DoneBy(fact="copy_given", due=minutes(60)),
            name="copy",
            during=[StayKind.ENCLOSURE],
        ),
    )
    story.does(begin(0), minute(0))
    story.does(end(30), minute(30))
    story.waits(minute(70))
    key = ObligationId("calm-1/copy/it@s1")
    (opened,) = openings(story)
    assert (opened.obligation, opened.began_at) == (key, minute(60))

    story.does(fact("copy_given", 80), minute(80))

    assert story.spans() == [(key, minute(60), minute(80))]
    assert story.state.standings == {}


def test_what_is_complete_after_a_stay_wakes_nobody_any_more() -> None:
    story = Story(
        room(),
        requirement(
            DoneBy(fact="aftercare", valid_for=minutes(60)),
            during=[StayKind.ENCLOSURE],
        ),
    )
    story.does(begin(0), minute(0))
    story.does(end(30), minute(30))
    story.does(fact("aftercare", 40), minute(40))
    story.waits(minute(100))

    assert story.state.wake_at == NEVER
    assert story.state.standings == {}


def test_a_room_remembers_its_last_stays_and_those_that_wait_for_something() -> None:
    story = Story(
        room(),
        requirement(DoneBy(fact="copy"), name="copy", during=[StayKind.ENCLOSURE]),
    )
    story.does(begin(0), minute(0))
    story.does(end(1), minute(1))
    for number in range(2, STAYS_KEPT + 10):
        stay = StayId(f"s{number}")
        story.does(begin(number, StayKind.OWN_REQUEST, stay), minute(number))
        story.does(end(number, stay), minute(number))

    kept = list(story.state.stays)
    assert kept[0] == STAY
    assert kept[1:] == [f"s{n}" for n in range(10, STAYS_KEPT + 10)]


def test_a_fact_of_the_room_answers_for_the_room() -> None:
    story = Story(room(), requirement(DoneBy(fact="walls"), name="walls"))
    story.does(fact("walls", 3, stay=None), minute(5))

    assert story.state.standings == {
        "calm-1/walls/it": Standing(Verdict.MET, Reason.DONE, minute(3))
    }


# --- Contact --------------------------------------------------------------------------


def test_a_call_is_a_request_for_contact() -> None:
    story = enclosed(BUTTON)

    assert story.hears(pressed(2)) == [
        ContactRequested(device=BUTTON.id, at=minute(2), stay=STAY),
        VerdictChanged(
            obligation=ObligationId("calm-1/contact/it@s1"),
            source=story.state.plan.during[StayKind.ENCLOSURE][1].source,
            verdict=Verdict.MET,
            reason=Reason.IN_TIME,
            since=minute(2),
            stay=STAY,
        ),
    ]
    assert story.hears(pressed(2.5, value=0)) == []
    assert story.state.wake_at == minute(7) + RESOLUTION


def test_a_call_is_answered_by_registration_only_and_not_by_the_door() -> None:
    story = enclosed(BUTTON, DOOR)
    story.hears(pressed(2))
    story.hears(door(1, 3))
    story.hears(door(0, 4))
    story.waits(minute(8))
    key = ObligationId("calm-1/contact/it@s1")
    assert story.state.standings[key].breach_began_at == minute(7)

    story.does(check(9), minute(9))
    assert story.state.standings[key].breach_began_at == minute(7)

    story.does(check(10, contact_given=True), minute(10))
    assert story.spans() == [(key, minute(7), minute(10))]


def test_a_call_outside_a_stay_is_recorded_all_the_same() -> None:
    story = Story(room(BUTTON), CONTACT)

    assert story.hears(pressed(2)) == [ContactRequested(device=BUTTON.id, at=minute(2))]


def test_a_call_that_arrives_late_starts_its_clock_when_it_was_made() -> None:
    timed = device(Role.CALL_BUTTON, dated_by=DatedBy.DEVICE, interval=minutes(600))
    story = enclosed(timed)
    story.does(check(15), minute(15))
    story.hears(reading(timed, Quantity.CALL_BUTTON, 1, minute(3)), seeing=False)

    (opened,) = openings(story)
    assert opened.began_at == minute(8)


def test_a_door_that_arrives_late_does_not_undo_what_came_after_it() -> None:
    timed = device(Role.DOOR_CONTACT, dated_by=DatedBy.DEVICE, interval=minutes(600))
    at_once = requirement(
        WithinLimit(
            since=Moment("review", outcome=False),
            until=(Moment("door_opened"),),
            at_most=minutes(5),
        ),
        name="at-once",
        during=[StayKind.ENCLOSURE],
    )
    story = Story(room(timed), at_once, CHECKS)
    story.does(begin(0), minute(0))
    story.does(fact("review", 20, outcome=False), minute(20))
    story.waits(minute(26))
    assert len(story.of(BreachOpened)) == 2

    events = story.hears(
        reading(timed, Quantity.DOOR_CONTACT, 1, minute(10)), seeing=False
    )

    assert [type(e) for e in events] == [DoorMoved]


# --- A rule that raises ---------------------------------------------------------------


def test_a_rule_that_raises_blinds_nothing_but_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    story = Story(room(CLIMATE), CO2, HEARD)
    story.hears(co2(1300, 1))
    story.waits(minute(8))
    judged = rules.evaluate

    def broken(*asked: object) -> object:
        if isinstance(asked[0], WithinRange):
            raise ZeroDivisionError("no")
        return judged(*asked)  # type: ignore[arg-type]

    monkeypatch.setattr(rules, "evaluate", broken)
    events = story.hears(co2(900, 9))
    more = story.hears(co2(900, 10))
    story.waits(minute(30))

    failed, changed = events
    assert failed == EvaluationFailed(obligation=CO2_KEY, error="ZeroDivisionError: no")
    assert isinstance(changed, VerdictChanged)
    assert (changed.verdict, changed.reason) == (
        Verdict.UNKNOWN,
        Reason.EVALUATION_FAILED,
    )
    assert more == []
    opened = openings(story)
    assert [e.obligation for e in opened] == [CO2_KEY, "calm-1/heard/it/climate"]
    assert story.of(BreachClosed) == []


# --- The clock ------------------------------------------------------------------------


@pytest.mark.parametrize("hours", [-2, 2])
def test_a_check_due_in_five_minutes_stays_due_in_five_minutes(hours: int) -> None:
    step = timedelta(hours=hours)
    story = enclosed()
    story.does(check(10), minute(10))
    stepped = minute(20) + step
    assert story.happens(ClockStepped(by=step), stepped) == []

    assert story.state.wake_at == minute(25) + step + RESOLUTION
    assert story.waits(minute(25) + step) == []
    events = story.waits(minute(25) + step + STEP)
    assert isinstance(events[1], BreachOpened)
    assert events[1].began_at == minute(25) + step


@pytest.mark.parametrize("hours", [-2, 2])
def test_after_a_step_deadlines_are_computed_anew_without_being_told(
    hours: int,
) -> None:
    step = timedelta(hours=hours)
    story = enclosed()
    stepped = evolve(story.state, ClockStepped(by=step))

    state, events = advance(stepped, minute(10) + step)

    assert events == []
    assert state.wake_at == minute(15) + step + RESOLUTION


@pytest.mark.parametrize("hours", [-2, 2])
def test_silence_and_suspicion_last_as_long_after_a_step(hours: int) -> None:
    step = timedelta(hours=hours)
    story = Story(room(CLIMATE), CO2, HEARD)
    story.hears(co2(1300, 1))
    story.happens(ClockStepped(by=step), minute(3) + step)
    assert story.waits(minute(8) + step - STEP) == []

    story.waits(minute(30) + step)
    opened = openings(story)
    assert [(e.obligation, e.began_at) for e in opened] == [
        (CO2_KEY, minute(1) + step),
        ("calm-1/heard/it/climate", minute(21) + step),
    ]


@pytest.mark.parametrize("hours", [-2, 2])
def test_a_breach_is_closed_and_not_withdrawn_after_a_step(hours: int) -> None:
    step = timedelta(hours=hours)
    story = Story(room(CLIMATE), CO2)
    story.hears(co2(1300, 1))
    story.waits(minute(8))
    story.happens(ClockStepped(by=step), minute(10) + step)
    story.hears(reading(CLIMATE, Quantity.CO2, 900, minute(12) + step))

    assert story.spans() == [(CO2_KEY, minute(1) + step, minute(12) + step)]


@pytest.mark.parametrize("hours", [-2, 2])
def test_a_step_of_our_clock_is_none_of_a_device_with_its_own(hours: int) -> None:
    step = timedelta(hours=hours)
    story = Story(room(TIMED), CO2, HEARD)
    story.hears(co2(1300, 1, TIMED))
    story.waits(minute(8))
    story.happens(ClockStepped(by=step), minute(10) + step)
    story.hears(co2(900, 12, TIMED))

    assert story.spans() == [("calm-1/co2/it/timed", minute(1), minute(12))]
    assert story.state.last_heard == {TIMED.id: minute(12)}


def test_a_step_moves_what_is_over_as_well_for_it_is_told_of_on_the_new_clock() -> None:
    story = enclosed()
    story.does(end(10), minute(10))
    story.happens(ClockStepped(by=minutes(60)), minute(71))

    assert story.state.stays[STAY].ended_at == minute(70)
    assert story.state.stays[STAY].began_at == minute(60)


@pytest.mark.parametrize(
    "change",
    [
        datetime(2026, 3, 29, 1, tzinfo=UTC),  # 02:00 becomes 03:00
        datetime(2026, 10, 25, 1, tzinfo=UTC),  # 03:00 becomes 02:00
    ],
)
def test_the_nights_the_clocks_change_have_quarters_of_fifteen_minutes(
    change: datetime,
) -> None:
    before = change - minutes(8)
    shift = (before - minute(0)) / minutes(1)
    story = Story(room(), CHECKS, at=before)
    story.does(begin(shift), before)
    assert story.waits(before + minutes(15)) == []
    story.waits(before + minutes(15) + STEP)

    (opened,) = openings(story)
    assert opened.began_at == before + minutes(15)


# --- Things that follow ---------------------------------------------------------------


def test_a_fan_that_moves_no_air_is_a_breach_once_it_had_its_time() -> None:
    fan = device(Role.VENTILATION, interval=minutes(60))
    story = Story(
        room(fan, CLIMATE),
        requirement(
            Responds(
                role=Role.VENTILATION,
                quantity=Quantity.FAN_STATE,
                state=1,
                answer_role=Role.CLIMATE,
                answer=Quantity.AIR_FLOW,
                low=20,
                within=minutes(10),
            ),
            name="flows",
        ),
    )
    story.hears(reading(fan, Quantity.FAN_STATE, 0, minute(0)))
    story.hears(reading(CLIMATE, Quantity.AIR_FLOW, 0, minute(1)))
    assert story.of(BreachOpened) == []
    story.hears(reading(fan, Quantity.FAN_STATE, 1, minute(2)))
    story.hears(reading(fan, Quantity.FAN_STATE, 1, minute(5)))
    story.hears(reading(CLIMATE, Quantity.AIR_FLOW, 3, minute(6)))
    story.waits(minute(12))
    story.hears(reading(CLIMATE, Quantity.AIR_FLOW, 50, minute(14)))

    assert story.spans() == [("calm-1/flows/it/ventilation", minute(12), minute(14))]


def test_nothing_is_forgotten_however_long_nobody_looked() -> None:
    devices = [
        device(Role.CLIMATE, f"c{n}", interval=minutes(1 + n)) for n in range(12)
    ]
    story = Story(room(*devices), HEARD)
    story.waits(minute(600))

    assert [e.began_at for e in openings(story)] == [
        minute(2 + 2 * n) for n in range(12)
    ]


def test_a_dark_evening_is_no_breach_though_nobody_looked_until_the_morning() -> None:
    """The sun was down before the dwell time was over: the suspicion was dropped."""
    light = device(Role.DAYLIGHT, interval=minutes(120))
    asks = requirement(
        Daylight(low=300, at_elevation=30, min_elevation=5, outdoor_share=0.01),
        dwell=minutes(200),
    )
    afternoon = datetime(2026, 3, 2, 14, tzinfo=UTC)
    story = Story(room(light), asks, at=afternoon)
    story.hears(reading(light, Quantity.DAYLIGHT_ILLUMINANCE, 2, afternoon))
    assert len(story.of(VerdictChanged)) == 2

    story.waits(afternoon + minutes(18 * 60))

    assert openings(story) == []


def test_hearing_an_older_reading_changes_nothing() -> None:
    story = Story(room(CLIMATE))
    story.hears(co2(800, 5))

    assert hear(story.state, co2(900, 4)) is story.state


def test_a_refused_act_leaves_time_to_be_judged_later() -> None:
    story = enclosed()
    act(story.state, check(-5), minute(30))
    story.waits(minute(30))

    assert len(story.of(BreachOpened)) == 1
