"""One enclosure, and people who record it: in time, or late, out of order and wrongly."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from room_monitor.core import monitor
from room_monitor.core.events import (
    CheckIntervalAgreed,
    CheckRecorded,
    ContactRecorded,
    FactRecorded,
    StayBegan,
    StayEnded,
)
from room_monitor.core.ids import RecordId
from room_monitor.core.monitor import Told
from room_monitor.core.requirements import (
    AtMostTimes,
    CheckedEvery,
    DoneBy,
    Moment,
    Requirement,
    StayKind,
    WithinLimit,
)
from room_monitor.core.stay import Correction, Rejected
from tests.core.play import CHECKS, Story, minute, minutes, requirement, room

SCIENTIST = "behavioural_scientist"
BY_SCIENTIST = frozenset({SCIENTIST})
ENCLOSED = (StayKind.ENCLOSURE,)
HOUR = 60.0

Record = (
    StayBegan
    | StayEnded
    | CheckRecorded
    | CheckIntervalAgreed
    | ContactRecorded
    | FactRecorded
)

REVIEWED = requirement(
    WithinLimit(
        since=Moment("stay_began"),
        until=(Moment("review"), Moment("stay_ended")),
        at_most=minutes(3 * HOUR),
        by=BY_SCIENTIST,
    ),
    name="reviewed",
    during=ENCLOSED,
)
ENDED_AT_ONCE = requirement(
    WithinLimit(
        since=Moment("review", outcome=False),
        until=(Moment("stay_ended"),),
        at_most=minutes(5),
    ),
    name="at-once",
    during=ENCLOSED,
)
ONE_DAY = requirement(
    WithinLimit(
        since=Moment("stay_began"),
        until=(Moment("stay_ended"),),
        at_most=minutes(24 * HOUR),
        extended_by=Moment("extension", outcome=True),
        extension=minutes(24 * HOUR),
        by=BY_SCIENTIST,
    ),
    name="one-day",
    during=ENCLOSED,
)
CONTACT = requirement(
    WithinLimit(
        since=Moment("contact_request"),
        until=(Moment("contact_given"), Moment("stay_ended")),
        at_most=minutes(5),
    ),
    name="contact",
    during=ENCLOSED,
)
COPY = requirement(
    DoneBy(fact="copy", due=minutes(2 * HOUR)), name="copy", during=ENCLOSED
)
DECIDED = requirement(
    DoneBy(fact="decided", by=BY_SCIENTIST, due=minutes(4 * HOUR)),
    name="decided",
    during=ENCLOSED,
)
TOLD = requirement(
    DoneBy(fact="told", due=minutes(0), before_start=True),
    name="told",
    during=ENCLOSED,
)
OLD_ENOUGH = requirement(DoneBy(fact="age"), name="age", during=ENCLOSED)
ONCE = requirement(
    AtMostTimes(moment=Moment("extension", outcome=True), times=1),
    name="once",
    during=ENCLOSED,
)
INFORMED = requirement(
    CheckedEvery(fact="informed", at_most=minutes(2 * HOUR), by=BY_SCIENTIST),
    name="informed",
    during=ENCLOSED,
)
AGREED = requirement(
    CheckedEvery(at_most=minutes(15), agreed=True), name="agreed", during=ENCLOSED
)
OF_PEOPLE: tuple[Requirement, ...] = (
    CHECKS,
    REVIEWED,
    ENDED_AT_ONCE,
    ONE_DAY,
    CONTACT,
    COPY,
    DECIDED,
    TOLD,
    OLD_ENOUGH,
    ONCE,
    INFORMED,
    AGREED,
)


class Telling(NamedTuple):
    """Something that is told at an instant; ``true`` unless it is corrected later."""

    at: datetime
    told: Told
    true: bool = True


def instant(record: Record) -> datetime:
    """When it happened, for records that know."""
    assert record.happened_at is not None
    return record.happened_at


def in_time(begin: StayBegan, records: Iterable[Record]) -> list[Telling]:
    """Each is recorded when it happens; what came before the begin, at the begin."""
    ends_last = sorted(records, key=lambda r: (instant(r), isinstance(r, StayEnded)))
    return [Telling(max(instant(r), begin.happened_at), r) for r in (begin, *ends_last)]


def play(
    tellings: Iterable[Telling],
    over: datetime,
    *asked: Requirement,
    looked_over: bool = True,
    looks: Iterable[datetime] = (),
) -> Story:
    """Tell it all, and look at other instants besides.

    What is refused for now, because something else that was told is wrong, is told again
    in the end.
    """
    told = list(tellings)
    first = min([over, *(t.at for t in told)])
    begins = [t.told.happened_at for t in told if isinstance(t.told, StayBegan)]
    story = Story(
        room(), *(asked or OF_PEOPLE), at=min(first, *begins), looked_over=looked_over
    )
    waiting: list[Telling] = []
    refused: set[RecordId | None] = set()
    turns: Sequence[tuple[datetime, Telling | None]] = sorted(
        [*((t.at, t) for t in told), *((at, None) for at in looks if at < over)],
        key=lambda turn: turn[0],
    )
    for at, telling in turns:
        if telling is None:
            story.waits(at)
            continue
        said = _possible(telling.told, refused)
        if said is None:
            continue
        if not isinstance(monitor.act(story.state, said, at), Rejected):
            story.does(said, at)
        elif telling.true:
            waiting.append(telling._replace(told=said))
        else:
            refused.add(getattr(said, "record", None))
    for telling in waiting:
        story.does(telling.told, over)
    story.waits(over)
    return story


def _possible(told: Told, refused: set[RecordId | None]) -> Told | None:
    """What was refused needs no correction, only what is true instead of it."""
    if isinstance(told, Correction) and told.corrected.corrects in refused:
        return told.instead
    return told


def moved(record: Record, by: timedelta) -> Record:
    """The same at another instant."""
    return replace(record, happened_at=instant(record) + by)


OVER = minute(60 * HOUR)
"""When all has been told, and all limits are over."""
