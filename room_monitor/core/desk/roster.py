"""What the rota answers at one instant: asked once, however many alerts there are."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import blake2s

from room_monitor.core.desk.record import AGAIN_AFTER, NEVER, Claim
from room_monitor.core.events import Event, Message, Paged, Trouble
from room_monitor.core.ids import ChannelId, LadderId, PageId, PersonId, RoomId
from room_monitor.core.requirements import Priority
from room_monitor.core.rota import (
    Ladder,
    Rota,
    Target,
    ladder_for,
    next_tests,
    on_shift,
    shift_bounds,
    targets,
)

Said = list[tuple[RoomId | None, Event]]
"""Events, each with where it belongs."""

NOWHERE = RoomId("")
"""The room of what is in none: only ladders for all rooms fit."""


class Roster:
    """A rota at an instant (aware UTC)."""

    def __init__(self, rota: Rota, now: datetime) -> None:
        self.rota = rota
        self.now = now
        self._team: frozenset[PersonId] | None = None
        self._targets: dict[tuple[LadderId, int], tuple[Target, ...]] = {}
        self._ladders: dict[tuple[RoomId | None, Priority], Ladder | None] = {}

    @property
    def team(self) -> frozenset[PersonId]:
        """Who is on shift."""
        if self._team is None:
            self._team = frozenset(on_shift(self.rota, self.now))
        return self._team

    def ladder(self, room: RoomId | None, priority: Priority) -> Ladder | None:
        """The ladder for an alert of a room, or of none."""
        key = (room, priority)
        if key not in self._ladders:
            self._ladders[key] = ladder_for(self.rota, room or NOWHERE, priority)
        return self._ladders[key]

    def ladder_of(self, claim: Claim) -> Ladder | None:
        """The ladder of an alert; of a ladder that reaches nobody none does."""
        if claim.alert.trouble is Trouble.NOBODY_REACHABLE:
            return None
        return self.ladder(claim.room, claim.alert.priority)

    def targets(self, ladder: Ladder, step: int) -> tuple[Target, ...]:
        """What a step tells; the first is 1."""
        key = (ladder.id, step)
        if key not in self._targets:
            told = targets(self.rota, ladder.steps[step - 1], self.now)
            self._targets[key] = told
        return self._targets[key]

    def again_after(self, claim: Claim) -> timedelta:
        """How long until the fallback sounds again."""
        ladder = self.ladder_of(claim)
        if ladder is None:
            about = (r for r in self.rota.ladders if r.id == claim.alert.subject)
            ladder = next(about, None)
        return AGAIN_AFTER if ladder is None else ladder.again_after

    def next_change(self) -> datetime:
        """When other people are on shift; ``NEVER`` if that never changes."""
        ends = (
            bounds[1]
            for shift in self.rota.shifts
            if (bounds := shift_bounds(shift, self.now)) is not None
        )
        before = self.rota.test_before
        begins = next_tests(self.rota, self.now - before)
        changes = [*ends] if begins is None else [*ends, begins[0] + before]
        return min(changes, default=NEVER)


def page_id(*what: object) -> PageId:
    """The name of a page, always the same for the same; 16 hexadecimal digits."""
    text = "\n".join(str(each) for each in what)
    return PageId("p" + blake2s(text.encode(), digest_size=8).hexdigest())


def pages_of(
    claim: Claim,
    told: Iterable[Target],
    now: datetime,
    *,
    message: Message = Message.ALERT,
    ladder: LadderId | None = None,
    step: int = 0,
    round_: int = 0,
) -> Said:
    """Tell each target something of an alert."""
    nth = claim.fallbacks if message is Message.ALERT and step == 0 else 0
    numbered = (claim.alert.id, claim.number, message, round_ or claim.round, step, nth)
    return [
        (
            claim.room,
            Paged(
                page=page_id(*numbered, target.person, target.channel),
                message=message,
                channel=target.channel,
                at=now,
                alert=claim.alert.id,
                ladder=ladder,
                round=round_ or claim.round,
                step=step,
                person=target.person,
                drill=claim.alert.drill,
            ),
        )
        for target in told
    ]


def bare(channels: Iterable[ChannelId]) -> tuple[Target, ...]:
    """Channels that are nobody's."""
    return tuple(Target(person=None, channel=channel) for channel in channels)
