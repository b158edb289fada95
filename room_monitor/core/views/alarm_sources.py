"""Where do alerts come from: what raises most for nothing, flaps, or never ends?"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from room_monitor.core.views.alarm_figures import Figures, figures_of
from room_monitor.core.views.alert_lives import Life, Needed

STALE_AFTER: Final = timedelta(hours=24)
"""What is open for longer has become part of the furniture."""

FLAPS: Final = 3
FLAPS_WITHIN: Final = timedelta(hours=1)
"""So many alerts of one obligation within so long are one that comes and goes."""


class SourceKind(StrEnum):
    """What alerts have in common."""

    OBLIGATION = "obligation"
    REQUIREMENT = "requirement"
    DEVICE = "device"
    GATEWAY = "gateway"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where alerts come from.

    Attributes:
        name: The id; of an obligation without the stay.
    """

    kind: SourceKind
    name: str
    figures: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Flapping:
    """One obligation that raised at least ``FLAPS`` alerts ``FLAPS_WITHIN`` an hour.

    Attributes:
        alerts: How many alerts are part of such an hour.
        most: The most within one hour.
    """

    source: str
    alerts: int
    most: int
    began_at: datetime
    ended_at: datetime


def sources_of(lives: Iterable[Life]) -> tuple[Source, ...]:
    """Of each kind those with the most alerts that needed nothing first."""
    of: dict[tuple[SourceKind, str], list[Life]] = defaultdict(list)
    for life in lives:
        of[SourceKind.OBLIGATION, life.source].append(life)
        of[SourceKind.REQUIREMENT, life.requirement].append(life)
        if life.device is not None:
            of[SourceKind.DEVICE, life.device].append(life)
        if life.gateway is not None:
            of[SourceKind.GATEWAY, life.gateway].append(life)
    found = [
        Source(kind=kind, name=name, figures=figures_of(those))
        for (kind, name), those in of.items()
        if any(life.held is None for life in those)
    ]
    return tuple(sorted(found, key=_worst_first))


def _worst_first(source: Source) -> tuple[int, int, int, str]:
    figures = source.figures
    kind = list(SourceKind).index(source.kind)
    return kind, -figures.needed[Needed.NOTHING], -figures.alerts, source.name


def flapping_of(lives: Iterable[Life]) -> tuple[Flapping, ...]:
    """Obligations that raised alerts again and again, the worst first.

    Args:
        lives: In the order in which they began to claim people.
    """
    of: dict[str, list[datetime]] = defaultdict(list)
    for life in lives:
        if life.held is None:
            of[life.source].append(life.claimed_at)
    found = (_flaps(source, instants) for source, instants in of.items())
    return tuple(sorted(filter(None, found), key=lambda f: (-f.alerts, f.source)))


def _flaps(source: str, instants: Sequence[datetime]) -> Flapping | None:
    """Each alert that has two others with it within an hour, on one side or around it."""
    parts: set[int] = set()
    most = first = 0
    for last, at in enumerate(instants):
        while at - instants[first] >= FLAPS_WITHIN:
            first += 1
        times = last - first + 1
        most = max(most, times)
        if times >= FLAPS:
            parts.update((last,) if last - 1 in parts else range(first, last + 1))
    if not parts:
        return None
    return Flapping(
        source=source,
        alerts=len(parts),
        most=most,
        began_at=instants[min(parts)],
        ended_at=instants[max(parts)],
    )


def stale_of(lives: Iterable[Life], since: datetime, now: datetime) -> tuple[Life, ...]:
    """Open for longer than ``STALE_AFTER``: of the period, and all that are still open."""
    found = (
        life
        for life in lives
        if life.held is None
        and life.raised_at < now
        and (life.is_open or life.claimed_at >= since)
        and life.lasted(now) > STALE_AFTER
    )
    return tuple(sorted(found, key=lambda life: life.lasted(now), reverse=True))
