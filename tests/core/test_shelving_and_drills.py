"""In a room: taking an alert on lasts a while, putting it aside too, and a drill is one."""

from dataclasses import replace

import pytest

from room_monitor.core.alert import Alert, AlertState, alert_id
from room_monitor.core.events import (
    AcknowledgementExpired,
    AlertAcknowledged,
    AlertReturnedToNormal,
    AlertShelved,
    AlertUnshelved,
    BreachOpened,
    ClockStepped,
    DrillBegan,
)
from room_monitor.core.ids import AlertId, BreachId
from room_monitor.core.requirements import Priority, WithinRange
from room_monitor.core.site import Role
from sensors.quantity import Quantity
from tests.core.play import (
    CHECKS,
    STEP,
    Story,
    begin,
    check,
    correction,
    device,
    end,
    minute,
    minutes,
    reading,
    requirement,
    room,
)

CLIMATE = device(Role.CLIMATE, interval=minutes(600))
AIR = requirement(
    WithinRange(role=Role.CLIMATE, quantity=Quantity.CO2, high=1200), name="air"
)
DRILL = DrillBegan(
    alert=AlertId("drill-1"),
    priority=Priority.URGENT,
    began_at=minute(0),
    ends_at=minute(10),
    role="lead",
)


def stuffy() -> tuple[Story, AlertId]:
    """CO₂ is too high from minute 1 on."""
    story = Story(room(CLIMATE), AIR)
    co2(story, 1300, 1)
    (alert,) = story.state.alerts
    return story, alert


def co2(story: Story, value: float, at: float) -> None:
    story.hears(reading(CLIMATE, Quantity.CO2, value, minute(at)))


def takes_on(alert: AlertId) -> AlertAcknowledged:
    return AlertAcknowledged(alert=alert, role="staff")


def puts_aside(alert: AlertId, at: float, until: float) -> AlertShelved:
    return AlertShelved(alert=alert, at=minute(at), until=minute(until), role="lead")


def stands(story: Story, alert: AlertId) -> tuple[AlertState, int]:
    found: Alert = story.state.alerts[alert]
    return found.state, found.raised_again


# --- Taking it on ---------------------------------------------------------------------


def test_who_took_it_on_has_a_quarter_and_then_it_is_raised_again() -> None:
    story, alert = stuffy()
    assert story.does(takes_on(alert), minute(5)) == [
        replace(takes_on(alert), at=minute(5), expires_at=minute(20))
    ]
    assert story.waits(minute(20) - STEP) == []
    assert story.waits(minute(20)) == [
        AcknowledgementExpired(alert=alert, at=minute(20))
    ]
    assert stands(story, alert) == (AlertState.RAISED, 1)


def test_it_is_raised_again_when_its_time_was_over_however_late_we_look() -> None:
    story, alert = stuffy()
    story.does(takes_on(alert), minute(5))

    assert story.waits(minute(500)) == [
        AcknowledgementExpired(alert=alert, at=minute(20))
    ]


def test_taking_it_on_again_gives_another_quarter() -> None:
    story, alert = stuffy()
    story.does(takes_on(alert), minute(5))
    story.does(takes_on(alert), minute(19))

    assert story.waits(minute(34) - STEP) == []
    assert [type(e) for e in story.waits(minute(34))] == [AcknowledgementExpired]


def test_what_was_over_in_time_is_not_raised_again() -> None:
    story, alert = stuffy()
    story.does(takes_on(alert), minute(5))
    co2(story, 900, 18)

    assert story.state.alerts == {}
    assert story.waits(minute(500)) == []
    assert alert not in story.state.alerts


def test_what_was_raised_again_and_is_over_waits_for_somebody() -> None:
    story, alert = stuffy()
    story.does(takes_on(alert), minute(5))
    co2(story, 900, 30)

    assert stands(story, alert) == (AlertState.RETURNED, 1)


def test_a_step_of_the_clock_leaves_who_took_it_on_as_much_time() -> None:
    story, alert = stuffy()
    story.does(takes_on(alert), minute(5))
    story.happens(ClockStepped(by=minutes(-60)), minute(-50))

    assert story.waits(minute(-40) - STEP) == []
    assert story.waits(minute(-40)) == [
        AcknowledgementExpired(alert=alert, at=minute(-40))
    ]


def test_a_breach_that_is_withdrawn_after_it_was_over_leaves_its_alert_unseen() -> None:
    """However often it is put right, only a person takes it from the list."""
    story = Story(room(), CHECKS)
    story.does(begin(0), minute(0))
    story.does(check(20, record="c"), minute(20))
    (alert,) = story.state.alerts
    assert stands(story, alert) == (AlertState.RETURNED, 0)

    story.does(correction("c", check(18, record="c2"), at=21), minute(21))
    story.does(correction("c2", check(14, record="c3"), at=22), minute(22))

    assert stands(story, alert) == (AlertState.RETURNED, 0)
    story.does(takes_on(alert), minute(23))
    assert story.state.alerts == {}


# --- Putting it aside -----------------------------------------------------------------


def test_what_is_put_aside_comes_back_by_itself() -> None:
    story, alert = stuffy()
    shelved = puts_aside(alert, 5, 65)
    assert story.does(shelved, minute(5)) == [shelved]
    assert stands(story, alert) == (AlertState.SHELVED, 0)
    assert story.waits(minute(65) - STEP) == []
    assert story.waits(minute(65)) == [AlertUnshelved(alert=alert, at=minute(65))]
    assert stands(story, alert) == (AlertState.RAISED, 1)


def test_what_is_put_aside_is_taken_back_by_a_person() -> None:
    story, alert = stuffy()
    story.does(puts_aside(alert, 5, 65), minute(5))
    back = AlertUnshelved(alert=alert, at=minute(9), role="lead")

    assert story.does(back, minute(9)) == [back]
    assert stands(story, alert) == (AlertState.RAISED, 1)
    assert story.waits(minute(500)) == []


def test_what_is_put_aside_still_is_a_breach_and_its_end_is_seen() -> None:
    story, alert = stuffy()
    story.does(puts_aside(alert, 5, 65), minute(5))
    assert len(story.ledger.open) == 1
    co2(story, 900, 30)

    assert story.of(AlertReturnedToNormal) == [
        AlertReturnedToNormal(alert=alert, at=minute(30))
    ]
    assert story.state.alerts == {}
    assert story.spans() == [("calm-1/air/it/climate", minute(1), minute(30))]


def test_the_next_breach_of_what_was_put_aside_raises_an_alert_of_its_own() -> None:
    story, alert = stuffy()
    story.does(puts_aside(alert, 5, 65), minute(5))
    co2(story, 900, 30)
    co2(story, 1300, 40)
    (second,) = story.state.alerts

    assert second != alert
    assert stands(story, second) == (AlertState.RAISED, 0)


@pytest.mark.parametrize(
    ("until", "why"),
    [
        (5.0, "the end of putting it aside lies in the past"),
        (5 + 7 * 24 * 60 + 1.0, "an alert is put aside for at most 7 days"),
    ],
)
def test_nothing_is_put_aside_for_good(until: float, why: str) -> None:
    story, alert = stuffy()

    assert story.is_refused(puts_aside(alert, 5, until), minute(5)) == why


def test_a_missed_check_is_never_put_aside() -> None:
    (ask,) = CHECKS.asks
    story = Story(room(), replace(CHECKS, asks=(replace(ask, insistent=True),)))
    story.does(begin(0), minute(0))
    story.waits(minute(16))
    (alert,) = story.state.alerts
    assert "cannot be put aside" in story.is_refused(
        puts_aside(alert, 16, 60), minute(16)
    )
    story.does(takes_on(alert), minute(17))

    assert "cannot be put aside" in story.is_refused(
        puts_aside(alert, 18, 60), minute(18)
    )


def test_nobody_takes_a_missed_check_on_again_and_again_to_keep_it_quiet() -> None:
    """It comes back after one interval; then, and not before, it is taken on anew."""
    (ask,) = CHECKS.asks
    story = Story(room(), replace(CHECKS, asks=(replace(ask, insistent=True),)))
    story.does(begin(0), minute(0))
    story.waits(minute(16))
    (alert,) = story.state.alerts
    story.does(takes_on(alert), minute(17))

    assert "taken on already" in story.is_refused(takes_on(alert), minute(31))
    story.waits(minute(32))
    assert story.state.alerts[alert].state is AlertState.RAISED
    story.does(takes_on(alert), minute(33))


def test_nobody_puts_aside_what_is_not_there() -> None:
    story, alert = stuffy()
    gone = AlertId("a0")

    for told in (
        puts_aside(gone, 5, 65),
        AlertUnshelved(alert=gone, at=minute(5), role="lead"),
    ):
        assert story.is_refused(told, minute(5)) == (
            "there is no alert a0 that needs anybody"
        )
    assert story.is_refused(
        AlertUnshelved(alert=alert, at=minute(5), role="lead"), minute(5)
    ) == (f"alert {alert} is not put aside")


def test_a_stay_that_ends_takes_its_alert_along_also_when_it_was_taken_on() -> None:
    story = Story(room(), CHECKS)
    story.does(begin(0), minute(0))
    story.waits(minute(16))
    (alert,) = story.state.alerts
    story.does(takes_on(alert), minute(17))
    story.does(end(20), minute(20))

    assert story.state.alerts == {}


# --- A drill --------------------------------------------------------------------------


def test_a_drill_is_an_alert_without_a_breach_and_over_when_somebody_answers() -> None:
    story = Story(room())
    assert story.does(DRILL, minute(0)) == [DRILL]
    assert story.state.alerts == {
        DRILL.alert: Alert(
            id=DRILL.alert,
            priority=Priority.URGENT,
            began_at=minute(0),
            drill=True,
            until=minute(10),
        )
    }
    story.does(takes_on(DRILL.alert), minute(4))

    assert story.state.alerts == {}
    assert story.waits(minute(500)) == []
    assert story.of(BreachOpened) == []


def test_a_drill_nobody_answers_is_over_at_its_end() -> None:
    story = Story(room())
    story.does(DRILL, minute(0))

    assert story.waits(minute(10) - STEP) == []
    assert story.waits(minute(30)) == [
        AlertReturnedToNormal(alert=DRILL.alert, at=minute(10))
    ]
    assert story.state.alerts == {}


def test_one_drill_at_a_time() -> None:
    story = Story(room())
    story.does(DRILL, minute(0))
    another = replace(DRILL, alert=AlertId("drill-2"), began_at=minute(5))

    assert story.is_refused(another, minute(5)) == "there is a drill in calm-1 already"
    story.does(takes_on(DRILL.alert), minute(6))
    story.does(replace(another, ends_at=minute(20)), minute(7))


def test_a_drill_and_a_breach_do_not_touch_each_other() -> None:
    story = Story(room(), CHECKS)
    story.does(begin(0), minute(0))
    story.does(replace(DRILL, ends_at=minute(30)), minute(0))
    story.waits(minute(16))
    alert = alert_id(BreachId("calm-1/checks/it@s1#20260302T091500.000000Z"))
    assert set(story.state.alerts) == {DRILL.alert, alert}

    story.does(takes_on(DRILL.alert), minute(17))
    assert stands(story, alert) == (AlertState.RAISED, 0)
    story.does(check(18), minute(18))
    assert stands(story, alert) == (AlertState.RETURNED, 0)
