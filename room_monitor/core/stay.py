"""The life of a stay: a young person in a room, of exactly one kind.

    (none) --began--> Open --ended--> Ended --all that had to be recorded is--> (gone)

A stay switches obligations on and off. What had to be recorded stays asked for after its
end. An unlawful fact is recorded like any other; only what cannot be true is refused: an
end before the begin, an act in the future, a stay nobody knows. What was recorded wrongly
is corrected by another record; both stay in the log, and only one of them counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, assert_never

from room_monitor.core.evaluation import Happening
from room_monitor.core.events import (
    BreachClosed,
    BreachOpened,
    BreachRevised,
    CheckIntervalAgreed,
    CheckRecorded,
    Closing,
    ContactRecorded,
    CorrectionConfirmed,
    FactRecorded,
    RecordCorrected,
    StayBegan,
    StayEnded,
    StayEvent,
)
from room_monitor.core.ids import BreachId, ObligationId, RecordId, StayId
from room_monitor.core.requirements import BUILT_IN, StayKind

CLOCKS_DIFFER = timedelta(minutes=1)
"""How far ahead of ours the clock of whoever records something may be."""

FIRST_DAY = datetime(2020, 1, 1, tzinfo=UTC)
"""Nothing was monitored before: an earlier instant is a slip of the pen."""

DURING = ("check", "contact_given", "contact_request")
"""What happens only while somebody is there."""

Happened = Mapping[str, tuple[Happening, ...]]


class Known(NamedTuple):
    """A breach in a stay, as the log has it.

    Attributes:
        closing: ``None`` while it is open.
        ended_at: ``None`` while it is open, and where nobody knows.
    """

    breach: BreachId
    began_at: datetime
    closing: Closing | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """What is known of a stay.

    Attributes:
        ended: It is over; ``ended_at`` is ``None`` where nobody knows when.
        told_over_at: When it was told to be over, where nobody knows when it ended.
        void: It never was: its begin was corrected away.
        began_by: The record that tells its begin; ``ended_by`` that of its end.
        happened: What happened in it, by name, oldest first.
        breaches: What the log says was violated in it, by obligation, oldest first.
    """

    id: StayId
    kind: StayKind
    key: str
    began_at: datetime
    ended_at: datetime | None = None
    ended: bool = False
    told_over_at: datetime | None = None
    void: bool = False
    began_by: RecordId | None = None
    ended_by: RecordId | None = None
    happened: Happened = field(default_factory=dict)
    breaches: Mapping[ObligationId, tuple[Known, ...]] = field(default_factory=dict)

    @property
    def over_at(self) -> datetime | None:
        """From when on nothing new is asked of it, but what had to be recorded."""
        if not self.ended:
            return None
        return self.ended_at or self.told_over_at or self.last_known_at

    @property
    def last_known_at(self) -> datetime:
        """The last instant at which it is known to have been going on.

        What somebody recorded besides may be of a time after it: a talk the next day.
        """
        instants = [h.at for name in DURING for h in self.happened.get(name, ())]
        return max([self.began_at, *instants])

    def over_by(self, at: datetime) -> bool:
        """Whether it was over at ``at``, or may have been: nobody knows its end."""
        return self.ended and (self.ended_at is None or self.ended_at <= at)


@dataclass(frozen=True, slots=True)
class Rejected:
    """An act that cannot be true as it was given; ``reason`` says what to change."""

    reason: str


class Correction(NamedTuple):
    """A record that was wrong, and the one that takes its place, if one does."""

    instead: StayEvent | None
    corrected: RecordCorrected


def decide(
    stays: Mapping[StayId, Stay], told: StayEvent, now: datetime
) -> tuple[StayEvent, ...] | Rejected:
    """Say what belongs in the log when a person tells a fact, or why it cannot be true."""
    if isinstance(told, RecordCorrected | CorrectionConfirmed):
        return (told,)
    at = told.happened_at
    if at is not None and at > now + CLOCKS_DIFFER:
        return Rejected("this lies in the future; give the time at which it happened")
    if at is not None and at < FIRST_DAY:
        return Rejected(
            f"this lies before {FIRST_DAY:%Y}; give the time at which it was"
        )
    if isinstance(told, FactRecorded):
        if told.fact in BUILT_IN:
            return Rejected(
                f"'{told.fact}' is no fact to record; it has an act of its own"
            )
        if told.until is not None and told.until < told.happened_at:
            return Rejected("it ended before it began; look at --at and --until")
        if told.until is not None and told.until > now + CLOCKS_DIFFER:
            return Rejected("its end lies in the future; record it once it is over")
    if isinstance(told, StayBegan):
        return _begin(stays, told, now)
    if told.stay is None:
        return (told,)
    stay = stays.get(told.stay)
    if stay is None:
        return Rejected(f"there is no stay {told.stay} in this room")
    why = _impossible(stay, told)
    if why is not None:
        return Rejected(why)
    if isinstance(told, StayEnded) and (at is None or stay.ended):
        return (replace(told, told_at=now),)
    return (told,)


def correct(
    stays: Mapping[StayId, Stay],
    happened: Happened,
    correction: Correction,
    now: datetime,
) -> tuple[StayEvent, ...] | Rejected:
    """Say what belongs in the log when a record turns out to be wrong.

    Args:
        stays: The stays of the room.
        happened: What was recorded of the room itself.
        correction: What was wrong, and what holds instead.
        now: Aware UTC.
    """
    instead, corrected = correction
    wrong = corrected.corrects
    stay = stays.get(corrected.stay) if corrected.stay is not None else None
    if corrected.stay is not None and stay is None:
        return Rejected(f"stay {corrected.stay} is no longer kept for corrections")
    if wrong not in _records(stay, happened):
        return Rejected(f"record {wrong} does not count any more; correct what does")
    if instead is None:
        return (corrected,)
    if stay is not None:
        # What replaces a record is held against the stay as it is without that record.
        stays = {**stays, stay.id: _without(stay, wrong)}
    if isinstance(instead, StayBegan):
        told = _begin_instead(stay, instead, now)
    else:
        told = decide(stays, instead, now)
    return told if isinstance(told, Rejected) else (*told, corrected)


def evolve(stay: Stay | None, event: StayEvent) -> Stay:
    """Say what is known of the stay after ``event``."""
    if isinstance(event, StayBegan):
        return _began(stay, event)
    assert stay is not None, "only a begin is heard of an unknown stay"
    match event:
        case StayEnded():
            return _ended(stay, event)
        case CheckRecorded(happened_at=at, role=role, record=record):
            happened = add(stay.happened, "check", Happening(at, None, role, record))
            if event.contact_given:
                given = Happening(at, outcome=True, role=role, record=record)
                happened = add(happened, "contact_given", given)
            return replace(stay, happened=happened)
        case CheckIntervalAgreed(happened_at=at, role=role, record=record):
            agreed = Happening(at, None, role, record, at_most=event.at_most)
            return replace(stay, happened=add(stay.happened, "check_interval", agreed))
        case ContactRecorded(happened_at=at, role=role, record=record):
            name = "contact_given" if event.given else "contact_request"
            contact = Happening(at, None, role, record)
            return replace(stay, happened=add(stay.happened, name, contact))
        case FactRecorded(happened_at=at, outcome=outcome, role=role):
            fact = Happening(at, outcome, role, event.record, event.until)
            return replace(stay, happened=add(stay.happened, event.fact, fact))
        case RecordCorrected(corrects=wrong):
            return _without(stay, wrong)
        case CorrectionConfirmed():
            return stay
        case _:
            assert_never(event)


def add(happened: Happened, name: str, happening: Happening) -> Happened:
    """Put something where it belongs in time, without changing what was given."""
    known = (*happened.get(name, ()), happening)
    return {**happened, name: tuple(sorted(known, key=lambda h: h.at))}


def without(happened: Happened, wrong: RecordId) -> Happened:
    """What happened, but for what one record says."""
    return {
        name: tuple(h for h in happenings if h.record != wrong)
        for name, happenings in happened.items()
    }


def follow(stay: Stay, event: BreachOpened | BreachClosed | BreachRevised) -> Stay:
    """Keep what the log says of a breach in the stay."""
    known = stay.breaches.get(event.obligation, ())
    if isinstance(event, BreachOpened):
        now = Known(event.breach, event.began_at)
    else:
        now = Known(event.breach, event.began_at, event.closing, event.ended_at)
        # The instants of a running stay may have moved with the clock since then.
        begins = [each.began_at for each in known if each.breach == event.breach]
        now = now._replace(began_at=begins[0]) if begins else now
    others = [each for each in known if each.breach != event.breach]
    together = tuple(sorted([*others, now], key=lambda each: each.began_at))
    return replace(stay, breaches={**stay.breaches, event.obligation: together})


def shift(stay: Stay, by: timedelta) -> Stay:
    """Move all instants of a stay after a step of the wall clock.

    Also of one that is over: what is told of it later is told on the new clock.
    """
    ended_at, told_over_at = stay.ended_at, stay.told_over_at
    return replace(
        stay,
        began_at=stay.began_at + by,
        ended_at=None if ended_at is None else ended_at + by,
        told_over_at=None if told_over_at is None else told_over_at + by,
        happened=shift_happened(stay.happened, by),
        breaches={
            key: tuple(
                each._replace(
                    began_at=each.began_at + by,
                    ended_at=each.ended_at + by if each.ended_at else None,
                )
                for each in known
            )
            for key, known in stay.breaches.items()
        },
    )


def overheard(stay: Stay, sensed: Happened) -> Stay:
    """The stay with what sensors saw while it lasted, as its begin and end are known now.

    What is older than all that is still known of a sensor stays as it was.
    """
    happened = dict(stay.happened)
    for name, lately in sensed.items():
        since = min((h.at for h in lately), default=stay.began_at)
        told = [h for h in happened.get(name, ()) if h.role is not None or h.at < since]
        seen = [
            h
            for h in lately
            if h.at >= stay.began_at and (stay.over_at is None or h.at <= stay.over_at)
        ]
        happened[name] = tuple(sorted([*told, *seen], key=lambda h: h.at))
    return replace(stay, happened=happened)


def shift_happened(happened: Happened, by: timedelta) -> Happened:
    """Move all that happened after a step of the wall clock."""
    return {
        name: tuple(
            replace(h, at=h.at + by, until=h.until + by if h.until else None)
            for h in happenings
        )
        for name, happenings in happened.items()
    }


def _began(stay: Stay | None, event: StayBegan) -> Stay:
    """A stay begins; or the begin of one that is known is another than was recorded."""
    known = stay or Stay(
        id=event.stay, kind=event.kind, key=event.key, began_at=event.happened_at
    )
    before = {name: h for name, h in known.happened.items() if name != "stay_began"}
    began = Happening(event.happened_at, role=event.role, record=event.record)
    return replace(
        known,
        kind=event.kind,
        key=event.key,
        began_at=event.happened_at,
        began_by=event.record,
        void=False,
        happened=add(before, "stay_began", began),
    )


def _ended(stay: Stay, event: StayEnded) -> Stay:
    """It is over. Where nobody knew since when, and now somebody does, both are kept."""
    before = {n: h for n, h in stay.happened.items() if n != "stay_ended"}
    at = event.happened_at
    if at is None:
        told_at = event.told_at or stay.last_known_at
        over = Happening(told_at, role=event.role, record=event.record)
        before["stay_over"] = (over,)
    else:
        if "stay_over" in before:
            before["stay_over"] = tuple(
                replace(over, until=over.until or event.told_at)
                for over in before["stay_over"]
            )
        ended = Happening(at, role=event.role, record=event.record)
        before["stay_ended"] = (ended,)
    return replace(
        stay,
        ended=True,
        ended_at=at,
        told_over_at=event.told_at if at is None else stay.told_over_at,
        ended_by=event.record,
        happened=before,
    )


def _unended(stay: Stay) -> Stay:
    """The stay without any end."""
    happened = {
        name: h
        for name, h in stay.happened.items()
        if name not in ("stay_ended", "stay_over")
    }
    return replace(
        stay,
        ended=False,
        ended_at=None,
        told_over_at=None,
        ended_by=None,
        happened=happened,
    )


def _unknown_again(stay: Stay) -> Stay:
    """The stay as it was while nobody knew its end."""
    (over,) = stay.happened["stay_over"]
    happened = {n: h for n, h in stay.happened.items() if n != "stay_ended"}
    happened["stay_over"] = (replace(over, until=None),)
    return replace(stay, ended_at=None, ended_by=over.record, happened=happened)


def _without(stay: Stay, wrong: RecordId) -> Stay:
    """The stay, but for what one record says."""
    if wrong == stay.began_by:
        return replace(stay, void=True, ended=True, ended_at=stay.began_at)
    if wrong == stay.ended_by:
        known = stay.ended_at is not None and bool(stay.happened.get("stay_over"))
        return _unknown_again(stay) if known else _unended(stay)
    return replace(stay, happened=without(stay.happened, wrong))


def _records(stay: Stay | None, happened: Happened) -> set[RecordId | None]:
    """The records that count."""
    if stay is not None and stay.void:
        return set()
    of = happened if stay is None else stay.happened
    found = {h.record for happenings in of.values() for h in happenings}
    if stay is not None:
        found |= {stay.began_by, stay.ended_by}
    return found - {None}


def _begin(
    stays: Mapping[StayId, Stay], told: StayBegan, now: datetime
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
    ends = [
        StayEnded(stay=stay, happened_at=None, role=told.role, told_at=now)
        for stay in over
    ]
    earlier = [end for end in ends if end.stay != told.stay]
    return (*earlier, told, *(end for end in ends if end.stay == told.stay))


def _begin_instead(
    stay: Stay | None, told: StayBegan, now: datetime
) -> tuple[StayEvent, ...] | Rejected:
    if told.happened_at > now + CLOCKS_DIFFER:
        return Rejected("this lies in the future; give the time at which it began")
    if told.happened_at < FIRST_DAY:
        return Rejected(
            f"this lies before {FIRST_DAY:%Y}; give the time at which it was"
        )
    if stay is not None and stay.ended_at and told.happened_at > stay.ended_at:
        return Rejected(f"stay {stay.id} had ended before this begin")
    checks = stay.happened.get("check", ()) if stay is not None else ()
    if any(check.at < told.happened_at for check in checks):
        return Rejected("an earlier check is recorded; correct that record first")
    return (told,)


def _impossible(
    stay: Stay,
    told: StayEnded
    | CheckRecorded
    | CheckIntervalAgreed
    | ContactRecorded
    | FactRecorded,
) -> str | None:
    match told:
        case _ if stay.void:
            return f"stay {stay.id} never was: its begin was corrected away"
        case StayEnded() if stay.ended and stay.ended_at is not None:
            return f"stay {stay.id} has already ended; correct that record"
        case StayEnded(happened_at=None) if stay.ended:
            return f"stay {stay.id} is known to be over; give the time if it is known"
        case StayEnded(happened_at=at) if at is not None and at < stay.began_at:
            return f"stay {stay.id} began after this end"
        case StayEnded(happened_at=at) if at is not None and at < _last_check(stay):
            return (
                f"a later check is recorded in stay {stay.id}; correct that record, or "
                "give the time at which it really ended"
            )
        case CheckRecorded(happened_at=at) if at < stay.began_at:
            return f"stay {stay.id} began after this check"
        case CheckRecorded(happened_at=at) if stay.ended_at and at > stay.ended_at:
            return f"stay {stay.id} had ended before this check"
        case _:
            return None


def _last_check(stay: Stay) -> datetime:
    return max((h.at for h in stay.happened.get("check", ())), default=stay.began_at)
