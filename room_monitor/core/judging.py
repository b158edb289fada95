"""Ask questions of a room, and say what their answers change.

    questions → rules → findings → breach → alert → events

Pure, like all of the core. ``judge`` asks now; ``step`` asks what was due until now, at
its own instants; ``lapse`` lets go of what is no longer asked.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import blake2s
from typing import NamedTuple

from room_monitor.core import alert as alerts
from room_monitor.core import breach, hindsight, rules
from room_monitor.core.alert import AlertState
from room_monitor.core.breach import Standing
from room_monitor.core.evaluation import Evaluation, Known, Reason, Verdict
from room_monitor.core.events import (
    AlertRaised,
    AlertReturnedToNormal,
    BreachClosed,
    BreachEvent,
    BreachOpened,
    BreachRevised,
    EvaluationFailed,
    Prompted,
    RoomEvent,
)
from room_monitor.core.ids import BreachId, ObligationId, StayId
from room_monitor.core.obligations import Question
from room_monitor.core.requirements import RegisteredWhenLocked
from room_monitor.core.state import LONG_AGO, NEVER, RoomState, evolve, stay_of
from room_monitor.core.stay import Stay

STEPS_BACK = 300
"""How many missed deadlines are looked at one by one when time has jumped: a whole day of
looking where the sun is (``rules/daylight.py``)."""


NOT_ASKED_NOW = Evaluation(Verdict.UNKNOWN, Reason.NOT_ASKED, LONG_AGO)


class Turn(NamedTuple):
    """A new state, and the events that belong in the log."""

    state: RoomState
    events: list[RoomEvent]


def judge(state: RoomState, asked: Iterable[Question], now: datetime) -> Turn:
    """Ask each question at ``now`` (aware UTC), and take over what the answers change."""
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
            finding = NOT_ASKED_NOW
        else:
            if known is None or about != each.stay:
                known, about = state.known(each.stay), each.stay
            finding, failure = evaluate(each, known, at)
            if failure and (
                standing is None or standing.reason is not Reason.EVALUATION_FAILED
            ):
                events.append(failure)
            if standing is None or not standing.agrees_with(finding):
                changes = breach.decide(standing, each, finding, at)
            recheck_at = finding.recheck_at
        for event in _with_alerts(state, each, changes):
            events.append(event)
            state = evolve(state, event)
        ask_at = _earliest(state, each, recheck_at, at)
        if finding.due_at is not None:
            standing = state.standings.get(each.key)
            prompt_at, prompted = _prompt(standing, each, finding.due_at, at)
            ask_at = min(ask_at, prompt_at)
            if prompted is not None:
                events.append(prompted)
                state = evolve(state, prompted)
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


def evaluate(
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


def kept_deadlines(
    state: RoomState, asked: Iterable[Question]
) -> Mapping[ObligationId, datetime]:
    """When what is still asked is due. What was never judged is due at any instant."""
    due = state.rechecks
    return {q.key: due[q.key] for q in asked if q.key in due}


def of_people(asked: Iterable[Question]) -> tuple[Question, ...]:
    """Those that are answered by what people do, not by devices."""
    return tuple(
        q
        for q in asked
        if q.obligation.device is None
        and not isinstance(q.obligation.ask.demand, RegisteredWhenLocked)
    )


def step(state: RoomState, now: datetime, asked: Sequence[Question]) -> Turn:
    """Ask again what is due, at ``now`` and at the deadlines that lie before it.

    Looked at one by one, so that what came and went between them is not lost. Each question
    may have been asked once too early; that uses up no step.
    """
    events: list[RoomEvent] = []
    for _ in range(STEPS_BACK + len(asked)):
        due_at = min((state.rechecks.get(q.key, now) for q in asked), default=now)
        if due_at >= now:
            break
        state, more = judge(state, _due(state, asked, due_at), due_at)
        events += more
    state, more = judge(state, _due(state, asked, now), now)
    return Turn(state, [*events, *more])


def _due(state: RoomState, asked: Sequence[Question], now: datetime) -> list[Question]:
    return [q for q in asked if state.rechecks.get(q.key, now) <= now]


def time_out(state: RoomState, now: datetime) -> list[RoomEvent]:
    """What the passing of time alone does to alerts by ``now``."""
    found = (alerts.time_out(alert, now) for alert in state.alerts.values())
    return [event for event in found if event is not None]


def alerts_wake_at(state: RoomState) -> datetime:
    """When time alone next changes an alert."""
    return min((a.until for a in state.alerts.values() if a.until), default=NEVER)


def lapse(state: RoomState, now: datetime) -> list[RoomEvent]:
    """Let go of what is no longer asked."""
    asked = {q.key for q in state.questions()}
    lapsed: list[RoomEvent] = []
    for key, standing in state.standings.items():
        if key in asked:
            continue
        stay = state.stays.get(stay_of(key) or StayId(""))
        at = (stay.over_at if stay else None) or now
        end_known = stay is None or not stay.ended or stay.ended_at is not None
        told = standing.reason is Reason.ANSWERED_NO and standing.since > at
        if told:
            # It was still owed after the end, until somebody said that it was not done.
            at, end_known = standing.since, True
        gone = breach.lapse(standing, key, at, end_known=end_known, told=told)
        lapsed += _with_alerts(state, None, gone)
    return lapsed


def owed_again(state: RoomState, stay: Stay, now: datetime) -> list[Question]:
    """What is missing of a stay that is over, and was not missing until a correction."""
    if not stay.ended or stay.void:
        return []
    known = state.known(stay.id)
    return [
        asked
        for asked in of_people(state.questions_of(stay))
        if asked.key not in state.standings
        and asked.obligation.in_force(now)
        and asked.obligation.begins_at <= (stay.over_at or now)
        and hindsight.outlives(asked, evaluate(asked, known, now)[0].reason)
        and not hindsight.asks_after_the_end(asked)
    ]


def put_right(state: RoomState, stay: Stay, now: datetime) -> list[RoomEvent]:
    """Hold what the log says was violated in a stay against all that is known of it."""
    known = state.known(stay.id)
    found: list[RoomEvent] = []
    asked_now = {asked.key for asked in state.questions_of(stay)}
    for asked in state.questions_of_any_kind(stay):
        stated = stay.breaches.get(asked.key, ())
        try:
            if stay.void or asked.key not in asked_now:
                wanted = []
            elif of_people([asked]):
                wanted = hindsight.violations(asked, known, now)
            else:
                wanted = hindsight.within(stay, stated)
        except Exception:  # noqa: BLE001, S112 - a broken rule was told of when judging
            continue
        changes = hindsight.put_right(asked, wanted, stated)
        found += _with_alerts(state, asked, changes)
    return found


def _prompt(
    standing: Standing | None, asked: Question, due_at: datetime, now: datetime
) -> tuple[datetime, Prompted | None]:
    """When somebody must be reminded of a limit, and that they are, once it is time."""
    ask = asked.obligation.ask
    if not (ask.warn_before or ask.warn_spread):
        return NEVER, None
    if standing is not None and standing.prompted_for == due_at:
        return NEVER, None
    prompt_at = due_at - ask.warn_before - ask.warn_spread * _chance(asked, due_at)
    if now < prompt_at:
        return prompt_at, None
    return NEVER, Prompted(
        obligation=asked.key,
        source=asked.obligation.source,
        due_at=due_at,
        lead=due_at - now,
        at=now,
        stay=asked.stay,
    )


def _chance(asked: Question, due_at: datetime) -> float:
    """Between 0 and 1, otherwise for each limit and each stay, and the same if asked again.

    Nobody in the room can foresee it: the name of the stay is drawn by lot.
    """
    drawn = blake2s(f"{asked.key} {due_at.isoformat()}".encode(), digest_size=8)
    return int.from_bytes(drawn.digest(), "big") / 2**64


def _renamed(state: RoomState, opened: BreachOpened) -> BreachOpened:
    """A clock that is set back shows an instant twice: no two breaches have one name."""
    stay = state.stays.get(stay_of(opened.obligation) or StayId(""))
    known = stay.breaches.get(opened.obligation, ()) if stay else ()
    taken = {each.breach for each in known if each.began_at != opened.began_at}
    name, number = opened.breach, 2
    while name in taken:
        name, number = BreachId(f"{opened.breach}~{number}"), number + 1
    return replace(opened, breach=name)


def _again(state: RoomState, change: BreachOpened) -> BreachOpened | BreachRevised:
    """A breach is opened once: one that was over and is not, is revised."""
    before = _before(state, change)
    if before is None:
        return change
    return BreachRevised(
        breach=before,
        obligation=change.obligation,
        closing=None,
        began_at=change.began_at,
        ended_at=None,
    )


def _before(state: RoomState, opened: BreachOpened) -> BreachId | None:
    """The breach that this one is, if it was opened before and is over."""
    stay = state.stays.get(stay_of(opened.obligation) or StayId(""))
    if stay is not None:
        known = stay.breaches.get(opened.obligation, ())
        same = (each.breach for each in known if each.began_at == opened.began_at)
        return next(same, None)
    standing = state.standings.get(opened.obligation)
    if standing is not None and standing.last == opened.breach:
        return opened.breach
    return None


def _with_alerts(
    state: RoomState, asked: Question | None, changes: Iterable[BreachEvent]
) -> Iterable[RoomEvent]:
    """Put behind each breach the alert it raises, or the return to normal of its alert."""
    waiting = {
        key
        for key, alert in state.alerts.items()
        if alert.state is not AlertState.RETURNED
    }
    names: dict[BreachId, BreachId] = {}
    for told in changes:
        change = told
        if isinstance(told, BreachOpened):
            change = _again(state, _renamed(state, told))
            names[told.breach] = change.breach
        elif isinstance(told, BreachClosed | BreachRevised) and told.breach in names:
            change = replace(told, breach=names[told.breach])
        yield change
        follow_up: AlertRaised | AlertReturnedToNormal | None = None
        match change:
            case BreachOpened() if asked is not None:
                follow_up = alerts.raise_for(change, asked)
            case BreachRevised(closing=None) if asked is not None:
                reason = told.reason if isinstance(told, BreachOpened) else None
                standing = state.standings.get(asked.key)
                reason = reason or (standing.reason if standing else Reason.OVER_LIMIT)
                opened = breach.opened(asked, change.began_at, reason)
                follow_up = alerts.raise_for(
                    replace(opened, breach=change.breach), asked
                )
            case BreachClosed() | BreachRevised():
                follow_up = alerts.return_for(change)
        if isinstance(follow_up, AlertRaised):
            waiting.add(follow_up.alert)
            yield follow_up
        elif follow_up is not None and follow_up.alert in waiting:
            waiting.remove(follow_up.alert)
            yield follow_up
