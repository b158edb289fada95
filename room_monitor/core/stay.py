"""The life of a stay: a young person in a room, of exactly one kind.

    (none) --began--> Open --ended--> Ended --all that had to be recorded is--> (gone)

A stay switches obligations on and off. What had to be recorded stays asked for after its
end. An unlawful fact is recorded like any other; only what cannot be true is refused: an
end before the begin, an act in the future, a stay nobody knows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
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
from room_monitor.core.requirements import StayKind

CLOCKS_DIFFER = timedelta(minutes=1)
"""How far ahead of ours the clock of whoever records something may be."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginStay:
    """A stay begins. ``stay`` is a new id, ``key`` the facility's pseudonymous key."""

    stay: StayId
    kind: StayKind
    key: str
    happened_at: datetime
    role: str
    person: str | None = None
    remark: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndStay:
    """A stay ends; ``happened_at`` is ``None`` if nobody knows when it did."""

    stay: StayId
    happened_at: datetime | None
    role: str
    person: str | None = None
    remark: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCheck:
    """A care worker looked in."""

    stay: StayId
    happened_at: datetime
    role: str
    person: str | None = None
    remark: str | None = None
    contact_wished: bool | None = None
    contact_given: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFact:
    """A person records an inspection of the room, or a fact of a stay."""

    fact: str
    outcome: bool
    happened_at: datetime
    role: str
    stay: StayId | None = None
    person: str | None = None
    remark: str | None = None


StayCommand = BeginStay | EndStay | RecordCheck | RecordFact


def decide(
    stays: Mapping[StayId, Stay], command: StayCommand, now: datetime
) -> tuple[StayEvent, ...] | Rejected:
    """Say what an act comes to, or why it cannot be true."""
    if command.happened_at is not None and command.happened_at > now + CLOCKS_DIFFER:
        return Rejected("this lies in the future; give the time at which it happened")
    match command:
        case BeginStay():
            return _begin(stays, command)
        case RecordFact(stay=None):
            return (_fact(command),)
        case EndStay() | RecordCheck() | RecordFact():
            assert command.stay is not None
            stay = stays.get(command.stay)
            if stay is None:
                return Rejected(f"there is no stay {command.stay} in this room")
            return _during(stay, command)
        case _:
            assert_never(command)


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
    stays: Mapping[StayId, Stay], command: BeginStay
) -> tuple[StayEvent, ...] | Rejected:
    if command.stay in stays:
        return Rejected(f"there is already a stay {command.stay}")
    began = StayBegan(
        stay=command.stay,
        kind=command.kind,
        key=command.key,
        happened_at=command.happened_at,
        role=command.role,
        person=command.person,
        remark=command.remark,
    )
    # A room holds one stay at a time. The one before was over without anybody saying so:
    # its end is unknown, and nothing makes up an instant for it.
    forgotten = tuple(
        StayEnded(stay=stay.id, happened_at=None, role=command.role)
        for stay in stays.values()
        if not stay.ended
    )
    return (*forgotten, began)


def _during(
    stay: Stay, command: EndStay | RecordCheck | RecordFact
) -> tuple[StayEvent, ...] | Rejected:
    at = command.happened_at
    match command:
        case EndStay() if stay.ended and stay.ended_at is not None:
            return Rejected(f"stay {stay.id} has already ended")
        case EndStay() if at is not None and at < stay.began_at:
            return Rejected(f"stay {stay.id} began after this end")
        case EndStay():
            ended = StayEnded(
                stay=stay.id,
                happened_at=at,
                role=command.role,
                person=command.person,
                remark=command.remark,
            )
            return (ended,)
        case RecordCheck() if command.happened_at < stay.began_at:
            return Rejected(f"stay {stay.id} began after this check")
        case RecordCheck() if stay.ended_at and command.happened_at > stay.ended_at:
            return Rejected(f"stay {stay.id} had ended before this check")
        case RecordCheck():
            checked = CheckRecorded(
                stay=stay.id,
                happened_at=command.happened_at,
                role=command.role,
                person=command.person,
                remark=command.remark,
                contact_wished=command.contact_wished,
                contact_given=command.contact_given,
            )
            return (checked,)
        case RecordFact():
            return (_fact(command),)
        case _:
            assert_never(command)


def _fact(command: RecordFact) -> FactRecorded:
    return FactRecorded(
        fact=command.fact,
        outcome=command.outcome,
        happened_at=command.happened_at,
        role=command.role,
        stay=command.stay,
        person=command.person,
        remark=command.remark,
    )
