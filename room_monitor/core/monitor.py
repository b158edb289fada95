"""One room: START HERE.

    reading ──take──┐
    time ──advance──┼──> judge (rules → breach → alert) ──> events ──evolve──> state
    act ──────act───┘

Everything here is pure: a state and something new go in, a new state and the events that
belong in the log come out. The events alone, folded with ``evolve``, give the same state
again, together with the readings, folded with ``hear``.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import reduce
from typing import NamedTuple

from room_monitor.core import alert as alerts
from room_monitor.core import breach, rules
from room_monitor.core import stay as stays
from room_monitor.core.breach import Standing
from room_monitor.core.evaluation import Evaluation, Heard, Known, Reason, Verdict
from room_monitor.core.events import (
    AlertAcknowledged,
    AlertRaised,
    BreachClosed,
    BreachEvent,
    BreachOpened,
    ContactRequested,
    DoorMoved,
    EvaluationFailed,
    Evidence,
    LateViolationFound,
    RoomEvent,
    SensedEvent,
    SequenceGapFound,
    StayEvent,
)
from room_monitor.core.ids import ObligationId, StayId
from room_monitor.core.obligations import Question, question
from room_monitor.core.readings import Reading
from room_monitor.core.requirements import (
    AtMostTimes,
    DaylightShare,
    Demand,
    HeardFrom,
    WithinLimit,
)
from room_monitor.core.site import DatedBy, Role
from room_monitor.core.state import NEVER, RoomState, evolve, hear
from room_monitor.core.stay import Rejected
from sensors.quantity import Quantity

STEPS_BACK = 300
"""How many missed deadlines are looked at one by one when time has jumped: a whole day of
looking where the sun is (``rules/daylight.py``)."""

Told = StayEvent | AlertAcknowledged
"""What a person can tell: the fact as it will stand in the log, if it can be true."""

DOORS = {Role.DOOR_CONTACT, Role.DOOR_LOCK, Role.SANITARY_DOOR, Role.HATCH}


class Turn(NamedTuple):
    """A new state, and the events that belong in the log."""

    state: RoomState
    events: list[RoomEvent]


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
        turn = _step(state, reading.at, touched)
    else:
        turn = Turn(state, [])
    sensed = _sense(turn.state, reading, before)
    state = hear(turn.state, reading)
    for event in sensed:
        state = evolve(state, event)
    judged = _judge(state, touched, reading.at)
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
    judged = asked if seeing else _of_people(asked)
    turn = _step(state, now, judged)
    rechecks = _kept(turn.state, asked)
    wake_at = min(rechecks.values(), default=NEVER)
    return Turn(turn.state._replace(rechecks=rechecks, wake_at=wake_at), turn.events)


def judge_all(state: RoomState, now: datetime, *, seeing: bool = True) -> Turn:
    """Ask every question again, and drop those that are no longer asked.

    ``seeing`` is as for ``advance``.
    """
    asked = tuple(state.questions())
    lapsed = _lapse(state, now)
    rechecks: Mapping[ObligationId, datetime] = {}
    if not seeing:
        rechecks = _kept(state, asked)
        asked = _of_people(asked)
    cleared = reduce(evolve, lapsed, state)._replace(
        rechecks=rechecks, wake_at=min(rechecks.values(), default=NEVER)
    )
    turn = _judge(cleared, asked, now)
    # What was still missing of an ended stay may be there now: nothing more is asked.
    complete = _lapse(turn.state, now)
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
    if isinstance(told, AlertAcknowledged):
        if told.alert not in state.alerts:
            return Rejected(f"there is no alert {told.alert} that needs anybody")
        return Turn(evolve(state, told), [*turn.events, told])
    recorded = stays.decide(state.stays, told, now)
    if isinstance(recorded, Rejected):
        return recorded
    judged = judge_all(reduce(evolve, recorded, state), now, seeing=seeing)
    return Turn(judged.state, [*turn.events, *recorded, *judged.events])


# --- Judging -------------------------------------------------------------------------


def _judge(state: RoomState, asked: Iterable[Question], now: datetime) -> Turn:
    events: list[RoomEvent] = []
    postponed: dict[ObligationId, datetime] = {}
    known: Known | None = None
    about: StayId | None = None
    for each in asked:
        at = now
        if each.obligation.device is None:
            # A reading may tell of the past; what people did is known up to here.
            at = max(now, state.people_judged_at)
            state = state._replace(people_judged_at=at)
        standing = state.standings.get(each.key)
        changes: Iterable[BreachEvent] = ()
        if not each.obligation.in_force(at):
            changes = _out_of_force(standing, each, at)
            recheck_at: datetime | None = each.obligation.begins_at
        else:
            if known is None or about != each.stay:
                known, about = state.known(each.stay), each.stay
            finding, failure = _evaluate(each, known, at)
            if failure and (
                standing is None or standing.reason is not Reason.EVALUATION_FAILED
            ):
                events.append(failure)
            if standing is None or not standing.agrees_with(finding):
                changes = breach.decide(standing, each, finding, at)
            recheck_at = finding.recheck_at
        for event in _with_alerts(state, changes):
            events.append(event)
            state = evolve(state, event)
        ask_at = _earliest(state, each, recheck_at, at)
        before = state.rechecks.get(each.key)
        # To look once too early costs less than to write down each time that it is later.
        if before is None or ask_at < before or before <= at:
            postponed[each.key] = ask_at
    if not postponed:
        return Turn(state, events)
    return Turn(
        state._replace(
            rechecks={**state.rechecks, **postponed},
            wake_at=min(state.wake_at, *postponed.values()),
        ),
        events,
    )


def _out_of_force(
    standing: Standing | None, asked: Question, now: datetime
) -> tuple[BreachEvent, ...]:
    """What follows when the requirement is not valid now."""
    if standing is None:
        return ()
    ends_at = asked.obligation.ends_at
    at = ends_at if ends_at is not None and ends_at < now else now
    return breach.lapse(standing, asked.key, at)


def _evaluate(
    asked: Question, known: Known, now: datetime
) -> tuple[Evaluation, EvaluationFailed | None]:
    """Judge; a rule that raises makes its own obligation unknown and nothing else."""
    obligation = asked.obligation
    try:
        finding = rules.evaluate(obligation.ask.demand, known, obligation.device, now)
    except Exception as error:  # noqa: BLE001 - one broken rule must not blind a room
        failed = EvaluationFailed(
            obligation=asked.key, error=f"{type(error).__name__}: {error}"
        )
        return Evaluation(Verdict.UNKNOWN, Reason.EVALUATION_FAILED, now), failed
    if finding.verdict is Verdict.VIOLATED:
        # What was so before it was asked for is a violation only from then on.
        asked_since = obligation.begins_at
        if known.stay is not None:
            asked_since = max(asked_since, known.stay.began_at)
        finding = finding._replace(since=max(finding.since, asked_since))
    if obligation.device is None:
        finding = finding._replace(recheck_at=_next_act(known, finding, now))
    return finding, None


def _next_act(known: Known, finding: Evaluation, now: datetime) -> datetime | None:
    """An act that was recorded by a clock a little ahead of ours counts in a moment."""
    ahead = [
        h.at for happened in known.happened.values() for h in happened if h.at > now
    ]
    if finding.recheck_at is not None:
        ahead.append(finding.recheck_at)
    return min(ahead, default=None)


def _earliest(
    state: RoomState, asked: Question, recheck_at: datetime | None, now: datetime
) -> datetime:
    """The first instant after ``now`` at which time alone may change the answer."""
    earliest = NEVER
    if recheck_at is not None and now < recheck_at:
        earliest = recheck_at
    ends_at = asked.obligation.ends_at
    if ends_at is not None and now < ends_at < earliest:
        earliest = ends_at
    standing = state.standings.get(asked.key)
    if standing is not None and standing.suspected_since is not None:
        dwell_ends_at = standing.dwell_ends_at(asked.obligation.ask.dwell)
        if dwell_ends_at is not None and now < dwell_ends_at < earliest:
            earliest = dwell_ends_at
    return earliest


def _touched(state: RoomState, reading: Reading) -> list[Question]:
    """The questions whose answer a reading can change."""
    device, quantity = reading.device, reading.quantity
    asked = list(state.plan.watching[device][quantity])
    moment = _SENSED.get(quantity)
    for stay in state.stays.values():
        if not stay.ended:
            asked += (
                question(o, stay.id)
                for o in state.plan.watching_stays[device][quantity]
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


def _kept(
    state: RoomState, asked: Iterable[Question]
) -> Mapping[ObligationId, datetime]:
    """When what is still asked is due. What was never judged is due at any instant."""
    due = state.rechecks
    return {q.key: due[q.key] for q in asked if q.key in due}


def _of_people(asked: Iterable[Question]) -> tuple[Question, ...]:
    return tuple(q for q in asked if q.obligation.device is None)


def _step(state: RoomState, now: datetime, asked: Sequence[Question]) -> Turn:
    """Ask again what is due, at ``now`` and at the deadlines that lie before it.

    Looked at one by one, so that what came and went between them is not lost. Each question
    may have been asked once too early; that uses up no step.
    """
    events: list[RoomEvent] = []
    for _ in range(STEPS_BACK + len(asked)):
        due_at = min((state.rechecks.get(q.key, now) for q in asked), default=now)
        if due_at >= now:
            break
        state, more = _judge(state, _due(state, asked, due_at), due_at)
        events += more
    state, more = _judge(state, _due(state, asked, now), now)
    return Turn(state, [*events, *more])


def _due(state: RoomState, asked: Sequence[Question], now: datetime) -> list[Question]:
    return [q for q in asked if state.rechecks.get(q.key, now) <= now]


def _lapse(state: RoomState, now: datetime) -> list[RoomEvent]:
    """Let go of what is no longer asked."""
    asked = {q.key for q in state.questions()}
    lapsed: list[RoomEvent] = []
    for key, standing in state.standings.items():
        if key in asked:
            continue
        stay = state.stays.get(StayId(key.rpartition("@")[2])) if "@" in key else None
        at = stay.ended_at if stay and stay.ended_at else now
        lapsed += _with_alerts(state, breach.lapse(standing, key, at))
    return lapsed


def _with_alerts(
    state: RoomState, changes: Iterable[BreachEvent]
) -> Iterable[RoomEvent]:
    """Put behind each breach the alert it raises, or the return to normal of its alert."""
    waiting = set(state.alerts)
    for change in changes:
        yield change
        if isinstance(change, BreachOpened | BreachClosed):
            follow_up = alerts.follow(change)
            if isinstance(follow_up, AlertRaised):
                waiting.add(follow_up.alert)
            if follow_up is not None and follow_up.alert in waiting:
                yield follow_up


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
        finding, _ = _evaluate(asked, then.known(asked.stay), reading.at)
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
        q for q in state.plan.watching[device][quantity] if q.obligation.in_force(at)
    )
    for stay in state.stays.values():
        if stay.began_at <= at and not stay.over_by(at):
            yield from (
                question(o, stay.id)
                for o in state.plan.watching_stays[device][quantity]
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
            sensed.append(
                DoorMoved(
                    device=device.id,
                    quantity=quantity,
                    state=quantity.describe(value),
                    at=reading.at,
                )
            )
    elif quantity is Quantity.CALL_BUTTON and value:
        open_stay = next((s.id for s in state.stays.values() if not s.ended), None)
        sensed.append(ContactRequested(device=device.id, at=reading.at, stay=open_stay))
    return sensed
