"""What was violated in a stay, in the light of all that is known of it now?

People record things late, in any order, and correct them. So whenever somebody tells
something of a stay, what is asked of people in it is judged again from its begin to now:
at each instant at which something happened, or time alone changed the answer, with what
had happened by then. What the log said until now is held against that, and put right by
new events: a breach nobody had seen, one that never was, one that ended otherwise.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from room_monitor.core import breach, rules
from room_monitor.core.evaluation import (
    RESOLUTION,
    Evaluation,
    Happening,
    Known,
    Reason,
    StayKnown,
    Verdict,
)
from room_monitor.core.events import (
    BreachClosed,
    BreachEvent,
    BreachRevised,
    Closing,
)
from room_monitor.core.obligations import Question
from room_monitor.core.requirements import DoneBy, WithinLimit, happenings_of
from room_monitor.core.stay import Known as KnownBreach
from room_monitor.core.stay import Stay

MOST_STEPS = 2_000
"""How many changes of one answer are followed in one stay: a guard, never reached by
a check every minute for a day."""

OWED = frozenset({Reason.NOT_YET_RECORDED, Reason.NOT_RECORDED, Reason.WRONG_PERSON})
"""Answers that are still asked for when the stay is over."""

AFTER_THE_END = frozenset({"stay_ended", "stay_over"})
"""What happens at the end of a stay and starts the clock of a limit."""


class Violation(NamedTuple):
    """A stretch of time in which an obligation was not met.

    Attributes:
        ended_at: ``None`` while it goes on, and where nobody knows.
        closing: ``None`` while it goes on.
    """

    began_at: datetime
    reason: Reason
    ended_at: datetime | None = None
    closing: Closing | None = None


def violations(asked: Question, known: Known, now: datetime) -> list[Violation]:
    """Every violation of what is asked of people in a stay, oldest first.

    Args:
        asked: A question about one stay that people answer.
        known: All that is known of that stay now.
        now: Aware UTC.
    """
    assert known.stay is not None, "what is asked of a stay"
    over_at, ends_at = known.stay.over_at, asked.obligation.ends_at
    if over_at is not None:
        if over_at < asked.obligation.begins_at:
            return []
        # By a clock a little ahead of ours it may be over in a moment: nothing more is
        # asked of it now.
        now = max(now, over_at)
    lapses_at = min((at for at in (over_at, ends_at) if at), default=None)
    ended_at = ends_at if lapses_at == ends_at and ends_at else known.stay.ended_at
    # A stay that somebody forgot to end lasts for weeks: what else happened is not looked
    # at again and again.
    rests_on = happenings_of(asked.obligation.ask.demand)
    happened = {n: h for n, h in known.happened.items() if n in rests_on}
    relevant = known._replace(happened=happened)
    found: list[Violation] = []
    began_at: datetime | None = None
    reason = Reason.NOT_ASKED
    for at, finding in _findings(asked, relevant, now):
        over = lapses_at is not None and at >= lapses_at
        lapsed = over and (at == ends_at or not outlives(asked, finding.reason))
        owed = lapsed and lapses_at is not None and at > lapses_at
        told = owed and finding.reason is Reason.ANSWERED_NO
        if owed:
            ended_at = at  # it was owed after the end, until now
        if finding.verdict is Verdict.MET and began_at is not None:
            # What makes it met may be older than the violation (another agreement).
            met_at = finding.since if finding.since >= began_at else at
            found.append(Violation(began_at, reason, met_at, Closing.MET))
            began_at = None
        elif (
            finding.verdict is Verdict.VIOLATED
            and began_at is None
            and (told or not lapsed)
        ):
            asked_since = max(known.stay.began_at, asked.obligation.begins_at)
            began_at = max(finding.since, asked_since)
            reason = finding.reason
        if lapsed:
            if began_at is not None and (
                told or ended_at is None or ended_at > began_at
            ):
                found.append(Violation(began_at, reason, ended_at, Closing.LAPSED))
            began_at = None
            break
    if began_at is not None:
        found.append(Violation(began_at, reason))
    dwell = asked.obligation.ask.dwell
    return [v for v in found if (v.ended_at or now) - v.began_at >= dwell]


def within(stay: Stay, stated: Iterable[KnownBreach]) -> list[Violation]:
    """What devices showed in a stay, up to its end; nothing of it is judged again.

    Only as far as the log says it: what a reading showed after an end that turns out to
    be wrong is not found again.
    """
    found: list[Violation] = []
    for each in stated:
        closing, ended_at = each.closing, each.ended_at
        if closing is Closing.WITHDRAWN:
            continue
        if stay.ended_at is not None and each.began_at >= stay.ended_at:
            continue
        if stay.ended_at is not None and (ended_at is None or ended_at > stay.ended_at):
            closing, ended_at = Closing.LAPSED, stay.ended_at
        # Its reason is in the log: it was opened there.
        found.append(Violation(each.began_at, Reason.NOT_ASKED, ended_at, closing))
    return found


def put_right(
    asked: Question, wanted: Iterable[Violation], stated: Iterable[KnownBreach]
) -> Iterator[BreachEvent]:
    """What must be added to the log so that it says what was violated, and no more."""
    missing = {violation.began_at: violation for violation in wanted}
    for each in stated:
        then = missing.pop(each.began_at, None)
        if then is None:
            if each.closing is not Closing.WITHDRAWN:
                yield _closed(asked, each, Closing.WITHDRAWN, each.began_at)
        elif (then.closing, then.ended_at) != (each.closing, each.ended_at):
            yield _closed(asked, each, then.closing, then.ended_at)
    for violation in missing.values():
        opened = breach.opened(asked, violation.began_at, violation.reason)
        yield opened
        if violation.closing is not None:
            new = KnownBreach(opened.breach, violation.began_at)
            yield _closed(asked, new, violation.closing, violation.ended_at)


def _closed(
    asked: Question,
    each: KnownBreach,
    closing: Closing | None,
    ended_at: datetime | None,
) -> BreachClosed | BreachRevised:
    if each.closing is None and closing is not None:
        return BreachClosed(
            breach=each.breach,
            obligation=asked.key,
            closing=closing,
            began_at=each.began_at,
            ended_at=ended_at,
        )
    return BreachRevised(
        breach=each.breach,
        obligation=asked.key,
        closing=closing,
        began_at=each.began_at,
        ended_at=ended_at,
    )


def _findings(
    asked: Question, known: Known, now: datetime
) -> Iterator[tuple[datetime, Evaluation]]:
    """The answer at each instant at which it may have changed, up to now."""
    stay = known.stay
    assert stay is not None, "what is asked of a stay"
    happenings = [h for of_name in known.happened.values() for h in of_name]
    instants = sorted(
        {at for h in happenings for at in (h.at, h.until) if at and at <= now}
        | {
            at
            for at in (stay.began_at, stay.over_at, asked.obligation.ends_at, now)
            if at and at <= now
        }
    )
    first = max(min(stay.began_at, now), asked.obligation.begins_at)
    steps = sorted({first, *(at for at in instants if at > first)})
    for at, until in zip(steps, [*steps[1:], now], strict=True):
        yield from _followed(asked, _as_of(known, at), at, until)


def _followed(
    asked: Question, known: Known, at: datetime, until: datetime
) -> Iterator[tuple[datetime, Evaluation]]:
    """The answer at an instant, and whenever time alone changes it before another.

    A limit that is passed at the very instant of what comes next was passed before it.
    """
    demand = asked.obligation.ask.demand
    finding = rules.evaluate(demand, known, None, at)
    yield at, finding
    for _ in range(MOST_STEPS):
        due_at = finding.recheck_at
        if due_at is None or not at < due_at <= until:
            return
        at = due_at
        finding = rules.evaluate(demand, known, None, at)
        yield min(at, until - RESOLUTION), finding


def _as_of(known: Known, at: datetime) -> Known:
    """What had happened by an instant, however late it was told."""
    assert known.stay is not None
    return known._replace(
        stay=_stay_as_of(known.stay, at),
        happened={
            name: tuple(_happening_as_of(h, at) for h in happenings if h.at <= at)
            for name, happenings in known.happened.items()
        },
    )


def _stay_as_of(stay: StayKnown, at: datetime) -> StayKnown:
    ended = stay.ended_at is not None and stay.ended_at <= at
    over = stay.over_at is not None and stay.over_at <= at
    return stay._replace(
        ended_at=stay.ended_at if ended else None,
        over_at=stay.over_at if over else None,
    )


def _happening_as_of(happening: Happening, at: datetime) -> Happening:
    if happening.until is None or happening.until <= at:
        return happening
    return replace(happening, until=None)


def outlives(asked: Question, reason: Reason) -> bool:
    """Whether it is asked for when the stay is over: what had to be recorded, and is not.

    Args:
        asked: A question about a stay.
        reason: How it was judged last.
    """
    if asks_after_the_end(asked):
        return True
    return isinstance(asked.obligation.ask.demand, DoneBy) and reason in OWED


def asks_after_the_end(asked: Question) -> bool:
    """Whether its clock only starts when the stay is over."""
    demand = asked.obligation.ask.demand
    return isinstance(demand, WithinLimit) and demand.since.name in AFTER_THE_END
