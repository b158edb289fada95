"""One room: START HERE.

    reading ──take──┐
    time ──advance──┼──> judge (rules → breach → alert) ──> events ──evolve──> state
    act ──────act───┘

Everything here is pure: a state and something new go in, a new state and the events that
belong in the log come out. The events alone, folded with ``evolve``, give the same state
again, together with the readings, folded with ``hear``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import reduce

from room_monitor.core import alert as alerts
from room_monitor.core import stay as stays
from room_monitor.core.evaluation import Heard, Verdict
from room_monitor.core.events import (
    AlertAcknowledged,
    AlertEvent,
    AlertShelved,
    AlertUnshelved,
    CheckIntervalAgreed,
    ContactRequested,
    DoorMoved,
    DrillBegan,
    Evidence,
    LateViolationFound,
    OccupancySuggested,
    RoomEvent,
    SensedEvent,
    SequenceGapFound,
    StayBegan,
    StayEvent,
    TagPresented,
)
from room_monitor.core.ids import ObligationId, StayId
from room_monitor.core.judging import (
    Turn,
    alerts_wake_at,
    evaluate,
    judge,
    kept_deadlines,
    lapse,
    of_people,
    owed_again,
    put_right,
    step,
    time_out,
)
from room_monitor.core.obligations import Question, question
from room_monitor.core.readings import Reading
from room_monitor.core.requirements import (
    AtMostTimes,
    CheckedEvery,
    DaylightShare,
    Demand,
    HeardFrom,
    RegisteredWhenLocked,
    WithinLimit,
)
from room_monitor.core.site import DatedBy, Role, RoomKind
from room_monitor.core.state import RoomState, evolve, hear
from room_monitor.core.stay import Correction, Rejected
from room_monitor.core.tags import pseudonym
from sensors.quantity import Quantity

Told = (
    StayEvent
    | Correction
    | AlertAcknowledged
    | AlertShelved
    | AlertUnshelved
    | DrillBegan
)
"""What a person can tell: the fact as it will stand in the log, if it can be true."""

DOORS = {Role.DOOR_CONTACT, Role.DOOR_LOCK, Role.SANITARY_DOOR, Role.HATCH}


# --- Something new comes in ----------------------------------------------------------


def take(state: RoomState, reading: Reading, *, seeing: bool = True) -> Turn:
    """Hear a reading and judge what it can change, at the instant it is evidence of.

    A retained reading is no evidence. One that is older than the last of its quantity
    changes nothing that is true now, but may show a violation nobody saw.

    Args:
        state: What is true so far.
        reading: A reading of a device of this room.
        seeing: As for ``advance``. A device that dates its own readings is judged all the
            same for the time before this reading: what it sent before has been heard.
    """
    if reading.retained or reading.device not in state.plan.devices:
        return Turn(state, [])
    before = state.latest(reading.device, reading.quantity)
    if before is not None and reading.at <= before.reading.at:
        if reading.repeats(before.reading):
            return Turn(state, [])
        if reading.at < before.reading.at:
            return Turn(state, _late_violations(state, reading))
    touched = _touched(state, reading)
    if seeing:
        turn = advance(state, reading.at)
    elif state.plan.devices[reading.device].dated_by is DatedBy.DEVICE:
        turn = step(state, reading.at, touched)
    else:
        turn = Turn(state, [])
    sensed = _sense(turn.state, reading, before)
    state = hear(turn.state, reading)
    for event in sensed:
        state = evolve(state, event)
    judged = judge(state, touched, reading.at)
    return Turn(judged.state, [*turn.events, *sensed, *judged.events])


def advance(state: RoomState, now: datetime, *, seeing: bool = True) -> Turn:
    """Let time pass up to ``now``: judge again whatever time alone may have changed.

    Args:
        state: What is true so far.
        now: Aware UTC.
        seeing: Whether everything that sensors said until ``now`` has been heard. While
            it has not (the broker is away, a backlog waits), no sensor is judged by the
            passing of time; what people must do is.
    """
    if now < state.wake_at:
        return Turn(state, [])
    asked = tuple(state.questions())
    judged = asked if seeing else of_people(asked)
    state, events = step(state, now, judged)
    timed_out = time_out(state, now)
    state = reduce(evolve, timed_out, state)
    rechecks = kept_deadlines(state, asked)
    wake_at = min([*rechecks.values(), alerts_wake_at(state)])
    state = state._replace(rechecks=rechecks, wake_at=wake_at)
    return Turn(state, [*events, *timed_out])


def judge_all(state: RoomState, now: datetime, *, seeing: bool = True) -> Turn:
    """Ask every question again, and drop those that are no longer asked.

    ``seeing`` is as for ``advance``.
    """
    asked = tuple(state.questions())
    lapsed = lapse(state, now)
    rechecks: Mapping[ObligationId, datetime] = {}
    if not seeing:
        rechecks = kept_deadlines(state, asked)
        asked = of_people(asked)
    cleared = reduce(evolve, lapsed, state)
    wake_at = min([*rechecks.values(), alerts_wake_at(cleared)])
    cleared = cleared._replace(rechecks=rechecks, wake_at=wake_at)
    turn = judge(cleared, asked, now)
    # What was still missing of an ended stay may be there now: nothing more is asked.
    complete = lapse(turn.state, now)
    state = reduce(evolve, complete, turn.state)
    return Turn(state, [*lapsed, *turn.events, *complete])


def act(
    state: RoomState, told: Told, now: datetime, *, seeing: bool = True
) -> Turn | Rejected:
    """Record what a person tells, and judge all it may change.

    ``seeing`` is as for ``advance``.
    """
    turn = advance(state, now, seeing=seeing)
    state = turn.state
    if isinstance(told, AlertAcknowledged | AlertShelved | AlertUnshelved | DrillBegan):
        said = _answered(state, told, now)
        if isinstance(said, Rejected):
            return said
        return Turn(evolve(state, said), [*turn.events, said])
    if isinstance(told, StayBegan) and state.plan.room.kind is RoomKind.LOCATION:
        return Rejected(f"{state.plan.room.id} is a location; name the room")
    if isinstance(told, Correction):
        recorded = stays.correct(state.stays, state.happened, told, now)
    else:
        recorded = stays.decide(state.stays, told, now)
    recorded = _too_lax(state, told) or recorded
    if isinstance(recorded, Rejected):
        return recorded
    judged = judge_all(reduce(evolve, recorded, state), now, seeing=seeing)
    touched = _stays_of(recorded)
    owed = judge(
        judged.state,
        [
            q
            for s in touched
            for q in owed_again(judged.state, judged.state.stays[s], now)
        ],
        now,
    )
    righted = _put_right(owed.state, touched, now)
    events = [
        *turn.events,
        *recorded,
        *judged.events,
        *owed.events,
        *righted.events,
    ]
    return Turn(righted.state, events)


def _answered(
    state: RoomState,
    told: AlertAcknowledged | AlertShelved | AlertUnshelved | DrillBegan,
    now: datetime,
) -> AlertEvent | Rejected:
    """What a person does with an alert, as it will stand in the log."""
    if isinstance(told, DrillBegan):
        if any(alert.drill for alert in state.alerts.values()):
            return Rejected(f"there is a drill in {state.plan.room.id} already")
        return told
    alert = state.alerts.get(told.alert)
    if alert is None:
        return Rejected(f"there is no alert {told.alert} that needs anybody")
    if (why := alerts.refusal(alert, told)) is not None:
        return Rejected(why)
    if isinstance(told, AlertAcknowledged):
        if alert.drill or alert.state is alerts.AlertState.RETURNED:
            return replace(told, at=now, expires_at=None)  # nothing goes on behind it
        asked = next((q for q in state.questions() if q.key == alert.obligation), None)
        return replace(told, at=now, expires_at=now + alerts.acknowledged_for(asked))
    return told


def _too_lax(state: RoomState, told: Told) -> Rejected | None:
    """Checks may be agreed to come more often than the law asks, never less often."""
    if isinstance(told, Correction):
        told = told.instead or told
    if not isinstance(told, CheckIntervalAgreed):
        return None
    stay = state.stays.get(told.stay)
    limits = [
        asked.obligation.ask.demand.at_most
        for asked in (state.questions_of(stay) if stay else ())
        if isinstance(asked.obligation.ask.demand, CheckedEvery)
        and asked.obligation.ask.demand.fact == "check"
    ]
    if stay is not None and not limits:
        return Rejected("in this kind of stay no checks are asked for")
    if limits and not timedelta(0) < told.at_most <= min(limits):
        minutes = min(limits).total_seconds() / 60
        return Rejected(
            f"checks may be agreed to come more often, not less: {minutes:g} min or less"
        )
    return None


def _stays_of(recorded: Iterable[RoomEvent]) -> list[StayId]:
    """The stays that something was told of."""
    stays_told = (getattr(event, "stay", None) for event in recorded)
    return list(dict.fromkeys(stay for stay in stays_told if stay is not None))


def _put_right(state: RoomState, touched: Iterable[StayId], now: datetime) -> Turn:
    """Judge the stays that something was told of again, from their begin."""
    events: list[RoomEvent] = []
    for stay in touched:
        righted = put_right(state, state.stays[stay], now)
        state = reduce(evolve, righted, state)
        events += righted
    return Turn(state, events)


# --- What a reading touches ------------------------------------------------------------


def _touched(state: RoomState, reading: Reading) -> list[Question]:
    """The questions whose answer a reading can change."""
    device, quantity = reading.device, reading.quantity
    asked = list(state.plan.touched(device, quantity))
    moment = _SENSED.get(quantity)
    for stay in state.stays.values():
        if not stay.ended:
            asked += (
                question(o, stay.id)
                for o in state.plan.touched_in_stays(device, quantity)
                if stay.kind in o.requirement.applies.during
            )
            asked += (
                question(o, stay.id)
                for o in state.plan.during[stay.kind]
                if moment is not None and _asks_about(o.ask.demand, moment)
            )
    if quantity is Quantity.DAYLIGHT_ILLUMINANCE and _ends_a_day(state, reading):
        asked += (
            q
            for q in state.plan.always
            if isinstance(q.obligation.ask.demand, DaylightShare)
            and q.obligation.device is state.plan.devices[device]
        )
    if quantity in (Quantity.DOOR_CONTACT, Quantity.DOOR_LOCK):
        asked += (
            q
            for q in state.plan.always
            if isinstance(q.obligation.ask.demand, RegisteredWhenLocked)
        )
    if reading.at < state.last_heard.get(device, reading.at):
        # The device spoke later than this: how long it is silent does not change.
        return [q for q in asked if not isinstance(q.obligation.ask.demand, HeardFrom)]
    return asked


_SENSED = {
    Quantity.CALL_BUTTON: "contact_request",
    Quantity.DOOR_CONTACT: "door_opened",
}
"""Quantities that can start or stop the clock of a limit (see ``Moment``)."""


def _ends_a_day(state: RoomState, reading: Reading) -> bool:
    """Whether it tells how long the last light of a day that is over was seen."""
    before = state.latest(reading.device, reading.quantity)
    if before is None:
        return False
    zone = state.plan.room.location.zone
    return (
        before.reading.at.astimezone(zone).date() != reading.at.astimezone(zone).date()
    )


def _asks_about(demand: Demand, name: str) -> bool:
    """Whether what a sensor saw counts for a demand on people; never for a check."""
    match demand:
        case WithinLimit():
            moments = (demand.since, *demand.until, demand.extended_by)
            return any(m is not None and m.name == name for m in moments)
        case AtMostTimes():
            return demand.moment.name == name
        case _:
            return False


def _late_violations(state: RoomState, reading: Reading) -> list[RoomEvent]:
    """Judge a reading that came out of order, for the instant it tells of."""
    then = state._replace(
        heard={
            **state.heard,
            reading.device: {
                **state.heard.get(reading.device, {}),
                reading.quantity: Heard(reading, reading.at),
            },
        }
    )
    found: list[RoomEvent] = []
    for asked in _touched_then(state, reading):
        standing = state.standings.get(asked.key)
        suspected_since = standing.suspected_since if standing else None
        if suspected_since is not None and suspected_since <= reading.at:
            continue
        finding, _ = evaluate(asked, then.known(asked.stay), reading.at)
        if finding.verdict is Verdict.VIOLATED and finding.reading is reading:
            found.append(
                LateViolationFound(
                    obligation=asked.key,
                    source=asked.obligation.source,
                    reason=finding.reason,
                    at=reading.at,
                    evidence=Evidence.of(reading._replace(late=True)),
                )
            )
    return found


def _touched_then(state: RoomState, reading: Reading) -> Iterable[Question]:
    """The questions that were asked at the instant a late reading tells of."""
    device, quantity, at = reading.device, reading.quantity, reading.at
    yield from (
        q for q in state.plan.touched(device, quantity) if q.obligation.in_force(at)
    )
    for stay in state.stays.values():
        if stay.began_at <= at and not stay.over_by(at):
            yield from (
                question(o, stay.id)
                for o in state.plan.touched_in_stays(device, quantity)
                if stay.kind in o.requirement.applies.during and o.in_force(at)
            )


def _sense(
    state: RoomState, reading: Reading, before: Heard | None
) -> list[SensedEvent]:
    """What a reading shows that belongs in the log by itself."""
    sensed: list[SensedEvent] = []
    device = state.plan.devices[reading.device]
    last = state.sequences.get(device.id)
    if (
        reading.sequence is not None
        and last is not None
        and reading.sequence > last + 1
    ):
        sensed.append(
            SequenceGapFound(
                device=device.id, after=last, before=reading.sequence, at=reading.at
            )
        )
    quantity, value = reading.quantity, reading.value
    if device.role in DOORS and quantity in (Quantity.DOOR_CONTACT, Quantity.DOOR_LOCK):
        if before is None or before.reading.value != value:
            moved = DoorMoved(
                device=device.id,
                role=device.role,
                quantity=quantity,
                state=quantity.describe(value),
                at=reading.at,
            )
            locks = state.doors.since is None
            if locks and evolve(state, moved).doors.since is not None:
                moved = replace(moved, co2_ppm=_co2(state, reading.at))
            sensed.append(moved)
    elif quantity is Quantity.PRESENCE_TAP and value:
        tag = None if reading.tag is None else pseudonym(reading.tag)
        sensed.append(TagPresented(device=device.id, at=reading.at, tag=tag))
    elif quantity is Quantity.CO2:
        sensed += _occupied(state, reading)
    elif quantity is Quantity.CALL_BUTTON and value:
        open_stay = next((s.id for s in state.stays.values() if not s.ended), None)
        sensed.append(ContactRequested(device=device.id, at=reading.at, stay=open_stay))
    return sensed


CO2_RISE = 150.0
"""By how many ppm CO₂ must rise behind a locked door to be worth a remark: several times
the uncertainty of a common sensor, and what one person adds to a small room in a quarter
of an hour or less."""


def _co2(state: RoomState, at: datetime) -> float | None:
    """CO₂ in the room, if a fresh reading tells; the lowest, where several do."""
    fresh = [
        heard.reading.value
        for device in state.plan.devices.values()
        if (heard := state.latest(device.id, Quantity.CO2)) is not None
        and at - heard.reading.at < device.silent_after
    ]
    return min(fresh, default=None)


def _occupied(state: RoomState, reading: Reading) -> list[SensedEvent]:
    """Say so, once, if CO₂ rises behind a locked door while no stay is registered."""
    locked_at, from_ppm = state.doors.since, state.doors.co2_ppm
    if locked_at is None or from_ppm is None or state.doors.suggested:
        return []
    if any(not stay.ended for stay in state.stays.values()):
        return []
    if reading.value - from_ppm < CO2_RISE:
        return []
    return [
        OccupancySuggested(
            locked_at=locked_at, from_ppm=from_ppm, evidence=Evidence.of(reading)
        )
    ]
