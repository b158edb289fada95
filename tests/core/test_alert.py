"""An alert goes the ways of its diagram, and no other."""

from dataclasses import replace
from datetime import timedelta

import pytest

from room_monitor.core.alert import (
    ACKNOWLEDGED_FOR,
    SHELVED_AT_MOST,
    Alert,
    AlertState,
    acknowledged_for,
    alert_id,
    evolve,
    raise_for,
    refusal,
    return_for,
    shift,
    time_out,
)
from room_monitor.core.evaluation import Reason
from room_monitor.core.events import (
    AcknowledgementExpired,
    AlertAcknowledged,
    AlertEvent,
    AlertRaised,
    AlertReturnedToNormal,
    AlertShelved,
    AlertUnshelved,
    BreachClosed,
    BreachOpened,
    BreachRevised,
    Closing,
    DrillBegan,
    Source,
    Trouble,
    TroubleFound,
)
from room_monitor.core.ids import (
    AlertId,
    BreachId,
    ObligationId,
    RequirementId,
)
from room_monitor.core.obligations import Question, plan, question
from room_monitor.core.requirements import (
    CheckedEvery,
    HeardFrom,
    Label,
    Priority,
    Requirement,
    StayKind,
)
from room_monitor.core.site import Device, Role
from tests.core.play import (
    CHECKS,
    STAY,
    STEP,
    catalogue,
    device,
    minute,
    minutes,
    requirement,
    room,
)

BREACH = BreachId("calm-1/checks/it@s1#20260302T091500.000000Z")
OBLIGATION = ObligationId("calm-1/checks/it@s1")
ALERT = alert_id(BREACH)
SOURCE = Source(
    requirement=RequirementId("checks"),
    citation="Art. 1",
    label=Label.LAW,
    catalogue="1+0123456789ab",
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
TROUBLE = TroubleFound(
    alert=ALERT,
    trouble=Trouble.TRANSPORT_STUCK,
    subject="sms",
    detail="",
    priority=Priority.HIGH,
    began_at=minute(15),
)
DRILL = DrillBegan(
    alert=ALERT,
    priority=Priority.URGENT,
    began_at=minute(15),
    ends_at=minute(25),
    role="lead",
)
ACKNOWLEDGED = AlertAcknowledged(
    alert=ALERT, role="staff", at=minute(17), expires_at=minute(32)
)
EXPIRED = AcknowledgementExpired(alert=ALERT, at=minute(32))
SHELVED = AlertShelved(alert=ALERT, at=minute(18), until=minute(60), role="lead")
UNSHELVED = AlertUnshelved(alert=ALERT, at=minute(60))
RETURNED = AlertReturnedToNormal(alert=ALERT, at=minute(70))


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


def asked(of: Requirement, *devices: Device) -> Question:
    planned = plan(room(*devices), catalogue(of))
    if planned.always:
        return planned.always[0]
    return question(planned.during[StayKind.ENCLOSURE][0], STAY)


def play(*events: AlertEvent) -> Alert | None:
    alert: Alert | None = None
    for event in events:
        alert = evolve(alert, event)
    return alert


def standing(
    state: AlertState, *, until: float | None = None, raised_again: int = 0
) -> Alert:
    return Alert(
        id=ALERT,
        breach=BREACH,
        obligation=OBLIGATION,
        requirement=RequirementId("checks"),
        priority=Priority.URGENT,
        reason=Reason.CHECK_MISSED,
        began_at=minute(15),
        stay=STAY,
        state=state,
        until=None if until is None else minute(until),
        raised_again=raised_again,
    )


# --- What raises one ------------------------------------------------------------------


def test_the_id_of_an_alert_never_changes() -> None:
    assert AlertId("af061b6b8") == ALERT


def test_another_breach_has_another_alert() -> None:
    assert alert_id(BreachId(BREACH + "x")) != ALERT


def test_an_alert_says_what_the_breach_says() -> None:
    assert raise_for(opened(), asked(CHECKS)) == RAISED


@pytest.mark.parametrize("priority", [Priority.URGENT, Priority.HIGH, Priority.LOW])
def test_a_breach_raises_an_alert_of_its_priority(priority: Priority) -> None:
    assert raise_for(opened(priority), asked(CHECKS)) == replace(
        RAISED, priority=priority
    )


def test_a_breach_that_claims_nobody_raises_none() -> None:
    assert raise_for(opened(Priority.NONE), asked(CHECKS)) is None


def test_it_says_what_cannot_wait_and_what_it_only_follows_from() -> None:
    (ask,) = CHECKS.asks
    loud = replace(
        CHECKS,
        asks=(
            replace(
                ask,
                insistent=True,
                inhibited_by=frozenset({RequirementId("b"), RequirementId("a")}),
            ),
        ),
    )

    assert raise_for(opened(), asked(loud)) == replace(
        RAISED,
        insistent=True,
        inhibited_by=(RequirementId("a"), RequirementId("b")),
    )


@pytest.mark.parametrize(
    ("reason", "gateway", "group"),
    [
        (Reason.SILENT, "g1", "gateway/g1"),
        (Reason.SILENT, None, "device/climate"),
        (Reason.ABOVE_HIGH, "g1", ""),
    ],
)
def test_only_devices_that_fall_silent_are_one_trouble(
    reason: Reason, gateway: str | None, group: str
) -> None:
    of = replace(device(Role.CLIMATE), gateway=gateway)
    raised = raise_for(
        replace(opened(), reason=reason),
        asked(requirement(HeardFrom(), name="heard"), of),
    )

    assert raised is not None
    assert raised.group == group


@pytest.mark.parametrize("ended", [17, None])
def test_an_alert_is_over_when_its_breach_is(ended: float | None) -> None:
    """Where nobody knows when that was, it is dated from its begin."""
    ended_at = None if ended is None else minute(ended)
    closed = BreachClosed(
        breach=BREACH,
        obligation=OBLIGATION,
        closing=Closing.LAPSED,
        began_at=minute(15),
        ended_at=ended_at,
    )
    revised = BreachRevised(
        breach=BREACH,
        obligation=OBLIGATION,
        closing=Closing.LAPSED,
        began_at=minute(15),
        ended_at=ended_at,
    )
    expected = AlertReturnedToNormal(alert=ALERT, at=ended_at or minute(15))

    assert return_for(closed) == return_for(revised) == expected


# --- The diagram ----------------------------------------------------------------------

WAYS_TO = {
    "raised": (RAISED,),
    "acknowledged": (RAISED, ACKNOWLEDGED),
    "shelved": (RAISED, SHELVED),
    "returned": (RAISED, RETURNED),
    "raised again": (RAISED, ACKNOWLEDGED, EXPIRED),
    "closed": (RAISED, ACKNOWLEDGED, RETURNED),
    "drill": (DRILL,),
}

S = AlertState
TRANSITIONS = [
    # Raised
    ("raised", ACKNOWLEDGED, standing(S.ACKNOWLEDGED, until=32)),
    ("raised", SHELVED, standing(S.SHELVED, until=60)),
    ("raised", RETURNED, standing(S.RETURNED)),
    # Acknowledged: not ended by it, and again for a while if somebody else says so
    ("acknowledged", ACKNOWLEDGED, standing(S.ACKNOWLEDGED, until=32)),
    ("acknowledged", EXPIRED, standing(S.RAISED, raised_again=1)),
    ("acknowledged", SHELVED, standing(S.SHELVED, until=60)),
    ("acknowledged", RETURNED, None),
    # Shelved
    ("shelved", UNSHELVED, standing(S.RAISED, raised_again=1)),
    ("shelved", SHELVED, standing(S.SHELVED, until=60)),
    ("shelved", RETURNED, None),
    # Returned unacknowledged: only a person closes it
    ("returned", ACKNOWLEDGED, None),
    ("returned", RETURNED, standing(S.RETURNED)),
    # Raised again, and everything once more
    ("raised again", ACKNOWLEDGED, standing(S.ACKNOWLEDGED, until=32, raised_again=1)),
    ("raised again", RETURNED, standing(S.RETURNED, raised_again=1)),
    # Closed
    ("closed", ACKNOWLEDGED, None),
    ("closed", EXPIRED, None),
    ("closed", SHELVED, None),
    ("closed", UNSHELVED, None),
    ("closed", RETURNED, None),
    # A drill
    ("drill", ACKNOWLEDGED, None),
    ("drill", RETURNED, None),
]


@pytest.mark.parametrize(
    ("state", "event", "expected"),
    TRANSITIONS,
    ids=[f"{state}-{type(event).__name__}" for state, event, _ in TRANSITIONS],
)
def test_it_goes_the_ways_of_the_diagram(
    state: str, event: AlertEvent, expected: Alert | None
) -> None:
    assert play(*WAYS_TO[state], event) == expected


def test_an_alert_begins_raised() -> None:
    assert play(RAISED) == standing(S.RAISED)
    assert play(TROUBLE) == Alert(
        id=ALERT,
        priority=Priority.HIGH,
        began_at=minute(15),
        trouble=Trouble.TRANSPORT_STUCK,
        subject="sms",
    )
    assert play(DRILL) == Alert(
        id=ALERT,
        priority=Priority.URGENT,
        began_at=minute(15),
        drill=True,
        until=minute(25),
    )


def test_each_time_it_is_raised_again_is_counted() -> None:
    again = (ACKNOWLEDGED, EXPIRED, SHELVED, UNSHELVED, ACKNOWLEDGED, EXPIRED)

    assert play(RAISED, *again) == standing(S.RAISED, raised_again=3)


# --- What people cannot do ------------------------------------------------------------

INSISTENT = (
    "alert af061b6b8 cannot be put aside: a missed check, a call for contact or a "
)
REFUSED = {
    ("shelved", "acknowledge"): "alert af061b6b8 is put aside; take it back first",
    ("drill", "shelve"): "alert af061b6b8 is a drill; acknowledge it",
    ("returned", "shelve"): "alert af061b6b8 is over; acknowledge it",
    ("raised", "unshelve"): "alert af061b6b8 is not put aside",
    ("acknowledged", "unshelve"): "alert af061b6b8 is not put aside",
    ("returned", "unshelve"): "alert af061b6b8 is not put aside",
    ("raised again", "unshelve"): "alert af061b6b8 is not put aside",
    ("drill", "unshelve"): "alert af061b6b8 is not put aside",
}
ACTS: dict[str, AlertAcknowledged | AlertShelved | AlertUnshelved] = {
    "acknowledge": ACKNOWLEDGED,
    "shelve": SHELVED,
    "unshelve": UNSHELVED,
}


@pytest.mark.parametrize("state", [s for s in WAYS_TO if s != "closed"])
@pytest.mark.parametrize("act", ACTS)
def test_what_people_can_do_with_it_and_nothing_else(state: str, act: str) -> None:
    alert = play(*WAYS_TO[state])
    assert alert is not None

    assert refusal(alert, ACTS[act]) == REFUSED.get((state, act))


@pytest.mark.parametrize("state", ["raised", "acknowledged", "shelved", "returned"])
def test_what_needs_somebody_now_is_never_put_aside(state: str) -> None:
    alert = play(*WAYS_TO[state])
    assert alert is not None
    why = refusal(replace(alert, insistent=True), SHELVED)

    assert why == f"{INSISTENT}suspected enclosure needs somebody now"


@pytest.mark.parametrize(
    ("lasting", "why"),
    [
        (timedelta(0), "the end of putting it aside lies in the past"),
        (-STEP, "the end of putting it aside lies in the past"),
        (STEP, None),
        (SHELVED_AT_MOST, None),
        (SHELVED_AT_MOST + STEP, "an alert is put aside for at most 7 days"),
    ],
)
def test_it_is_put_aside_for_a_while_and_not_for_good(
    lasting: timedelta, why: str | None
) -> None:
    told = replace(SHELVED, until=SHELVED.at + lasting)

    assert refusal(standing(S.RAISED), told) == why


# --- What time does -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "until", "expected"),
    [
        ("raised", None, None),
        ("returned", None, None),
        ("acknowledged", 32, EXPIRED),
        ("shelved", 60, UNSHELVED),
        ("drill", 25, replace(RETURNED, at=minute(25))),
    ],
)
def test_time_alone_ends_only_what_was_for_a_while(
    state: str, until: float | None, expected: AlertEvent | None
) -> None:
    """Dated when it was over, however late somebody looks."""
    alert = play(*WAYS_TO[state])
    assert alert is not None
    if until is not None:
        assert time_out(alert, minute(until) - STEP) is None
        assert time_out(alert, minute(until)) == expected

    assert time_out(alert, minute(10_000)) == expected


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        (CHECKS, 15),
        (
            requirement(CheckedEvery(at_most=minutes(10)), during=[StayKind.ENCLOSURE]),
            10,
        ),
        (
            requirement(CheckedEvery(at_most=minutes(90)), during=[StayKind.ENCLOSURE]),
            15,
        ),
        (
            requirement(
                CheckedEvery(at_most=minutes(15)),
                during=[StayKind.ENCLOSURE],
                acknowledged_for=minutes(4),
            ),
            4,
        ),
    ],
)
def test_who_took_on_a_missed_check_has_one_interval(
    of: Requirement, expected: float
) -> None:
    assert acknowledged_for(asked(of)) == minutes(expected)


def test_what_nothing_is_asked_about_is_taken_on_for_a_quarter() -> None:
    assert acknowledged_for(None) == ACKNOWLEDGED_FOR == minutes(15)


def test_a_step_of_the_clock_moves_what_is_running() -> None:
    by = minutes(-60)

    assert shift(standing(S.ACKNOWLEDGED, until=32), by) == replace(
        standing(S.ACKNOWLEDGED, until=32),
        began_at=minute(-45),
        until=minute(-28),
    )
    assert shift(standing(S.RAISED), by).until is None
