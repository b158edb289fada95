"""The life of a stay: a young person in a room, of exactly one kind.

    (none) --began--> Open --ended--> Ended --all that had to be recorded is--> (gone)

A stay switches obligations on and off. What had to be recorded stays asked for after its
end. An unlawful fact is recorded like any other; only what cannot be true is refused: an
end before the begin, an act in the future, a stay nobody knows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import assert_never

from room_monitor.core.evaluation import Happening
from room_monitor.core.events import (
    CheckRecorded,
    FactRecorded,
    StayBegan,
    StayEnded,
    StayEvent,
)
from room_monitor.core.ids import StayId
from room_monitor.core.requirements import BUILT_IN, StayKind

CLOCKS_DIFFER = timedelta(minutes=1)
"""How far ahead of ours the clock of whoever records something may be."""

FIRST_DAY = datetime(2020, 1, 1, tzinfo=UTC)
"""Nothing was monitored before: an earlier instant is a slip of the pen."""

Happened = Mapping[str, tuple[Happening, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """What is known of a stay.

    Attributes:
        ended: It is over; ``ended_at`` is ``None`` where nobody knows when.
        happened: What happened in it, by name, oldest first.
    """

    id: StayId
    kind: StayKind
    key: str
    began_at: datetime
    ended_at: datetime | None = None
    ended: bool = False
    happened: Happened = field(default_factory=dict)

    def over_by(self, at: datetime) -> bool:
        """Whether it was over at ``at``, or may have been: nobody knows its end."""
        return self.ended and (self.ended_at is None or self.ended_at <= at)


@dataclass(frozen=True, slots=True)
class Rejected:
    """An act that cannot be true as it was given; ``reason`` says what to change."""

    reason: str


def decide(
    stays: Mapping[StayId, Stay], told: StayEvent, now: datetime
) -> tuple[StayEvent, ...] | Rejected:
    """Say what belongs in the log when a person tells a fact, or why it cannot be true."""
    at = told.happened_at
    if at is not None and at > now + CLOCKS_DIFFER:
        return Rejected("this lies in the future; give the time at which it happened")
    if at is not None and at < FIRST_DAY:
        return Rejected(
            f"this lies before {FIRST_DAY:%Y}; give the time at which it was"
        )
    if isinstance(told, FactRecorded) and told.fact in BUILT_IN:
        return Rejected(f"'{told.fact}' is no fact to record; it has an act of its own")
    if isinstance(told, StayBegan):
        return _begin(stays, told)
    if told.stay is None:
        return (told,)
    stay = stays.get(told.stay)
    if stay is None:
        return Rejected(f"there is no stay {told.stay} in this room")
    why = _impossible(stay, told)
    return (told,) if why is None else Rejected(why)


def evolve(stay: Stay | None, event: StayEvent) -> Stay:
    """Say what is known of the stay after ``event``."""
    if isinstance(event, StayBegan):
        return Stay(
            id=event.stay,
            kind=event.kind,
            key=event.key,
            began_at=event.happened_at,
            happened=add({}, "stay_began", Happening(event.happened_at)),
        )
    assert stay is not None, "only a begin is heard of an unknown stay"
    match event:
        case StayEnded(happened_at=None):
            return replace(stay, ended=True)
        case StayEnded(happened_at=at, role=role):
            assert at is not None
            happened = add(stay.happened, "stay_ended", Happening(at, role=role))
            return replace(stay, ended=True, ended_at=at, happened=happened)
        case CheckRecorded(happened_at=at, role=role):
            happened = add(stay.happened, "check", Happening(at, role=role))
            if event.contact_given:
                happened = add(
                    happened, "contact_given", Happening(at, outcome=True, role=role)
                )
            return replace(stay, happened=happened)
        case FactRecorded(happened_at=at, outcome=outcome, role=role):
            fact = Happening(at, outcome, role)
            return replace(stay, happened=add(stay.happened, event.fact, fact))
        case _:
            assert_never(event)


def add(happened: Happened, name: str, happening: Happening) -> Happened:
    """Put something where it belongs in time, without changing what was given."""
    known = (*happened.get(name, ()), happening)
    return {**happened, name: tuple(sorted(known, key=lambda h: h.at))}


def shift(stay: Stay, by: timedelta) -> Stay:
    """Move the running instants of an open stay after a step of the wall clock."""
    return replace(
        stay,
        began_at=stay.began_at + by,
        happened={
            name: tuple(replace(h, at=h.at + by) for h in happenings)
            for name, happenings in stay.happened.items()
        },
    )


def _begin(
    stays: Mapping[StayId, Stay], told: StayBegan
) -> tuple[StayEvent, ...] | Rejected:
    if told.stay in stays:
        return Rejected(f"there is already a stay {told.stay}")
    # A room holds one stay at a time. The earlier one was over without anybody saying so:
    # its end is unknown, and nothing makes up an instant for it. That may be the one that
    # is told now, when it is registered late: the one that goes on is not touched.
    open_now = [stay for stay in stays.values() if not stay.ended]
    for stay in open_now:
        again = (stay.kind, stay.key) == (told.kind, told.key)
        if again and stay.began_at <= told.happened_at:
            return Rejected(f"this is stay {stay.id}, which goes on; end it first")
    over = [stay.id for stay in open_now if stay.began_at <= told.happened_at]
    if len(over) < len(open_now):
        over.append(told.stay)
    ends = [StayEnded(stay=stay, happened_at=None, role=told.role) for stay in over]
    earlier = [end for end in ends if end.stay != told.stay]
    return (*earlier, told, *(end for end in ends if end.stay == told.stay))


def _impossible(
    stay: Stay, told: StayEnded | CheckRecorded | FactRecorded
) -> str | None:
    match told:
        case StayEnded() if stay.ended and stay.ended_at is not None:
            return f"stay {stay.id} has already ended"
        case StayEnded(happened_at=at) if at is not None and at < stay.began_at:
            return f"stay {stay.id} began after this end"
        case CheckRecorded(happened_at=at) if at < stay.began_at:
            return f"stay {stay.id} began after this check"
        case CheckRecorded(happened_at=at) if stay.ended_at and at > stay.ended_at:
            return f"stay {stay.id} had ended before this check"
        case _:
            return None
