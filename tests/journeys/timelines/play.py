"""Plays a timeline through the real core, on a room that comes from settings."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple

from room_monitor.core import monitor
from room_monitor.core.evaluation import Reason, Verdict
from room_monitor.core.events import (
    CheckIntervalAgreed,
    CheckRecorded,
    Event,
    FactRecorded,
    MonitorStarted,
    StayBegan,
    StayEnded,
    StayEvent,
)
from room_monitor.core.ids import StayId
from room_monitor.core.judging import Turn
from room_monitor.core.obligations import plan
from room_monitor.core.readings import Reading
from room_monitor.core.requirements import Requirement
from room_monitor.core.site import Room, RoomKind
from room_monitor.core.state import RoomState, evolve
from room_monitor.core.stay import Rejected
from room_monitor.core.views import AskStatus, room_status
from room_monitor.core.views.fold import fold_requirement
from room_monitor.settings import Settings, load, load_sources
from tests.journeys.timelines.story import (
    Agrees,
    Begins,
    Checks,
    Deed,
    Ends,
    Nothing,
    Records,
    Reports,
    Timeline,
    span,
    steps,
)

ROOT = Path(__file__).parents[3]
STAY = StayId("stay-1")
PREFERRED = (RoomKind.SAFE_ROOM, RoomKind.BEDROOM, RoomKind.OTHER, RoomKind.LOCATION)


class Outcome(NamedTuple):
    """What a timeline came to."""

    verdict: Verdict
    reason: Reason
    breach_began_at: datetime | None
    events: Sequence[Event]


@cache
def settings() -> Settings:
    """The real catalogue, and rooms of our own."""
    real = load(ROOT / "config/site.yaml")
    site = (Path(__file__).parent / "site.yaml").read_text("utf-8")
    return load_sources({**real.sources, "site.yaml": site})


@cache
def play(timeline: Timeline, requirement: Requirement) -> Outcome:
    """Let it happen, waking the core at each of its deadlines as the scheduler does."""
    story = Story(_room(timeline, requirement), requirement, timeline.began_at)
    for offset, deed in steps(timeline.story):
        story.wait_until(timeline.began_at + offset)
        story.do(deed)
    return story.outcome()


class Story:
    """One room, one requirement, and what happens."""

    def __init__(self, room: Room, requirement: Requirement, at: datetime) -> None:
        # Obligations do not know of each other: alone, it is judged as among all others.
        catalogue = replace(settings().catalogue, requirements=(requirement,))
        started = MonitorStarted(
            at=at, version="1", configuration="", catalogue=catalogue.stamp
        )
        self.requirement = requirement
        self.events: list[Event] = []
        self.at = at
        self.began_at = at
        self.state = evolve(RoomState(plan=plan(room, catalogue)), started)
        self._enter(monitor.judge_all(self.state, at))

    def wait_until(self, at: datetime) -> None:
        """Let time pass."""
        while self.state.wake_at < at:
            self._enter(monitor.advance(self.state, self.state.wake_at))
        self._enter(monitor.advance(self.state, at))
        self.at = at

    def do(self, deed: Deed) -> None:
        """Let something happen now."""
        match deed:
            case Nothing():
                pass
            case Reports():
                self._report(deed)
            case Begins(kind=kind):
                self._act(
                    StayBegan(
                        stay=STAY,
                        kind=kind,
                        key="k-17",
                        happened_at=self.at,
                        role="staff",
                    )
                )
            case Ends(known=known):
                at = self.at if known else None
                self._act(StayEnded(stay=STAY, happened_at=at, role="staff"))
            case Agrees(at_most=at_most):
                self._act(
                    CheckIntervalAgreed(
                        stay=STAY, at_most=at_most, happened_at=self.at, role="staff"
                    )
                )
            case Checks(with_contact=contact):
                self._act(
                    CheckRecorded(
                        stay=STAY,
                        happened_at=self.at,
                        role="staff",
                        contact_given=contact,
                    )
                )
            case Records(fact=fact, outcome=outcome, role=role, earlier=earlier):
                self._act(
                    FactRecorded(
                        fact=fact,
                        outcome=outcome,
                        happened_at=self.began_at + earlier if earlier else self.at,
                        role=role,
                        stay=STAY if self.requirement.applies.during else None,
                    )
                )

    def outcome(self) -> Outcome:
        """How the requirement stands, folded from its asks."""
        status = room_status(self.state, blind_since=None)
        if not self.requirement.applies.during:
            (row,) = status.requirements
            return Outcome(
                row.verdict, row.reason, _breach(row.asks, row.verdict), self.events
            )
        ((_, asks),) = status.stays
        counting = [ask for ask in asks if ask.counts]
        verdict = fold_requirement(self.requirement, [a.verdict for a in counting])
        reason = next(ask.reason for ask in counting if ask.verdict is verdict)
        return Outcome(verdict, reason, _breach(asks, verdict), self.events)

    def _report(self, report: Reports) -> None:
        devices = self.state.plan.room.devices_in(report.role)
        assert devices, f"no device in role {report.role}"
        for device in devices:
            reading = Reading(
                room=self.state.plan.room.id,
                device=device.id,
                quantity=report.quantity,
                value=report.value,
                at=self.at,
                received_at=self.at,
            )
            self._enter(monitor.take(self.state, reading))

    def _act(self, command: StayEvent) -> None:
        turn = monitor.act(self.state, command, self.at)
        assert not isinstance(turn, Rejected), turn.reason
        self._enter(turn)

    def _enter(self, turn: Turn) -> None:
        self.state = turn.state
        self.events += turn.events


def _room(timeline: Timeline, requirement: Requirement) -> Room:
    kinds = requirement.applies.rooms
    kind = timeline.room or next(k for k in PREFERRED if k in kinds)
    return next(r for r in settings().site.rooms if r.kind is kind)


def _breach(asks: Sequence[AskStatus], verdict: Verdict) -> datetime | None:
    """When the first breach began of the asks that decide."""
    return min(
        (a.breach_since for a in asks if a.breach_since and a.verdict is verdict),
        default=None,
    )


def breach_began_at(timeline: Timeline) -> datetime | None:
    """When the timeline says that the breach began."""
    if timeline.breach is None:
        return None
    return timeline.began_at + span(timeline.breach)
