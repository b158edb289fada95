"""A desk, its rota and what happens, for the tests of who is told.

``AtDesk`` plays a story and, after every step, looks whether the promises hold that hold
always: replay gives the same desk, asking twice says nothing, no page has the name of
another, and nothing is due that was not said.
"""

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from room_monitor.core import desk as desks
from room_monitor.core.alert import ACKNOWLEDGED_FOR
from room_monitor.core.desk import Desk
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
    DrillBegan,
    Event,
    Message,
    Paged,
    PageFailed,
    PageSent,
    Prompted,
    Source,
    TroubleFound,
)
from room_monitor.core.ids import (
    AlertId,
    BreachId,
    ChannelId,
    LadderId,
    ObligationId,
    PageId,
    PersonId,
    RequirementId,
    RoomId,
    ShiftId,
)
from room_monitor.core.requirements import Label, Priority
from room_monitor.core.rota import EVERY_DAY, Ladder, Person, Rota, Shift, Step
from tests.core.play import ROOM, START, minute, minutes

ANNA, BEN, CHRIS, MIA = (PersonId(name) for name in ("anna", "ben", "chris", "mia"))
SIREN = ChannelId("siren")
PEOPLE: Mapping[PersonId, Person] = {
    each: Person(id=each, channels=(ChannelId(f"phone-{each}"),))
    for each in (ANNA, BEN, CHRIS, MIA)
}


def shift(name: str, hours: str, *members: PersonId, zone: str = "UTC") -> Shift:
    """People who are there at these hours of every day."""
    begins, _, ends = hours.partition("-")
    return Shift(
        id=ShiftId(name),
        members=members,
        days=EVERY_DAY,
        begins=time.fromisoformat(begins),
        ends=time.fromisoformat(ends),
        zone=zone,
    )


DAY = shift("day", "07:00-15:00", ANNA, BEN)
EVENING = shift("evening", "15:00-23:00", BEN)
NIGHT = shift("night", "23:00-07:00", CHRIS)
STEPS = (
    Step(after=minutes(0), on_shift=True),
    Step(after=minutes(3), persons=(MIA,)),
)


def ladder(
    *steps: Step,
    name: str = "staff",
    again_after: float = 5,
    rooms: frozenset[RoomId] = frozenset(),
    priorities: frozenset[Priority] = frozenset(),
) -> Ladder:
    """Those on shift, after 3 minutes Mia, and 5 minutes after her anew."""
    return Ladder(
        id=LadderId(name),
        rooms=rooms,
        priorities=priorities,
        steps=steps or STEPS,
        again_after=minutes(again_after),
    )


def rota(
    *shifts: Shift,
    ladders: tuple[Ladder, ...] | None = None,
    people: Mapping[PersonId, Person] = PEOPLE,
    fallback: tuple[ChannelId, ...] = (SIREN,),
    heard_within: timedelta = timedelta(days=365),
) -> Rota:
    """Anna is there from 00:00 to 00:00, unless shifts are named."""
    return Rota(
        people=people,
        shifts=shifts or (shift("always", "00:00-00:00", ANNA),),
        ladders=(ladder(),) if ladders is None else ladders,
        fallback=fallback,
        # Most stories do not tell that pages got through.
        heard_within=heard_within,
    )


# --- What happens ----------------------------------------------------------------------


def raised(
    name: str,
    at: float = 0,
    *,
    priority: Priority = Priority.HIGH,
    requirement: str = "air",
    group: str = "",
    insistent: bool = False,
    inhibited_by: tuple[str, ...] = (),
) -> AlertRaised:
    """A room raises an alert, about something that began at a minute."""
    return AlertRaised(
        alert=AlertId(name),
        breach=BreachId(f"{name}#1"),
        obligation=ObligationId(f"calm-1/{requirement}/it"),
        requirement=RequirementId(requirement),
        priority=priority,
        reason=Reason.SILENT,
        began_at=minute(at),
        group=group,
        insistent=insistent,
        inhibited_by=tuple(RequirementId(each) for each in inhibited_by),
    )


def drill(name: str, at: float, until: float = 30) -> DrillBegan:
    """Somebody tries out whether people are reached."""
    return DrillBegan(
        alert=AlertId(name),
        priority=Priority.HIGH,
        began_at=minute(at),
        ends_at=minute(until),
        role="manager",
    )


def acknowledged(name: str, at: float = 0) -> AlertAcknowledged:
    """Somebody takes an alert on."""
    return AlertAcknowledged(
        alert=AlertId(name),
        role="care_worker",
        at=minute(at),
        expires_at=minute(at) + ACKNOWLEDGED_FOR,
    )


def expired(name: str, at: float) -> AcknowledgementExpired:
    """Nobody ended it in time."""
    return AcknowledgementExpired(alert=AlertId(name), at=minute(at))


def shelved(name: str, at: float, until: float = 600) -> AlertShelved:
    """Somebody puts an alert aside."""
    return AlertShelved(
        alert=AlertId(name), at=minute(at), until=minute(until), role="manager"
    )


def unshelved(name: str, at: float) -> AlertUnshelved:
    """It is back."""
    return AlertUnshelved(alert=AlertId(name), at=minute(at))


def over(name: str, at: float) -> AlertReturnedToNormal:
    """What it is about is over."""
    return AlertReturnedToNormal(alert=AlertId(name), at=minute(at))


def prompted(due: float, at: float = 0, *, what: str = "calm-1/checks/it") -> Prompted:
    """A limit is near."""
    return Prompted(
        obligation=ObligationId(what),
        source=Source(
            requirement=RequirementId("checks"),
            citation="Art. 1",
            label=Label.LAW,
            catalogue="1+0123456789ab",
        ),
        due_at=minute(due),
        lead=minutes(due - at),
        at=minute(at),
    )


# --- The story -------------------------------------------------------------------------


class AtDesk:
    """A desk and what happens to it, looked over after every step.

    Pages before a shift get through at once, unless ``tests_fail``; what becomes of
    others the story says.
    """

    def __init__(
        self,
        on: Rota | None = None,
        *,
        at: datetime = START,
        tests_fail: bool = False,
    ) -> None:
        self.rota = rota() if on is None else on
        self.desk = Desk()
        self.replayed = Desk()
        self.began_at = at
        self.last = at
        self.tests_fail = tests_fail
        self.said: list[tuple[datetime, RoomId | None, Event]] = []

    def happens(self, event: Event, at: float, room: RoomId | None = ROOM) -> None:
        """An event is recorded at a minute, and the desk looks at it."""
        self.hears(event, at, room)
        self.looks(at)

    def hears(self, event: Event, at: float, room: RoomId | None = ROOM) -> None:
        """An event is recorded at a minute; the desk does not look yet."""
        self.last = now = self._instant(at)
        self.desk = desks.evolve(self.desk, room, event, now)
        self.replayed = desks.evolve(self.replayed, room, event, now)

    def looks(self, at: float) -> list[Event]:
        """The desk is advanced at a minute; what it says."""
        self.last = now = self._instant(at)
        self.desk, said = desks.advance(self.desk, self.rota, now)
        for room, event in said:
            self.said.append((now, room, event))
            self.replayed = desks.evolve(self.replayed, room, event, now)
        self._look_over(now)
        events = [event for _, event in said]
        tests = [e for e in events if isinstance(e, Paged) and e.shift is not None]
        if tests and not self.tests_fail:
            for page in tests:
                sent = PageSent(page=page.page, channel=page.channel, at=now)
                self.hears(sent, at, None)
            events += self.looks(at)
        return events

    def waits(self, until: float) -> None:
        """Time passes, from deadline to deadline."""
        end = self._instant(until)
        while (due := self.deadline(self.last)) is not None and due <= end:
            self.looks((due - self.began_at).total_seconds() / 60)
        self.looks(until)

    def deadline(self, now: datetime) -> datetime | None:
        """When something is due next."""
        return desks.next_deadline(self.desk, self.rota, now)

    def paged(self, *messages: Message) -> list[Paged]:
        """All pages so far, or those that say one of these."""
        pages = [event for _, _, event in self.said if isinstance(event, Paged)]
        return [p for p in pages if not messages or p.message in messages]

    def table(self, *messages: Message) -> list[str]:
        """``minute message alert round.step person-or-channel`` of every page."""
        return [
            f"{self._minute(p.at):g} {p.message} {p.alert or p.obligation or p.shift} "
            f"{p.round}.{p.step} {p.person or p.channel}"
            for p in self.paged(*messages)
        ]

    def rows(self) -> list[str]:
        """``minute alert round.step person-or-channel`` of every page of an alert."""
        return [
            f"{self._minute(p.at):g} {p.alert} {p.round}.{p.step} "
            f"{p.person or p.channel}"
            for p in self.paged(Message.ALERT)
        ]

    def decided(self) -> list[str]:
        """What else was said, in short."""
        rows = []
        for now, _, event in self.said:
            at = f"{self._minute(now):g}"
            match event:
                case AlertHeld():
                    rows.append(f"{at} {event.alert} {event.holding} {event.under}")
                case AlertReleased():
                    rows.append(f"{at} {event.alert} released")
                case TroubleFound():
                    rows.append(f"{at} {event.trouble} {event.subject}")
                case AlertReturnedToNormal():
                    rows.append(f"{at} over")
                case _:
                    pass
        return rows

    def page(self, who: str, nth: int = -1) -> Paged:
        """The last page to a person or a bare channel, or another of them."""
        return [p for p in self.paged() if who in (p.person, p.channel)][nth]

    def sent(self, page: Paged, at: float) -> None:
        """A page got through."""
        event = PageSent(page=page.page, channel=page.channel, at=self._instant(at))
        self.happens(event, at, None)

    def failed(self, page: Paged, at: float) -> None:
        """A page did not get through."""
        event = PageFailed(
            page=page.page,
            channel=page.channel,
            at=self._instant(at),
            attempts=3,
            error="refused",
        )
        self.happens(event, at, None)

    def _instant(self, at: float) -> datetime:
        return self.began_at + minutes(at)

    def _minute(self, at: datetime) -> float:
        return round((at - self.began_at).total_seconds() / 60, 3)

    def _look_over(self, now: datetime) -> None:
        assert self.replayed == self.desk
        again, said = desks.advance(self.desk, self.rota, now)
        assert (again, said) == (self.desk, [])
        anew, said = desks.advance(self.replayed, self.rota, now)
        assert (anew, said) == (self.desk, [])
        due = self.deadline(now)
        assert due is None or due > now
        names: list[PageId] = [page.page for page in self.paged()]
        assert len(names) == len(set(names))
