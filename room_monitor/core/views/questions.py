"""What is a question to people, and from when on is something worth one?

A question, never a finding. It names what it rests on, record by record, and how often it
was so. The limits err on the side of not asking.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from room_monitor.core.ids import PersonId, RecordId, RoomId, StayId
from room_monitor.core.views.corroboration import Corroborating


class Pattern(StrEnum):
    """What stands out."""

    TAG_IN_TWO_PLACES = "tag_in_two_places"
    """One tag was presented in two rooms within less time than the way takes."""
    ROUND_TOO_FAST = "round_too_fast"
    """Checks of several rooms by one account within less time than the way takes."""
    METRONOME = "metronome"
    """The checks of a stay follow each other at the same interval to the second."""
    LATE_ENTRIES = "late_entries"
    """Many checks were recorded long after they happened."""
    BATCH = "batch"
    """Several checks of one stay were recorded together."""
    UNCORROBORATED = "uncorroborated"
    """Many checks left no trace, though the sensors worked."""


class Figure(StrEnum):
    """What a question gives a duration for."""

    SHORTEST = "shortest"
    """The shortest time in which it was so."""
    WALKING = "walking"
    """How long the way takes at least."""
    INTERVAL = "interval"
    """The mean interval."""
    SPREAD = "spread"
    """Between the longest interval and the shortest."""
    LIMIT = "limit"
    """After or within how long it counts."""


class Exhibit(NamedTuple):
    """One thing that a question rests on: a check, or a tag at a reader.

    Attributes:
        at: When it happened.
        record: The record of a check, if it has one.
        recorded_at: When a check was recorded; ``None`` for a tag.
    """

    position: int
    room: RoomId
    at: datetime
    record: RecordId | None = None
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenQuestion:
    """What somebody may want to ask, and what it rests on.

    Attributes:
        began_at: Of the first exhibit.
        ended_at: Of the last.
        rooms: Where, sorted.
        times: How often it was so.
        out_of: Of how many that were looked at; ``None`` where nothing is counted against.
        exhibits: By instant.
        account: The pseudonym of whom to ask, where the records name one.
        stay: Of which stay, where it is about one.
        tag: The pseudonym of the tag, where it is about one.
    """

    pattern: Pattern
    began_at: datetime
    ended_at: datetime
    rooms: tuple[RoomId, ...]
    times: int
    out_of: int | None = None
    exhibits: tuple[Exhibit, ...]
    figures: Mapping[Figure, timedelta] = field(default_factory=dict)
    account: PersonId | None = None
    stay: StayId | None = None
    tag: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """From when on something is worth a question.

    Attributes:
        corroborating: What counts as near, and how long the way takes.
        times: From how often on. Once is a slip, twice is chance.
        round_of: How many rooms make a round; with two, one wrong instant is enough.
        minute: How far off an instant is that was written as a whole minute.
        metronome_of: How many intervals in a row. Eight are two hours of an enclosure.
        metronome_spread: Within how much they lie. People who hurry by the clock differ
            by half a minute and more; the reminders themselves differ.
        late_after: When a check is recorded late. Ten minutes leave time to end an
            incident first, and to walk to a screen.
        late_share: How large a part is late, from which on it is a habit.
        late_of: How many checks there must be at least to speak of a part.
        batch_of: How many checks of one stay make a batch.
        batch_within: Within how long they were recorded. Nobody looks in three times
            within a minute.
        unseen_share: How large a part left no trace. Half: forgetting a tag is common.
        unseen_of: How many checks there must be at least to speak of that part.
        shown_within: A reader works if a tag was presented there, by anybody, so near in
            time to a check.
    """

    corroborating: Corroborating
    times: int = 3
    round_of: int = 3
    minute: timedelta = timedelta(minutes=1)
    metronome_of: int = 8
    metronome_spread: timedelta = timedelta(seconds=5)
    late_after: timedelta = timedelta(minutes=10)
    late_share: float = 1 / 3
    late_of: int = 15
    batch_of: int = 3
    batch_within: timedelta = timedelta(minutes=1)
    unseen_share: float = 0.5
    unseen_of: int = 20
    shown_within: timedelta = timedelta(hours=12)

    def __post_init__(self) -> None:
        if self.metronome_spread <= timedelta(0):
            raise ValueError("no two intervals differ by less than nothing")


def question(
    pattern: Pattern,
    exhibits: Iterable[Exhibit],
    times: int,
    *,
    out_of: int | None = None,
    figures: Mapping[Figure, timedelta] | None = None,
    account: PersonId | None = None,
    stay: StayId | None = None,
    tag: str | None = None,
) -> OpenQuestion:
    """Put what was found into a question; the exhibits need be in no order."""
    shown = sorted(set(exhibits), key=lambda each: (each.at, each.position))
    return OpenQuestion(
        pattern=pattern,
        began_at=shown[0].at,
        ended_at=shown[-1].at,
        rooms=tuple(sorted({each.room for each in shown})),
        times=times,
        out_of=out_of,
        exhibits=tuple(shown),
        figures=figures or {},
        account=account,
        stay=stay,
        tag=tag,
    )
