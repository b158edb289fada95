"""Which records count, and what was corrected? Both versions stay to be seen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from room_monitor.core.events import (
    CheckIntervalAgreed,
    CheckRecorded,
    ContactRecorded,
    CorrectionConfirmed,
    Entry,
    FactRecorded,
    RecordCorrected,
    StayBegan,
    StayEnded,
)
from room_monitor.core.ids import RecordId, StayId
from room_monitor.core.views.time_line import TimeLine

Told = (
    StayBegan
    | StayEnded
    | CheckRecorded
    | CheckIntervalAgreed
    | ContactRecorded
    | FactRecorded
)
"""What a person records, and can correct."""

LATE_AFTER = timedelta(minutes=5)
"""What is recorded longer after it happened is a late entry, and shown as one.

Long enough to walk from the door to a keyboard; short enough that nobody fills in a night
in the morning unseen. Our figure: the law names none.
"""

_INSTANTS: dict[type[Told], str] = {
    StayBegan: "began_at",
    StayEnded: "ended_at",
    CheckRecorded: "checked_at",
}
_ASIDE = frozenset({"record", "role", "person", "remark", "told_at"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a correction changed.

    Attributes:
        field: ``began_at``, ``ended_at``, ``checked_at``, ``kind`` and the like: a field
            of the record; ``void`` where nothing takes the place of the record.
        before: What had been recorded; for ``void`` when it was said to have happened.
        after: What is held to be true now.
    """

    field: str
    before: object
    after: object


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """An earlier record was not, or is no longer, what is held to be true.

    Attributes:
        what: What kind of record, as the events are called.
        at: When it was corrected.
        role: Who did, as a role.
        reason: Why, as a commitment.
        confirmed_by: The role of a second person who agreed; ``None`` if nobody has.
        counts: It stands; ``False`` once it was itself corrected.
    """

    record: RecordId
    corrects: RecordId
    instead: RecordId | None
    stay: StayId | None
    what: str
    changes: tuple[Change, ...]
    at: datetime
    role: str
    person: str | None
    reason: str | None
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None
    confirmed_person: str | None = None
    counts: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What a person recorded, and what became of the record. Aware UTC.

    Attributes:
        event: The record.
        recorded_at: When it, or the one it takes the place of, was written: a correction
            makes no late entry of what was recorded in time.
        late: It was recorded more than ``LATE_AFTER`` after it happened.
        corrects: The record it takes the place of.
        counts: It was not corrected away.
        position: Where it stands in the log.
        happened: When it happened, on the time line; ``None`` where nobody knows.
    """

    event: Told
    recorded_at: datetime
    late: bool
    corrects: RecordId | None
    counts: bool
    position: int
    happened: datetime | None


class Ledger:
    """The records of a log, and their corrections."""

    def __init__(self, entries: Iterable[Entry], line: TimeLine | None = None) -> None:
        log = sorted(entries, key=lambda entry: entry.position)
        self._line = line or TimeLine.of(log)
        self._told: dict[RecordId, tuple[Entry, Told]] = {}
        self._of: dict[RecordId, list[RecordCorrected]] = {}
        self._by: dict[RecordId, list[RecordCorrected]] = {}
        self._confirmed: dict[RecordId, CorrectionConfirmed] = {}
        told: list[tuple[Entry, Told]] = []
        corrected: list[RecordCorrected] = []
        for entry in log:
            match entry.event:
                case RecordCorrected() as event:
                    corrected.append(event)
                    self._of.setdefault(event.corrects, []).append(event)
                    if event.instead is not None:
                        self._by.setdefault(event.instead, []).append(event)
                case CorrectionConfirmed() as event:
                    self._confirmed.setdefault(event.confirms, event)
                case (
                    StayBegan()
                    | StayEnded()
                    | CheckRecorded()
                    | CheckIntervalAgreed()
                    | ContactRecorded()
                    | FactRecorded()
                ) as event:
                    told.append((entry, event))
                    if event.record is not None:
                        self._told[event.record] = entry, event
                case _:
                    pass
        self.records: tuple[Recorded, ...] = tuple(
            self._recorded(entry, event) for entry, event in told
        )
        self.corrections: tuple[Correction, ...] = tuple(
            self._correction(event) for event in corrected
        )

    def counts(self, record: RecordId | None) -> bool:
        """Whether a record, or a correction, is held to be true."""
        return record is None or self._counts(record, frozenset())

    def _counts(self, record: RecordId, asked: frozenset[RecordId]) -> bool:
        if record in asked:  # it would correct itself: nothing is said by that
            return True
        asked |= {record}
        if any(self._counts(c.record, asked) for c in self._of.get(record, ())):
            return False
        by = self._by.get(record, ())
        return not by or any(self._counts(c.record, asked) for c in by)

    def _recorded(self, entry: Entry, event: Told) -> Recorded:
        first, record, corrects = entry, event.record, None
        seen: set[RecordId] = set()
        while record is not None and record not in seen and record in self._by:
            seen.add(record)
            record = self._by[record][-1].corrects
            corrects = corrects or record
            if record in self._told:
                first, _ = self._told[record]
        at = event.happened_at
        happened = None if at is None else self._line.move(at, entry.position)
        written = self._line.move(first.recorded_at, first.position)
        return Recorded(
            event=event,
            recorded_at=first.recorded_at,
            late=happened is not None and written - happened > LATE_AFTER,
            corrects=corrects,
            counts=self.counts(event.record),
            position=entry.position,
            happened=happened,
        )

    def _said(self, record: RecordId) -> Told | None:
        return self._told[record][1] if record in self._told else None

    def _correction(self, event: RecordCorrected) -> Correction:
        before = self._said(event.corrects)
        after = self._said(event.instead) if event.instead is not None else None
        confirmed = self._confirmed.get(event.record)
        changes = tuple(
            change
            for change in _changes(before, after, void=event.instead is None)
            if not self._is_one_instant(change, event)
        )
        return Correction(
            record=event.record,
            corrects=event.corrects,
            instead=event.instead,
            stay=event.stay or (before.stay if before else None),
            what=type(before).__name__ if before else "",
            changes=changes,
            at=event.at,
            role=event.role,
            person=event.person,
            reason=event.reason,
            confirmed_by=confirmed.role if confirmed else None,
            confirmed_at=confirmed.at if confirmed else None,
            confirmed_person=confirmed.person if confirmed else None,
            counts=self.counts(event.record),
        )

    def _is_one_instant(self, change: Change, event: RecordCorrected) -> bool:
        """Whether it is the same instant, written on a clock that was set in between."""
        if not isinstance(change.before, datetime) or event.instead is None:
            return False
        if not isinstance(change.after, datetime):
            return False
        first, _ = self._told[event.corrects]
        then, _ = self._told[event.instead]
        return self._line.move(change.before, first.position) == self._line.move(
            change.after, then.position
        )


def corrections_of(ledger: Ledger) -> Mapping[StayId, tuple[Correction, ...]]:
    """The corrections of each stay, in the order in which they were made."""
    of: dict[StayId, tuple[Correction, ...]] = {}
    for correction in ledger.corrections:
        if correction.stay is not None:
            of[correction.stay] = (*of.get(correction.stay, ()), correction)
    return of


def _changes(
    before: Told | None, after: Told | None, *, void: bool
) -> tuple[Change, ...]:
    if before is None:
        return ()
    if void or type(after) is not type(before):
        return (Change(field="void", before=before.happened_at, after=None),)
    names = {"happened_at": _INSTANTS.get(type(before), "happened_at")}
    return tuple(
        Change(
            field=names.get(field.name, field.name),
            before=getattr(before, field.name),
            after=getattr(after, field.name),
        )
        for field in fields(before)
        if field.name not in _ASIDE
        and getattr(before, field.name) != getattr(after, field.name)
    )
