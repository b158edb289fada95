"""An alert is there while its breach is open or nobody has acknowledged it."""

import pytest

from room_monitor.core.alert import Alert, AlertState, alert_id, evolve, follow
from room_monitor.core.evaluation import Reason
from room_monitor.core.events import (
    AlertAcknowledged,
    AlertRaised,
    AlertReturnedToNormal,
    BreachClosed,
    BreachOpened,
    Closing,
    Source,
)
from room_monitor.core.ids import AlertId, BreachId, ObligationId, RequirementId
from room_monitor.core.requirements import Label, Priority
from tests.core.play import STAY, minute

BREACH = BreachId("calm-1/checks/it@s1#20260302T091500.000000Z")
OBLIGATION = ObligationId("calm-1/checks/it@s1")
ALERT = alert_id(BREACH)
SOURCE = Source(
    requirement=RequirementId("checks"),
    citation="Art. 1",
    label=Label.LAW,
    catalogue="1+0123456789ab",
)


def opened(priority: Priority = Priority.URGENT) -> BreachOpened:
    return BreachOpened(
        breach=BREACH,
        obligation=OBLIGATION,
        source=SOURCE,
        priority=priority,
        reason=Reason.CHECK_MISSED,
        began_at=minute(15),
        stay=STAY,
    )


RAISED = AlertRaised(
    alert=ALERT,
    breach=BREACH,
    obligation=OBLIGATION,
    requirement=RequirementId("checks"),
    priority=Priority.URGENT,
    reason=Reason.CHECK_MISSED,
    began_at=minute(15),
    stay=STAY,
)
ACKNOWLEDGED = AlertAcknowledged(alert=ALERT, role="care_worker")
RETURNED = AlertReturnedToNormal(alert=ALERT, at=minute(17))


def play(
    *events: AlertRaised | AlertAcknowledged | AlertReturnedToNormal,
) -> Alert | None:
    alert: Alert | None = None
    for event in events:
        alert = evolve(alert, event)
    return alert


def standing(state: AlertState) -> Alert:
    return Alert(
        id=ALERT,
        breach=BREACH,
        obligation=OBLIGATION,
        requirement=RequirementId("checks"),
        priority=Priority.URGENT,
        reason=Reason.CHECK_MISSED,
        began_at=minute(15),
        state=state,
    )


def test_the_id_of_an_alert_never_changes() -> None:
    assert AlertId("af061b6b8") == ALERT


def test_another_breach_has_another_alert() -> None:
    assert alert_id(BreachId(BREACH + "x")) != ALERT


@pytest.mark.parametrize("priority", [Priority.URGENT, Priority.HIGH, Priority.LOW])
def test_a_breach_raises_an_alert_of_its_priority(priority: Priority) -> None:
    raised = follow(opened(priority))

    assert isinstance(raised, AlertRaised)
    assert raised.priority is priority


def test_an_alert_says_what_the_breach_says() -> None:
    assert follow(opened()) == RAISED


def test_a_breach_that_claims_nobody_raises_none() -> None:
    assert follow(opened(Priority.NONE)) is None


def test_the_alert_returns_to_normal_when_the_breach_ended() -> None:
    over = BreachClosed(
        breach=BREACH,
        obligation=OBLIGATION,
        closing=Closing.MET,
        began_at=minute(15),
        ended_at=minute(17),
    )

    assert follow(over) == RETURNED


def test_a_raised_alert_waits_for_somebody() -> None:
    assert play(RAISED) == standing(AlertState.RAISED)


def test_acknowledging_does_not_close_an_alert_whose_breach_is_open() -> None:
    assert play(RAISED, ACKNOWLEDGED) == standing(AlertState.ACKNOWLEDGED)
    assert play(RAISED, ACKNOWLEDGED, ACKNOWLEDGED) == standing(AlertState.ACKNOWLEDGED)


def test_an_acknowledged_alert_is_closed_when_its_breach_is_over() -> None:
    assert play(RAISED, ACKNOWLEDGED, RETURNED) is None


def test_an_alert_nobody_looked_at_stays_when_its_breach_is_over() -> None:
    assert play(RAISED, RETURNED) == standing(AlertState.RETURNED)


def test_it_is_closed_once_somebody_has_looked() -> None:
    assert play(RAISED, RETURNED, ACKNOWLEDGED) is None


def test_nothing_follows_from_an_alert_that_is_closed() -> None:
    assert play(ACKNOWLEDGED) is None
    assert play(RETURNED) is None
