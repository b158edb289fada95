"""Alerts, pages and drills of a log by hand, for the tests of what they come to."""

from datetime import datetime, timedelta

from room_monitor.core.evaluation import Reason
from room_monitor.core.events import (
    AcknowledgementExpired,
    AlertAcknowledged,
    AlertHeld,
    AlertRaised,
    AlertReleased,
    AlertReturnedToNormal,
    AlertShelved,
    AlertUnshelved,
    Blindness,
    BreachClosed,
    BreachRevised,
    BrokerLost,
    CheckRecorded,
    ClockStepped,
    Closing,
    DoorMoved,
    DrillBegan,
    Entry,
    Event,
    Evidence,
    FactRecorded,
    GapFound,
    Holding,
    Message,
    MonitorStarted,
    Paged,
    PageFailed,
    PageSent,
    ReachTested,
    RecordCorrected,
    StayEnded,
    Trouble,
    TroubleFound,
)
from room_monitor.core.ids import (
    AlertId,
    BreachId,
    ChannelId,
    DeviceId,
    LadderId,
    ObligationId,
    PageId,
    PersonId,
    RecordId,
    RequirementId,
    RoomId,
    ShiftId,
    StayId,
)
from room_monitor.core.requirements import Priority
from room_monitor.core.site import Role
from sensors.quantity import Quantity
from tests.core.play import ROOM, STAY

CHECK = "check-every-quarter/gap"
AIR = "air-co2/live/climate"
LOCK = "bedroom-never-locked/lock/lock"
ROLE = "care_worker"


class Log:
    """A log in the making; instants are aware, and of what is recorded at once."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def add(self, at: datetime, *events: Event, room: RoomId | None = ROOM) -> None:
        """Events of one turn."""
        for event in events:
            self.entries.append(
                Entry(
                    position=len(self.entries) + 1,
                    recorded_at=at,
                    room=room,
                    event=event,
                    hash=b"",
                )
            )

    # --- Alerts -----------------------------------------------------------------------

    def raises(
        self,
        name: str,
        at: datetime,
        ask: str = AIR,
        *,
        room: RoomId = ROOM,
        stay: str | None = None,
        priority: Priority = Priority.LOW,
        reason: Reason = Reason.ABOVE_HIGH,
        group: str = "",
    ) -> None:
        of_stay = f"@{stay}" if stay else ""
        raised = AlertRaised(
            alert=AlertId(name),
            breach=BreachId(f"b-{name}"),
            obligation=ObligationId(f"{room}/{ask}{of_stay}"),
            requirement=RequirementId(ask.partition("/")[0]),
            priority=priority,
            reason=reason,
            began_at=at,
            stay=StayId(stay) if stay else None,
            group=group,
        )
        self.add(at, raised, room=room)

    def ends(
        self,
        name: str,
        at: datetime,
        *by: Event,
        closing: Closing = Closing.MET,
        evidence: Evidence | None = None,
        room: RoomId = ROOM,
    ) -> None:
        """It is over, in the same turn as what ended it."""
        closed = BreachClosed(
            breach=BreachId(f"b-{name}"),
            obligation=ObligationId("o"),
            closing=closing,
            began_at=at,
            ended_at=at,
            evidence=evidence,
        )
        over = AlertReturnedToNormal(alert=AlertId(name), at=at)
        self.add(at, *by, closed, over, room=room)

    def is_revised(self, name: str, at: datetime, closing: Closing | None) -> None:
        revised = BreachRevised(
            breach=BreachId(f"b-{name}"),
            obligation=ObligationId("o"),
            closing=closing,
            began_at=at,
            ended_at=None if closing is None else at,
        )
        self.add(at, revised)

    def is_taken(self, name: str, at: datetime, room: RoomId = ROOM) -> None:
        self.add(at, taken(name), room=room)

    def runs_out(self, name: str, at: datetime) -> None:
        self.add(at, AcknowledgementExpired(alert=AlertId(name), at=at))

    def is_shelved(self, name: str, at: datetime) -> None:
        until = at + timedelta(days=1)
        self.add(at, AlertShelved(alert=AlertId(name), at=at, until=until, role=ROLE))

    def is_unshelved(self, name: str, at: datetime) -> None:
        self.add(at, AlertUnshelved(alert=AlertId(name), at=at))

    def is_held(
        self, name: str, at: datetime, holding: Holding = Holding.GROUPED
    ) -> None:
        held = AlertHeld(
            alert=AlertId(name), under=AlertId("other"), holding=holding, at=at
        )
        self.add(at, held)

    def is_released(self, name: str, at: datetime) -> None:
        self.add(at, AlertReleased(alert=AlertId(name), at=at))

    # --- Pages and drills -------------------------------------------------------------

    def pages(
        self,
        name: str,
        at: datetime,
        alert: str | None = None,
        *,
        message: Message = Message.ALERT,
        person: str | None = "anna",
        channel: str = "phone",
        step: int = 1,
        drill: bool = False,
        room: RoomId | None = ROOM,
    ) -> None:
        paged = Paged(
            page=PageId(name),
            message=message,
            channel=ChannelId(channel),
            at=at,
            alert=AlertId(alert) if alert else None,
            ladder=LadderId("staff"),
            round=1,
            step=step,
            person=PersonId(person) if person else None,
            drill=drill,
        )
        self.add(at, paged, room=room)

    def is_sent(self, page: str, at: datetime) -> None:
        sent = PageSent(page=PageId(page), channel=ChannelId("phone"), at=at)
        self.add(at, sent, room=None)

    def fails(self, page: str, at: datetime, error: str = "nobody answers") -> None:
        failed = PageFailed(
            page=PageId(page),
            channel=ChannelId("phone"),
            at=at,
            attempts=3,
            error=error,
        )
        self.add(at, failed, room=None)

    def drills(self, name: str, at: datetime, room: RoomId = ROOM) -> None:
        began = DrillBegan(
            alert=AlertId(name),
            priority=Priority.URGENT,
            began_at=at,
            ends_at=at + timedelta(minutes=30),
            role="team_leader",
        )
        self.add(at, began, room=room)

    def is_over(self, name: str, at: datetime) -> None:
        self.add(at, AlertReturnedToNormal(alert=AlertId(name), at=at))

    def tests(
        self, shift: str, begins_at: datetime, at: datetime, person: str, channel: str
    ) -> str:
        page = f"t-{shift}-{begins_at:%d}-{person}-{channel}"
        paged = Paged(
            page=PageId(page),
            message=Message.REACH_TEST,
            channel=ChannelId(channel),
            at=at,
            due_at=begins_at,
            person=PersonId(person),
            shift=ShiftId(shift),
        )
        self.add(at, paged, room=None)
        return page

    def reports(
        self, shift: str, at: datetime, person: str, channel: str, error: str = ""
    ) -> None:
        tested = ReachTested(
            shift=ShiftId(shift),
            person=PersonId(person),
            channel=ChannelId(channel),
            at=at,
            reached=not error,
            error=error,
        )
        self.add(at, tested, room=None)

    # --- The monitor ------------------------------------------------------------------

    def starts(self, at: datetime) -> None:
        started = MonitorStarted(at=at, version="1", configuration="c", catalogue="k")
        gap = GapFound(cause=Blindness.BROKER_AWAY, began_at=at, ended_at=at)
        self.add(at, started, gap, room=None)

    def is_blind(self, began_at: datetime, ended_at: datetime) -> None:
        self.add(began_at, BrokerLost(began_at=began_at), room=None)
        gap = GapFound(
            cause=Blindness.BROKER_AWAY, began_at=began_at, ended_at=ended_at
        )
        self.add(ended_at, gap, room=None)

    def is_set(self, by: timedelta, at: datetime) -> None:
        self.add(at, ClockStepped(by=by), room=None)

    def is_troubled(self, name: str, at: datetime) -> None:
        found = TroubleFound(
            alert=AlertId(name),
            trouble=Trouble.DISK_NEARLY_FULL,
            subject="",
            detail="",
            priority=Priority.HIGH,
            began_at=at,
        )
        self.add(at, found, room=None)


def taken(name: str) -> AlertAcknowledged:
    return AlertAcknowledged(alert=AlertId(name), role=ROLE)


def check(at: datetime, stay: str = STAY, record: str | None = None) -> CheckRecorded:
    return CheckRecorded(
        stay=StayId(stay),
        happened_at=at,
        role=ROLE,
        record=RecordId(record) if record else None,
    )


def fact(at: datetime, stay: str | None = None) -> FactRecorded:
    return FactRecorded(
        fact="inspected",
        outcome=True,
        happened_at=at,
        role=ROLE,
        stay=StayId(stay) if stay else None,
    )


def end(at: datetime, stay: str = STAY) -> StayEnded:
    return StayEnded(stay=StayId(stay), happened_at=at, role=ROLE)


def correction(at: datetime, wrong: str, instead: str | None) -> RecordCorrected:
    return RecordCorrected(
        record=RecordId(f"c-{wrong}"),
        corrects=RecordId(wrong),
        instead=RecordId(instead) if instead else None,
        at=at,
        role=ROLE,
        stay=StayId(STAY),
    )


def moved(at: datetime, device: str = "lock") -> DoorMoved:
    return DoorMoved(
        device=DeviceId(device),
        role=Role.DOOR_LOCK,
        quantity=Quantity.DOOR_LOCK,
        state="unlocked",
        at=at,
    )


def evidence(
    at: datetime, quantity: Quantity = Quantity.DOOR_LOCK, device: str = "lock"
) -> Evidence:
    return Evidence(
        device=DeviceId(device),
        quantity=quantity,
        value=0.0,
        unit="",
        at=at,
        received_at=at,
    )
