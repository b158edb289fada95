"""What the desk knows: who was told of what, folded from the log.

Everything here is remembered, except the fields of ``Desk`` that are named computed: they
say when to look again, are worked out anew when they are lost, and make no difference
between two desks.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from room_monitor.core.alert import Alert, AlertState
from room_monitor.core.events import Message, Paged
from room_monitor.core.ids import (
    AlertId,
    ChannelId,
    LadderId,
    ObligationId,
    PageId,
    PersonId,
    RoomId,
    ShiftId,
)
from room_monitor.core.rota import Target

NEVER = datetime.max.replace(tzinfo=UTC)
LONG_AGO = datetime.min.replace(tzinfo=UTC)

AGAIN_AFTER = timedelta(minutes=5)
"""How often the fallback sounds where no ladder says how often."""

OPEN = frozenset({AlertState.RAISED, AlertState.ACKNOWLEDGED, AlertState.SHELVED})
"""States of an alert whose cause is not over."""


class Told(NamedTuple):
    """One page of an alert, and what became of it.

    Attributes:
        step: Of the ladder; 0 for the fallback.
        sent: Whether it got through; ``None`` while nobody knows.
    """

    target: Target
    step: int
    sent: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """An alert that claims somebody.

    Attributes:
        alert: How it stands.
        room: Where; ``None`` for a trouble of the monitor itself.
        number: How many alerts there were up to this one; it makes names of pages unique.
        since: When the present round began; it is moved with a step of the clock.
        round: 1 for the first time through the ladder.
        repeated: The round began with its first page, because nobody acknowledged the
            one before; otherwise it began with the alert, or because it came back.
        step: The highest step that was paged in this round; 0 for none.
        step_at: When it was.
        told: Who was paged in the last round in which anybody was.
        told_round: Which round that was; 0 if nobody was ever paged.
        ladder: By which ladder people were paged last.
        unheard_since: Since when pages by a ladder were told, and none got through.
        ever: Everybody who was paged, in any round, in the order in which they were.
        fallback_at: When the fallback last sounded for it since it was raised (again).
        fallbacks: How many pages to the fallback there were.
        held: The alert that pages for it.
        owed: What those who were told must be told yet.
        answered: Of a ladder or shift that nobody could be reached by: somebody was.
        closed: It is forgotten as soon as nothing is owed.
    """

    alert: Alert
    room: RoomId | None
    number: int
    since: datetime
    round: int = 1
    repeated: bool = False
    step: int = 0
    step_at: datetime | None = None
    told: Mapping[PageId, Told] = field(default_factory=dict)
    told_round: int = 0
    ladder: LadderId | None = None
    unheard_since: datetime | None = None
    ever: tuple[Target, ...] = ()
    fallback_at: datetime | None = None
    fallbacks: int = 0
    held: AlertId | None = None
    owed: Message | None = None
    answered: bool = False
    closed: bool = False

    @property
    def open(self) -> bool:
        """Whether what is behind it is not over."""
        return self.alert.state in OPEN

    @property
    def paging(self) -> bool:
        """Whether people are paged for as long as nobody acknowledges."""
        return self.alert.state is AlertState.RAISED and self.held is None

    @property
    def told_now(self) -> Mapping[PageId, Told]:
        """Who was paged in the present round."""
        return self.told if self.told_round == self.round else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """A limit that is near, of which nobody has been told yet.

    Attributes:
        number: Which prompt of the log it is; it makes names of pages unique.
        due_at: The limit.
    """

    room: RoomId | None
    obligation: ObligationId
    number: int
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachTest:
    """One page before a shift, only to see whether it gets through.

    Attributes:
        begins_at: When the shift begins.
        at: When it was paged.
        sent: Whether it got through; ``None`` while nobody knows.
        error: Why not.
        reported: Its result stands in the log.
    """

    shift: ShiftId
    begins_at: datetime
    person: PersonId
    channel: ChannelId
    at: datetime
    sent: bool | None = None
    error: str = ""
    reported: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Everybody who is claimed, for all rooms together.

    Attributes:
        claims: Alerts of rooms, drills and troubles of the monitor itself, as they came.
        pages: Pages of which nobody knows yet what became of them.
        prompts: Limits that are near, of which nobody was told yet.
        tests: Pages before a shift.
        numbered: How many alerts and prompts there have been.
        due: When each claim must be looked at again; one that is not in it, at once.
            Computed.
        roster_at: When the shift next changes, or must be tested. Computed.
        wake_at: Nothing is due before this. Computed.
    """

    claims: Mapping[AlertId, Claim] = field(default_factory=dict)
    pages: Mapping[PageId, Paged] = field(default_factory=dict)
    prompts: Mapping[ObligationId, Prompt] = field(default_factory=dict)
    tests: Mapping[PageId, ReachTest] = field(default_factory=dict)
    numbered: int = 0
    due: Mapping[AlertId, datetime] = field(default_factory=dict, compare=False)
    roster_at: datetime = field(default=LONG_AGO, compare=False)
    wake_at: datetime = field(default=LONG_AGO, compare=False)

    @property
    def troubles(self) -> Mapping[AlertId, Alert]:
        """What is wrong with the monitor itself, and still needs somebody."""
        return {
            key: claim.alert
            for key, claim in self.claims.items()
            if claim.alert.trouble is not None and not claim.closed
        }

    @property
    def afresh(self) -> "Desk":
        """The same without what is computed: the rota may be another."""
        return replace(self, due={}, roster_at=LONG_AGO, wake_at=LONG_AGO)
