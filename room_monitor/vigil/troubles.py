"""When is something wrong long enough to be told, and right long enough to be over?

    fine ──wrong──> suspected ──wrong for ``after``──> found ──right for ``settled``──> fine
      ^                 │
      └─right for ``settled``

Time in which it is wrong adds up as long as it is never right for ``settled``, so that what
comes and goes is found as well, and is one trouble. What is found again and again within an
hour must stay right for longer each time. Pure: time is given.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from room_monitor.core.alert import Alert, AlertState
from room_monitor.core.events import Trouble
from room_monitor.core.requirements import Priority

AGAIN: Final = timedelta(hours=1)
"""What was found more than once within this time flaps."""

MOST_DOUBLINGS: Final = 4

Key = tuple[Trouble, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """Something is wrong now.

    Attributes:
        trouble: What.
        subject: With what of its kind; empty for the only one.
        detail: For whoever mends it; no secrets, no personal data.
        priority: How much of a hurry there is.
        after: For how long it must be wrong before it is told.
    """

    trouble: Trouble
    subject: str = ""
    detail: str
    priority: Priority
    after: timedelta

    @property
    def key(self) -> Key:
        """What is one and the same trouble."""
        return self.trouble, self.subject


@dataclass(frozen=True, slots=True)
class Found:
    """A trouble is there, since ``began_at`` (aware UTC)."""

    complaint: Complaint
    began_at: datetime


@dataclass(frozen=True, slots=True)
class Over:
    """A trouble is gone."""

    key: Key


@dataclass(slots=True)
class _Case:
    began_at: datetime
    looked: float
    wrong_for: float = 0.0
    right_since: float | None = None
    found: Complaint | None = None


def found_before(alerts: Iterable[Alert]) -> list[Complaint]:
    """What an earlier run found, and did not see the end of.

    Args:
        alerts: Of troubles, as the log has them. Whether people can be reached is found,
            and seen to be over, where they are told.
    """
    return [
        Complaint(
            trouble=alert.trouble,
            subject=alert.subject,
            detail="it was found before the monitor started",
            priority=alert.priority,
            after=timedelta(0),
        )
        for alert in alerts
        if alert.trouble not in (None, Trouble.NOBODY_REACHABLE)
        and alert.state is not AlertState.RETURNED
    ]


class Troubles:
    """The troubles of one monitor. Instants are seconds on a clock nobody can set."""

    def __init__(self) -> None:
        self._cases: dict[Key, _Case] = {}
        self._findings: defaultdict[Key, list[float]] = defaultdict(list)

    @property
    def found(self) -> tuple[Complaint, ...]:
        """All that are there, in the order in which they began."""
        return tuple(c.found for c in self._cases.values() if c.found is not None)

    def remember(self, found: Iterable[Complaint], now: float, at: datetime) -> None:
        """What was found before is there until it was right for long enough.

        Args:
            found: See ``found_before``.
            now: The time, monotonic.
            at: The same, for people: aware UTC.
        """
        for complaint in found:
            case = _Case(began_at=at, looked=now, found=complaint)
            self._cases.setdefault(complaint.key, case)

    def look(
        self,
        complaints: Iterable[Complaint],
        now: float,
        at: datetime,
        settled: timedelta,
    ) -> list[Found | Over]:
        """What has changed.

        Args:
            complaints: Everything that is wrong now.
            now: The time, monotonic.
            at: The same, for people: aware UTC.
            settled: For how long it must be right before it is over.
        """
        wrong = {complaint.key: complaint for complaint in complaints}
        changes: list[Found | Over] = []
        for key, complaint in wrong.items():
            case = self._cases.setdefault(key, _Case(began_at=at, looked=now))
            if case.right_since is None:
                case.wrong_for += now - case.looked
            case.right_since, case.looked = None, now
            if case.found is None and case.wrong_for >= complaint.after.total_seconds():
                case.found = complaint
                self._findings[key].append(now)
                changes.append(Found(complaint, case.began_at))
        for key in [key for key in self._cases if key not in wrong]:
            case = self._cases[key]
            if case.right_since is None:
                case.right_since = now
            if now - case.right_since >= self._settles(key, now, settled):
                del self._cases[key]
                if case.found is not None:
                    changes.append(Over(key))
        return changes

    def _settles(self, key: Key, now: float, settled: timedelta) -> float:
        """How many seconds it must be right."""
        recent = [t for t in self._findings[key] if now - t < AGAIN.total_seconds()]
        self._findings[key] = recent
        doublings = min(max(len(recent) - 1, 0), MOST_DOUBLINGS)
        return settled.total_seconds() * (1 << doublings)
