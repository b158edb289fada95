"""What do the sensors at the room say of a check that a person recorded?

A sensor never makes a check and never ticks one off; what a person recorded stands as it
is. This only says whether anything else bears it out. Nothing here is a verdict on a
person: *contradicted* means that two records cannot both be right as they stand, and says
nothing of which one is wrong, or why.

In doubt a check is borne out, or nothing is said of it. People write instants to the
minute, forget their tag, go in pairs and type at the desk what they did at the door; none
of that may look like a lie (docs/corroboration.md).
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import combinations
from types import MappingProxyType

from room_monitor.core.events import Entry
from room_monitor.core.ids import PersonId, RecordId, RoomId, StayId
from room_monitor.core.site import Role, Room
from room_monitor.core.views.traces import (
    NEVER,
    Made,
    Opening,
    Tap,
    Traces,
    traces,
    within,
)


class Grade(StrEnum):
    """Whether sensors bear out what a person recorded."""

    CORROBORATED = "corroborated"
    UNCORROBORATED = "uncorroborated"
    CONTRADICTED = "contradicted"


class Ground(StrEnum):
    """Why a check is graded so, in the order of their weight."""

    OWN_TAG = "own_tag"
    """A tag of the account that recorded it was presented at the room."""
    SOME_TAG = "some_tag"
    """A tag was presented at the room; nobody can say whose."""
    TAG_OF_ANOTHER = "tag_of_another"
    """A tag of somebody else was presented at the room: somebody was there."""
    DOOR_OPENED = "door_opened"
    HATCH_OPENED = "hatch_opened"
    DWELL = "dwell"
    """Door or hatch were open for a while, or a tag was presented on the way in and out."""
    NO_DWELL = "no_dwell"
    """What was seen was over at once."""
    NO_SENSOR = "no_sensor"
    """There is neither a reader nor a contact at the room."""
    MONITOR_BLIND = "monitor_blind"
    """The monitor could not see then."""
    SENSORS_SILENT = "sensors_silent"
    """A sensor at the room was silent, or is not known to have been there."""
    DOOR_STOOD_OPEN = "door_stood_open"
    """Looking in through an open door moves nothing."""
    NO_READER = "no_reader"
    """There is no reader, and looking through the pane moves no door."""
    NOTHING_SEEN = "nothing_seen"
    """There is a reader, every sensor worked, and nothing was seen."""
    OWN_TAG_ELSEWHERE = "own_tag_elsewhere"
    """A tag of the account was in other rooms, too near in time to have walked."""
    ONLY_ANOTHER_SEEN = "only_another_seen"
    """Only somebody else's tag was presented, while one of the account was elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Walking:
    """How long it takes at least to walk from one room to another.

    Attributes:
        least: Between any two rooms of which nothing else is said. Half a minute is a
            corridor and a door that has to be unlocked; where rooms lie side by side it
            must be set lower, or quick people look as if they could be in two places.
        between: Of particular pairs of rooms.
    """

    least: timedelta = timedelta(seconds=30)
    between: Mapping[frozenset[RoomId], timedelta] = field(
        default_factory=lambda: MappingProxyType({})
    )

    def time(self, one: RoomId, other: RoomId) -> timedelta:
        """From one room to another; nothing within one room."""
        if one == other:
            return timedelta(0)
        return self.between.get(frozenset({one, other}), self.least)

    def shortest(self, rooms: Iterable[RoomId]) -> timedelta:
        """Between those two of some rooms that lie closest together."""
        pairs = combinations(sorted(set(rooms)), 2)
        return min((self.time(one, other) for one, other in pairs), default=self.least)

    @property
    def longest(self) -> timedelta:
        """Between any two rooms."""
        return max([self.least, *self.between.values()])


@dataclass(frozen=True, slots=True, kw_only=True)
class Corroborating:
    """What counts as near, long and far.

    Attributes:
        rooms: By their id, with the devices that are there.
        window: So long before and after the recorded instant a trace bears a check out.
            Three minutes: people look at a clock before or after, and finish a
            conversation; the law's quarter of an hour is five times as long.
        precision: How far off a recorded instant may be and still be right, where a check
            would be contradicted. People write whole minutes.
        dwell: From how long on somebody stayed, rather than passed.
        walking: From one room to another.
    """

    rooms: Mapping[RoomId, Room]
    window: timedelta = timedelta(minutes=3)
    precision: timedelta = timedelta(minutes=1)
    dwell: timedelta = timedelta(seconds=5)
    walking: Walking = field(default_factory=Walking)

    def __post_init__(self) -> None:
        if not timedelta(0) <= self.precision <= self.window:
            raise ValueError("the precision is part of the window")


@dataclass(frozen=True, slots=True, kw_only=True)
class GradedCheck:
    """A check, and what sensors say of it.

    Attributes:
        position: Where it stands in the log.
        account: Who recorded to have looked in, a pseudonym, if it was said.
        recorded_at: When it was first recorded, also where it was corrected later.
        grounds: Why, the weightiest first; at least one.
        evidence: Where in the log the traces stand that decided, in order.
    """

    room: RoomId
    stay: StayId
    record: RecordId | None
    position: int
    account: PersonId | None
    happened_at: datetime
    recorded_at: datetime
    grade: Grade
    grounds: tuple[Ground, ...]
    evidence: tuple[int, ...] = ()


def grade_checks(
    entries: Iterable[Entry],
    tags_of: Mapping[PersonId, frozenset[str]],
    settings: Corroborating,
) -> list[GradedCheck]:
    """Grade every check that stands, by the instant at which it happened.

    Args:
        entries: Of all rooms and of the monitor itself, from the beginning of the log;
            those of the kinds in ``TRACES`` are enough.
        tags_of: Whose tags are whose, by their pseudonyms. A tag that several people
            carry says that somebody was there, not who.
        settings: What counts as near.
    """
    return graded(traces(entries, settings.rooms), tags_of, settings)


def graded(
    seen: Traces,
    tags_of: Mapping[PersonId, frozenset[str]],
    settings: Corroborating,
) -> list[GradedCheck]:
    """Grade the checks among traces that are folded already; see ``grade_checks``."""
    grading = _Grading(seen, tags_of, settings)
    return [grading.grade(made) for made in seen.checks]


def owners(tags_of: Mapping[PersonId, frozenset[str]]) -> dict[str, PersonId]:
    """Who carries a tag, of the tags that only one person carries."""
    carriers: dict[str, list[PersonId]] = defaultdict(list)
    for person, tags in tags_of.items():
        for tag in tags:
            carriers[tag].append(person)
    return {tag: who[0] for tag, who in carriers.items() if len(who) == 1}


class _Grading:
    def __init__(
        self,
        seen: Traces,
        tags_of: Mapping[PersonId, frozenset[str]],
        settings: Corroborating,
    ) -> None:
        self._seen = seen
        self._settings = settings
        self._owner = owners(tags_of)
        self._own: dict[PersonId, list[str]] = defaultdict(list)
        for tag, person in self._owner.items():
            self._own[person].append(tag)
        self._checks_of: dict[tuple[PersonId, RoomId], list[datetime]]
        self._checks_of = defaultdict(list)
        for made in seen.checks:
            if made.check.account is not None:
                at = made.check.happened_at
                self._checks_of[made.check.account, made.room].append(at)

    def grade(self, made: Made) -> GradedCheck:
        at, window = made.check.happened_at, self._settings.window
        start, end = at - window, at + window
        taps = self._seen.taps(made.room, start, end)
        opened = self._seen.opened(made.room, start, end)
        elsewhere = self._elsewhere(made, start, end)
        own = [tap for tap in taps if self._is_of(tap, made.check.account)]
        others = [
            tap
            for tap in taps
            if tap not in own and not self._is_out_of_reach(made, tap.at, elsewhere)
        ]
        moved = [
            opening
            for opening in opened
            if any(
                start <= edge <= end
                and not self._is_out_of_reach(made, edge, elsewhere)
                for edge in (opening.opened_at, opening.closed_at)
            )
        ]
        if own or others or moved:
            grounds = self._borne_out_by(own, others, moved)
            grade = Grade.CORROBORATED
            traced = [trace.position for trace in (*own, *others)]
            traced += [opening.position for opening in moved]
        elif against := self._contradiction(made, taps, elsewhere):
            grade, grounds = Grade.CONTRADICTED, [against[0]]
            traced = [tap.position for tap in against[1]]
        else:
            grade, traced = Grade.UNCORROBORATED, []
            grounds = [self._why_nothing(made.room, start, end, opened=bool(opened))]
        return GradedCheck(
            room=made.room,
            stay=made.check.stay,
            record=made.check.record,
            position=made.position,
            account=made.check.account,
            happened_at=at,
            recorded_at=made.recorded_at,
            grade=grade,
            grounds=tuple(grounds),
            evidence=tuple(sorted(traced)),
        )

    # --- Borne out ----------------------------------------------------------------------

    def _borne_out_by(
        self, own: Sequence[Tap], others: Sequence[Tap], moved: Sequence[Opening]
    ) -> list[Ground]:
        roles = {opening.role for opening in moved}
        stayed = self._stayed([*own, *others], moved)
        known = {tap.tag in self._owner for tap in others}
        found = {
            Ground.OWN_TAG: bool(own),
            Ground.SOME_TAG: False in known,
            Ground.TAG_OF_ANOTHER: True in known,
            Ground.DOOR_OPENED: Role.DOOR_CONTACT in roles,
            Ground.HATCH_OPENED: Role.HATCH in roles,
            Ground.DWELL: stayed,
            Ground.NO_DWELL: not stayed,
        }
        return [ground for ground, holds in found.items() if holds]

    def _stayed(self, taps: Sequence[Tap], moved: Sequence[Opening]) -> bool:
        dwell = self._settings.dwell
        if any(opening.closed_at - opening.opened_at >= dwell for opening in moved):
            return True
        first: dict[str, datetime] = {}
        last: dict[str, datetime] = {}
        for tap in taps:
            if tap.tag is not None:
                first[tap.tag] = min(tap.at, first.get(tap.tag, tap.at))
                last[tap.tag] = max(tap.at, last.get(tap.tag, tap.at))
        return any(last[tag] - first[tag] >= dwell for tag in first)

    # --- Not borne out ------------------------------------------------------------------

    def _why_nothing(
        self, room: RoomId, start: datetime, end: datetime, *, opened: bool
    ) -> Ground:
        of_room = self._settings.rooms.get(room)
        readers = of_room.devices_in(Role.PRESENCE_TAP) if of_room else ()
        doors = (
            (*of_room.devices_in(Role.DOOR_CONTACT), *of_room.devices_in(Role.HATCH))
            if of_room
            else ()
        )
        if not readers and not doors:
            return Ground.NO_SENSOR
        if self._seen.blind.touch(start, end):
            return Ground.MONITOR_BLIND
        if any(
            self._seen.unheard.get(device.id, NEVER).touch(start, end)
            for device in (*readers, *doors)
        ):
            return Ground.SENSORS_SILENT
        if opened:
            return Ground.DOOR_STOOD_OPEN
        return Ground.NOTHING_SEEN if readers else Ground.NO_READER

    # --- Contradicted -------------------------------------------------------------------

    def _contradiction(
        self, made: Made, taps: Sequence[Tap], elsewhere: Sequence[Tap]
    ) -> tuple[Ground, list[Tap]] | None:
        """What cannot be right together with the record, if anything.

        Asked only when no trace at the room could be of this check. Nothing is said of a
        time in which the monitor was blind or the clock was set.
        """
        at, precision = made.check.happened_at, self._settings.precision
        start, end = at - precision, at + precision
        if self._seen.unsure.touch(start, end) or not elsewhere:
            return None
        if self._is_covered(made.room, start, end, elsewhere):
            return Ground.OWN_TAG_ELSEWHERE, list(elsewhere)
        if another := self._only_another(made, within(taps, start, end)):
            return Ground.ONLY_ANOTHER_SEEN, [*another, *elsewhere]
        return None

    def _is_covered(
        self, room: RoomId, start: datetime, end: datetime, elsewhere: Sequence[Tap]
    ) -> bool:
        """Whether at no instant of a stretch the account can have been at the room.

        The account's own tags were presented in other rooms so near in time that the way
        to this one cannot have been walked, whatever instant within ``precision`` is the
        true one. One tap excludes only the walking time before and after it, so rooms
        that lie close together take several.
        """
        reached = start
        for low, high in sorted(
            (tap.at - way, tap.at + way)
            for tap in elsewhere
            for way in (self._settings.walking.time(room, tap.room),)
        ):
            if low >= reached:
                return False  # at ``reached`` itself they can have been there
            reached = max(reached, high)
            if reached > end:
                return True
        return False

    def _only_another(self, made: Made, taps: Sequence[Tap]) -> list[Tap]:
        """The taps of somebody else that are all that was seen at the room, if they are.

        Somebody else's tag alone accuses nobody: people go in pairs, and one tag opens
        the door for both. So all of this must hold: the tag is carried by one other
        person only; at that very moment a tag of the account was in another room, too far
        to be there together (else the tap would bear the check out); the other has no
        check here of their own that the tap would be of; every sensor of the room worked
        and none saw anything else (else that would bear it out).
        """
        others = [
            tap
            for tap in taps
            if tap.dated_surely
            and (owner := self._owner.get(tap.tag or "")) is not None
            and not self._checked(owner, made.room, tap.at)
        ]
        at, window = made.check.happened_at, self._settings.window
        why = self._why_nothing(made.room, at - window, at + window, opened=False)
        return others if why is Ground.NOTHING_SEEN else []

    def _checked(self, person: PersonId, room: RoomId, at: datetime) -> bool:
        checks = self._checks_of.get((person, room), [])
        index = bisect_left(checks, at - self._settings.window)
        return index < len(checks) and checks[index] <= at + self._settings.window

    # --- Where the account was ----------------------------------------------------------

    def _is_of(self, tap: Tap, account: PersonId | None) -> bool:
        return account is not None and self._owner.get(tap.tag or "") == account

    def _elsewhere(self, made: Made, start: datetime, end: datetime) -> list[Tap]:
        """The account's own taps in other rooms that bear on where they were."""
        account, way = made.check.account, self._settings.walking.longest
        if account is None:
            return []
        return [
            tap
            for tag in self._own.get(account, ())
            for tap in within(self._seen.taps_of.get(tag, ()), start - way, end + way)
            if tap.room != made.room and tap.dated_surely
        ]

    def _is_out_of_reach(
        self, made: Made, at: datetime, elsewhere: Sequence[Tap]
    ) -> bool:
        """Whether the account was too far away to be at the room at an instant."""
        return any(
            abs(tap.at - at) < self._settings.walking.time(made.room, tap.room)
            for tap in elsewhere
        )
