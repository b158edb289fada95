"""Was somebody there in time, each time, from the begin of a stay to its end?

Besluit Jeugdwet art. 6.2.4(2) asks for a check at least once a quarter of an hour. There
are two readings of that, and both are told: no gap is longer than the limit, both ends of
the stay included (that is judged, ADR 5); or there is one check in every block of a quarter
of an hour, counted from the begin.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from room_monitor.core.evaluation import Reason
from room_monitor.core.events import CheckRecorded, Condition, Entry, Mood, Need
from room_monitor.core.ids import BreachId, PersonId, RecordId, StayId
from room_monitor.core.requirements import Catalogue, CheckedEvery, Label, StayKind
from room_monitor.core.views.breaches import BreachSummary, breach_summaries
from room_monitor.core.views.records import Ledger, Recorded
from room_monitor.core.views.time_line import NONE


class Rhythm(NamedTuple):
    """How often somebody must look in.

    Attributes:
        at_most: The longest gap, and the length of a block.
        during: The kinds of stay in which it is asked.
        asks: The asks of the catalogue by which it is judged, as ``requirement/ask``;
            ``None`` for any that misses a check.
    """

    at_most: timedelta
    during: frozenset[StayKind]
    asks: frozenset[str] | None = None

    def misses(self, breach: BreachSummary) -> bool:
        """Whether a breach is a check that was missed, and stands."""
        return (
            breach.reason is Reason.CHECK_MISSED
            and not breach.withdrawn
            and (self.asks is None or breach.ask in self.asks)
        )


QUARTERLY = Rhythm(
    timedelta(minutes=15),
    frozenset({StayKind.ENCLOSURE, StayKind.ENCLOSURE_ELSEWHERE}),
)
"""What the law asks, in our reading."""


def rhythm_of(catalogue: Catalogue) -> Rhythm:
    """How often the law has somebody look in, as the catalogue says it."""
    for requirement in catalogue.requirements:
        for ask in requirement.asks:
            demand = ask.demand
            if (
                requirement.label is Label.LAW
                and isinstance(demand, CheckedEvery)
                and demand.fact == "check"
                and not getattr(demand, "agreed", False)
            ):
                return Rhythm(
                    demand.at_most,
                    requirement.applies.during,
                    frozenset({f"{requirement.id}/{ask.key}"}),
                )
    return QUARTERLY


# --- What was recorded -------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckLine:
    """One check as it was recorded. All but ``late`` and what follows is as recorded.

    Attributes:
        person: A commitment to a name, as ``remark`` is to a text.
        late: It was recorded more than ``LATE_AFTER`` after it happened.
        corrects: The record it takes the place of.
        counts: It was not corrected away.
    """

    stay: StayId
    record: RecordId | None
    happened_at: datetime
    recorded_at: datetime
    role: str
    account: PersonId | None
    person: str | None
    remark: str | None
    contact_wished: bool | None
    contact_given: bool | None
    sign_of_life: bool | None
    condition: Condition | None
    mood: Mood | None
    needs: tuple[Need, ...]
    late: bool
    corrects: RecordId | None
    counts: bool


def check_lines(entries: Iterable[Entry]) -> list[CheckLine]:
    """All checks of all stays, also those that were corrected away, as recorded."""
    ledger = Ledger(entries)
    return [line for r in ledger.records if (line := check_line(r)) is not None]


def check_line(recorded: Recorded) -> CheckLine | None:
    """A record as a check, if it is one."""
    event = recorded.event
    if not isinstance(event, CheckRecorded):
        return None
    return CheckLine(
        stay=event.stay,
        record=event.record,
        happened_at=event.happened_at,
        recorded_at=recorded.recorded_at,
        role=event.role,
        account=event.account,
        person=event.person,
        remark=event.remark,
        contact_wished=event.contact_wished,
        contact_given=event.contact_given,
        sign_of_life=event.sign_of_life,
        condition=event.condition,
        mood=event.mood,
        needs=event.needs,
        late=recorded.late,
        corrects=recorded.corrects,
        counts=recorded.counts,
    )


# --- The gap reading ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """The time between two checks, or between one and an end of the stay.

    Attributes:
        due_at: By when the next check had to be there.
        ended_at: ``None`` while it goes on, and where nobody knows when the stay ended.
        length: So far, if it goes on; ``None`` where nobody knows.
        overrun: How much longer than the limit; ``None`` where nobody knows.
        missed: It is longer than the limit; ``None`` where nobody knows.
    """

    began_at: datetime
    due_at: datetime
    ended_at: datetime | None
    length: timedelta | None
    overrun: timedelta | None
    missed: bool | None


def gaps(
    began_at: datetime,
    ended_at: datetime | None,
    checks: Iterable[datetime],
    limit: timedelta,
    now: datetime | None = None,
) -> tuple[Gap, ...]:
    """Every gap of a stay, from its begin to the first check and from the last to its end.

    A gap of exactly the limit is in time.

    Args:
        began_at: Of the stay; like all that follows aware UTC, on one clock.
        ended_at: ``None`` for a stay that goes on, or of which nobody knows the end.
        checks: When somebody looked in; what lies outside the stay does not count.
        limit: The longest gap that is allowed.
        now: Of a stay that goes on; ``None`` where nobody knows when it ended.
    """
    until = ended_at or now
    inside = sorted(
        at for at in checks if began_at <= at and (until is None or at <= until)
    )
    marks = [began_at, *inside, *([ended_at] if ended_at is not None else [])]
    found = [
        _gap(start, end, end - start, limit)
        for start, end in pairwise(marks)
        if start < end
    ]
    if ended_at is None:
        length = None if now is None else max(NONE, now - marks[-1])
        found.append(_gap(marks[-1], None, length, limit))
    return tuple(found)


def _gap(
    began_at: datetime,
    ended_at: datetime | None,
    length: timedelta | None,
    limit: timedelta,
) -> Gap:
    return Gap(
        began_at=began_at,
        due_at=began_at + limit,
        ended_at=ended_at,
        length=length,
        overrun=None if length is None else max(NONE, length - limit),
        missed=None if length is None else length > limit,
    )


# --- The blocks reading ------------------------------------------------------------------


class Blocks(NamedTuple):
    """How many blocks had a check in them.

    Attributes:
        asked: How many blocks are over; one that the end of the stay cut short is not
            asked for.
        missed: In how many of these there was none.
    """

    asked: int
    missed: int


def blocks(
    began_at: datetime,
    ended_at: datetime,
    checks: Iterable[datetime],
    limit: timedelta,
) -> Blocks:
    """Count one check in every block of ``limit``, from the begin of the stay.

    A check at the boundary of two blocks is in the later one, at the end of the stay in
    the last one. Arguments are as for ``gaps``; for a stay that goes on ``ended_at`` is
    now.
    """
    asked = max(NONE, ended_at - began_at) // limit
    if not asked:
        return Blocks(0, 0)
    over_at = began_at + asked * limit
    checked = {
        min((at - began_at) // limit, asked - 1)
        for at in checks
        if began_at <= at and (at < over_at or at == over_at == ended_at)
    }
    return Blocks(asked, asked - len(checked))


# --- What the log says -------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """A check that was missed, as the log has it: from when it was due until it was made.

    Attributes:
        ended_at: ``None`` while it is missed, and where nobody knows when the stay ended.
        is_open: Nobody has looked in yet.
    """

    stay: StayId
    breach: BreachId
    began_at: datetime
    ended_at: datetime | None
    is_open: bool


def missed_intervals(
    entries: Iterable[Entry], rhythm: Rhythm = QUARTERLY
) -> list[Missed]:
    """The missed checks of all stays by the breaches in the log, oldest first."""
    return missed_of(breach_summaries(entries), rhythm)


def missed_of(
    breaches: Iterable[BreachSummary], rhythm: Rhythm = QUARTERLY
) -> list[Missed]:
    """Those breaches that are a missed check, oldest first."""
    found = [
        Missed(
            stay=breach.stay,
            breach=breach.breach,
            began_at=breach.began_at,
            ended_at=breach.ended_at,
            is_open=breach.is_open,
        )
        for breach in breaches
        if breach.stay is not None and rhythm.misses(breach)
    ]
    return sorted(found, key=lambda missed: (missed.began_at, missed.stay))
