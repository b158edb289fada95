"""Have an act recorded, and say what came of it."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from room_monitor.control.request import Answer, Do, Request, flaw
from room_monitor.control.told import Asked, Who, amended, told
from room_monitor.core.events import (
    CorrectionConfirmed,
    Entry,
    Event,
    RecordCorrected,
    StayEvent,
)
from room_monitor.core.ids import AlertId, RecordId, RoomId, StayId
from room_monitor.core.monitor import Told
from room_monitor.core.state import RoomState
from room_monitor.core.stay import Correction, Rejected
from room_monitor.core.views.time_line import TimeLine
from room_monitor.engine import Engine
from room_monitor.settings import Settings
from room_monitor.store import Sealed
from room_monitor.store.persons import seal

RECORDS = frozenset(
    {
        "StayBegan",
        "StayEnded",
        "CheckRecorded",
        "CheckIntervalAgreed",
        "ContactRecorded",
        "FactRecorded",
        "RecordCorrected",
        "CorrectionConfirmed",
    }
)
"""The names of the events that a person can correct or confirm, or that say they did."""

STEPS = frozenset({"ClockStepped"})

OF_ALERTS = frozenset({Do.ACKNOWLEDGE, Do.SHELVE, Do.UNSHELVE})


@dataclass(slots=True)
class Texts:
    """Texts that are sealed on their way to the log."""

    sealed: dict[str, Sealed] = field(default_factory=dict)

    def seal(self, text: str | None) -> str | None:
        """The commitment that stands in the log for a text."""
        if not text:
            return None
        commitment, sealed = seal(text)
        self.sealed[commitment] = sealed
        return commitment


async def perform(
    engine: Engine, request: Request, now: datetime, settings: Settings | None = None
) -> Answer:
    """Do what is asked, and answer once it is durable or why it cannot be.

    Args:
        engine: Where it is recorded.
        request: What a person did.
        now: Aware UTC.
        settings: What facts there are to record and who works here; without them nothing
            is said of either.
    """
    if (why := flaw(request)) is not None:
        return Answer(error=why)
    texts = Texts()
    who = Who(
        role=request.role,
        person=texts.seal(request.person),
        remark=texts.seal(request.remark),
    )
    asked = Asked(request, who, now, settings)
    if request.do in OF_ALERTS and request.target in engine.desk.troubles:
        return await _of_a_trouble(engine, asked, texts)
    if request.do in (Do.CORRECT, Do.CONFIRM):
        return await _of_a_record(engine, asked, texts)
    found = _find(engine, request)
    if isinstance(found, Rejected):
        return Answer(error=found.reason)
    state, stay = found
    act = told(asked, state, stay)
    if isinstance(act, Rejected):
        return Answer(error=act.reason)
    return await _record(engine, state.plan.room.id, act, texts)


async def _record(engine: Engine, room: RoomId, act: Told, texts: Texts) -> Answer:
    events = await engine.act(room, act, texts.sealed)
    if isinstance(events, Rejected):
        return Answer(error=events.reason)
    about = act.corrected if isinstance(act, Correction) else act
    stay: StayId | None = getattr(about, "stay", None)
    record: RecordId | None = getattr(about, "record", None)
    return Answer(room=room, stay=stay, record=record, events=tuple(events))


async def _of_a_trouble(engine: Engine, asked: Asked, texts: Texts) -> Answer:
    """The alert is about the monitor itself, and about no room."""
    act = told(asked, None, None)
    if isinstance(act, Rejected):
        return Answer(error=act.reason)
    events = await engine.act_on_trouble(act, texts.sealed)
    if isinstance(events, Rejected):
        return Answer(error=events.reason)
    return Answer(events=tuple(events))


def _find(
    engine: Engine, request: Request
) -> tuple[RoomState, StayId | None] | Rejected:
    """The room an act is about, and its stay if it is about one."""
    target = request.target
    for room in engine.rooms.values():
        if target == room.plan.room.id:
            open_stays = [s.id for s in room.stays.values() if not s.ended]
            return room, open_stays[-1] if open_stays else None
        if target in room.stays:
            return room, StayId(target)
        if target in room.alerts:
            return room, room.alerts[AlertId(target)].stay
    known = ", ".join(sorted(engine.rooms))
    return Rejected(
        f"there is no room, stay or open alert '{target}'; the rooms are: {known}"
    )


# --- Corrections ---------------------------------------------------------------------


async def _of_a_record(engine: Engine, asked: Asked, texts: Texts) -> Answer:
    request = asked.request
    if not request.person:
        return Answer(error="say who does this, by name: --by NAME")
    entries = await engine.told(RECORDS | STEPS)
    entry = next((e for e in entries if _name(e.event) == request.target), None)
    if entry is None or entry.room is None:
        return Answer(
            error=f"there is no record '{request.target}'; 'stay STAY' and 'events' "
            "show the names of records"
        )
    if request.do is Do.CONFIRM:
        act: Told | Rejected = await _confirmation(engine, entries, entry.event, asked)
    else:
        moved = TimeLine.of(entries).after(entry.position)
        act = _correction(_on_the_clock_of_now(entry.event, moved), asked)
    if isinstance(act, Rejected):
        return Answer(error=act.reason)
    return await _record(engine, entry.room, act, texts)


def _name(event: Event) -> str | None:
    name: str | None = getattr(event, "record", None)
    return name


def _on_the_clock_of_now(recorded: Event, moved: timedelta) -> Event:
    """A record as it would be written now, if the clock was set since it was.

    What a correction does not change is written down again, with its instants.
    """
    instants = {
        name: at + moved
        for name in ("happened_at", "until", "told_at")
        if (at := getattr(recorded, name, None)) is not None
    }
    return replace(recorded, **instants)


def _correction(wrong: Event, asked: Asked) -> Correction | Rejected:
    """The wrong record, and the one that takes its place if one does."""
    request, who, now, _ = asked
    if isinstance(wrong, RecordCorrected):
        return Rejected("this is a correction; correct the record that takes its place")
    if not request.remark:
        return Rejected("say why it is corrected: --reason TEXT")
    instead: StayEvent | None = None
    if not request.void:
        changed = amended(wrong, asked)
        if isinstance(changed, Rejected):
            return changed
        instead = changed
    replaced_by = None if instead is None else _name(instead)
    corrected = RecordCorrected(
        record=RecordId("r" + secrets.token_hex(4)),
        corrects=RecordId(request.target),
        instead=None if replaced_by is None else RecordId(replaced_by),
        at=now,
        role=who["role"],
        stay=getattr(wrong, "stay", None),
        person=who["person"],
        reason=who["remark"],
    )
    return Correction(instead, corrected)


async def _confirmation(
    engine: Engine, entries: Sequence[Entry], corrected: Event, asked: Asked
) -> CorrectionConfirmed | Rejected:
    """A second person agrees, and not the same one again."""
    request, who, now, _ = asked
    if not isinstance(corrected, RecordCorrected):
        return Rejected(f"'{request.target}' is no correction that could be confirmed")
    if any(
        isinstance(e.event, CorrectionConfirmed)
        and e.event.confirms == corrected.record
        for e in entries
    ):
        return Rejected(f"correction {corrected.record} has been confirmed already")
    first = corrected.person and await engine.text(corrected.person)
    assert request.person is not None
    if first is not None and _same(first, request.person):
        return Rejected("a second person confirms, not the one who corrected it")
    return CorrectionConfirmed(
        confirms=corrected.record,
        at=now,
        role=who["role"],
        stay=corrected.stay,
        person=who["person"],
        remark=who["remark"],
    )


def _same(one: str, other: str) -> bool:
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())
