"""What the log says of breaches and alerts, read without the code that is tested.

Two folds, as plain as they can be, for ``Story`` to hold the state of a room against.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from room_monitor.core.events import (
    AlertAcknowledged,
    AlertRaised,
    AlertReturnedToNormal,
    BreachClosed,
    BreachOpened,
    BreachRevised,
    Closing,
    DrillBegan,
    Event,
)
from room_monitor.core.ids import AlertId, BreachId, ObligationId, StayId
from room_monitor.core.requirements import Priority


@dataclass(frozen=True)
class Line:
    """A breach, as the last event about it has it; ``closing`` is ``None`` if open."""

    obligation: ObligationId
    stay: StayId | None
    priority: Priority
    began_at: datetime
    closing: Closing | None = None
    ended_at: datetime | None = None


@dataclass
class Ledger:
    """All breaches in the log, by name."""

    lines: dict[BreachId, Line] = field(default_factory=dict)

    def read(self, event: Event) -> None:
        """Enter what one event says; each breach is opened once, and closed when open."""
        match event:
            case BreachOpened():
                assert event.breach not in self.lines, "it was opened before"
                self.lines[event.breach] = Line(
                    event.obligation, event.stay, event.priority, event.began_at
                )
            case BreachClosed():
                line = self.lines[event.breach]
                assert line.closing is None, "it was closed before: revise it"
                assert event.ended_at is None or event.began_at <= event.ended_at
                self._over(event, event.closing)
            case BreachRevised():
                line = self.lines[event.breach]
                assert line.closing is not None, "it is open: close it"
                self._over(event, event.closing)
            case _:
                pass

    def shift(self, by: timedelta, stays: Iterable[StayId]) -> None:
        """The clock stepped: what lies in the stays that go on moves with it."""
        moving = set(stays)
        for name, line in self.lines.items():
            if line.stay in moving:
                ended_at = line.ended_at + by if line.ended_at else None
                moved = replace(line, began_at=line.began_at + by, ended_at=ended_at)
                self.lines[name] = moved

    @property
    def open(self) -> set[BreachId]:
        """Those that are not over."""
        return {name for name, line in self.lines.items() if line.closing is None}

    def of(self, stay: StayId) -> dict[ObligationId, set[tuple[BreachId, Line]]]:
        """What was entered of one stay, by obligation."""
        found: dict[ObligationId, set[tuple[BreachId, Line]]] = {}
        for name, line in self.lines.items():
            if line.stay == stay:
                found.setdefault(line.obligation, set()).add((name, line))
        return found

    def intervals(self) -> list[tuple[str, datetime, datetime | None]]:
        """Obligation, begin and end of all that were not withdrawn, in order."""
        return sorted(
            (
                (line.obligation, line.began_at, line.ended_at)
                for line in self.lines.values()
                if line.closing is not Closing.WITHDRAWN
            ),
            key=lambda each: (each[0], each[1]),
        )

    def _over(
        self, event: BreachClosed | BreachRevised, closing: Closing | None
    ) -> None:
        line = self.lines[event.breach]
        assert event.obligation == line.obligation
        # What is running in the room itself moved with the clock since it was opened.
        began_at = event.began_at if line.stay is None else line.began_at
        self.lines[event.breach] = replace(
            line, began_at=began_at, closing=closing, ended_at=event.ended_at
        )


@dataclass
class Claims:
    """Which alerts need somebody: not over, or over and nobody has looked yet.

    Attributes:
        standing: Those that are not over.
        unseen: Those that are over before anybody took them on.
    """

    standing: set[AlertId] = field(default_factory=set)
    unseen: set[AlertId] = field(default_factory=set)
    drills: set[AlertId] = field(default_factory=set)

    def read(self, event: Event, *, taken_on: bool) -> None:
        """Enter what one event says.

        Args:
            event: From the log.
            taken_on: Somebody has the alert it is about, or put it aside.
        """
        match event:
            case AlertRaised(alert=alert):
                assert alert not in self.standing, "it is there already"
                self.standing.add(alert)
                self.unseen.discard(alert)
            case DrillBegan(alert=alert):
                self.drills.add(alert)
            case AlertReturnedToNormal(alert=alert) if alert in self.drills:
                self.drills.remove(alert)
            case AlertReturnedToNormal(alert=alert):
                self.standing.remove(alert)
                if not taken_on:
                    self.unseen.add(alert)
            case AlertAcknowledged(alert=alert):
                self.unseen.discard(alert)
                self.drills.discard(alert)
            case _:
                pass
