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
from room_monitor.core.events import (
    AlertAcknowledged,
    AlertEvent,
    AlertShelved,
    AlertUnshelved,
    CheckIntervalAgreed,
    DrillBegan,
    RoomEvent,
    StayBegan,
    StayEvent,
)
from room_monitor.core.ids import ObligationId, StayId
from room_monitor.core.judging import (
    Turn,
    alerts_wake_at,
    judge,
    kept_deadlines,
    lapse,
    of_people,
    owed_again,
    put_right,
    step,
    time_out,
)
from room_monitor.core.readings import Reading
from room_monitor.core.requirements import CheckedEvery
from room_monitor.core.sensing import sense
from room_monitor.core.site import DatedBy, RoomKind
from room_monitor.core.state import RoomState, evolve, hear
from room_monitor.core.stay import Correction, Rejected
from room_monitor.core.touched import late_violations, touched

Told = (
    StayEvent
    | Correction
    | AlertAcknowledged
    | AlertShelved
    | AlertUnshelved
    | DrillBegan
)
"""What a person can tell: the fact as it will stand in the log, if it can be true."""

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
            return Turn(state, late_violations(state, reading))
    asked = touched(state, reading)
    if seeing:
        turn = advance(state, reading.at)
    elif state.plan.devices[reading.device].dated_by is DatedBy.DEVICE:
        turn = step(state, reading.at, asked)
    else:
        turn = Turn(state, [])
    sensed = sense(turn.state, reading, before)
    state = hear(turn.state, reading)
    for event in sensed:
        state = evolve(state, event)
    judged = judge(state, asked, reading.at)
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
    if events:
        # What was owed of a stay that is over counts from its instant: nothing more is.
        lapsed = lapse(state, now)
        state = reduce(evolve, lapsed, state)
        events = [*events, *lapsed]
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
    righted = _put_right(judged.state, _stays_of(recorded), now)
    events = [*turn.events, *recorded, *judged.events, *righted.events]
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


def _put_right(state: RoomState, told_of: Iterable[StayId], now: datetime) -> Turn:
    """Judge the stays that something was told of again, from their begin."""
    events: list[RoomEvent] = []
    for stay in told_of:
        owed = judge(state, owed_again(state, state.stays[stay], now), now)
        righted = put_right(owed.state, owed.state.stays[stay], now)
        state = reduce(evolve, righted, owed.state)
        events += [*owed.events, *righted]
    return Turn(state, events)
