"""How many alerts, how soon was each taken on, and how many needed anybody to act?"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import Final

from room_monitor.core.events import Holding
from room_monitor.core.requirements import Priority
from room_monitor.core.views.alert_lives import Ground, Life, Needed

LEAST_FOR_A_SHARE: Final = 5
"""Of fewer no share and no median is given: one more or less would turn it over."""

LEAST_FOR_A_TENTH: Final = 10
"""Of fewer there is no slowest tenth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """How long something took.

    Attributes:
        count: How often it happened.
        median: ``None`` of fewer than ``LEAST_FOR_A_SHARE``.
        p90: Nine of ten took no longer; ``None`` of fewer than ``LEAST_FOR_A_TENTH``.
        longest: ``None`` if it never happened.
    """

    count: int = 0
    median: timedelta | None = None
    p90: timedelta | None = None
    longest: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What became of some alerts.

    Attributes:
        alerts: How many claimed people.
        by_priority: The same, by priority.
        needed: How many needed action, how many did not, of how many nobody can know.
        grounds: The same, by why that is held.
        taken: From when each claimed people until somebody took it on or put it aside.
        never_taken: How many were over before anybody did.
        waiting: How many are open, and nobody has yet.
        lasted: How long those that are over were open.
        still_open: How many are not over.
        came_back: How often an acknowledgement ran out, so that people were told again.
        shelved: How many were put aside.
        grouped: How many more were held, having the same cause; not in ``alerts``.
        inhibited: How many more were held, following from another; not in ``alerts``.
    """

    alerts: int
    by_priority: Mapping[Priority, int]
    needed: Mapping[Needed, int]
    grounds: Mapping[Ground, int]
    taken: Times
    never_taken: int
    waiting: int
    lasted: Times
    still_open: int
    came_back: int
    shelved: int
    grouped: int
    inhibited: int

    @property
    def known(self) -> int:
        """Of how many it is known whether they needed action."""
        return self.needed[Needed.ACTION] + self.needed[Needed.NOTHING]

    @property
    def share(self) -> float | None:
        """Which share of those needed action; ``None`` of too few to say.

        Never to be shown without ``known`` beside it, and how many are unknown.
        """
        if self.known < LEAST_FOR_A_SHARE:
            return None
        return self.needed[Needed.ACTION] / self.known


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """What was sent to channels; a page for one alert on two channels is two.

    Attributes:
        alerts: That somebody must look.
        prompts: That a limit is near; nothing was wrong yet.
        others: That somebody took it on, or that it is over.
        failed: How many of all these did not get through.
    """

    alerts: int = 0
    prompts: int = 0
    others: int = 0
    failed: int = 0


def figures_of(lives: Iterable[Life]) -> Figures:
    """What became of these alerts; those that were held are counted apart."""
    every = list(lives)
    counted = [life for life in every if life.held is None]
    priorities = Counter(life.priority for life in counted)
    grounds = Counter(life.ground for life in counted)
    needed = Counter(life.needed for life in counted)
    holdings = Counter(life.held for life in every)
    untaken = [life for life in counted if life.taken_at is None]
    return Figures(
        alerts=len(counted),
        by_priority={p: priorities[p] for p in Priority if p is not Priority.NONE},
        needed={each: needed[each] for each in Needed},
        grounds={each: grounds[each] for each in Ground if grounds[each]},
        taken=_times(life.waited for life in counted),
        never_taken=sum(not life.is_open for life in untaken),
        waiting=sum(life.is_open for life in untaken),
        lasted=_times(
            life.over_at - life.raised_at
            for life in counted
            if life.over_at is not None
        ),
        still_open=sum(life.is_open for life in counted),
        came_back=sum(life.came_back for life in counted),
        shelved=sum(life.shelved for life in counted),
        grouped=holdings[Holding.GROUPED],
        inhibited=holdings[Holding.INHIBITED],
    )


def _times(spans: Iterable[timedelta | None]) -> Times:
    told = sorted(span for span in spans if span is not None)
    count = len(told)
    if not told:
        return Times()
    tenth = told[-(-count * 9 // 10) - 1] if count >= LEAST_FOR_A_TENTH else None
    middle = median(span.total_seconds() for span in told)
    return Times(
        count=count,
        median=timedelta(seconds=middle) if count >= LEAST_FOR_A_SHARE else None,
        p90=tenth,
        longest=told[-1],
    )
