"""Which episodes and interventions do the stays come to? Computed, never entered.

An episode is an uninterrupted period of one measure of one young person: a change of room
does not end it. Episodes of the same measure with a pause of at most a day are one
intervention (the rule of the Dutch mental-health register Argus). A stay at own request is
no measure, and one that was corrected away never was: both are in none.

Of an episode whose end nobody knows there is no duration, and nothing after it can be shown
to belong to it: it closes its intervention, which has no duration either.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from room_monitor.core.ids import StayId
from room_monitor.core.requirements import StayKind
from room_monitor.core.views.stays import StaySummary
from room_monitor.core.views.time_line import NONE

PAUSE = timedelta(hours=24)
"""The longest pause within one intervention; one of exactly this length is within it."""

MEASURES = frozenset(StayKind) - {StayKind.OWN_REQUEST}
"""The kinds of stay that are a restrictive measure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """An uninterrupted period of one measure of one young person.

    Attributes:
        key: The pseudonymous key of the young person.
        kind: The measure.
        stays: In the order in which they began.
        ended_at: ``None`` while it goes on, and where nobody knows when it ended.
        duration: So far, if it goes on and that was asked; ``None`` where nobody knows.
        lies_from: Its begin on the time line of the log, ``lies_until`` its end.
    """

    key: str
    kind: StayKind
    stays: tuple[StayId, ...]
    began_at: datetime
    ended_at: datetime | None
    duration: timedelta | None
    end_unknown: bool
    is_open: bool
    lies_from: datetime
    lies_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Intervention:
    """Episodes of one measure of one young person with no pause of more than a day.

    Attributes:
        episodes: In order.
        ended_at: As for ``Episode``.
        duration: That of its episodes together, without the pauses; ``None`` as there.
        end_unknown: Nobody knows when its last episode ended.
    """

    key: str
    kind: StayKind
    episodes: tuple[Episode, ...]
    began_at: datetime
    ended_at: datetime | None
    duration: timedelta | None
    end_unknown: bool
    is_open: bool


def episodes(
    stays: Iterable[StaySummary], now: datetime | None = None
) -> list[Episode]:
    """The episodes that stays come to, in the order in which they began.

    Args:
        stays: In any order; those in which there is no measure are left out.
        now: Up to when what goes on has lasted; ``None`` leaves that unsaid.
    """
    measures = [s for s in stays if s.kind in MEASURES and not s.void]
    measures.sort(key=lambda s: (s.key, s.kind, s.lies.began_at, *_last(s), s.stay))
    found: list[list[StaySummary]] = []
    for _, of_measure in groupby(measures, key=lambda s: (s.key, s.kind)):
        first, *others = of_measure
        found.append([first])
        for stay in others:
            if _follows(stay, found[-1]):
                found[-1].append(stay)
            else:
                found.append([stay])
    together = [_episode(group, now) for group in found]
    return sorted(together, key=_in_order)


def interventions(
    stays: Iterable[StaySummary], now: datetime | None = None
) -> list[Intervention]:
    """The interventions that stays come to, as for ``episodes``."""
    found: list[list[Episode]] = []
    measures = sorted(episodes(stays, now), key=lambda e: (e.key, e.kind))
    for _, of_measure in groupby(measures, key=lambda e: (e.key, e.kind)):
        first, *others = of_measure
        found.append([first])
        for episode in others:
            over_at = found[-1][-1].lies_until
            if over_at is not None and episode.lies_from - over_at <= PAUSE:
                found[-1].append(episode)
            else:
                found.append([episode])
    together = [_intervention(group) for group in found]
    return sorted(together, key=lambda i: _in_order(i.episodes[0]))


def _in_order(episode: Episode) -> tuple[datetime, str, str]:
    return episode.lies_from, episode.key, episode.kind


def _last(stay: StaySummary) -> tuple[int, datetime]:
    """Of stays that began together the one of which nobody knows the end comes last."""
    order = 2 if stay.end_unknown else int(stay.is_open)
    return order, stay.lies.ended_at or stay.lies.began_at


def _ended(stays: Iterable[StaySummary]) -> datetime:
    return max(s.lies.ended_at or s.lies.began_at for s in stays)


def _follows(stay: StaySummary, before: Sequence[StaySummary]) -> bool:
    """Whether a stay goes on with those before it, without a pause."""
    if any(each.end_unknown for each in before):
        return False
    if any(each.is_open for each in before):
        return True
    return stay.lies.began_at <= _ended(before)


def _episode(stays: Sequence[StaySummary], now: datetime | None) -> Episode:
    first, lies_from = stays[0], stays[0].lies.began_at
    end_unknown = any(stay.end_unknown for stay in stays)
    is_open = any(stay.is_open for stay in stays) and not end_unknown
    over = not end_unknown and not is_open
    lies_until = _ended(stays) if over else None
    until = now if is_open else lies_until
    last = max(stays, key=lambda stay: stay.lies.ended_at or stay.lies.began_at)
    return Episode(
        key=first.key,
        kind=first.kind,
        stays=tuple(stay.stay for stay in stays),
        began_at=first.began_at,
        ended_at=last.ended_at if over else None,
        duration=None if until is None else max(NONE, until - lies_from),
        end_unknown=end_unknown,
        is_open=is_open,
        lies_from=lies_from,
        lies_until=lies_until,
    )


def _intervention(found: Sequence[Episode]) -> Intervention:
    first, last = found[0], found[-1]
    known = [each.duration for each in found if each.duration is not None]
    return Intervention(
        key=first.key,
        kind=first.kind,
        episodes=tuple(found),
        began_at=first.began_at,
        ended_at=last.ended_at,
        duration=sum(known, NONE) if len(known) == len(found) else None,
        end_unknown=last.end_unknown,
        is_open=last.is_open,
    )
