"""Entries of a log by hand, for the tests of views."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from room_monitor.core.evaluation import Reason
from room_monitor.core.events import (
    Blindness,
    BreachClosed,
    BreachOpened,
    BreachRevised,
    BrokerLost,
    CheckRecorded,
    ClockStepped,
    Closing,
    ConfigurationChanged,
    CorrectionConfirmed,
    DoorMoved,
    Entry,
    Event,
    GapFound,
    MonitorStarted,
    RecordCorrected,
    Source,
    StayBegan,
    StayEnded,
)
from room_monitor.core.ids import (
    BreachId,
    DeviceId,
    ObligationId,
    RecordId,
    RequirementId,
    RoomId,
    StayId,
)
from room_monitor.core.requirements import Label, Priority, StayKind
from room_monitor.core.site import Role
from sensors.quantity import Quantity
from tests.core.play import ROOM, STAY, minute

CARE = "care_worker"
SOURCE = Source(
    requirement=RequirementId("check-every-quarter"),
    citation="Art. 1",
    label=Label.LAW,
    catalogue="1+abc",
)


class Log:
    """A log in the making; what happens is recorded at once unless told otherwise."""

    def __init__(self, room: RoomId = ROOM) -> None:
        self.room = room
        self.entries: list[Entry] = []

    def add(self, event: Event, recorded_at: datetime, *, room: RoomId | None) -> None:
        self.entries.append(
            Entry(
                position=len(self.entries) + 1,
                recorded_at=recorded_at,
                room=room,
                event=event,
                hash=b"",
            )
        )

    # --- Of the monitor ---------------------------------------------------------------

    def starts(self, at: float, *, sees: bool = True) -> None:
        started = MonitorStarted(
            at=minute(at), version="1", configuration="c", catalogue="k"
        )
        self.add(started, minute(at), room=None)
        if sees:
            self.is_blind(at, at)

    def is_configured(self, at: float) -> None:
        changed = ConfigurationChanged(
            at=minute(at),
            configuration="c",
            catalogue="k",
            rooms=(self.room,),
            changes=(),
        )
        self.add(changed, minute(at), room=None)

    def is_blind(
        self, since: float, until: float, cause: Blindness = Blindness.BROKER_AWAY
    ) -> None:
        if cause is Blindness.BROKER_AWAY:
            self.loses_broker(since)
        gap = GapFound(cause=cause, began_at=minute(since), ended_at=minute(until))
        self.add(gap, minute(until), room=None)

    def loses_broker(self, at: float) -> None:
        self.add(BrokerLost(began_at=minute(at)), minute(at), room=None)

    def is_set(self, by: timedelta, at: float) -> None:
        self.add(ClockStepped(by=by), minute(at), room=None)

    # --- Of the door ------------------------------------------------------------------

    def door(self, state: str, at: float, device: str = "") -> None:
        contact = state in Quantity.DOOR_CONTACT.states
        role = Role.DOOR_CONTACT if contact else Role.DOOR_LOCK
        moved = DoorMoved(
            device=DeviceId(device or role.value),
            role=role,
            quantity=Quantity.DOOR_CONTACT if contact else Quantity.DOOR_LOCK,
            state=state,
            at=minute(at),
        )
        self.add(moved, minute(at), room=self.room)

    # --- Of people --------------------------------------------------------------------

    def begins(
        self,
        at: float,
        *,
        stay: str = STAY,
        kind: StayKind = StayKind.ENCLOSURE,
        key: str = "k-17",
        recorded: float | None = None,
        record: str | None = None,
    ) -> None:
        began = StayBegan(
            stay=StayId(stay),
            kind=kind,
            key=key,
            happened_at=minute(at),
            role=CARE,
            record=_record(record),
        )
        self.add(began, minute(at if recorded is None else recorded), room=self.room)

    def ends(
        self,
        at: float | None,
        *,
        stay: str = STAY,
        recorded: float | None = None,
        record: str | None = None,
    ) -> None:
        ended = StayEnded(
            stay=StayId(stay),
            happened_at=None if at is None else minute(at),
            role=CARE,
            record=_record(record),
        )
        self.add(
            ended, minute((at or 0) if recorded is None else recorded), room=self.room
        )

    def checks(
        self,
        *ats: float,
        stay: str = STAY,
        recorded: float | None = None,
        record: str | None = None,
    ) -> None:
        for at in ats:
            made = CheckRecorded(
                stay=StayId(stay),
                happened_at=minute(at),
                role=CARE,
                record=_record(record),
            )
            self.add(made, minute(at if recorded is None else recorded), room=self.room)

    def corrects(
        self, wrong: str, instead: str | None, at: float, *, record: str = "c1"
    ) -> None:
        corrected = RecordCorrected(
            record=RecordId(record),
            corrects=RecordId(wrong),
            instead=_record(instead),
            at=minute(at),
            role=CARE,
            stay=STAY,
            reason="why",
        )
        self.add(corrected, minute(at), room=self.room)

    def confirms(self, correction: str, at: float) -> None:
        confirmed = CorrectionConfirmed(
            confirms=RecordId(correction),
            at=minute(at),
            role="team_leader",
            stay=STAY,
        )
        self.add(confirmed, minute(at), room=self.room)

    # --- What follows -----------------------------------------------------------------

    def opens(
        self,
        began: float,
        *,
        breach: str = "b1",
        ask: str = "check-every-quarter/gap",
        reason: Reason = Reason.CHECK_MISSED,
        stay: str | None = STAY,
    ) -> None:
        opened = BreachOpened(
            breach=BreachId(breach),
            obligation=obligation(ask, stay),
            source=SOURCE,
            priority=Priority.URGENT,
            reason=reason,
            began_at=minute(began),
            stay=StayId(stay) if stay else None,
        )
        self.add(opened, minute(began), room=self.room)

    def closes(
        self,
        began: float,
        ended: float | None,
        closing: Closing = Closing.MET,
        *,
        breach: str = "b1",
    ) -> None:
        closed = BreachClosed(
            breach=BreachId(breach),
            obligation=obligation("check-every-quarter/gap", STAY),
            closing=closing,
            began_at=minute(began),
            ended_at=None if ended is None else minute(ended),
        )
        self.add(closed, minute(ended or began), room=self.room)

    def revises(
        self,
        began: float,
        ended: float | None,
        closing: Closing | None,
        *,
        breach: str = "b1",
    ) -> None:
        revised = BreachRevised(
            breach=BreachId(breach),
            obligation=obligation("check-every-quarter/gap", STAY),
            closing=closing,
            began_at=minute(began),
            ended_at=None if ended is None else minute(ended),
        )
        self.add(revised, minute(ended or began), room=self.room)


def obligation(ask: str, stay: str | None) -> ObligationId:
    """An ask of the room, of a stay in it if one is given."""
    return ObligationId(f"{ROOM}/{ask}" + (f"@{stay}" if stay else ""))


def numbered(entries: Iterable[Entry]) -> list[Entry]:
    """The same entries, as if they had been written in this order."""
    return [
        Entry(
            position=position,
            recorded_at=entry.recorded_at,
            room=entry.room,
            event=entry.event,
            hash=entry.hash,
        )
        for position, entry in enumerate(entries, 1)
    ]


def _record(name: str | None) -> RecordId | None:
    return None if name is None else RecordId(name)
