"""Does another alert already tell of the same?

An alert is held under one that is itself not held, and one under which others are held is
not held: there are no chains and no circles. Insistent alerts are never held, nor is one
that is more urgent than what it would be held under, nor one that people know of already.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from room_monitor.core.alert import AlertState
from room_monitor.core.desk.record import Claim
from room_monitor.core.events import AlertHeld, AlertReleased, Holding
from room_monitor.core.ids import AlertId, RoomId
from room_monitor.core.requirements import Priority

_RANK = {priority: rank for rank, priority in enumerate(Priority)}


def order(claim: Claim) -> tuple[bool, int, int]:
    """Who comes first where several alerts are new: causes, then the urgent, the first."""
    return bool(claim.alert.inhibited_by), _RANK[claim.alert.priority], claim.number


def may_be_held(claim: Claim) -> bool:
    """Whether nobody was told of it yet, and another alert might tell of the same."""
    return (
        claim.paging
        and not claim.told_round
        and not claim.alert.insistent
        and bool(claim.alert.group or claim.alert.inhibited_by)
    )


class Holders:
    """Which alerts can hold others.

    Args:
        claims: What is claimed; it is looked at as it is at the moment of each question.
    """

    def __init__(self, claims: Mapping[AlertId, Claim]) -> None:
        self._claims = claims
        self._of_group: dict[str, list[AlertId]] = {}
        self._of_room: dict[RoomId | None, list[AlertId]] = {}
        self._holding: set[AlertId] = set()
        self._known = False

    def decide(self, claim: Claim, now: datetime) -> AlertHeld | AlertReleased | None:
        """What changes about an alert that is open; ``None`` if nothing does."""
        if claim.held is not None:
            under = self._claims.get(claim.held)
            if under is not None and under.open:
                return None
            released = AlertReleased(alert=claim.alert.id, at=now)
            return self._under(claim, now) or released
        return self._under(claim, now) if may_be_held(claim) else None

    def _know(self) -> None:
        """Once, and only if anybody asks: it looks at every alert."""
        if self._known:
            return
        self._known = True
        for key, claim in self._claims.items():
            if claim.alert.group:
                self._of_group.setdefault(claim.alert.group, []).append(key)
            self._of_room.setdefault(claim.room, []).append(key)
            if claim.held is not None:
                self._holding.add(claim.held)

    def _under(self, claim: Claim, now: datetime) -> AlertHeld | None:
        self._know()
        if claim.alert.id in self._holding:
            return None
        for under, holding in self._candidates(claim):
            if _RANK[under.alert.priority] <= _RANK[claim.alert.priority]:
                self._holding.add(under.alert.id)
                return AlertHeld(
                    alert=claim.alert.id, under=under.alert.id, holding=holding, at=now
                )
        return None

    def _candidates(self, claim: Claim) -> Iterator[tuple[Claim, Holding]]:
        if claim.alert.inhibited_by:
            for other in self._unheld(claim, self._of_room.get(claim.room, [])):
                if other.alert.requirement in claim.alert.inhibited_by:
                    yield other, Holding.INHIBITED
        if claim.alert.group:
            for other in self._unheld(claim, self._of_group[claim.alert.group]):
                if other.told_round or (
                    other.alert.state is AlertState.RAISED
                    and order(other) < order(claim)
                ):
                    yield other, Holding.GROUPED

    def _unheld(self, claim: Claim, others: list[AlertId]) -> Iterator[Claim]:
        for key in others:
            other = self._claims.get(key)
            if (
                other is not None
                and other.open
                and other.held is None
                and key != claim.alert.id
            ):
                yield other
