"""A log of rounds in a few rooms, entry by entry, for the tests of what traces say.

Alice, Bob and Carl each carry a tag; each room has a reader, a door and a hatch.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

from room_monitor.core.events import (
    CheckRecorded,
    DoorMoved,
    Entry,
    Event,
    RecordCorrected,
    TagPresented,
)
from room_monitor.core.ids import DeviceId, PersonId, RecordId, RoomId, StayId
from room_monitor.core.site import Role, Room
from room_monitor.core.tags import pseudonym
from sensors.quantity import Quantity
from tests.core.play import START, device, room

ALICE, BOB, CARL = (PersonId(each) for each in ("p-alice", "p-bob", "p-carl"))
TAG = {person: pseudonym(person) for person in (ALICE, BOB, CARL)}
TAGS_OF = {person: frozenset({tag}) for person, tag in TAG.items()}
CALM, REST, BLUE, FAR = (RoomId(f"room-{n}") for n in range(4))
READERS_AND_DOORS = (Role.PRESENCE_TAP, Role.DOOR_CONTACT, Role.HATCH)


def with_devices(name: RoomId, *roles: Role) -> Room:
    """A room with one device of each role, named after both."""
    return replace(room(*(device(role, f"{name}-{role}") for role in roles)), id=name)


ROOMS = {
    name: with_devices(name, *READERS_AND_DOORS) for name in (CALM, REST, BLUE, FAR)
}


def second(number: float) -> datetime:
    """So many seconds after the story began."""
    return START + timedelta(seconds=number)


@dataclass
class Log:
    """Entries in the order in which they are written down."""

    entries: list[Entry] = field(default_factory=list)

    def add(
        self, event: Event, in_room: RoomId | None = CALM, at: datetime | None = None
    ) -> int:
        """Write an entry; its position."""
        position = len(self.entries) + 1
        recorded_at = at or getattr(event, "at", None) or START
        self.entries.append(
            Entry(
                position=position,
                recorded_at=recorded_at,
                room=in_room,
                event=event,
                hash=b"",
            )
        )
        return position

    def check(
        self,
        at: datetime,
        by: PersonId | None = ALICE,
        in_room: RoomId = CALM,
        *,
        recorded_at: datetime | None = None,
        record: str | None = None,
        stay: str | None = None,
    ) -> int:
        """Somebody records that they looked in."""
        event = CheckRecorded(
            stay=StayId(stay or f"s-{in_room}"),
            happened_at=at,
            role="staff",
            account=by,
            record=RecordId(record or f"r{len(self.entries) + 1:08}"),
        )
        return self.add(event, in_room, recorded_at or at)

    def corrected(self, wrong: str, instead: str | None, name: str = "c1") -> int:
        """A record was wrong."""
        event = RecordCorrected(
            record=RecordId(name),
            corrects=RecordId(wrong),
            instead=RecordId(instead) if instead else None,
            at=START,
            role="staff",
        )
        return self.add(event)

    def tap(
        self, at: datetime, of: PersonId | str | None = ALICE, in_room: RoomId = CALM
    ) -> int:
        """A tag of a person, one nobody knows, or one without a name."""
        tag = TAG.get(PersonId(of), of) if of else None
        reader = DeviceId(f"{in_room}-{Role.PRESENCE_TAP}")
        return self.add(TagPresented(device=reader, at=at, tag=tag), in_room)

    def door(
        self,
        at: datetime,
        state: str = "open",
        in_room: RoomId = CALM,
        role: Role = Role.DOOR_CONTACT,
    ) -> int:
        """The door or the hatch moves."""
        event = DoorMoved(
            device=DeviceId(f"{in_room}-{role}"),
            role=role,
            quantity=Quantity.DOOR_CONTACT,
            state=state,
            at=at,
        )
        return self.add(event, in_room)

    def opens(self, at: datetime, lasts: float = 20, in_room: RoomId = CALM) -> int:
        """The door opens, and closes so many seconds later."""
        self.door(at, "open", in_room)
        return self.door(at + timedelta(seconds=lasts), "closed", in_room)


def shuffled(entries: Iterable[Entry], random: Random) -> list[Entry]:
    """The same entries, those recorded at one instant in any order."""
    mixed = list(entries)
    random.shuffle(mixed)
    mixed.sort(key=lambda entry: entry.recorded_at)
    return [replace(entry, position=n) for n, entry in enumerate(mixed, 1)]


# --- Simulated weeks --------------------------------------------------------------------

WEEK = timedelta(days=7)
STAY_LASTS = timedelta(hours=5)


def honest_week(random: Random) -> list[Entry]:
    """People look in on up to four rooms, all as they say, with all that people do.

    Intervals vary. Tags are forgotten now and then, two go together and one tag is shown,
    some write whole minutes, some record later, some at the desk after the round.
    """
    log = Log()
    at = START
    while at < START + WEEK:
        rooms = random.sample(list(ROOMS), random.randint(1, 4))
        number, ends_at = len(log.entries), at + STAY_LASTS
        while at < ends_at:
            who = random.choice((ALICE, BOB, CARL))
            along = random.choice((ALICE, BOB, CARL))
            now = at
            made: list[tuple[RoomId, datetime]] = []
            random.shuffle(rooms)
            for one in rooms:
                looked = timedelta(seconds=random.uniform(5, 60))
                if random.random() < 0.85:
                    log.tap(now, who if random.random() < 0.8 else along, one)
                if random.random() < 0.5:
                    log.opens(now, looked.total_seconds(), one)
                made.append((one, now + looked * random.random()))
                now += looked + timedelta(seconds=random.uniform(31, 90))
            for one, happened_at in made:
                said, recorded_at = _told(random, happened_at, now)
                stay = f"s{number}-{one}"
                log.check(said, who, one, recorded_at=recorded_at, stay=stay)
            at = max(now, at + timedelta(seconds=random.gauss(660, 100)))
        at += timedelta(hours=random.uniform(2, 12))
    return sorted_again(log)


def _told(
    random: Random, at: datetime, round_ended_at: datetime
) -> tuple[datetime, datetime]:
    """When somebody says it was, and when they say it."""
    habit, minute = random.random(), at.replace(second=0, microsecond=0)
    if habit < 0.3:
        return minute, round_ended_at + timedelta(seconds=random.uniform(0, 60))
    if habit < 0.36:
        return minute, at + timedelta(minutes=random.uniform(5, 40))
    return at, at + timedelta(seconds=random.uniform(0, 5))


def copied_week(random: Random) -> list[Entry]:
    """Alice scans copies of the codes of all rooms at the desk, and looks in nowhere."""
    log = Log()
    at = START
    while at < START + WEEK:
        now = at
        rooms = random.sample(list(ROOMS), random.randint(3, 4))
        for one in rooms:
            log.check(now, ALICE, one)
            now += timedelta(seconds=random.uniform(2, 14))
        at += timedelta(minutes=random.uniform(10, 20))
    return sorted_again(log)


def sorted_again(log: Log) -> list[Entry]:
    """As a monitor would have written it: in the order of recording."""
    in_order = sorted(log.entries, key=lambda entry: entry.recorded_at)
    return [replace(entry, position=n) for n, entry in enumerate(in_order, 1)]
