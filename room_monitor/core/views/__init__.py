"""What people see: how a room stands, what of a period is shown, which stays there were.

All of it is folded from the same states and entries that the engine uses, so what a page
or a command shows can be computed again from the log, for any past instant.
"""

from room_monitor.core.views.coverage import Coverage, Span, requirement_coverage, spans
from room_monitor.core.views.sight import Sight, evolve_sight
from room_monitor.core.views.status import (
    AskStatus,
    Readiness,
    RequirementStatus,
    RoomStatus,
    room_status,
)
from room_monitor.core.views.stays import STAY_EVENTS, StaySummary, stay_summaries

__all__ = [
    "STAY_EVENTS",
    "AskStatus",
    "Coverage",
    "Readiness",
    "RequirementStatus",
    "RoomStatus",
    "Sight",
    "Span",
    "StaySummary",
    "evolve_sight",
    "requirement_coverage",
    "room_status",
    "spans",
    "stay_summaries",
]
