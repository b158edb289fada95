"""What people are shown: an open breach acquits nobody, what never was does not count."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from room_monitor.core.alert import AlertState
from room_monitor.core.evaluation import Verdict
from room_monitor.core.events import (
    AlertAcknowledged,
    AlertRaised,
    BreachClosed,
    BreachOpened,
    Closing,
    Entry,
    Event,
)
from room_monitor.core.requirements import (
    Ask,
    DoneBy,
    EvidenceKind,
    Priority,
    Proof,
    WithinRange,
)
from room_monitor.core.site import Role
from room_monitor.core.views import Readiness, room_status, stay_summaries
from sensors.quantity import Quantity
from tests.core.play import (
    CHECKS,
    ROOM,
    START,
    STAY,
    Story,
    begin,
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

WINDOW = device(Role.CLIMATE, "window")
WALL = device(Role.CLIMATE, "wall")
FRESH = WithinRange(role=Role.CLIMATE, quantity=Quantity.CO2, high=1200)
LIVE = requirement(FRESH, name="air", acknowledged_for=minutes(300))
SHOWN = Ask(
    key="shown",
    evidence=EvidenceKind.INSPECTION,
    demand=DoneBy(fact="air_inspected"),
)
EITHER = replace(LIVE, asks=(*LIVE.asks, SHOWN), proof=Proof.ANY)
GOOD, BAD = 500.0, 1500.0


def co2(story: Story, value: float, at: float, *, of: str = "window") -> None:
    story.hears(reading(device(Role.CLIMATE, of), Quantity.CO2, value, minute(at)))


# --- One proof is enough ----------------------------------------------------------------


def stands(story: Story) -> tuple[Verdict, Readiness]:
    status = room_status(story.state, blind_since=None)
    (of_air,) = status.requirements
    return of_air.verdict, status.readiness


def test_an_inspection_alone_shows_what_either_proof_would() -> None:
    story = Story(room(WINDOW), EITHER)
    assert stands(story) == (Verdict.UNKNOWN, Readiness.NOT_SHOWN)

    story.does(fact("air_inspected", 1, stay=None), minute(1))

    assert stands(story) == (Verdict.MET, Readiness.READY)


def test_no_inspection_acquits_while_a_breach_is_open() -> None:
    """Not before, not after, not while the sensor is silent or the monitor is blind."""
    violated = (Verdict.VIOLATED, Readiness.NOT_READY)
    story = Story(room(WINDOW), EITHER)
    story.does(fact("air_inspected", 1, stay=None), minute(1))
    co2(story, BAD, 2)
    assert stands(story) == violated
    story.does(fact("air_inspected", 3, stay=None), minute(3))
    assert stands(story) == violated
    story.waits(minute(200))
    assert stands(story) == violated
    blind = room_status(story.state, blind_since=minute(200))
    assert (blind.requirements[0].verdict, blind.readiness) == violated

    co2(story, GOOD, 201)

    assert len(story.of(BreachClosed)) == 1
    assert stands(story) == (Verdict.MET, Readiness.READY)


# --- Alerts that nobody saw -------------------------------------------------------------


def test_an_alert_that_came_and_went_is_replaced_by_the_next_of_the_same_ask() -> None:
    """All of them stay in the log; the list of people holds the last."""
    story = Story(room(WINDOW), LIVE)
    for flap in range(100):
        co2(story, BAD, 2 * flap + 1)
        assert len(story.state.alerts) == 1
        co2(story, GOOD, 2 * flap + 2)
        assert len(story.state.alerts) == 1
    (alert,) = story.state.alerts.values()
    raised = story.of(AlertRaised)

    assert len(raised) == 100
    assert (alert.state, alert.began_at) == (AlertState.RETURNED, minute(199))
    assert alert.id == getattr(raised[-1], "alert", None)


@pytest.mark.parametrize("acknowledged", [True, False])
def test_an_alert_of_another_ask_outlives_the_flaps(*, acknowledged: bool) -> None:
    story = Story(room(WINDOW, WALL), LIVE)
    co2(story, BAD, 0.5, of="wall")
    (wall,) = story.state.alerts
    if acknowledged:
        told = AlertAcknowledged(alert=wall, role="staff")
        story.does(told, minute(0.6))
    for flap in range(100):
        at = 2 * flap + 1
        co2(story, BAD, at)
        co2(story, BAD, at + 0.5, of="wall")
        co2(story, GOOD, at + 1)

    assert len(story.state.alerts) == 2
    kept = AlertState.ACKNOWLEDGED if acknowledged else AlertState.RAISED
    assert story.state.alerts[wall].state is kept


def test_a_returned_alert_of_another_device_is_not_replaced() -> None:
    story = Story(room(WINDOW, WALL), LIVE)
    co2(story, BAD, 1, of="wall")
    co2(story, GOOD, 2, of="wall")
    co2(story, BAD, 3)
    co2(story, GOOD, 4)

    assert [a.state for a in story.state.alerts.values()] == 2 * [AlertState.RETURNED]


# --- What a stay comes to ---------------------------------------------------------------


def logged(events: Sequence[Event]) -> list[Entry]:
    return [
        Entry(position=n, recorded_at=START, room=ROOM, event=event, hash=b"")
        for n, event in enumerate(events, 1)
    ]


def test_a_missed_check_that_was_withdrawn_is_not_counted() -> None:
    """It had been made and was recorded late; one that stands is counted."""
    story = Story(room(), CHECKS)
    story.does(begin(0), minute(0))
    story.waits(minute(16))
    (missed,) = stay_summaries(logged(story.events))
    story.does(check(10), minute(17))
    (withdrawn,) = stay_summaries(logged(story.events))
    story.waits(minute(26))
    story.does(check(27), minute(27))
    story.does(end(30), minute(30))
    (summary,) = stay_summaries(logged(story.events))

    closings = [e.closing for e in story.events if isinstance(e, BreachClosed)]
    assert closings[0] is Closing.WITHDRAWN
    assert Closing.WITHDRAWN not in closings[1:]
    assert len(story.of(BreachOpened)) == 2
    assert (missed.missed, missed.breaches, missed.checks) == (1, 1, 0)
    assert (withdrawn.missed, withdrawn.breaches, withdrawn.checks) == (0, 0, 1)
    assert (summary.missed, summary.breaches, summary.checks) == (1, 1, 2)
    assert summary.stay == STAY
    assert summary.ended_at == START + minutes(30)


def test_a_breach_of_the_room_counts_for_no_stay() -> None:
    story = Story(room(WINDOW), LIVE, CHECKS)
    story.does(begin(0), minute(0))
    co2(story, BAD, 1)
    (summary,) = stay_summaries(logged(story.events))

    assert len(story.of(BreachOpened)) == 1
    assert (summary.missed, summary.breaches) == (0, 0)
    assert LIVE.asks[0].priority is Priority.HIGH
